/**
 * The engines that trees are tested on, behind one small interface: sessions that run SQL and give rows of text.
 *
 * @module
 */
import BetterSqlite from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { createMariadbDatabase, mariadbUrl } from '../../../../../test/support/mariadb.js'
import { createDatabase, postgresServers } from '../../../../../test/support/postgres.js'
import type { TreeDialect } from '../../../src/tree/model.js'
import type { TreeRow, TreeSession } from '../../../src/tree/session.js'

/** A session that can be closed, of a database of the test's own. */
export interface TestSession extends TreeSession {
  close(): Promise<void>
}

/** A database of the test's own. */
export interface Ground {
  session(): Promise<TestSession>
  drop(): Promise<void>
}

export interface Engine {
  readonly name: string
  readonly dialect: TreeDialect
  /** Isolation levels, the usual one first. */
  readonly levels: readonly string[]
  open(): Promise<Ground>
}

const asText = { getTypeParser: () => (text: string) => text }

function postgres(version: number, url: string): Engine {
  return {
    name: `PostgreSQL ${version}`,
    dialect: 'postgres',
    levels: ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'],
    async open() {
      const database = await createDatabase(url)
      return {
        async session() {
          const client = new pg.Client(database.url)
          client.on('error', () => {})
          await client.connect()
          return {
            dialect: 'postgres',
            async run(sql, values = []) {
              const { rows } = await client.query({ text: sql, values: [...values], rowMode: 'array', types: asText })
              return rows ?? []
            },
            close: () => client.end(),
          }
        },
        drop: () => database.drop(),
      }
    },
  }
}

const mariadb: Engine = {
  name: 'MariaDB',
  dialect: 'mariadb',
  levels: ['REPEATABLE READ', 'READ COMMITTED', 'SERIALIZABLE', 'READ UNCOMMITTED'],
  async open() {
    const database = await createMariadbDatabase()
    return {
      async session() {
        const connection = await createConnection({
          uri: database.url,
          rowsAsArray: true,
          typeCast: field => field.string(),
        })
        return {
          dialect: 'mariadb',
          async run(sql, values = []) {
            const [rows] = await connection.query(sql, [...values])
            return Array.isArray(rows) ? (rows as unknown as TreeRow[]) : []
          },
          close: () => connection.end(),
        }
      },
      drop: () => database.drop(),
    }
  },
}

const sqlite: Engine = {
  name: 'SQLite',
  dialect: 'sqlite',
  levels: ['SERIALIZABLE'],
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'pillion-tree-'))
    return {
      async session() {
        const db = new BetterSqlite(join(folder, 'db'), { timeout: 0 })
        db.pragma('journal_mode = WAL')
        db.pragma('synchronous = OFF')
        db.pragma('foreign_keys = ON')
        return {
          dialect: 'sqlite',
          run: async (sql, values = []) => runSqlite(db, sql, values),
          close: async () => void db.close(),
        }
      },
      drop: async () => rmSync(folder, { recursive: true }),
    }
  },
}

/** Rows of text of a database of better-sqlite3. */
export function runSqlite(
  db: BetterSqlite.Database,
  sql: string,
  values: readonly (string | null)[],
): readonly TreeRow[] {
  const statement = db.prepare(sql)
  if (!statement.reader) {
    statement.run(...values)
    return []
  }
  const rows = statement.raw().all(...values) as (string | number | bigint | null)[][]
  return rows.map(row => row.map(value => (value === null ? null : String(value))))
}

/** Every engine at hand. */
export function engines(): readonly Engine[] {
  const servers = postgresServers().map(({ version, url }) => postgres(version, url))
  return [...servers, ...(mariadbUrl() === undefined ? [] : [mariadb]), sqlite]
}
