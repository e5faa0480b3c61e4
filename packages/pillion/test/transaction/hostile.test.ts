/**
 * What work does that means no good: failures unheard, ends of its own, options of no sense. Nothing hangs, nothing is lost unsaid.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import Database from 'better-sqlite3'
import { Client, Pool, type PoolClient } from 'pg'
import Cursor from 'pg-cursor'
import { type Database as PillionDatabase, int4, pillion, sql, withRetry } from 'pillion'
import { pgHost } from 'pillion/pg'
import {
  transactionChannel,
  type TransactionEvent,
  type TransactionOptions,
  type Transactions,
  transactions,
} from 'pillion/transaction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabase, type Database as TestDatabase } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import type { DB } from '../support/interviews.gen.js'
import { failureIn, saying } from './suite.js'

type Tables = Pick<DB, 'tag'>

let database: TestDatabase
let observer: Client
let pool: Pool
let db: PillionDatabase<Tables>
let tx: Transactions<PoolClient>
beforeAll(async () => {
  database = await createDatabase()
  observer = new Client(database.url)
  await observer.connect()
  await observer.query(`
    create table item (n int primary key);
    create table tag (id int primary key, label text not null);
    insert into tag select n, 'tag' from generate_series(1, 5) n;
  `)
  pool = new Pool({ connectionString: database.url, max: 3 })
  pool.on('error', () => {})
  db = await pillion<Tables>(pgHost(pool))
  tx = transactions(pool)
})
afterAll(async () => {
  await pool.end()
  await observer.end()
  await database.drop()
})
beforeEach(() => observer.query('truncate item'))
afterEach(async () => {
  expect(tx.active()).toEqual([])
  await waitFor(async () => expect(pool.idleCount).toBe(pool.totalCount))
})

const kept = async (): Promise<readonly number[]> =>
  (await observer.query<{ n: number }>('select n from item order by n')).rows.map(({ n }) => n)

describe('an error that may not be looked at', () => {
  const failing = (key: string): object =>
    Object.defineProperty({}, key, {
      get() {
        throw new Error(`of ${key}`)
      },
    })

  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }

  test.each(['message', 'name', 'code', 'cause', undefined])(
    'is what the work failed with, and its connection is given back: %s',
    async key => {
      const error = key === undefined ? revoked() : failing(key)
      const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((reason: unknown) => [reason])
      const stream = () => db.from(db.tables.tag).stream({ batch: 1 })
      let late: PoolClient | undefined
      // a stream is told why the transaction ends
      const failed = await caught(
        tx.run({ retry: true }, async t => {
          late = t.orm
          await t.orm.query('insert into item values (1)')
          await stream()[Symbol.asyncIterator]().next()
          throw error
        }),
      )
      expect((failed as unknown[])[0] === error).toBe(true)
      expect(await failureIn(late!.query('select 1'))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      await tx.run(async t => {
        await t.orm.query('insert into item values (2)')
        const inner = tx.run({ mode: 'nested' }, async () => {
          await stream()[Symbol.asyncIterator]().next()
          throw error
        })
        expect(((await caught(inner)) as unknown[])[0] === error).toBe(true)
      })
      expect(await kept()).toEqual([2])
    },
  )
})

describe('a failure that the work keeps to itself', () => {
  test('of a stream of pillion’s does not end in a commit that is none', async () => {
    const error = await failureIn(
      tx.run(async t => {
        await t.orm.query('insert into item values (1)')
        const { tag } = db.tables
        const failing = db
          .from(tag)
          .select({ n: sql(int4)`1 / (3 - ${tag.id})` })
          .stream({ batch: 1 })
        await (async () => {
          for await (const _row of failing);
        })().catch(() => {})
      }),
    )
    expect(error).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await kept()).toEqual([])
  })

  test('of a cursor does not either', async () => {
    const error = await failureIn(
      tx.run(async t => {
        await t.orm.query('insert into item values (1)')
        await t.orm
          .query(new Cursor('select 1 / 0'))
          .read(1)
          .catch(() => {})
      }),
    )
    expect(error).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await kept()).toEqual([])
  })

  test('control: a stream that does not fail is no reason', async () => {
    await tx.run(async t => {
      await t.orm.query('insert into item values (1)')
      for await (const _row of db.from(db.tables.tag).stream());
    })
    expect(await kept()).toEqual([1])
  })

  test('is not quoted by what comes later: a server’s words hold values', async () => {
    const t = await tx.begin()
    const failure = await failureIn(t.run(() => t.orm.query('select $1::int', ['s3cret'])))
    await t.rollback()
    expect(failure.message).toContain('s3cret')
    const doomed = tx.run(async inner => {
      late = inner.orm
      await inner.orm.query('select $1::int', ['s3cret'])
    })
    let late: { query(text: string): Promise<unknown> } | undefined
    await failureIn(doomed)
    const error = await failureIn(late!.query('select 1'))
    expect(error.message).toMatch(/was rolled back .*\(22P02\)/)
    expect(error.message).not.toContain('s3cret')
  })
})

describe('reasons that are no errors', () => {
  test.each([[null], [undefined], ['words'], [Object.create(null)], [Symbol('s')]])(
    'roll back, are thrown as they are, and lose no connection: %#',
    async reason => {
      let late: { query(text: string): Promise<unknown> } | undefined
      const outcome = tx.run(async t => {
        late = t.orm
        await t.orm.query('insert into item values (1)')
        await t.orm.query(new Cursor('select generate_series(1, 100)')).read(1)
        throw reason
      })
      const thrown = await outcome.then(
        () => 'none',
        (error: unknown) => error,
      )
      expect(thrown).toBe(reason)
      expect(await failureIn(late!.query('select 1'))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      expect(await kept()).toEqual([])
    },
  )
})

describe('a timeout', () => {
  const cancelled = { code: '57014' }

  test('stops a statement of a nested transaction in the server', async () => {
    let inner: Promise<unknown> = Promise.resolve()
    const outcome = tx.run({ timeout: 100 }, () =>
      tx.run({ mode: 'nested' }, t => (inner = t.orm.query('select pg_sleep(100)'))),
    )
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    expect(await failureIn(inner)).toMatchObject(cancelled)
  })

  test('stops what a cursor reads', async () => {
    let read: Promise<unknown> = Promise.resolve()
    const outcome = tx.run({ timeout: 100 }, t => (read = t.orm.query(new Cursor('select pg_sleep(100)')).read(1)))
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    // a cursor that is closed while it reads tells nobody how that ended
    void read.catch(() => {})
    await waitFor(async () => {
      const { rows } = await observer.query(
        `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`,
      )
      expect(rows).toEqual([])
    })
  })

  test('does not wait for a hook that never ends', async () => {
    const outcome = tx.run({ timeout: 100 }, async t => {
      await t.orm.query('insert into item values (1)')
      t.beforeCommit(() => new Promise(() => {}))
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    expect(await kept()).toEqual([])
  })

  test('of a handle does not wait for such a hook either', async () => {
    const handle = await tx.begin({ timeout: 100 })
    await handle.orm.query('insert into item values (1)')
    handle.beforeCommit(() => new Promise(() => {}))
    expect(await failureIn(handle.commit())).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    expect(await kept()).toEqual([])
  })

  test.each(['run', 'handle'])('that came while the process was busy is one all the same: %s', async way => {
    const busyPast = async (t: { readonly orm: PoolClient }): Promise<void> => {
      await t.orm.query('insert into item values (1)')
      const over = Date.now() + 60
      while (Date.now() < over);
    }
    const byHandle = async (): Promise<void> => {
      const handle = await tx.begin({ timeout: 30 })
      await busyPast(handle)
      await handle.commit()
    }
    const error = await failureIn(way === 'run' ? tx.run({ timeout: 30 }, busyPast) : byHandle())
    expect(saying(error)).toContain('TRANSACTION_TIMED_OUT')
    expect(await kept()).toEqual([])
  })

  test('frees one that waits for a lock of the one that it is inside of, which is no deadlock to the server', async () => {
    const label = async ({ orm }: { readonly orm: PoolClient }, to: string): Promise<void> =>
      void (await orm.query('update tag set label = $1 where id = 1', [to]))
    await tx.run(async outer => {
      await label(outer, 'outer')
      const inner = tx.run({ mode: 'requires_new', timeout: 100 }, t => label(t, 'inner'))
      expect(await failureIn(inner)).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    })
    expect((await observer.query('select label from tag where id = 1')).rows).toEqual([{ label: 'outer' }])
  })

  test('longer than a timer can be is none', async () => {
    await tx.run({ timeout: Infinity, warnAfter: 2 ** 31 }, async t => {
      await t.orm.query('insert into item select 1 from pg_sleep(0.05)')
    })
    expect(await kept()).toEqual([1])
  })
})

describe('a signal that stops a query', () => {
  /** Takes seconds, unless it is stopped. */
  const heavy = () => db.sql`select count(*)::int as n from generate_series(1, 5000) a, generate_series(1, 5000) b`
  const stopping = async (): Promise<unknown> => {
    const stop = new AbortController()
    const stopped = failureIn(heavy().all({ signal: stop.signal }))
    await waitFor(() => expect(tx.active().at(-1)!.inFlight).toBe(1))
    stop.abort()
    return stopped
  }

  test('in a nested transaction takes that back alone', async () => {
    await tx.run(async t => {
      await t.orm.query('insert into item values (1)')
      const nested = tx.run({ mode: 'nested' }, async inner => {
        await inner.orm.query('insert into item values (2)')
        expect(await stopping()).toMatchObject({ code: 'CANCELLED' })
      })
      expect(await failureIn(nested)).toMatchObject({ code: 'ROLLBACK_ONLY' })
      await t.orm.query('insert into item values (3)')
    })
    expect(await kept()).toEqual([1, 3])
  })

  test('in the outermost one is no commit that is none', async () => {
    const outcome = tx.run(async t => {
      await t.orm.query('insert into item values (1)')
      expect(await stopping()).toMatchObject({ code: 'CANCELLED' })
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await kept()).toEqual([])
  })

  test('before it is sent leaves the transaction as it was', async () => {
    await tx.run(async t => {
      await t.orm.query('insert into item values (1)')
      expect(await failureIn(heavy().all({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'CANCELLED' })
    })
    expect(await kept()).toEqual([1])
  })
})

test.each(['begun', 'committed', 'rolled back'] as const)(
  'a subscriber of the channel may have a transaction of its own when one is %s',
  async type => {
    const theirs: Promise<unknown>[] = []
    const told = (event: unknown): void => {
      if ((event as TransactionEvent).type !== type || (event as TransactionEvent).name !== 'watched') return
      theirs.push(tx.run(t => t.orm.query('insert into item values (2)')))
    }
    subscribe(transactionChannel, told)
    const outcome = tx.run({ name: 'watched' }, async t => {
      await t.orm.query('insert into item values (1)')
      if (type === 'rolled back') throw new Error('no')
    })
    if (type === 'rolled back') await failureIn(outcome)
    else await outcome
    unsubscribe(transactionChannel, told)
    expect(theirs).toHaveLength(1)
    await Promise.all(theirs)
    expect(await kept()).toEqual(type === 'rolled back' ? [2] : [1, 2])
  },
)

describe('an end by the work’s own statement', () => {
  test.each(['commit', 'rollback'])(
    '%s: what comes next is sent nowhere, and nobody is told of a commit',
    async end => {
      const outcome = tx.run(async t => {
        await t.orm.query('insert into item values (1)')
        await t.orm.query(end)
        await t.orm.query('insert into item values (2)').catch(() => {})
      })
      expect(await failureIn(outcome)).toMatchObject({
        code: 'TRANSACTION_FINISHED',
        hint: expect.stringContaining('COMMIT'),
      })
      expect(await kept()).toEqual(end === 'commit' ? [1] : [])
    },
  )
})

test('a query of one copy of the package is in the transaction of another', async () => {
  vi.resetModules()
  const copy = await import('pillion/transaction')
  expect(copy.transactions).not.toBe(transactions)
  await copy
    .transactions(pool)
    .run(async t => {
      await t.orm.query('insert into tag values (6, $1)', ['inside'])
      expect(await db.from(db.tables.tag).count()).toBe(6)
      throw new Error('no')
    })
    .catch(() => {})
  expect(await db.from(db.tables.tag).count()).toBe(5)
})

test('a driver that throws at once, under a callback, keeps no commit waiting', async () => {
  await tx.run(async t => {
    expect(() => t.orm.query(undefined as never, () => {})).toThrow(TypeError)
  })
})

describe('a handle whose transaction the server has ended', () => {
  test.each(['commit', 'dispose'] as const)('gives its connection back by %s', async end => {
    const file = new Database(':memory:')
    try {
      file.exec('create table item (n integer primary key)')
      const over = transactions(file)
      const t = await over.begin()
      t.orm.exec('insert into item values (1)')
      expect(() => t.orm.exec('insert or rollback into item values (1)')).toThrow()
      if (end === 'commit') expect(await failureIn(t.commit())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      else await t[Symbol.asyncDispose]()
      expect(over.active()).toEqual([])
      expect(await over.run(async () => 'next')).toBe('next')
    } finally {
      file.close()
    }
  })
})

describe('hooks', () => {
  test('before the commit may add others', async () => {
    const told: string[] = []
    await tx.run(async t => {
      t.beforeCommit(() => {
        told.push('first')
        t.beforeCommit(() => void told.push('second'))
      })
    })
    expect(told).toEqual(['first', 'second'])
  })

  test('are refused after the end: nobody would run them', async () => {
    const t = await tx.begin()
    await t.commit()
    expect(() => t.afterCommit(() => {})).toThrow(expect.objectContaining({ code: 'TRANSACTION_FINISHED' }))
  })

  describe('of work that runs outside of any transaction', () => {
    const none = { mode: 'supports' } as const

    test('run when it is done, those too that another has left', async () => {
      const told: string[] = []
      await tx.run(none, t => {
        t.beforeCommit(() => {
          told.push('first')
          t.beforeCommit(() => void told.push('second'))
          t.afterCommit(() => void told.push('third'))
        })
      })
      expect(told).toEqual(['first', 'second', 'third'])
    })

    test('afterwards fail by themselves: what was done stays, and is not done again', async () => {
      const told: string[] = []
      let runs = 0
      const outcome = withRetry(() =>
        tx.run(none, t => {
          runs++
          t.afterCommit(() => Promise.reject(Object.assign(new Error('of the hook'), { code: '40001' })))
          t.afterCommit(() => void told.push('after'))
          t.afterRollback(() => void told.push('rolled back'))
        }),
      )
      expect(await failureIn(outcome)).toMatchObject({ code: 'HOOK_FAILED', cause: { message: 'of the hook' } })
      expect([runs, told]).toEqual([1, ['after']])
    })

    test('do not hide what the work failed with', async () => {
      const told: string[] = []
      const heard = (event: unknown): void => void told.push((event as TransactionEvent).type)
      subscribe(transactionChannel, heard)
      const outcome = tx.run(none, async t => {
        t.afterRollback(() => Promise.reject(new Error('of the hook')))
        t.afterRollback(() => void told.push('after'))
        throw new Error('of the work')
      })
      expect(await failureIn(outcome)).toMatchObject({ message: 'of the work' })
      unsubscribe(transactionChannel, heard)
      expect(told).toEqual(['hook failed', 'after'])
    })

    test('are refused after the end', async () => {
      const over = await tx.run(none, async t => t)
      expect(() => over.afterCommit(() => {})).toThrow(expect.objectContaining({ code: 'TRANSACTION_FINISHED' }))
    })
  })
})

describe('options of no sense are refused', () => {
  test.each<[string, TransactionOptions]>([
    ['a mode that there is not', { mode: 'bogus' as never }],
    ['a mode that every object has', { mode: 'constructor' as never }],
    ['no time at all', { timeout: 0 }],
    ['a time that is none', { timeout: '500' as never }],
    ['a wait for a connection that is none', { acquireTimeout: Number.NaN }],
    ['a wait for a connection that is over before', { acquireTimeout: -1 }],
    ['a signal that is none', { signal: new AbortController() as never }],
    ['a warning at no time', { warnAfter: Number.NaN }],
    ['runs that have no end', { retry: { attempts: Number.NaN } }],
    ['no run at all', { retry: { attempts: 0 } }],
    ['a pause that is none', { retry: { baseDelay: Number.NaN } }],
    ['a number of runs in place of options', { retry: 3 as never }],
    ['a signal that is none', { retry: { signal: 'stop' as never } }],
    ['options that are none', null as never],
    ['a word in place of options', 'serializable' as never],
    ['a rule for joined work that there is not', { joinFailure: 'ingore' as never }],
    ['a rule for the outer one that there is not', { whileNested: 'queue' as never }],
    ['an isolation that is SQL', { isolation: 'serializable; drop table item' as never }],
  ])('%s', async (_what, options) => {
    expect(await failureIn(tx.run(options, async () => {}))).toMatchObject({ code: 'QUERY_INVALID' })
    if (options?.mode === undefined)
      expect(() => transactions(pool, options)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
  })

  test('a handle by a mode of run', async () => {
    expect(await failureIn(tx.begin({ mode: 'never' as never }))).toMatchObject({ code: 'QUERY_INVALID' })
  })

  test('work for a handle, which nobody would run, while the handle kept its connection', async () => {
    expect(await failureIn(tx.begin((async () => {}) as never))).toMatchObject({ code: 'QUERY_INVALID' })
  })

  test('control: options that are left out by their name are none', async () => {
    expect(await tx.run(undefined as never, async () => 7)).toBe(7)
  })

  test.each([[null], [undefined], ['postgres://localhost'], [{}]])('%o in place of a host', root => {
    expect(() => transactions(root as never)).toThrow(expect.objectContaining({ code: 'HOST_UNKNOWN' }))
  })

  test('no work', async () => {
    expect(await failureIn(tx.run(undefined as never))).toMatchObject({ code: 'QUERY_INVALID' })
    expect(() => tx.transactional({}, undefined as never)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
  })

  test('a generator, which runs when somebody reads it: the transaction would be over by then', async () => {
    const writing = async function* () {
      yield await pool.query('insert into item values (1)')
    }
    expect(await failureIn(tx.run(writing))).toMatchObject({ code: 'QUERY_INVALID' })
    expect(() => tx.transactional(writing)).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
  })

  describe('what the work gave has still to run', () => {
    // as of rxjs, and as a handler's answer is in NestJS
    const observable = (insert: () => Promise<unknown>): object => ({
      subscribe: () => void insert(),
      '@@observable'() {
        return this
      },
    })
    const generator = (insert: () => Promise<unknown>): object =>
      (async function* () {
        yield await insert()
      })()

    test.each([
      ['a generator', generator],
      ['an Observable', observable],
    ])('%s: refused, and what was done is rolled back', async (_, later) => {
      const insert = (n: number) => (tx.current()?.orm ?? pool).query('insert into item values ($1)', [n])
      const work = async (): Promise<object> => {
        await insert(1)
        return later(() => insert(2))
      }
      expect(await failureIn(tx.run(work))).toMatchObject({ code: 'QUERY_INVALID' })
      expect(await failureIn(tx.run(() => tx.run({ mode: 'nested' }, work)))).toMatchObject({ code: 'QUERY_INVALID' })
      expect(await failureIn(tx.transactional(work)())).toMatchObject({ code: 'QUERY_INVALID' })
      expect(await kept()).toEqual([])
    })

    test('where it may run inside, or is to run outside, it is given', async () => {
      await tx.run(async t => {
        const rows = await tx.run(() => db.from(db.tables.tag).stream())
        for await (const { id } of rows) if (id === 1) await t.orm.query('insert into item values (3)')
      })
      expect(await kept()).toEqual([3])
      const outside = await tx.run({ mode: 'never' }, () => db.from(db.tables.tag).stream())
      let read = 0
      for await (const _row of outside) read++
      expect(read).toBe(5)
    })
  })
})
