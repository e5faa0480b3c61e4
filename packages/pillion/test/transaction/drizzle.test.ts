import type { PGlite } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import { sql as raw } from 'drizzle-orm'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { integer as sqliteInteger, sqliteTable } from 'drizzle-orm/sqlite-core'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import { type Host, pillion } from 'pillion'
import { drizzleHost } from 'pillion/drizzle'
import { pgHost } from 'pillion/pg'
import { transactions } from 'pillion/transaction'
import postgresJs from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { describeOnMysql } from '../hosts/mysql-observer.js'
import { mysqlServers, pgliteServer, postgres, sqlite, tellingTransactions } from './servers.js'
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

test('a host over the same pool, made of another object, is outside of the transaction, as the docs say', async () => {
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 3 })
  await pool.query('create table note (id int)')
  const root = drizzle(pool)
  const notes = async (host: Host): Promise<unknown> => (await pillion(host)).sql`select id from note`.all()
  await transactions(root).run(async t => {
    await t.orm.execute(raw`insert into note values (1)`)
    expect(await notes(drizzleHost(root))).toEqual([{ id: 1 }])
    expect(await notes(pgHost(pool))).toEqual([])
    expect(await notes(drizzleHost(drizzle(pool)))).toEqual([])
  })
  await pool.end()
  await database.drop()
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

describeOnMysql(({ name }) => {
  test('a nested transaction inside of its own, with its own inside of that: what is around goes on', async () => {
    const stage = await mysqlServers[name].open()
    await stage.read('create table item (n int primary key)')
    const pool = createPool({ uri: stage.url, connectionLimit: 1 })
    const root = drizzleMysql({ client: pool })
    const tx = transactions(root)
    const insert = (orm: object, n: number) => (orm as typeof root).execute(raw.raw(`insert into item values (${n})`))
    const failing = (orm: object, n: number) =>
      (orm as typeof root).transaction(async inner => {
        await insert(inner, n)
        throw new Error('mine')
      })
    await tx.run(async t => {
      await t.orm.transaction(own =>
        own.transaction(async deep => {
          await insert(deep, 1)
          await tx.run({ mode: 'nested' }, async nested => {
            await insert(nested.orm, 2)
            expect(await failureIn(failing(nested.orm, 3))).toMatchObject({ message: 'mine' })
          })
          expect(await failureIn(failing(deep, 4))).toMatchObject({ message: 'mine' })
          await insert(deep, 5)
        }),
      )
      expect(await failureIn(failing(t.orm, 6))).toMatchObject({ message: 'mine' })
    })
    expect(await stage.read('select n from item order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 5 }])
    await pool.promise().end()
    await stage.close()
  })
})

describe("Drizzle's own transactions on better-sqlite3", () => {
  const item = sqliteTable('item', { n: sqliteInteger('n').primaryKey() })
  let database: Sqlite.Database
  beforeEach(() => {
    database = new Sqlite(':memory:')
    database.exec('create table item (n int primary key)')
  })
  afterEach(() => database.close())
  const rows = () => database.prepare('select n from item order by n').pluck().all()

  test('a callback that gives a promise is rolled back, as better-sqlite3 does it, and sends nothing more', async () => {
    const root = drizzleSqlite(database)
    expect(() => root.transaction(async tx => void tx.insert(item).values({ n: 1 }).run())).toThrow(TypeError)
    const late: Promise<unknown>[] = []
    await transactions(root).run(t => {
      t.orm.insert(item).values({ n: 2 }).run()
      const nest = (inner: Pick<typeof root, 'transaction'>) =>
        inner.transaction((own: Pick<typeof root, 'insert' | 'run'>) => {
          own.insert(item).values({ n: 3 }).run()
          const working = Promise.resolve().then(() => own.insert(item).values({ n: 4 }).run())
          late.push(failureIn(working))
          return working
        })
      expect(() => nest(t.orm)).toThrow(new TypeError('Transaction function cannot return a promise'))
      t.orm.transaction(own => {
        expect(() => nest(own)).toThrow(TypeError)
        own.insert(item).values({ n: 5 }).run()
      })
      expect(() => t.orm.transaction(own => own.insert(item).values({ n: 6 }))).toThrow(TypeError)
    })
    expect(late).toHaveLength(2)
    for (const failure of await Promise.all(late)) {
      expect(failure).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    }
    expect(rows()).toEqual([2, 5])
  })

  test('a callback gives what it gives, and is rolled back by what it throws, at any depth', async () => {
    const given = await transactions(drizzleSqlite(database)).run(t =>
      t.orm.transaction(own => {
        own.insert(item).values({ n: 1 }).run()
        expect(() =>
          own.transaction(inner => {
            inner.insert(item).values({ n: 2 }).run()
            inner.rollback()
          }),
        ).toThrow(/rollback/i)
        return own.transaction(inner => inner.insert(item).values({ n: 3 }).returning().all())
      }),
    )
    expect(given).toEqual([{ n: 3 }])
    expect(rows()).toEqual([1, 3])
  })
})
