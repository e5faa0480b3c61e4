/**
 * What every host must do. A host's test file gives a fixture and says which of the optional capabilities it has.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pg from 'pg'
import type { ErrorCode } from '../../src/errors.js'
import type { Host, Statement } from '../../src/run/host.js'
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
    /** Resolves when the observer sees a session of this database doing what is described. */
    const seen = async (condition: string): Promise<void> => {
      while (
        !(await one(`select exists (select from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and ${condition})`))
      );
    }
    const sleeping = `state = 'active' and query = 'select pg_sleep(30)'`
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
        expect(result.fields[0]?.oid).toBe(23)
      })

      test('parsers that the application has replaced change nothing', async () => {
        const before = pg.types.getTypeParser(20)
        pg.types.setTypeParser(20, () => 'replaced')
        try {
          expect((await mount.host.run(undefined, statement('select 1::int8'), {})).rows).toEqual([['1']])
        } finally {
          pg.types.setTypeParser(20, before)
        }
      })

      test('no rows keep their fields', async () => {
        const result = await mount.host.run(undefined, statement('select 1 as a where false'), {})
        expect(result).toEqual({ rows: [], fields: [{ name: 'a', oid: 23 }] })
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
        const before = counters()
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
        if (before) expect(counters()?.waitingCount).toBe(0)
        expect(counters()?.idleCount).toBe(counters()?.totalCount)
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
  })
}
