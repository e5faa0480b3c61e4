import Database from 'better-sqlite3'
import { AsyncResource } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { pillion } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { transactions } from 'pillion/transaction'
import { describe, expect, test } from 'vitest'
import { sqlite, tellingTransactions } from './servers.js'
import { codeIn, meeting, transactionSuite } from './suite.js'

transactionSuite({
  name: 'better-sqlite3',
  server: sqlite,
  independent: false,
  countsConnections: false,
  tellsLoss: false,
  cancels: false,
  async mount(file) {
    const database = new Database(file)
    database.pragma('foreign_keys = on')
    tellingTransactions(database)
    return {
      root: database,
      host: betterSqlite3Host(database),
      rows: async (orm, sql) => {
        const statement = (orm as Database.Database).prepare(sql)
        return statement.reader ? (statement.all() as object[]) : (statement.run(), [])
      },
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

test('a statement that cannot wait is refused, and keeps nobody waiting', async () => {
  const database = new Database(':memory:')
  const tx = transactions(database)
  await tx.run({ whileNested: 'wait' }, async outer => {
    const meet = meeting(2)
    const nested = tx.run({ mode: 'nested' }, async () => {
      await meet()
      await meet()
    })
    await meet()
    expect(() => outer.orm.exec('select 1')).toThrow(/cannot wait for the nested transaction/)
    await meet()
    await nested
  })
  expect(tx.active()).toEqual([])
  database.close()
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

test('a process does not exit while somebody waits, though SQLite has no socket to wait at', async () => {
  const index = fileURLToPath(new URL('../../dist/transaction/index.js', import.meta.url))
  const program = `
    import Database from 'better-sqlite3'
    import { transactions } from ${JSON.stringify(index)}
    const tx = transactions(new Database(':memory:'))
    await tx.begin()
    await tx.begin({ acquireTimeout: 100 }).catch(({ code }) => console.log(code))`
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
  const run = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd })
  const [stdout, [exit]] = await Promise.all([text(run.stdout), once(run, 'exit')])
  expect([stdout, exit]).toEqual(['POOL_STARVED\n', 0])
})
