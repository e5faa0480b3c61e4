/** Kysely: its `sql`. @module */
import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect, type QueryResult, sql, SqliteDialect } from 'kysely'
import type { Host } from 'pillion'
import { kyselyHost } from 'pillion/kysely'
import type { Open, Rider } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'
import { lackingOnPg, poolOn } from './pg.js'

export const openOnPg: Open = async url => {
  const pool = poolOn(url)
  const orm = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
  return { ...riderOn(orm, kyselyHost(orm, pool)), lacking: lackingOnPg }
}

export const openOnSqlite: Open = async file => {
  const database = new Sqlite(file)
  const orm = new Kysely<object>({ dialect: new SqliteDialect({ database }) })
  return { ...riderOn(orm, kyselyHost(orm, database as never)), lacking: lackingOnSqlite }
}

function riderOn(orm: Kysely<object>, host: Host): Omit<Rider, 'lacking'> {
  return {
    host,
    root: ({ parts, values }) => sql(parts, ...values).execute(orm),
    transaction: work =>
      orm.transaction().execute(trx => work(trx, ({ parts, values }) => sql(parts, ...values).execute(trx))),
    rows: (result: QueryResult<object>) => result.rows,
    close: () => orm.destroy(),
  }
}
