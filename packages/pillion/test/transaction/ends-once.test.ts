/**
 * What meets on its way: a commit and a rollback, a savepoint and a statement around it, a request to stop and whoever has the connection next.
 *
 * @module
 */
import pg from 'pg'
import Cursor from 'pg-cursor'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

describe.each([1, 2])('on a pool of %i', max => {
  let pool: pg.Pool
  beforeAll(() => {
    pool = new pg.Pool({ connectionString: database.url, max })
  })
  afterAll(async () => {
    expect(pool.idleCount).toBe(pool.totalCount)
    await pool.end()
  })
  beforeEach(async () => {
    await pool.query('create table if not exists written (n int primary key)')
    await pool.query('truncate written')
  })
  const tx = () => transactions(pool)
  const written = async () =>
    (await pool.query<{ n: number }>('select n from written order by n')).rows.map(({ n }) => n)
  const insert = (n: number) => `insert into written values (${n})`
  const wrong = new Error('of the test')

  test.each([0, 1, 2, 5])(
    'a statement around a savepoint that is on its way is refused, %i ticks later',
    async ticks => {
      await tx().run(async t => {
        const nested = tx().run({ mode: 'nested' }, () => Promise.reject(wrong))
        for (let i = 0; i < ticks; i++) await Promise.resolve()
        await expect(t.orm.query(insert(1))).rejects.toMatchObject({ code: 'TRANSACTION_NESTED' })
        await expect(nested).rejects.toBe(wrong)
        await t.orm.query(insert(2))
      })
      expect(await written()).toEqual([2])
    },
  )

  test('or waits, and is not lost with it', async () => {
    await tx().run({ whileNested: 'wait' }, async t => {
      const before = t.orm.query(insert(1))
      const nested = tx().run({ mode: 'nested' }, async n => {
        await n.orm.query(insert(2))
        throw wrong
      })
      const after = t.orm.query(insert(3))
      expect((await Promise.allSettled([before, nested, after])).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
    })
    expect(await written()).toEqual([1, 3])
  })

  /** A failure that the server knows nothing of: the transaction is asked whether it is spoiled. */
  const failing = (client: pg.PoolClient) =>
    client
      .query('select $1::int', [
        {
          toPostgres: () => {
            throw wrong
          },
        },
      ])
      .catch(() => {})

  test.each(['commit', 'rollback'] as const)('a commit beside a %s ends it once', async other => {
    for (let i = 0; i < 20; i++) {
      const handle = await tx().begin()
      await failing(handle.orm)
      await handle.orm.query(insert(i))
      const [commit, second] = await Promise.allSettled([handle.commit(), handle[other]()])
      if (other === 'commit')
        expect([commit.status, (second as PromiseRejectedResult).reason.code]).toEqual([
          'fulfilled',
          'TRANSACTION_FINISHED',
        ])
      else
        expect([(commit as PromiseRejectedResult).reason.code, second.status]).toEqual([
          'TRANSACTION_FINISHED',
          'fulfilled',
        ])
    }
    expect(await written()).toHaveLength(other === 'commit' ? 20 : 0)
  })

  test('a second commit does not go past a hook that the first one waits for', async () => {
    const handle = await tx().begin()
    await handle.orm.query(insert(1))
    handle.beforeCommit(async () => {
      await handle.orm.query('select pg_sleep(0.01)')
      throw wrong
    })
    const [first, second] = await Promise.allSettled([handle.commit(), handle.commit()])
    expect([first, second]).toMatchObject([{ reason: wrong }, { reason: { code: 'TRANSACTION_FINISHED' } }])
    expect(await written()).toEqual([])
  })

  test('what is committed is not done again, whatever a hook failed with', async () => {
    let runs = 0
    const run = tx().run({ retry: true }, async t => {
      await t.orm.query(insert(++runs))
      t.afterCommit(() => Promise.reject(Object.assign(new Error('deadlock'), { code: '40P01' })))
    })
    await expect(run).rejects.toMatchObject({ code: 'HOOK_FAILED' })
    expect(await written()).toEqual([1])
  })

  test('a hook after a nested rollback may nest', async () => {
    await tx().run(async () => {
      const nested = tx().run({ mode: 'nested' }, async n => {
        n.afterRollback(() => tx().run({ mode: 'nested' }, k => k.orm.query(insert(1))))
        throw wrong
      })
      await expect(nested).rejects.toBe(wrong)
    })
    expect(await written()).toEqual([1])
  })

  test('a request to stop hits nobody who has the connection next', async () => {
    const failures: unknown[] = []
    for (let i = 0; i < 60; i++) {
      const timed = tx().run({ timeout: 12 }, t => t.orm.query(`select pg_sleep(${0.011 + (i % 4) / 1000})`))
      const next = Array.from({ length: max }, () => pool.query('select pg_sleep(0.006)'))
      await timed.catch(error => expect(error).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' }))
      for (const each of await Promise.allSettled(next)) if (each.status === 'rejected') failures.push(each.reason)
    }
    expect(failures).toEqual([])
  })

  test('COMMIT is not stopped at the timeout, after a stream neither', async () => {
    await pool.query(`create or replace function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end';
      drop trigger if exists slow on written;
      create constraint trigger slow after insert on written deferrable initially deferred for each row execute function slowly()`)
    await tx().run({ timeout: 250 }, async t => {
      await t.orm.query(insert(1))
      const cursor = t.orm.query(new Cursor('select 1'))
      await cursor.read(1)
      await cursor.close()
    })
    expect(await written()).toEqual([1])
    await pool.query('drop trigger slow on written')
  })

  test('nothing outside is asked for by transactions that hold every connection', async () => {
    const hold = (depth: number): Promise<unknown> =>
      tx().run({ mode: 'requires_new' }, () =>
        depth > 1 ? hold(depth - 1) : tx().run({ mode: 'not_supported' }, t => t.orm.query('select 1')),
      )
    await expect(hold(max)).rejects.toMatchObject({ code: max === 1 ? 'TRANSACTION_UNSUPPORTED' : 'POOL_STARVED' })
  })

  test('a method stays one', async () => {
    const account = {
      n: 7,
      add: tx().transactional(async function (this: { n: number }, more: number) {
        return this.n + more
      }),
    }
    expect(await account.add(1)).toBe(8)
  })

  test('a handle that is rolled back at its timeout is rolled back by its holder, too', async () => {
    const handle = await tx().begin({ timeout: 20 })
    await expect(handle.orm.query('select pg_sleep(1)')).rejects.toThrow()
    await handle.rollback()
    await handle.rollback()
    await expect(handle.commit()).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
  })
})
