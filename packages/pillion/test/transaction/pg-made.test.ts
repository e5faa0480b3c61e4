/**
 * What a client of `pg` gives back at once inside of a transaction: cursors, and statements with a callback.
 */
import { Client, Pool, type PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../test/support/postgres.js'

describe.each(postgresServers())('made by pg on PostgreSQL $version', ({ url }) => {
  let database: Database
  let observer: Client
  let pool: Pool
  beforeAll(async () => {
    database = await createDatabase(url)
    observer = new Client(database.url)
    await observer.connect()
    await observer.query('create table item (n int primary key)')
    pool = new Pool({ connectionString: database.url, max: 1 })
  })
  afterAll(async () => {
    await pool.end()
    await observer.end()
    await database.drop()
  })

  /** A cursor with its first rows read: one by one it would take long. */
  const begunReading = async (client: PoolClient): Promise<Cursor> => {
    const cursor = client.query(new Cursor('select * from generate_series(1, 1000)'))
    expect(await cursor.read(3)).toHaveLength(3)
    return cursor
  }

  test('a cursor that is open at the end is closed by it: what the transaction wrote is committed', async () => {
    const tx = transactions(pool)
    const cursor = await tx.run(async t => {
      await t.orm.query('insert into item values (1)')
      return begunReading(t.orm)
    })
    expect((await observer.query('select n from item')).rows).toEqual([{ n: 1 }])
    expect(await cursor.read(3)).toEqual([])
    expect(tx.active()).toEqual([])
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1])
  })

  test('cursors of several transactions are open at once, and each ends with its own', async () => {
    const two = new Pool({ connectionString: database.url, max: 2 })
    try {
      const tx = transactions(two)
      const [a, b] = [await tx.begin(), await tx.begin()]
      const [, second] = [await begunReading(a.orm), await begunReading(b.orm)]
      await a.commit()
      expect(await second.read(3)).toHaveLength(3)
      await b.rollback()
      expect([two.totalCount, two.idleCount]).toEqual([2, 2])
    } finally {
      await two.end()
    }
  })

  test('a cursor is not opened after the end', async () => {
    const t = await transactions(pool).begin()
    await t.commit()
    expect(() => t.orm.query(new Cursor('select 1'))).toThrow(expect.objectContaining({ code: 'TRANSACTION_FINISHED' }))
  })

  test('a callback that would have to wait for a nested transaction is refused, and keeps no commit waiting', async () => {
    const tx = transactions(pool)
    const t = await tx.begin({ whileNested: 'wait' })
    const nested = await t.run(() => tx.begin({ mode: 'nested' }))
    expect(() => t.orm.query('select 1', () => {})).toThrow('A statement with a callback cannot wait')
    await nested.commit()
    await t.commit()
    expect(tx.active()).toEqual([])
  })

  test('a callback is in the transaction that its statement was asked in, whatever its connection was made in', async () => {
    const wide = new Pool({ connectionString: database.url, max: 2 })
    const tx = transactions(wide)
    // Node would call back in what was current where the socket was made
    await tx.run(() => tx.run({ mode: 'requires_new' }, async () => {}))
    const handles = await Promise.all([tx.begin({ name: 'a' }), tx.begin({ name: 'b' })])
    const found = handles.map(t =>
      t.run(() => new Promise(resolve => t.orm.query('select 1', () => resolve(tx.current()?.name)))),
    )
    expect(await Promise.all(found)).toEqual(['a', 'b'])
    await Promise.all(handles.map(t => t.rollback()))
    await wide.end()
  })

  test('what a connection tells by itself is not in the transaction around that which it was made for', async () => {
    const wide = new Pool({ connectionString: database.url, max: 2 })
    const tx = transactions(wide)
    const noticed = (t: PoolClient): Promise<unknown> =>
      new Promise((resolve, reject) => {
        t.once('notice', () => resolve(tx.current()?.name))
        t.query("do $$ begin raise notice 'seen'; end $$").catch(reject)
      })
    const found = tx.run({ name: 'around' }, () => tx.run({ mode: 'requires_new' }, inner => noticed(inner.orm)))
    expect(await found).toBeUndefined()
    await wide.end()
  })
})
