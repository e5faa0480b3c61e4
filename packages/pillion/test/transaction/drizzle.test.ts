import type { PGlite } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import { sql as raw } from 'drizzle-orm'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { Pool } from 'pg'
import { drizzleHost } from 'pillion/drizzle'
import { transactions } from 'pillion/transaction'
import postgresJs from 'postgres'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { pgliteServer, postgres, sqlite, tellingTransactions } from './servers.js'
import { failureIn, transactionSuite } from './suite.js'

transactionSuite({
  name: 'Drizzle',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    const root = drizzle(pool)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => (await (orm as NodePgDatabase).execute(raw.raw(sql))).rows as object[],
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
})

transactionSuite({
  name: 'Drizzle over postgres.js',
  server: postgres,
  independent: true,
  countsConnections: true,
  tellsLoss: true,
  cancels: true,
  async mount(url, connections) {
    const client = postgresJs(url, { max: connections, onnotice: () => {} })
    const root = drizzlePostgresJs(client)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => [...(await (orm as typeof root).execute(raw.raw(sql)))],
      close: () => client.end({ timeout: 1 }),
    }
  },
})

let pglite: PGlite

transactionSuite({
  name: 'Drizzle over PGlite',
  server: pgliteServer(opened => (pglite = opened)),
  independent: false,
  countsConnections: false,
  tellsLoss: false,
  cancels: false,
  async mount() {
    const root = drizzlePglite(pglite)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => (await (orm as typeof root).execute(raw.raw(sql))).rows as object[],
      close: () => pglite.close(),
    }
  },
})

transactionSuite({
  name: 'Drizzle over better-sqlite3',
  server: sqlite,
  independent: false,
  countsConnections: false,
  tellsLoss: false,
  cancels: false,
  async mount(file) {
    const database = new Sqlite(file)
    database.pragma('foreign_keys = on')
    tellingTransactions(database)
    const root = drizzleSqlite(database)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => {
        // Drizzle asks what is to be read and what is to be run
        const [read, run] = [() => (orm as typeof root).all(raw.raw(sql)), () => (orm as typeof root).run(raw.raw(sql))]
        return /^select|returning/i.test(sql) ? (read() as object[]) : (run(), [])
      },
      close: async () => void database.close(),
    }
  },
})

test('a driver that is not known is refused', () => {
  expect(() => transactions(drizzle.mock())).toThrow(/HOST_SHAPE: The database is on a driver that is not known here/)
})

test('a query of each kind that comes after the end names the line that began to build it', async () => {
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 1 })
  pool.on('error', () => {})
  const note = pgTable('note', { id: integer('id') })
  const t = await transactions(drizzle(pool, { schema: { note } })).begin()
  await t.commit()
  const late: (() => PromiseLike<unknown>)[] = [
    () => t.orm.execute(raw`select 1`),
    () => t.orm.select().from(note),
    () => t.orm.insert(note).values({ id: 1 }),
    () => t.orm.query.note.findMany(),
    () => t.orm.$count(note),
  ]
  for (const query of late) {
    const { cause } = await failureIn(Promise.resolve().then(query))
    expect(cause).toMatchObject({
      code: 'TRANSACTION_FINISHED',
      origin: expect.stringMatching(/drizzle\.test\.ts:\d+:\d+/),
    })
  }
  await pool.end()
  await database.drop()
})
