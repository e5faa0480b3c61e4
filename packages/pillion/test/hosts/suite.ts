/**
 * What every host must do. A host's test file gives a fixture and says which of the optional capabilities it has.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import pg from 'pg'
import type { ErrorCode } from '../../src/errors.js'
import type { Host, Statement } from '../../src/run/host.js'
import { int4 } from '../../src/schema/base-types.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import type { Wire } from './wire.js'

/** A host in place, over a database of its own. */
export interface Mount {
  readonly host: Host
  readonly wire: Wire
  /** The host's own transaction, begun and ended by the host: committed when the work is done, else rolled back. */
  transaction<T>(work: (tx: HostTransaction) => Promise<T>): Promise<T>
  /** The pool under the host, where it has one. */
  readonly pool?: Counters
  close(): Promise<void>
}

export interface HostTransaction {
  /** What a user would hand to `on(tx)`. */
  readonly target: unknown
  /** A statement of the host's own. */
  execute(sql: string): Promise<unknown>
  nested?<T>(work: (tx: HostTransaction) => Promise<T>): Promise<T>
}

export interface Counters {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

export interface Fixture {
  readonly name: string
  mount(url: string): Promise<Mount>
  /** Several connections: transactions at once, and a root that is outside of them. */
  readonly pooled: boolean
  /** Nested transactions by savepoint. */
  readonly nesting: boolean
  /** The object that stood for a transaction is the transaction's alone. */
  readonly ownHandle: boolean
}

export function statement(text: string, ...values: (string | null)[]): Statement {
  return { text, values }
}

/** The code of the PillionError a promise fails with. */
export async function codeOf(outcome: Promise<unknown>): Promise<ErrorCode | 'fulfilled'> {
  return outcome.then(
    () => 'fulfilled' as const,
    error => {
      if (error?.name !== 'PillionError') throw error
      return error.code
    },
  )
}

const bodies = statement('select body from note order by id')
const pid = statement('select pg_backend_pid()')
const sleep = statement('select pg_sleep(30)')

export function hostSuite(fixture: Fixture): void {
  describe(fixture.name, () => {
    let database: Awaited<ReturnType<typeof createDatabase>>
    let observer: pg.Client
    let mount: Mount

    beforeAll(async () => {
      database = await createDatabase()
      observer = new pg.Client(database.url)
      await observer.connect()
      await observer.query(`
        create table note (id int generated always as identity primary key, body text not null);
        create table tally (owner int not null, n int not null)`)
      mount = await fixture.mount(database.url)
    })
    afterAll(async () => {
      await mount?.close()
      await observer?.end()
      await database?.drop()
    })

    const one = async (text: string): Promise<unknown> =>
      Object.values((await observer.query(text)).rows[0] as object)[0]
    const counters = (): Counters | undefined =>
      mount.pool && {
        totalCount: mount.pool.totalCount,
        idleCount: mount.pool.idleCount,
        waitingCount: mount.pool.waitingCount,
      }
    const rested = (): void => {
      if (mount.pool) expect(counters()).toMatchObject({ waitingCount: 0, idleCount: mount.pool.totalCount })
    }
    /** Resolves when the observer sees a session of this database doing what is described. */
    const seen = async (condition: string): Promise<void> => {
      while (
        !(await one(`select exists (select from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and ${condition})`))
      );
    }
    const sleeping = `state = 'active' and query = 'select pg_sleep(30)'`
    /** On a busy machine a timeout may come before there is a connection: that one then goes back by itself. */
    const rests = (): Promise<void> => vi.waitFor(rested, { timeout: 10_000 })
    const nobodySleeps = async (): Promise<void> => {
      expect(
        await one(`select count(*)::int from pg_stat_activity where datname = current_database() and ${sleeping}`),
      ).toBe(0)
    }

    describe('reading', () => {
      test('rows come as text by position, NULL as null, with names and types', async () => {
        const result = await mount.host.run(
          undefined,
          statement(
            `select $1::int4 + 1 as n, null as nothing, true as yes, '{1,2}'::int[] as list, 'x'::text as n`,
            '41',
          ),
          {},
        )
        expect(result.rows).toEqual([['42', null, 't', '{1,2}', 'x']])
        expect(result.fields.map(field => field.name)).toEqual(['n', 'nothing', 'yes', 'list', 'n'])
        expect(result.fields[0]?.type).toBe(int4)
      })

      test('parsers that the application has replaced change nothing', async () => {
        const before = pg.types.getTypeParser(20)
        pg.types.setTypeParser(20, () => 'replaced')
        try {
          expect((await mount.host.run(undefined, statement('select 1::int8'), {})).rows).toEqual([['1']])
          expect(await one('select 1::int8')).toBe('replaced')
        } finally {
          pg.types.setTypeParser(20, before)
        }
      })

      test('no rows keep their fields', async () => {
        const result = await mount.host.run(undefined, statement('select 1 as a where false'), {})
        expect(result).toEqual({ rows: [], fields: [{ name: 'a', type: int4 }] })
      })

      test('the pool is as it was', async () => {
        await mount.host.run(undefined, pid, {})
        const before = counters()
        await mount.host.run(undefined, pid, {})
        await codeOf(mount.host.run(undefined, statement('select * from missing'), {}))
        expect(counters()).toEqual(before)
      })

      test('several statements in one are refused by the server', async () => {
        expect(await codeOf(mount.host.run(undefined, statement(`select 1; delete from note`), {}))).toBe(
          'STATEMENT_FAILED',
        )
      })
    })

    describe('prepared statements', () => {
      test('a named statement is parsed once a connection and described once', async () => {
        const named = { text: 'select $1::text as t', values: ['a'], name: 'pillion_test_named' }
        await mount.transaction(async tx => {
          const first = await mount.host.run(tx.target, named, {})
          const before = mount.wire.bytes
          const second = await mount.host.run(tx.target, { ...named, values: ['b'] }, {})
          const again = mount.wire.bytes - before
          expect(first.fields).toEqual(second.fields)
          expect(second.rows).toEqual([['b']])
          expect(again).toBeLessThan(named.text.length + 60)
        })
      })

      test('a result whose type changed is SCHEMA_DRIFTED once; the next run works', async () => {
        await observer.query('create table shape (a int); insert into shape values (1)')
        const named = { text: 'select a from shape', values: [], name: 'pillion_test_shape' }
        // One connection, so that the plan is there to go stale.
        await mount.transaction(async tx => void (await mount.host.run(tx.target, named, {})))
        await observer.query('alter table shape alter a type text')
        const codes: string[] = []
        for (let i = 0; i < 3; i++) codes.push(await codeOf(mount.host.run(undefined, named, {})))
        expect(codes.filter(code => code === 'SCHEMA_DRIFTED').length).toBeLessThanOrEqual(1)
        expect(codes.at(-1)).toBe('fulfilled')
        await observer.query('drop table shape')
      })
    })

    describe('transactions', () => {
      test('ours sees what the transaction wrote, others do not, and a rollback takes it away', async () => {
        const body = 'uncommitted'
        const rollback = new Error('rollback')
        const outcome = mount.transaction(async tx => {
          await tx.execute(`insert into note (body) values ('${body}')`)
          expect((await mount.host.run(tx.target, bodies, {})).rows).toEqual([[body]])
          if (fixture.pooled) expect((await mount.host.run(undefined, bodies, {})).rows).toEqual([])
          expect(await one('select count(*)::int from note')).toBe(0)
          throw rollback
        })
        await expect(outcome).rejects.toBe(rollback)
        expect((await mount.host.run(undefined, bodies, {})).rows).toEqual([])
      })

      test('nothing but our SELECT goes over the wire', async () => {
        await mount.transaction(async tx => {
          await tx.execute('select 1')
          mount.wire.clear()
          await mount.host.run(tx.target, statement('select 2'), {})
          expect(mount.wire.texts).toEqual(['select 2'])
        })
      })

      test.runIf(fixture.nesting)('a nested rollback takes its own rows only', async () => {
        const rollback = new Error('rollback')
        const outer = mount.transaction(async tx => {
          await tx.execute(`insert into note (body) values ('outer')`)
          const inner = tx.nested?.(async nested => {
            await nested.execute(`insert into note (body) values ('inner')`)
            expect((await mount.host.run(nested.target, bodies, {})).rows).toEqual([['outer'], ['inner']])
            const [a, b] = await Promise.all([
              mount.host.run(nested.target, pid, {}),
              mount.host.run(tx.target, pid, {}),
            ])
            expect(a.rows).toEqual(b.rows)
            throw rollback
          })
          await expect(inner).rejects.toBe(rollback)
          expect((await mount.host.run(tx.target, bodies, {})).rows).toEqual([['outer']])
          throw rollback
        })
        await expect(outer).rejects.toBe(rollback)
      })

      test.runIf(fixture.pooled)('fifty at once each keep one connection and see their own rows only', async () => {
        const runs = Array.from({ length: 50 }, (_, owner) =>
          mount
            .transaction(async tx => {
              const pids = new Set<unknown>()
              for (let n = 0; n < 4; n++) {
                await tx.execute(`insert into tally values (${owner}, ${n})`)
                const [mine, session] = await Promise.all([
                  mount.host.run(tx.target, statement('select distinct owner::text, count(*) over () from tally'), {}),
                  mount.host.run(tx.target, pid, {}),
                ])
                expect(mine.rows).toEqual([[String(owner), String(n + 1)]])
                pids.add(session.rows[0]?.[0])
              }
              expect(pids.size).toBe(1)
              throw new Error('rollback')
            })
            .catch(error => error.message),
        )
        expect(new Set(await Promise.all(runs))).toEqual(new Set(['rollback']))
        rested()
      })

      test('one that has finished is refused before a byte is sent', async () => {
        const kept: unknown[] = []
        await mount.transaction(async tx => {
          await mount.host.run(tx.target, pid, {})
          kept.push(tx.target)
        })
        await mount
          .transaction(async tx => {
            kept.push(tx.target)
            throw new Error('rollback')
          })
          .catch(() => {})
        for (const target of kept) {
          const before = mount.wire.bytes
          expect(await codeOf(mount.host.run(target, pid, {}))).toBe('TRANSACTION_FINISHED')
          expect(mount.wire.bytes).toBe(before)
        }
      })

      test.runIf(fixture.pooled && fixture.ownHandle)(
        'one that has finished is refused although somebody else has its connection',
        async () => {
          let kept: unknown
          let first: unknown
          await mount.transaction(async tx => {
            kept = tx.target
            first = (await mount.host.run(tx.target, pid, {})).rows
          })
          await mount.transaction(async tx => {
            // The pool hands out the connection it got back last.
            expect((await mount.host.run(tx.target, pid, {})).rows).toEqual(first)
            const before = mount.wire.bytes
            expect(await codeOf(mount.host.run(kept, pid, {}))).toBe('TRANSACTION_FINISHED')
            expect(mount.wire.bytes).toBe(before)
          })
        },
      )

      test('one that ends while ours waits its turn gets no more', async () => {
        let outcomes: Promise<string[]> = Promise.resolve([])
        await mount
          .transaction(async tx => {
            await mount.host.run(tx.target, pid, {})
            const slow = mount.host.run(tx.target, statement('select pg_sleep(0.1)'), {})
            const ended = tx.execute('rollback').catch(() => {})
            outcomes = Promise.all([slow, mount.host.run(tx.target, pid, {})].map(codeOf))
            await ended
          })
          .catch(() => {})
        expect(await outcomes).toEqual(['fulfilled', 'TRANSACTION_FINISHED'])
      })

      test("another host's is refused before a byte is sent", async () => {
        const other = await fixture.mount(database.url)
        try {
          await other.transaction(async tx => {
            await other.host.run(tx.target, pid, {})
            const before = other.wire.bytes
            expect(await codeOf(mount.host.run(tx.target, pid, {}))).toBe('TRANSACTION_FOREIGN')
            expect(other.wire.bytes).toBe(before)
          })
        } finally {
          await other.close()
        }
      })

      test('what is no transaction is refused', async () => {
        for (const target of [null, 1, 'tx', {}, () => {}]) {
          expect(await codeOf(mount.host.run(target, pid, {}))).toBe('HOST_UNKNOWN')
        }
      })
    })

    describe('failures', () => {
      test('a failing statement aborts the transaction', async () => {
        await mount
          .transaction(async tx => {
            expect(await codeOf(mount.host.run(tx.target, statement('select * from missing'), {}))).toBe(
              'STATEMENT_FAILED',
            )
            const after = await mount.host.run(tx.target, pid, {}).catch(error => error)
            expect(after).toMatchObject({ code: 'STATEMENT_FAILED', hint: expect.stringContaining('savepoint') })
            throw new Error('rollback')
          })
          .catch(error => expect(error.message).toBe('rollback'))
      })

      test('with a savepoint it leaves the transaction usable, rows and all', async () => {
        await mount
          .transaction(async tx => {
            await tx.execute(`insert into note (body) values ('kept')`)
            const failed = mount.host.run(tx.target, statement('select * from missing'), { savepoint: true })
            expect(await codeOf(failed)).toBe('STATEMENT_FAILED')
            const found = await mount.host.run(tx.target, bodies, { savepoint: true })
            expect(found).toMatchObject({ rows: [['kept']], fields: [{ name: 'body' }] })
            await tx.execute('select 1')
            throw new Error('rollback')
          })
          .catch(error => expect(error.message).toBe('rollback'))
      })

      test('a savepoint outside a transaction is left out', async () => {
        mount.wire.clear()
        expect((await mount.host.run(undefined, statement('select 3'), { savepoint: true })).rows).toEqual([['3']])
        expect(mount.wire.texts.filter(text => /savepoint/i.test(text))).toEqual([])
      })

      test('the error has the SQLSTATE, the SQL and the cause, and no bound value', async () => {
        const secret = 'correct horse'
        const error = await mount.host.run(undefined, statement('select $1::int', secret), {}).catch(error => error)
        expect(error).toMatchObject({ code: 'STATEMENT_FAILED', sql: 'select $1::int', cause: { code: '22P02' } })
        expect(error.message).toContain('22P02')
        expect(error.message).not.toContain(secret)
      })

      test('a connection that is terminated under ours is CONNECTION_LOST, and the pool recovers', async () => {
        const frail = await fixture.mount(database.url)
        const failing = codeOf(frail.host.run(undefined, sleep, {}))
        await seen(sleeping)
        await observer.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and ${sleeping}`)
        expect(await failing).toBe('CONNECTION_LOST')
        if (fixture.pooled) {
          expect((await frail.host.run(undefined, statement('select 4'), {})).rows).toEqual([['4']])
          expect(frail.pool).toMatchObject({ waitingCount: 0, idleCount: frail.pool?.totalCount })
        } else expect(await codeOf(frail.host.run(undefined, pid, {}))).toBe('CONNECTION_LOST')
        await frail.close()
      })

      test('a host that was shut down is told as such', async () => {
        const closed = await fixture.mount(database.url)
        await closed.close()
        expect(await codeOf(closed.host.run(undefined, pid, {}))).toBe(
          fixture.pooled ? 'CONNECTION_UNAVAILABLE' : 'CONNECTION_LOST',
        )
      })
    })

    describe('interruptions', () => {
      /** Runs until it is cancelled, and is seen running by then. */
      const asleep = async (target: unknown, options: { savepoint?: boolean } = {}) => {
        const controller = new AbortController()
        const outcome = codeOf(mount.host.run(target, sleep, { ...options, signal: controller.signal }))
        await seen(sleeping)
        return { outcome, abort: () => controller.abort(new Error('enough')) }
      }

      test('a signal that is already aborted sends nothing', async () => {
        const before = mount.wire.bytes
        const error = await mount.host.run(undefined, pid, { signal: AbortSignal.abort('why') }).catch(error => error)
        expect(error).toMatchObject({ code: 'CANCELLED', cause: 'why', sql: pid.text })
        expect(mount.wire.bytes).toBe(before)
        await mount.transaction(async tx => {
          const inside = mount.wire.bytes
          expect(await codeOf(mount.host.run(tx.target, pid, { signal: AbortSignal.abort() }))).toBe('CANCELLED')
          expect(mount.wire.bytes).toBe(inside)
        })
      })

      test('an abort stops the work in the server and leaves the connection usable', async () => {
        const { outcome, abort } = await asleep(undefined)
        abort()
        expect(await outcome).toBe('CANCELLED')
        await nobodySleeps()
        expect((await mount.host.run(undefined, statement('select 5'), {})).rows).toEqual([['5']])
        rested()
      })

      test('a timeout does too', async () => {
        expect(await codeOf(mount.host.run(undefined, sleep, { timeout: 20 }))).toBe('TIMED_OUT')
        await nobodySleeps()
        expect((await mount.host.run(undefined, statement('select 6'), { timeout: 20_000 })).rows).toEqual([['6']])
        await rests()
      })

      test("neither sends anything but the statement over the host's connection", async () => {
        mount.wire.clear()
        await codeOf(mount.host.run(undefined, sleep, { timeout: 20 }))
        expect(mount.wire.texts).toEqual([sleep.text])
      })

      test('with a savepoint the transaction survives its own being stopped', async () => {
        await mount
          .transaction(async tx => {
            await tx.execute(`insert into note (body) values ('survivor')`)
            const { outcome, abort } = await asleep(tx.target, { savepoint: true })
            abort()
            expect(await outcome).toBe('CANCELLED')
            expect((await mount.host.run(tx.target, bodies, {})).rows).toEqual([['survivor']])
            throw new Error('rollback')
          })
          .catch(error => expect(error.message).toBe('rollback'))
      })

      test('one that waits its turn is answered at once, and is never sent', async () => {
        await mount
          .transaction(async tx => {
            const first = await asleep(tx.target)
            const controller = new AbortController()
            const second = codeOf(mount.host.run(tx.target, statement('select 777'), { signal: controller.signal }))
            const third = codeOf(mount.host.run(tx.target, statement('select 778'), { timeout: 1 }))
            controller.abort()
            expect(await second).toBe('CANCELLED')
            expect(await third).toBe('TIMED_OUT')
            await seen(sleeping)
            first.abort()
            expect(await first.outcome).toBe('CANCELLED')
            throw new Error('rollback')
          })
          .catch(error => expect(error.message).toBe('rollback'))
        expect(mount.wire.texts.filter(text => /select 77/.test(text))).toEqual([])
      })

      test('an abort that comes too late hits no later statement', async () => {
        for (let i = 0; i < 20; i++) {
          const controller = new AbortController()
          const racing = codeOf(mount.host.run(undefined, pid, { signal: controller.signal }))
          for (let tick = 0; tick < i; tick++) await Promise.resolve()
          controller.abort()
          expect(['fulfilled', 'CANCELLED']).toContain(await racing)
          expect(await codeOf(mount.host.run(undefined, statement('select pg_sleep(0.001)'), {}))).toBe('fulfilled')
        }
      })
    })

    describe('streams', () => {
      const numbers = statement('select n from generate_series(1, $1::int) n', '1000')
      const collect = async (rows: AsyncIterable<readonly (readonly unknown[])[]>): Promise<unknown[]> => {
        const all: unknown[] = []
        for await (const batch of rows) all.push(...batch.map(row => row[0]))
        return all
      }
      const upTo = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i + 1))

      test('every row comes once, in order, in batches', async () => {
        const sizes: number[] = []
        const all: unknown[] = []
        for await (const batch of mount.host.stream(undefined, numbers, { batch: 300 })) {
          sizes.push(batch.length)
          all.push(...batch.map(row => row[0]))
        }
        expect(sizes).toEqual([300, 300, 300, 100])
        expect(all).toEqual(upTo(1000))
        rested()
      })

      test('a full last batch and no rows at all end as they should', async () => {
        expect(await collect(mount.host.stream(undefined, numbers, { batch: 500 }))).toEqual(upTo(1000))
        expect(await collect(mount.host.stream(undefined, statement('select 1 where false'), { batch: 5 }))).toEqual([])
      })

      test('the server sends no more than was asked for', async () => {
        const endless = statement('select generate_series(1, 1000000000)')
        for await (const batch of mount.host.stream(undefined, endless, { batch: 2 })) {
          expect(batch).toEqual([['1'], ['2']])
          break
        }
        rested()
        expect(await codeOf(mount.host.run(undefined, pid, {}))).toBe('fulfilled')
      })

      test('a throw in the loop gives the connection back', async () => {
        const thrown = new Error('mine')
        const loop = async (): Promise<void> => {
          for await (const batch of mount.host.stream(undefined, numbers, { batch: 10 })) {
            expect(batch).toHaveLength(10)
            throw thrown
          }
        }
        await expect(loop()).rejects.toBe(thrown)
        rested()
      })

      test('one that is never pulled borrows nothing', async () => {
        const before = mount.wire.bytes
        const iterator = mount.host.stream(undefined, numbers, { batch: 10 })[Symbol.asyncIterator]()
        await iterator.return?.()
        expect(mount.wire.bytes).toBe(before)
      })

      test('an error at once or in the middle comes as ours', async () => {
        expect(
          await codeOf(collect(mount.host.stream(undefined, statement('select * from missing'), { batch: 5 }))),
        ).toBe('STATEMENT_FAILED')
        const middle = statement('select 1 / (500 - generate_series(1, 1000))')
        const batches: number[] = []
        const loop = async (): Promise<void> => {
          for await (const batch of mount.host.stream(undefined, middle, { batch: 100 })) batches.push(batch.length)
        }
        const error = await loop().catch(error => error)
        expect(error).toMatchObject({ code: 'STATEMENT_FAILED', cause: { code: '22012' } })
        expect(batches).toEqual([100, 100, 100, 100])
        rested()
        expect(await codeOf(mount.host.run(undefined, pid, {}))).toBe('fulfilled')
      })

      test('an abort between batches and one within a batch both end it', async () => {
        const between = new AbortController()
        const iterator = mount.host
          .stream(undefined, numbers, { batch: 10, signal: between.signal })
          [Symbol.asyncIterator]()
        await iterator.next()
        between.abort()
        expect(await codeOf(iterator.next())).toBe('CANCELLED')
        rested()

        const within = new AbortController()
        const stuck = codeOf(collect(mount.host.stream(undefined, sleep, { batch: 10, signal: within.signal })))
        await seen(sleeping)
        within.abort()
        expect(await stuck).toBe('CANCELLED')
        await nobodySleeps()
        expect(await codeOf(collect(mount.host.stream(undefined, sleep, { batch: 10, timeout: 20 })))).toBe('TIMED_OUT')
        await rests()
        expect(await codeOf(mount.host.run(undefined, pid, {}))).toBe('fulfilled')
        expect(
          await codeOf(collect(mount.host.stream(undefined, pid, { batch: 1, signal: AbortSignal.abort() }))),
        ).toBe('CANCELLED')
      })

      test('in a transaction it sees what was written, others of ours wait for it, and the transaction goes on', async () => {
        await mount
          .transaction(async tx => {
            await tx.execute(`insert into note (body) select n::text from generate_series(1, 100) n`)
            mount.wire.clear()
            let queued: Promise<unknown> | undefined
            for await (const batch of mount.host.stream(tx.target, bodies, { batch: 10 })) {
              expect(batch).toHaveLength(10)
              if (queued === undefined) queued = mount.host.run(tx.target, statement('select count(*) from note'), {})
              else break
            }
            expect(await queued).toMatchObject({ rows: [['100']] })
            expect([...new Set(mount.wire.texts)]).toEqual([bodies.text, 'select count(*) from note'])
            await tx.execute('select 1')
            throw new Error('rollback')
          })
          .catch(error => expect(error.message).toBe('rollback'))
        rested()
      })

      test('a transaction that has finished is refused before a byte is sent', async () => {
        const kept = await mount.transaction(async tx => {
          await mount.host.run(tx.target, pid, {})
          return tx.target
        })
        const before = mount.wire.bytes
        expect(await codeOf(collect(mount.host.stream(kept, numbers, { batch: 10 })))).toBe('TRANSACTION_FINISHED')
        expect(mount.wire.bytes).toBe(before)
      })

      test('a connection that is terminated between batches is CONNECTION_LOST', async () => {
        const frail = await fixture.mount(database.url)
        const iterator = frail.host.stream(undefined, numbers, { batch: 10 })[Symbol.asyncIterator]()
        await iterator.next()
        await observer.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query = '${numbers.text}'`)
        expect(await codeOf(iterator.next())).toBe('CONNECTION_LOST')
        if (fixture.pooled) {
          expect(frail.pool).toMatchObject({ waitingCount: 0, idleCount: frail.pool?.totalCount })
          expect(await codeOf(frail.host.run(undefined, pid, {}))).toBe('fulfilled')
        }
        await frail.close()
      })
    })
  })
}
