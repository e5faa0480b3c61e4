/**
 * Iterators of better-sqlite3 inside of a transaction: while one is open the driver lets nobody write on the connection. And a database that
 * is closed inside of one.
 */
import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/sqlite'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { type Transaction, transactions } from 'pillion/transaction'
import { describe, expect, test } from 'vitest'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import type { DB } from '../support/interviews.gen.js'
import { failureIn } from './suite.js'

const opened = () => {
  const database = new Database(':memory:')
  database.exec(`create table tag (id integer primary key, label text not null)`)
  for (const id of [1, 2, 3]) insert(database, id)
  const db = pillionSync<DB>(betterSqlite3Host(database))
  const { tag } = db.tables
  return {
    database,
    tx: transactions(database),
    tags: db.from(tag).select({ id: tag.id }),
    ids: (): unknown => database.prepare('select id from tag order by id').pluck().all(),
  }
}

const insert = (database: Database.Database, id: number): unknown =>
  database.exec(`insert into tag values (${id}, 'some')`)

type Opened = ReturnType<typeof opened>
type T = Transaction<Database.Database>

const begunReading = <I extends IterableIterator<unknown>>(iterator: I): I => {
  expect(iterator.next().done).toBe(false)
  return iterator
}

const own: Readonly<Record<string, (t: T) => IterableIterator<unknown>>> = {
  'of rows': t => t.orm.prepare('select id from tag').iterate(),
  'of what a statement was told': t => t.orm.prepare('select id from tag').raw().iterate(),
  'of rows that were written': t => t.orm.prepare('update tag set label = label returning id').iterate(),
}

