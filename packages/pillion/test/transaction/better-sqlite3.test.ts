import Database from 'better-sqlite3'
import { AsyncResource } from 'node:async_hooks'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pillion } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { transactions } from 'pillion/transaction'
import { describe, expect, test } from 'vitest'
import type { Server } from './servers.js'
import { codeIn, transactionSuite } from './suite.js'

/** SQLite has neither sessions nor numbers of transactions: a transaction is told by the connection that is in one. */
const sqlite: Server = {
  name: 'SQLite',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'pillion-'))
    const file = join(folder, 'test.db')
    const observer = new Database(file)
    observer.pragma('journal_mode = wal')
    return {
      url: file,
      read: async sql => rowsOf(observer, sql),
      async close() {
        observer.close()
        await rm(folder, { recursive: true })
      },
    }
  },
  tables: [
    `create table note (id integer primary key, body text not null)`,
    `create table item (n int primary key)`,
    `create table strict (id int primary key, other int references strict deferrable initially deferred)`,
  ],
  whereabouts: `select 1 as pid, pillion_in_transaction() as xid`,
  inTransaction: async () => [],
  bad: 'select * from missing',
  abortsOnFailure: false,
  refusedAtCommit: 'insert into strict values (1, 2)',
  isolations: false,
  characteristics: false,
  sleeps: false,
  sleep: () => 'select 1',
  sleeping: 'select 1 as it where false',
  kill: undefined,
  session: () => 'select 1 as it where false',
}

function rowsOf(database: Database.Database, sql: string): Record<string, unknown>[] {
  const statement = database.prepare(sql)
  if (statement.reader) return statement.all() as Record<string, unknown>[]
  statement.run()
  return []
}

transactionSuite({
  name: 'better-sqlite3',
  server: sqlite,
  independent: false,
  countsConnections: false,
  cancels: false,
  async mount(file) {
    const database = new Database(file)
    database.pragma('foreign_keys = on')
    database.function('pillion_in_transaction', () => (database.inTransaction ? 'in one' : null))
    return {
      root: database,
      host: betterSqlite3Host(database),
      rows: async (orm, sql) => rowsOf(orm as Database.Database, sql),
      close: async () => void database.close(),
    }
  },
})

describe('statements that are answered at once', () => {
  const opened = async () => {
    const database = new Database(':memory:')
    database.exec(`create table note (body text)`)
    const db = await pillion(betterSqlite3Host(database))
    return { database, tx: transactions(database), bodies: db.sql<{ body: string }>`select body from note` }
  }

  test('are in the current transaction, and refused in one that has ended', async () => {
    const { database, tx, bodies } = await opened()
    let late = (): unknown => undefined
    const t = await tx.begin({ name: 'ended' })
    t.orm.exec(`insert into note values ('mine')`)
    expect(bodies.on(t).allSync()).toEqual([{ body: 'mine' }])
    await t.run(() => {
      expect(bodies.allSync()).toEqual([{ body: 'mine' }])
      late = AsyncResource.bind(() => bodies.allSync())
    })
    await t.rollback()
    for (const use of [late, () => bodies.on(t).allSync(), () => bodies.on(t.orm).allSync()]) {
      expect(use).toThrow(/TRANSACTION_FINISHED: The transaction "ended" begun at .*was rolled back at/)
    }
    expect(bodies.allSync()).toEqual([])
    database.close()
  })

  test('of the outer one are refused while a nested one is open', async () => {
    const { database, tx, bodies } = await opened()
    await tx.run(async outer => {
      await tx.run({ mode: 'nested' }, async () => {
        expect(() => bodies.on(outer).allSync()).toThrow(/TRANSACTION_NESTED/)
        expect(bodies.allSync()).toEqual([])
      })
    })
    database.close()
  })
})

test('BEGIN that finds another writer: nothing is kept, and the next one works', async () => {
  const { url: file, close, read } = await sqlite.open()
  await read('create table note (body text)')
  const [database, other] = [new Database(file, { timeout: 0 }), new Database(file)]
  const tx = transactions(database)
  other.exec('BEGIN IMMEDIATE')
  for (const _ of [1, 2, 3]) expect(await codeIn(tx.run(async () => {}))).toBe('STATEMENT_FAILED')
  expect(tx.active()).toEqual([])
  other.exec('COMMIT')
  await tx.run(t => t.orm.exec(`insert into note values ('x')`))
  expect(await read('select body from note')).toEqual([{ body: 'x' }])
  for (const opened of [database, other]) opened.close()
  await close()
})
