/** postgres.js itself, prepared. @module */
import { postgresHost } from 'pillion/postgres'
import postgres from 'postgres'
import { day, type Open, type Raw } from '../rider.js'

export const open: Open = async url => {
  const sql = postgres(url, { max: 1 })
  const query = (on: Pick<postgres.Sql, 'unsafe'>, { numbered, values }: Raw) =>
    on.unsafe(numbered, [...values], { prepare: true })
  return {
    host: postgresHost(sql),
    root: raw => query(sql, raw),
    transaction: work => sql.begin(tx => work(tx, raw => query(tx, raw))),
    rows: (result: postgres.RowList<postgres.Row[]>) => result,
    lacking: { whole: BigInt, day },
    close: () => sql.end(),
  }
}