describe.each(Object.entries(own))('an iterator %s', (_, iterate) => {
  test('that is read to its end, or left', async () => {
    const { tx, ids } = opened()
    await tx.run(async t => {
      insert(t.orm, 4)
      expect([...iterate(t)]).toHaveLength(4)
      insert(t.orm, 5)
      for (const _row of iterate(t)) break
      insert(t.orm, 6)
    })
    expect(ids()).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('that is open at the commit: it is committed, the reader is told, and the next one works', async () => {
    const { tx, ids } = opened()
    const iterator = await tx.run({ name: 'ended' }, async t => {
      insert(t.orm, 4)
      return begunReading(iterate(t))
    })
    expect(ids()).toEqual([1, 2, 3, 4])
    expect(() => iterator.next()).toThrow(/TRANSACTION_FINISHED: The transaction "ended"/)
    await tx.run(async t => insert(t.orm, 5))
    expect(ids()).toEqual([1, 2, 3, 4, 5])
  })

  test('that is open where the work fails: its own error is told, and all is rolled back', async () => {
    const { tx, ids } = opened()
    const failing = tx.run(async t => {
      insert(t.orm, 4)
      begunReading(iterate(t))
      throw new Error('mine')
    })
    expect(await failureIn(failing)).toMatchObject({ message: 'mine' })
    expect(ids()).toEqual([1, 2, 3])
    await tx.run(async t => insert(t.orm, 5))
    expect(ids()).toEqual([1, 2, 3, 5])
  })

  test('that is open at the end of a nested transaction', async () => {
    const { tx, ids } = opened()
    await tx.run(async t => {
      insert(t.orm, 4)
      await tx.run({ mode: 'nested' }, async n => {
        insert(n.orm, 5)
        begunReading(iterate(n))
      })
      const lost = tx.run({ mode: 'nested' }, async n => {
        insert(n.orm, 6)
        begunReading(iterate(n))
        throw new Error('mine')
      })
      expect(await failureIn(lost)).toMatchObject({ message: 'mine' })
      insert(t.orm, 7)
    })
    expect(ids()).toEqual([1, 2, 3, 4, 5, 7])
  })
})

const others: Readonly<Record<string, (there: Opened) => IterableIterator<unknown>>> = {
  'of somebody else': ({ database }) => database.prepare('select id from tag').iterate(),
  "of pillion's": ({ tags }) => tags.iterateSync(),
}

describe.each(Object.entries(others))('an iterator %s that is open', (_, iterate) => {
  test('at the commit: it is committed', async () => {
    const there = opened()
    const { tx, ids } = there
    // not what the work gives: what is still to be read after the transaction is refused as that
    let iterator: IterableIterator<unknown> | undefined
    await tx.run(async t => {
      insert(t.orm, 4)
      iterator = begunReading(iterate(there))
    })
    expect(ids()).toEqual([1, 2, 3, 4])
    iterator?.return?.()
    await tx.run(async t => insert(t.orm, 5))
    expect(ids()).toEqual([1, 2, 3, 4, 5])
  })

  test('at a rollback: it is rolled back', async () => {
    const there = opened()
    const { tx, ids, database } = there
    let iterator: IterableIterator<unknown> | undefined
    const failing = tx.run(async t => {
      insert(t.orm, 4)
      iterator = begunReading(iterate(there))
      throw new Error('mine')
    })
    expect(await failureIn(failing)).toMatchObject({ message: 'mine' })
    expect(database.inTransaction).toBe(false)
    expect(ids()).toEqual([1, 2, 3])
    iterator?.return?.()
    await tx.run(async t => insert(t.orm, 5))
    expect(ids()).toEqual([1, 2, 3, 5])
  })

  test('in nested transactions: each ends as it is to', async () => {
    const there = opened()
    const { tx, ids } = there
    await tx.run(async t => {
      insert(t.orm, 4)
      const lost = tx.run({ mode: 'nested' }, async n => {
        insert(n.orm, 5)
        begunReading(iterate(there))
        throw new Error('mine')
      })
      expect(await failureIn(lost)).toMatchObject({ message: 'mine' })
      await tx.run({ mode: 'nested' }, async () => {})
    })
    expect(ids()).toEqual([1, 2, 3, 4])
  })

  test('at the begin: the transaction is opened, and reads', async () => {
    const there = opened()
    const iterator = begunReading(iterate(there))
    await there.tx.run(async () => {
      expect(there.database.inTransaction).toBe(true)
      expect(there.ids()).toEqual([1, 2, 3])
    })
    iterator.return?.()
  })
})

test("somebody else's statement that writes is half read at the commit: it is refused, and all is rolled back", async () => {
  const { database, tx, ids } = opened()
  const running = tx.run(async t => {
    insert(t.orm, 4)
    begunReading(database.prepare('update tag set id = id + 10 returning id').iterate())
  })
  expect(await failureIn(running)).toMatchObject({ code: 'COMMIT_FAILED' })
  expect(database.inTransaction).toBe(false)
  expect(ids()).toEqual([1, 2, 3])
})

test('a database that is closed inside of a transaction has committed nothing', async () => {
  const { database, tx } = opened()
  const running = tx.run(async t => {
    insert(t.orm, 4)
    database.close()
  })
  expect(await failureIn(running)).toMatchObject({ code: 'COMMIT_FAILED' })
  expect(tx.active()).toEqual([])
})

test.each(['Kysely', 'MikroORM'])(
  '%s whose database is closed inside of a transaction has committed nothing',
  async name => {
    const { root, close } = name === 'Kysely' ? onKysely() : await onMikroOrm()
    const tx = transactions(root)
    expect(await failureIn(tx.run(close))).toMatchObject({ code: 'CONNECTION_LOST', cause: expect.anything() })
    expect(tx.active()).toEqual([])
  },
)

interface Closable {
  readonly root: object
  close(): unknown
}

function onKysely(): Closable {
  const database = new Database(':memory:')
  return {
    root: new Kysely<unknown>({ dialect: new SqliteDialect({ database }) }),
    close: () => database.close(),
  }
}

async function onMikroOrm(): Promise<Closable> {
  const orm = await MikroORM.init(defineConfig({ dbName: ':memory:', entities: [NoteEntity] }))
  return { root: orm, close: () => orm.close() }
}

test('what better-sqlite3 keeps from those who write past an open iterator, it keeps after the end, too', async () => {
  const { database, tx } = opened()
  const iterator = await tx.run(async () => begunReading(database.prepare('select id from tag').iterate()))
  expect(() => insert(database, 4)).toThrow(/busy executing a query/)
  iterator.return?.()
  insert(database, 4)
})
