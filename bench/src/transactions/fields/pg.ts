/** `pg`, by the driver's own calls. By hand takes part twice: how far the two are apart is noise. @module */
import type pg from 'pg'
import { transactions } from 'pillion/transaction'
import { type Contender, type Open, pair } from '../field.js'
import { poolOn } from '../pool.js'

export const open: Open = url => {
  const pool = poolOn(url, 1)
  const tx = transactions(pool)
  const [plain, ours] = pair('pg by hand', byHand(pool), sql => tx.run(t => t.orm.query(sql)))
  return { contenders: [plain, { ...plain, name: 'pg by hand, again' }, ours], close: () => pool.end() }
}

/** As everybody would write it. */
export function byHand(pool: pg.Pool): Contender['once'] {
  return async sql => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query(sql)
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }
}
