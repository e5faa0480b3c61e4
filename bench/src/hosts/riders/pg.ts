/** `pg` itself: prepared by name, as a hot statement is written. @module */
import pg from 'pg'
import { pgHost } from 'pillion/pg'
import { day, type Open, type Raw } from '../rider.js'

/** What `pg` leaves to the application, also below an ORM: an int8 is text, a day a moment. */
export const lackingOnPg = { whole: BigInt, day }

export const poolOn = (url: string): pg.Pool => new pg.Pool({ connectionString: url, max: 1 })

export const open: Open = async url => {
  const pool = poolOn(url)
  const named = ({ numbered, values }: Raw) => ({ name: `raw ${values.length}`, text: numbered, values: [...values] })
  return {
    host: pgHost(pool),
    root: raw => pool.query(named(raw)),
    async transaction(work) {
      const client = await pool.connect()
      await client.query('begin')
      await work(client, raw => client.query(named(raw)))
      await client.query('commit')
      client.release()
    },
    rows: (result: pg.QueryResult) => result.rows,
    lacking: lackingOnPg,
    close: () => pool.end(),
  }
}
