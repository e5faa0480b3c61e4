/** Knex: `raw`. @module */
import knex, { type Knex } from 'knex'
import type { RowDataPacket } from 'mysql2/promise'
import type { QueryResult } from 'pg'
import { knexHost } from 'pillion/knex'
import { day, type Open, type Rider, truth } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'
import { lackingOnPg } from './pg.js'

const pool = { min: 1, max: 1 }

export const openOnPg: Open = async url => ({
  ...riderOn({ client: 'pg', connection: url, pool }),
  rows: (result: QueryResult) => result.rows,
  lacking: lackingOnPg,
})

export const openOnMysql2: Open = async url => {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  const connection = { host, port: Number(port), user, password, database: pathname.slice(1), timezone: 'Z' }
  return {
    ...riderOn({ client: 'mysql2', connection: { ...connection, supportBigNumbers: true }, pool }),
    rows: ([rows]: [RowDataPacket[]]) => rows,
    lacking: { whole: BigInt, yes: truth, day },
  }
}

export const openOnSqlite: Open = async file => ({
  ...riderOn({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true }),
  rows: (rows: object[]) => rows,
  lacking: lackingOnSqlite,
})

function riderOn(config: Knex.Config): Pick<Rider, 'host' | 'root' | 'transaction' | 'close'> {
  const orm = knex(config)
  return {
    host: knexHost(orm),
    root: ({ marked, values }) => orm.raw(marked, values),
    transaction: work => orm.transaction(trx => work(trx, ({ marked, values }) => trx.raw(marked, values))),
    close: () => orm.destroy(),
  }
}
