/**
 * A database of its own on each engine, with a session for trees and a host for queries.
 *
 * @module
 */
import BetterSqlite from 'better-sqlite3'
import { createPool } from 'mysql2/promise'
import { Pool } from 'pg'
import type { Host } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { mysql2Host } from 'pillion/mysql2'
import { pgHost } from 'pillion/pg'
import type { TreeDialect, TreeSession } from 'pillion/tree'
import { createMariadbDatabase, mariadbUrl } from '../../../../../test/support/mariadb.js'
import { createDatabase } from '../../../../../test/support/postgres.js'
import { runSqlite } from './engines.js'

/** A database to ask, on one of the engines. */
export interface Asked {
  readonly session: TreeSession
  readonly host: Host
  close(): Promise<void>
}

export const opened: Readonly<Record<TreeDialect, () => Promise<Asked>>> = {
  async postgres() {
    const database = await createDatabase()
    const pool = new Pool({ connectionString: database.url, max: 1 })
    const types = { getTypeParser: () => (text: string) => text }
    return {
      session: {
        dialect: 'postgres',
        run: async (text, values = []) =>
          (await pool.query<(string | null)[]>({ text, values: [...values], rowMode: 'array', types })).rows,
      },
      host: pgHost(pool),
      close: async () => {
        await pool.end()
        await database.drop()
      },
    }
  },
  async mariadb() {
    const database = await createMariadbDatabase()
    const pool = createPool({ uri: database.url, connectionLimit: 1 })
    return {
      session: {
        dialect: 'mariadb',
        async run(sql, values = []) {
          const [rows] = await pool.query({
            sql,
            values: [...values],
            rowsAsArray: true,
            typeCast: field => field.string(),
          })
          return Array.isArray(rows) ? (rows as unknown as (string | null)[][]) : []
        },
      },
      host: mysql2Host(pool),
      close: async () => {
        await pool.end()
        await database.drop()
      },
    }
  },
  async sqlite() {
    const sqlite = new BetterSqlite(':memory:')
    sqlite.pragma('foreign_keys = ON')
    return {
      session: {
        dialect: 'sqlite',
        run: async (sql, values = []) => runSqlite(sqlite, sql, values),
      },
      host: betterSqlite3Host(sqlite),
      close: async () => void sqlite.close(),
    }
  },
}

/** The engines that there are servers of. */
export const dialects = (['postgres', 'mariadb', 'sqlite'] as const).filter(
  each => each !== 'mariadb' || mariadbUrl() !== undefined,
)
