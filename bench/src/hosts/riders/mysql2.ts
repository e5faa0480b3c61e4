/** `mysql2` itself: `execute`, which prepares, as its documentation has it for values. @module */
import { mysql2Host } from 'pillion/mysql2'
import mysql from 'mysql2/promise'
import { day, type Open, truth } from '../rider.js'

/** What `mysql2` leaves to the application, also below an ORM. */
export const lackingOnMysql2 = { whole: BigInt, yes: truth, day }

export const poolOn = (url: string): mysql.Pool =>
  mysql.createPool({ uri: url, connectionLimit: 1, supportBigNumbers: true, timezone: 'Z' })

export const open: Open = async url => {
  const pool = poolOn(url)
  return {
    host: mysql2Host(pool),
    root: ({ marked, values }) => pool.execute(marked, [...values]),
    async transaction(work) {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      await work(connection, ({ marked, values }) => connection.execute(marked, [...values]))
      await connection.commit()
      connection.release()
    },
    rows: ([rows]: [mysql.RowDataPacket[]]) => rows,
    lacking: lackingOnMysql2,
    close: () => pool.end(),
  }
}
