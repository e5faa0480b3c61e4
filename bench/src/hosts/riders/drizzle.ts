/** Drizzle: `execute`, and `all` where it answers at once, of its `sql`. @module */
import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle as drizzleOnSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzleOnMysql2 } from 'drizzle-orm/mysql2'
import { drizzle as drizzleOnPg } from 'drizzle-orm/node-postgres'
import type { RowDataPacket } from 'mysql2/promise'
import type { QueryResult } from 'pg'
import { drizzleHost } from 'pillion/drizzle'
import { moment, type Open, type Raw, truth } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'
import { poolOn as mysql2PoolOn } from './mysql2.js'
import { poolOn as pgPoolOn } from './pg.js'

const query = ({ parts, values }: Raw) => sql(parts, ...values)

export const openOnPg: Open = async url => {
  const pool = pgPoolOn(url)
  const orm = drizzleOnPg(pool)
  return {
    host: drizzleHost(orm),
    root: raw => orm.execute(query(raw)),
    transaction: work => orm.transaction(tx => work(tx, raw => tx.execute(query(raw)))),
    rows: (result: QueryResult) => result.rows,
    lacking: { whole: BigInt, at: moment },
    close: () => pool.end(),
  }
}

export const openOnMysql2: Open = async url => {
  const pool = mysql2PoolOn(url)
  const orm = drizzleOnMysql2({ client: pool })
  return {
    host: drizzleHost(orm),
    root: raw => orm.execute(query(raw)),
    transaction: work => orm.transaction(tx => work(tx, raw => tx.execute(query(raw)))),
    rows: ([rows]: [RowDataPacket[]]) => rows,
    lacking: { whole: BigInt, yes: truth, at: lackingOnSqlite.at },
    close: () => pool.end(),
  }
}

/** Its transactions take no promises. */
export const openOnSqlite: Open = async file => {
  const database = new Sqlite(file)
  const orm = drizzleOnSqlite(database)
  return {
    host: drizzleHost(orm),
    root: raw => orm.all(query(raw)),
    rows: (rows: object[]) => rows,
    lacking: lackingOnSqlite,
    close: () => database.close(),
  }
}
