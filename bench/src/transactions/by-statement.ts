/** `mysql2` and `mariadb`: transactions by statements, on a connection of the pool's. @module */
import { transactions } from 'pillion/transaction'
import { type Field, pair } from './field.js'

/** What of a connection takes part here: as both drivers give it. */
interface Connection {
  query(sql: string): Promise<unknown>
  release(): unknown
}

export interface Pool {
  getConnection(): Promise<Connection>
  end(): Promise<void>
}

export function fieldOn(driver: string, pool: Pool): Field {
  const tx = transactions(pool)
  const byHand = async (sql: string): Promise<void> => {
    const connection = await pool.getConnection()
    try {
      await connection.query('START TRANSACTION')
      await connection.query(sql)
      await connection.query('COMMIT')
    } catch (error) {
      await connection.query('ROLLBACK')
      throw error
    } finally {
      await connection.release()
    }
  }
  const contenders = pair(`${driver} by hand`, byHand, sql => tx.run(t => t.orm.query(sql)))
  return { contenders, close: () => pool.end() }
}
