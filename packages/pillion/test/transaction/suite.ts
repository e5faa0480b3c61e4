/**
 * What transactions must do over every host. A host's test file gives a fixture, and says which of the optional capabilities it
 * has. What is checked is what the server says: its transaction's id, its backend's, and the rows that another session sees.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, type Host, isPillionError, pillion } from 'pillion'
import {
  type Handle,
  type Mode,
  modes,
  type Transaction,
  type TransactionOptions,
  type Transactions,
  transactions,
} from 'pillion/transaction'
import { waitFor } from '../../../../test/support/wait-for.js'
import { errorsBelow } from '../../src/errors-below.js'
import { tellLacking } from './lacking.js'
import type { Server, Stage } from './servers.js'

/** A host in place, over a database of its own. */
export interface Mount {
  /** What `transactions` is given. */
  readonly root: object
  /** Pillion's host over the same; `undefined` where there is none yet. */
  readonly host: Host | undefined
  /** A statement of the host's own, by its own transaction object or by its root. */
  rows(orm: unknown, sql: string): Promise<readonly object[]>
  /** Connections out of the pool, where the host tells. */
  readonly out?: () => number
  close(): Promise<void>
}

export interface Fixture {
  readonly name: string
  readonly server: Server
  mount(url: string, connections: number): Promise<Mount>
  /** Several transactions at once, each on a connection of its own. */
  readonly independent: boolean
  /** The host tells how many connections it has, so that sure starvation is told at once. */
  readonly countsConnections: boolean
  /** The driver says that a connection has ended before COMMIT is sent on it. */
  readonly tellsLoss: boolean
  /** The statement under way is cancelled in the server when the timeout comes. */
  readonly cancels: boolean
  /** False where the host begins no READ ONLY transaction, and says so. */
  readonly readsOnly?: false
}

type Orm = Transaction<unknown>

/** The code of the error that a promise fails with. */
export async function failureIn(outcome: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  return outcome.then(
    value => Promise.reject(new Error(`it did not fail: ${JSON.stringify(value)}`)),
    (error: Error) => error,
  )
}

export async function codeIn(outcome: Promise<unknown>): Promise<string> {
  const error = await failureIn(outcome)
  if (!isPillionError(error)) throw error
  return error.code
}

const codesBelow = (error: unknown): readonly unknown[] =>
  errorsBelow(error).map(each => (each as { readonly code?: unknown }).code)

/** Every order of some things. */
export function orders<T>(things: readonly T[]): T[][] {
  return things.length === 0
    ? [[]]
    : things.flatMap((thing, i) => orders(things.toSpliced(i, 1)).map(rest => [thing, ...rest]))
}

/** Here, as errors name it: this file. */
const here = 'suite.ts'

export function transactionSuite(fixture: Fixture): void {
  tellLacking(fixture)
  describe(`${fixture.name} on ${fixture.server.name}`, () => {
    const size = 5
    const { server } = fixture
    let stage: Stage
    let mount: Mount
    let tx: Transactions<unknown>
    let db: Database<object> | undefined

    beforeAll(async () => {
      stage = await server.open()
      for (const sql of server.tables) await stage.read(sql)
      mount = await fixture.mount(stage.url, size)
      if (server.speak !== undefined) mount = { ...mount, rows: server.speak(mount.rows) }
      tx = transactions(mount.root)
      db = mount.host === undefined ? undefined : await pillion(mount.host)
    })
    afterAll(async () => {
      await mount?.close()
      await stage?.close()
    })

    beforeEach(async () => void (await stage.read('delete from note')))

    const insert = (t: { readonly orm: unknown }, body: string) =>
      mount.rows(t.orm, `insert into note (body) values ('${body}') returning id`)
    /** What is committed, as another session sees it; and nothing is left for the next test. */
    const committed = async (): Promise<string[]> => {
      const rows = (await stage.read('delete from note returning body')) as { body: string }[]
      return rows.map(row => row.body).toSorted()
    }
    /** Where a statement runs, as the server says. */
    const whereabouts = async (orm: unknown): Promise<{ readonly pid: number; readonly xid: string | null }> => {
      const [row] = (await mount.rows(orm, server.whereabouts)) as { pid: number; xid: string | null }[]
      return { pid: Number(row!.pid), xid: row!.xid }
    }
    const writing = async (t: { readonly orm: unknown }, body: string) => {
      await insert(t, body)
      return whereabouts(t.orm)
    }
    const resting = async (): Promise<void> => {
      expect(tx.active()).toEqual([])
      await waitFor(async () => {
        expect(mount.out?.() ?? 0).toBe(0)
        expect(await server.inTransaction(stage.read)).toEqual([])
      })
    }

    /** Some gave in and are told by whom they were kept; what the others wrote is there. */
    const starved = async (outcomes: readonly PromiseSettledResult<unknown>[]): Promise<void> => {
      const failed = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as Error] : []))
      expect(failed.length).toBeGreaterThanOrEqual(1)
      for (const error of failed) {
        expect(error).toMatchObject({ code: 'POOL_STARVED' })
        expect(error.message).toMatch(/"outer \d" begun at/)
      }
      expect(await committed()).toHaveLength(outcomes.length - failed.length)
      await resting()
    }

    test('control: a transaction that is open does not rest', async () => {
      await tx.run(async t => {
        await insert(t, 'open')
        if (fixture.independent)
          await waitFor(async () => expect(await server.inTransaction(stage.read)).toHaveLength(1))
        expect(tx.active()).toHaveLength(1)
      })
      await resting()
    })

    describe('run', () => {
      test('commits what the work did, and gives back what it gives', async () => {
        expect(await tx.run(async t => (await insert(t, 'kept')).length)).toBe(1)
        expect(await committed()).toEqual(['kept'])
        await resting()
      })

      test('what the work gives, and is sent when somebody asks for it, is asked inside of it', async () => {
        const asked: boolean[] = []
        const lazy: PromiseLike<string> = {
          then: (...told) => (asked.push(tx.current() !== undefined), Promise.resolve('sent').then(...told)),
        }
        expect(await tx.run(() => lazy)).toBe('sent')
        expect(await tx.run(t => t.run(() => lazy))).toBe('sent')
        expect(await tx.run(() => tx.run(() => lazy))).toBe('sent')
        expect(asked).toEqual([true, true, true])
        await resting()
      })

      test('rolls back where the work fails, and throws its own error', async () => {
        const error = new Error('mine')
        expect(
          await failureIn(
            tx.run(async t => {
              await insert(t, 'lost')
              throw error
            }),
          ),
        ).toBe(error)
        expect(await committed()).toEqual([])
        await resting()
      })

      test('an error of the host is its own, too', async () => {
        const error = await failureIn(tx.run(t => mount.rows(t.orm, server.bad)))
        expect(isPillionError(error)).toBe(false)
        await resting()
      })

      test('all statements of one are in one transaction of the server', async () => {
        await tx.run(async t => {
          const first = await writing(t, 'a')
          expect(await writing(t, 'b')).toEqual(first)
          expect(first.xid).not.toBeNull()
        })
        expect(await committed()).toEqual(['a', 'b'])
      })

      test('as a wrapped function', async () => {
        const add = tx.transactional(async (body: string) => insert(tx.current() as Orm, body))
        const fail = tx.transactional({ name: 'failing' }, async (body: string) => {
          expect(tx.active().map(({ begun }) => begun)).toEqual([expect.stringContaining(here)])
          await add(body)
          throw new Error('no')
        })
        await add('one')
        expect(await failureIn(fail('two'))).toMatchObject({ message: 'no' })
        expect(await committed()).toEqual(['one'])
      })
    })

    describe('statements of pillion', () => {
      const bodies = () => db!.sql<{ body: string }>`select body from note order by body`

      test('are in the current transaction by themselves, and in a given one', async () => {
        if (db === undefined) return
        await tx.run(async t => {
          await insert(t, 'mine')
          expect(await bodies().all()).toEqual([{ body: 'mine' }])
          expect(await bodies().on(t).all()).toEqual([{ body: 'mine' }])
          expect(await bodies().on(t.orm).all()).toEqual([{ body: 'mine' }])
        })
        expect(await committed()).toEqual(['mine'])
        expect(await bodies().all()).toEqual([])
      })

      test('that were begun in a transaction stay in it, wherever they are awaited', async () => {
        if (db === undefined) return
        const t = await tx.begin()
        await insert(t, 'mine')
        const rows = await t.run(() => [bodies().all()])
        expect(await rows[0]).toEqual([{ body: 'mine' }])
        await t.rollback()
        await resting()
      })

      test('outside on purpose go to the root', async () => {
        if (db === undefined || !fixture.independent) return
        await tx.run(async t => {
          await insert(t, 'mine')
          await tx.run({ mode: 'not_supported' }, async none => {
            expect(none.isTransaction).toBe(false)
            expect(await bodies().all()).toEqual([])
            expect(await bodies().on(none).all()).toEqual([])
          })
        })
        expect(await committed()).toEqual(['mine'])
      })

      test('that nobody awaited find the transaction ended: nothing steps out of it', async () => {
        if (db === undefined) return
        let late: Promise<unknown> = Promise.resolve()
        let go = (): void => {}
        const gate = new Promise<void>(resolve => (go = resolve))
        await tx.run(async () => {
          late = gate.then(() => bodies().all())
          late.catch(() => {})
        })
        go()
        const error = await failureIn(late)
        expect(error.code).toBe('TRANSACTION_FINISHED')
        expect(error.message).toMatch(new RegExp(`begun at .*${here}:\\d+:\\d+.*was committed`))
      })
    })

    describe('work that nobody awaited', () => {
      /** Runs a transaction to its end, and lets what it left behind go on only then. */
      const leftBehind = async (work: () => Promise<unknown>): Promise<Error & { readonly code?: string }> => {
        const meet = meeting(2)
        let late: Promise<unknown> = Promise.resolve()
        await tx.run({ name: 'ended' }, async t => {
          await insert(t, 'in time')
          late = meet().then(work)
          late.catch(() => {})
        })
        await meet()
        return failureIn(late)
      }

      test.each(['required', 'nested', 'supports', 'mandatory'] as const)(
        'begins nothing by mode %s in a transaction that has ended',
        async mode => {
          const begun: string[] = []
          const error = await leftBehind(() =>
            tx.run({ mode }, async t => {
              begun.push(mode)
              await insert(t, 'late')
            }),
          )
          expect(error.code).toBe('TRANSACTION_FINISHED')
          expect(error.message).toMatch(new RegExp(`"ended" begun at .*${here}:\\d+:\\d+.*was committed`))
          expect(begun).toEqual([])
          expect(await committed()).toEqual(['in time'])
          await resting()
        },
      )

      test('is given no nested handle in a transaction that has ended', async () => {
        expect((await leftBehind(() => tx.begin({ mode: 'nested' }))).code).toBe('TRANSACTION_FINISHED')
        expect(await committed()).toEqual(['in time'])
        await resting()
      })

      test.each([{ fails: false }, { fails: true }])(
        'and is under way comes to its end in the transaction, which fails: $fails',
        async ({ fails }) => {
          if (db === undefined) return
          let under: Promise<unknown> = Promise.resolve()
          const outcome = tx.run(async t => {
            await insert(t, 'mine')
            under = db!.sql`select body from note`.all()
            under.catch(() => {})
            if (fails) throw new Error('no')
          })
          if (fails) await failureIn(outcome)
          else await outcome
          expect(await under).toEqual([{ body: 'mine' }])
          expect(await committed()).toEqual(fails ? [] : ['mine'])
          await resting()
        },
      )

      test('a savepoint that comes when its transaction is ending is no transaction', async () => {
        const outer = await tx.begin({ name: 'outer' })
        await insert(outer, 'lost')
        const begun: string[] = []
        const nested = outer.run(() => tx.run({ mode: 'nested' }, async () => void begun.push('nested')))
        const handle = outer.run(() => tx.begin({ mode: 'nested' }))
        const codes = [codeIn(nested), codeIn(handle)]
        await outer.rollback()
        expect(await Promise.all(codes)).toEqual(['TRANSACTION_FINISHED', 'TRANSACTION_FINISHED'])
        expect(begun).toEqual([])
        expect(await committed()).toEqual([])
        await resting()
      })
    })

    describe.runIf(fixture.independent)('in any order', () => {
      test.each(orders([0, 1, 2, 3]).map(order => ({ order })))('$order', async ({ order }) => {
        const ts = await four()
        const places = await Promise.all(ts.map((t, i) => writing(t, `note ${i}`)))
        expect(new Set(places.map(place => place.pid)).size).toBe(4)
        expect(new Set(places.map(place => place.xid)).size).toBe(4)
        // each with a result set open; the ends alternate between commit and rollback
        const streams = db === undefined ? [] : await Promise.all(ts.map(opened))
        for (const [nth, i] of order.entries()) {
          const t = ts[i] as Handle<unknown>
          if (db !== undefined) expect((await streams[i]!.next()).value).toEqual({ n: 2 })
          await (nth % 2 === 0 ? t.commit() : t.rollback())
          if (db !== undefined) {
            expect((await failureIn(streams[i]!.next())).code).toBe('TRANSACTION_FINISHED')
          }
        }
        expect(await committed()).toEqual([`note ${order[0]}`, `note ${order[2]}`].toSorted())
        await resting()
      })

      test('committed as they were begun, and again from the start', async () => {
        for (const round of [1, 2]) {
          const ts = await four()
          for (const [i, t] of ts.entries()) await insert(t, `round ${round}, ${i}`)
          const streams = db === undefined ? [] : await Promise.all(ts.slice(0, 3).map(opened))
          for (const t of ts) await t.commit()
          for (const stream of streams) expect(await codeIn(stream.next())).toBe('TRANSACTION_FINISHED')
          expect(await committed()).toEqual([0, 1, 2, 3].map(i => `round ${round}, ${i}`))
          await resting()
        }
      })

      const four = async (): Promise<Handle<unknown>[]> => {
        const ts: Handle<unknown>[] = []
        while (ts.length < 4) ts.push(await tx.begin({ name: `t${ts.length}` }))
        return ts
      }
      /** A stream by a cursor in the server, with its first row read. */
      const opened = async (t: Handle<unknown>): Promise<AsyncIterator<object>> => {
        const { item } = db!.tables as { item: never }
        const rows = db!
          .from(item)
          .on(t)
          .orderBy((item as { n: { asc(): never } }).n.asc())
          .stream({ batch: 1 })
        const stream = (rows as AsyncIterable<object>)[Symbol.asyncIterator]()
        expect((await stream.next()).value).toEqual({ n: 1 })
        return stream
      }
    })

    describe('modes', () => {
      /** In which transaction a statement ran, inside of one, as the server said. */
      const inside: Partial<Record<Mode, string>> = {}
      afterAll(() => {
        if (process.env['PILLION_TRANSACTION_TABLE'] === undefined) return
        const cells = modes.map(mode => inside[mode] ?? '?')
        process.stdout.write(`| ${[`${fixture.name}, ${server.name}`, ...cells].join(' | ')} |\n`)
      })

      const places: Record<Mode, 'same' | 'other' | 'none' | 'refused'> = {
        required: 'same',
        requires_new: 'other',
        nested: 'same',
        supports: 'same',
        not_supported: 'none',
        mandatory: 'same',
        never: 'refused',
      }
      test.each(modes.map(mode => ({ mode })))('$mode inside of one', async ({ mode }) => {
        const impossible = !fixture.independent && (mode === 'requires_new' || mode === 'not_supported')
        const refused = places[mode] === 'refused' || impossible
        await tx.run(async outer => {
          const outside = await writing(outer, 'outer')
          const attempt = tx.run({ mode }, async t => ({ is: t.isTransaction, ...(await writing(t, 'inner')) }))
          if (refused) {
            const code = await codeIn(attempt)
            inside[mode] = code
            return expect(code).toBe(impossible ? 'TRANSACTION_UNSUPPORTED' : 'TRANSACTION_MODE')
          }
          const found = await attempt
          inside[mode] = found.pid !== outside.pid ? (found.is ? 'its own' : 'none') : 'the outer one'
          expect(found.is).toBe(mode !== 'not_supported')
          expect(found.pid === outside.pid).toBe(places[mode] === 'same')
          expect(found.xid === outside.xid).toBe(places[mode] === 'same')
          return undefined
        })
        expect(await committed()).toEqual(refused ? ['outer'] : ['inner', 'outer'])
        await resting()
      })

      test.each(modes.map(mode => ({ mode })))('$mode outside of any', async ({ mode }) => {
        const attempt = tx.run({ mode }, async t => {
          const place = await writing(t, 'alone')
          return { is: t.isTransaction, one: (await whereabouts(t.orm)).xid === place.xid && place.xid !== null }
        })
        if (mode === 'mandatory') expect(await codeIn(attempt)).toBe('TRANSACTION_MODE')
        else {
          const is = !['supports', 'not_supported', 'never'].includes(mode)
          expect(await attempt).toEqual({ is, one: is })
        }
        expect(await committed()).toEqual(mode === 'mandatory' ? [] : ['alone'])
        await resting()
      })

      test('an independent one is committed though the outer one is rolled back', async () => {
        if (!fixture.independent) return
        await failureIn(
          tx.run(async outer => {
            await insert(outer, 'outer')
            await tx.run({ mode: 'requires_new' }, inner => insert(inner, 'inner'))
            throw new Error('no')
          }),
        )
        expect(await committed()).toEqual(['inner'])
      })

      test('a nested one is rolled back alone, and goes with the outer one', async () => {
        await tx.run(async outer => {
          await insert(outer, 'outer')
          await failureIn(
            tx.run({ mode: 'nested' }, async inner => {
              await insert(inner, 'inner')
              await mount.rows(inner.orm, server.bad)
            }),
          )
          await insert(outer, 'after')
        })
        expect(await committed()).toEqual(['after', 'outer'])
        await failureIn(
          tx.run(async () => {
            await tx.run({ mode: 'nested' }, inner => insert(inner, 'inner'))
            throw new Error('no')
          }),
        )
        expect(await committed()).toEqual([])
        await resting()
      })

      test('a nested one and the outer one are told to roll back at once', async () => {
        const t = await tx.begin()
        const n = await t.run(() => tx.begin({ mode: 'nested' }))
        await insert(n, 'lost')
        await Promise.all([n.rollback(), t.rollback()])
        expect(await committed()).toEqual([])
        await resting()
      })

      test('nested ones in nested ones, as handles', async () => {
        const outer = await tx.begin()
        const inner = await outer.run(() => tx.begin({ mode: 'nested' }))
        const inmost = await inner.run(() => tx.begin({ mode: 'nested' }))
        await insert(inmost, 'inmost')
        await inmost.rollback()
        await insert(inner, 'inner')
        await inner.commit()
        await insert(outer, 'outer')
        await outer.commit()
        expect(await committed()).toEqual(['inner', 'outer'])
        await resting()
      })
    })

    describe('a statement of the work’s own that ends the transaction in the server', () => {
      test.each(server.endings)('%s: is refused, or nothing comes in after it', async sql => {
        const xids: unknown[] = []
        const inside = async (t: Orm): Promise<void> => {
          xids.push((await writing(t, 'before')).xid)
          await mount.rows(t.orm, sql).catch(() => {})
          await writing(t, 'after').then(
            ({ xid }) => xids.push(xid),
            () => {},
          )
        }
        const failing = await failureIn(
          tx.run(async t => {
            await inside(t)
            throw new Error('roll back')
          }),
        )
        const kept = await committed()
        expect(kept).not.toContain('after')
        if (kept.includes('before')) expect(codesBelow(failing)).toContain('TRANSACTION_FINISHED')
        xids.length = 0
        const isCommitted = await tx.run(inside).then(
          () => true,
          () => false,
        )
        if (isCommitted) {
          expect(await committed()).toEqual(['after', 'before'])
          expect(new Set(xids).size).toBe(1)
        } else expect(await committed()).not.toContain('after')
        await resting()
      })

      test('what looks like one goes through', async () => {
        await tx.run(async t => {
          for (const sql of server.harmless) await mount.rows(t.orm, sql)
          await insert(t, 'kept')
        })
        expect(await committed()).toEqual(['kept'])
        await resting()
      })
    })

    describe('a nested one whose savepoint a statement of its own has dropped cannot be taken back alone', () => {
      const dropped = async (n: Orm): Promise<void> => {
        await mount.rows(n.orm, 'rollback to savepoint mine')
        await insert(n, 'inner')
      }

      test('where its work fails, all is rolled back', async () => {
        const inner = new Error('inner')
        const outcome = tx.run(async t => {
          await insert(t, 'outer')
          await mount.rows(t.orm, 'savepoint mine')
          const nested = tx.run({ mode: 'nested' }, async n => {
            await dropped(n)
            throw inner
          })
          expect(await failureIn(nested)).toBe(inner)
        })
        expect(await failureIn(outcome)).toMatchObject({
          code: 'COMMIT_FAILED',
          message: expect.stringMatching(new RegExp(`nested transaction begun at .*${here}.*is not there any more`)),
        })
        expect(await committed()).toEqual([])
        await resting()
      })

      test('where its handle is told to roll back, that fails', async () => {
        const t = await tx.begin()
        await mount.rows(t.orm, 'savepoint mine')
        const n = await t.run(() => tx.begin({ mode: 'nested' }))
        await dropped(n)
        expect(await codeIn(n.rollback())).toBe('COMMIT_FAILED')
        expect(await failureIn(t.commit())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
        expect(await committed()).toEqual([])
        await resting()
      })
    })

    describe('faults of others', () => {
      test.runIf(fixture.independent)('two independent ones by Promise.all keep to themselves', async () => {
        await tx.run(async outer => {
          const outside = await writing(outer, 'outer')
          const branch = async (name: string): Promise<readonly unknown[]> =>
            tx.run({ mode: 'requires_new' }, async t => {
              const first = await writing(t, `${name} 1`)
              await meet()
              const second = await writing(t, `${name} 2`)
              await meet()
              expect(second).toEqual(first)
              return [first.pid, first.xid]
            })
          const meet = meeting(2)
          const [a, b] = await Promise.all([branch('a'), branch('b')])
          expect(new Set([a![1], b![1], outside.xid]).size).toBe(3)
          expect(await whereabouts(outer.orm)).toEqual(outside)
        })
        expect(await committed()).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'outer'])
      })

      test.runIf(fixture.independent)('work beside an independent one stays in the outer one', async () => {
        const error = new Error('roll back')
        const outcome = tx.run(async outer => {
          const outside = await writing(outer, 'outer')
          const meet = meeting(2)
          const [, beside] = await Promise.all([
            tx.run({ mode: 'requires_new' }, async t => {
              await insert(t, 'inner')
              await meet()
              await meet()
            }),
            (async () => {
              await meet()
              const places = [
                await writing(outer, 'by its object'),
                await tx.run(t => writing(t, 'joined')),
                await tx.run({ mode: 'nested' }, t => writing(t, 'nested')),
              ]
              await meet()
              return places
            })(),
          ])
          expect(beside.map(({ pid }) => pid)).toEqual(Array(3).fill(outside.pid))
          expect(beside.map(({ xid }) => xid)).toEqual(Array(3).fill(outside.xid))
          throw error
        })
        expect(await failureIn(outcome)).toBe(error)
        // nothing of it had been committed by itself
        expect(await committed()).toEqual(['inner'])
        await resting()
      })

      test('a nested one is in the same transaction and session', async () => {
        await tx.run(async outer => {
          const outside = await writing(outer, 'outer')
          const inside = await tx.run({ mode: 'nested' }, t => writing(t, 'inner'))
          expect(inside.pid).toBe(outside.pid)
          expect(inside.xid).toBe(outside.xid)
        })
        expect(await committed()).toEqual(['inner', 'outer'])
      })

      test('joined work that failed, its error caught, leaves only a rollback', async () => {
        const error = await failureIn(
          tx.run(async outer => {
            await insert(outer, 'outer')
            await tx
              .run(async inner => {
                await insert(inner, 'inner')
                throw new Error('of the inner one')
              })
              .catch(() => {})
          }),
        )
        expect(error.code).toBe('ROLLBACK_ONLY')
        expect(error.message).toMatch(new RegExp(`joined the transaction begun at .*${here}:\\d+.* at .*${here}:\\d+`))
        expect(error.cause).toMatchObject({ message: 'of the inner one' })
        expect(await committed()).toEqual([])
        await resting()
      })

      test('unless that is said to be ignored', async () => {
        await tx.run(async outer => {
          await insert(outer, 'outer')
          await tx
            .run({ joinFailure: 'ignore' }, async () => {
              throw new Error('of the inner one')
            })
            .catch(() => {})
        })
        expect(await committed()).toEqual(['outer'])
      })

      test.each([
        { good: 0, bad: 1 },
        { good: 1, bad: 0 },
      ])('of two nested siblings by Promise.all the bad one alone is lost ($good, $bad)', async ({ good, bad }) => {
        await tx.run(async outer => {
          const outside = await writing(outer, 'outer')
          const branches = [0, 1].map(i =>
            tx.run({ mode: 'nested' }, async t => {
              const first = await writing(t, `sibling ${i}`)
              const second = await writing(t, `sibling ${i} again`)
              if (i === bad) throw new Error('bad')
              return [first, second]
            }),
          )
          const outcomes = await Promise.allSettled(branches)
          expect(outcomes[bad]).toMatchObject({ reason: { message: 'bad' } })
          expect(outcomes[good]).toMatchObject({ value: [{ pid: outside.pid }, { pid: outside.pid }] })
          expect(outcomes[good]).toMatchObject({ value: [{ xid: outside.xid }, { xid: outside.xid }] })
        })
        expect(await committed()).toEqual(['outer', `sibling ${good}`, `sibling ${good} again`])
        await resting()
      })

      test.each([{ fails: false }, { fails: true }])(
        'the outer one may not write while a nested one is open in it, which fails: $fails',
        async ({ fails }) => {
          await tx.run(async outer => {
            const outside = await writing(outer, 'before')
            const nested = tx.run({ mode: 'nested' }, async inner => {
              await insert(inner, 'inner')
              const error = await failureIn(insert(outer, 'lost with the inner one'))
              expect(saying(error)).toContain('TRANSACTION_NESTED')
              if (fails) throw new Error('of the inner one')
            })
            if (fails) expect((await failureIn(nested)).message).toBe('of the inner one')
            else await nested
            expect(await writing(outer, 'after')).toEqual(outside)
          })
          expect(await committed()).toEqual(fails ? ['after', 'before'] : ['after', 'before', 'inner'])
          await resting()
        },
      )

      test('statements of the outer one wait for the nested one, where that is said', async () => {
        if (db === undefined) return
        const bodies = db.sql<{ body: string }>`select body from note order by body`
        await tx
          .run({ whileNested: 'wait' }, async () => {
            const meet = meeting(2)
            const [, rows] = await Promise.all([
              tx.run({ mode: 'nested' }, async inner => {
                await meet()
                await insert(inner, 'inner')
              }),
              meet().then(() => bodies.all()),
            ])
            expect(rows).toEqual([{ body: 'inner' }])
            await tx
              .run({ mode: 'nested' }, async () => {
                // it would wait for itself
                expect(await codeIn(bodies.on(tx.current()).all())).not.toBe('TRANSACTION_NESTED')
              })
              .catch(() => {})
          })
          .catch(() => {})
        await committed()
        await resting()
      })

      test('an isolation level that there is not is refused before a connection is taken', async () => {
        for (let i = 0; i < size + 1; i++) {
          expect(await codeIn(tx.run({ isolation: 'bad' as never }, async () => {}))).toBe('QUERY_INVALID')
        }
        await tx.run(t => insert(t, 'fine'))
        expect(await committed()).toEqual(['fine'])
        await resting()
      })

      test('a transaction used after its end says where it was begun, ended and used', async () => {
        const t = await tx.begin({ name: 'transfer' })
        await insert(t, 'kept')
        await t.commit()
        const error = await failureIn(Promise.resolve().then(() => insert(t, 'late')))
        expect(saying(error)).toMatch(
          new RegExp(`transaction "transfer" begun at .*${here}:\\d+:\\d+\\)? was committed at .*${here}:\\d+:\\d+`),
        )
        // the file that called the host's own object
        expect(saying(error)).toMatch(/query: .*\/test\/transaction\/[a-z-]+[0-9]?[a-z-]*\.test\.ts:\d+:\d+/)
        expect(await codeIn(t.commit())).toBe('TRANSACTION_FINISHED')
        expect(await codeIn(t.rollback())).toBe('TRANSACTION_FINISHED')
        expect(await committed()).toEqual(['kept'])
        await resting()
      })

      test('a nested one used after its end, or after that of the outer one, says so', async () => {
        const outer = await tx.begin({ name: 'outer' })
        const open = (name: string): Promise<Handle<unknown>> => outer.run(() => tx.begin({ mode: 'nested', name }))
        const released = await open('released')
        await insert(released, 'kept')
        await released.commit()
        const taken = await open('taken along')
        await insert(taken, 'lost')
        const told: string[] = []
        taken.afterRollback(() => told.push('taken along'))
        const late = async (t: Handle<unknown>): Promise<string> =>
          saying(await failureIn(Promise.resolve().then(() => insert(t, 'late'))))
        const of = (name: string, end: string): RegExp =>
          new RegExp(`nested transaction "${name}" begun at .*${here}:\\d+:\\d+\\)? ${end} at .*${here}:\\d+:\\d+`)
        expect(await late(released)).toMatch(of('released', 'was committed'))
        await outer.rollback()
        expect(told).toEqual(['taken along'])
        expect(await late(taken)).toMatch(of('taken along', 'was rolled back'))
        expect(await late(released)).toMatch(of('released', 'was committed'))
        expect(await committed()).toEqual([])
        await resting()
      })

      test('a nested one that is taken along tells what the outer one failed with', async () => {
        const reason = new Error('the reason')
        let taken: Handle<unknown> | undefined
        const outcome = tx.run(async () => {
          taken = await tx.begin({ mode: 'nested', name: 'taken along' })
          throw reason
        })
        expect(await failureIn(outcome)).toBe(reason)
        const error = await failureIn(taken!.commit())
        expect(saying(error)).toMatch(/nested transaction "taken along" .* was rolled back .*\(the reason\)/)
        expect(error.cause).toBe(reason)
        await resting()
      })

      test('when a branch fails the others send nothing more, and the first error is thrown', async () => {
        const first = new Error('first')
        let late: Promise<unknown> = Promise.resolve()
        const meet = meeting(2)
        let go = (): void => {}
        const gate = new Promise<void>(resolve => (go = resolve))
        const outcome = tx.run(async t => {
          await insert(t, 'before')
          const slow = async (): Promise<void> => {
            const under = insert(t, 'under way')
            await meet()
            await under
            await gate
            await insert(t, 'too late')
          }
          late = slow()
          late.catch(() => {})
          const failing = async (): Promise<void> => {
            await meet()
            throw first
          }
          await Promise.all([late, failing()])
        })
        expect(await failureIn(outcome)).toBe(first)
        go()
        expect(saying(await failureIn(late))).toMatch(/was rolled back at the end of its run \(first\)/)
        expect(await committed()).toEqual([])
        await resting()
      })

      test.runIf(server.abortsOnFailure)(
        'a statement that failed and was caught does not end in a commit that is none',
        async () => {
          const error = await failureIn(
            tx.run(async t => {
              await insert(t, 'gone')
              await mount.rows(t.orm, server.bad).catch(() => {})
            }),
          )
          expect(error.code).toBe('ROLLBACK_ONLY')
          expect(await committed()).toEqual([])
          await resting()
        },
      )

      test.runIf(server.abortsOnFailure)(
        'nor does one that nobody awaited, and that fails when the commit has begun',
        async () => {
          const error = await failureIn(
            tx.run(async t => {
              await insert(t, 'gone')
              mount.rows(t.orm, server.bad).catch(() => {})
              // some hosts send a little later; the answer takes longer than any of these turns
              for (let turn = 0; turn < 100 && tx.active()[0]!.inFlight === 0; turn++) await Promise.resolve()
              expect(tx.active()[0]!.inFlight).toBe(1)
            }),
          )
          expect(error.code).toBe('ROLLBACK_ONLY')
          expect(await committed()).toEqual([])
          await resting()
        },
      )
    })

    describe('joining', () => {
      test.runIf(server.characteristicsOf !== undefined)(
        'what differs is refused; what is the same will do',
        async () => {
          await tx.run({ isolation: 'repeatable read', readOnly: false }, async () => {
            await tx.run({ isolation: 'repeatable read' }, async () => {})
            expect(await codeIn(tx.run({ isolation: 'serializable' }, async () => {}))).toBe('TRANSACTION_INCOMPATIBLE')
            expect(await codeIn(tx.run({ readOnly: true }, async () => {}))).toBe('TRANSACTION_INCOMPATIBLE')
            expect(await codeIn(tx.run({ timeout: 5 }, async () => {}))).toBe('TRANSACTION_INCOMPATIBLE')
            expect(await codeIn(tx.run({ retry: true }, async () => {}))).toBe('TRANSACTION_INCOMPATIBLE')
            expect(await codeIn(tx.run({ mode: 'nested', isolation: 'serializable' }, async () => {}))).toBe(
              'TRANSACTION_INCOMPATIBLE',
            )
          })
          await resting()
        },
      )

      const levels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const
      const characteristics = levels.flatMap(isolation => [{ isolation }, { isolation, readOnly: true }])
      test.runIf(server.characteristicsOf !== undefined).each([...characteristics, { readOnly: true }])(
        'the server has %o',
        async options => {
          const found = (asked: TransactionOptions): Promise<unknown> =>
            tx.run(asked, t =>
              server.characteristicsOf!(sql => mount.rows(t.orm, sql) as ReturnType<Stage['read']>, stage.read),
            )
          const usual = (await found({})) as object
          await committed()
          if (fixture.readsOnly === false && 'readOnly' in options) {
            expect(await codeIn(found(options))).toBe('TRANSACTION_UNSUPPORTED')
          } else expect(await found(options)).toEqual({ ...usual, ...options })
          await committed()
          // nothing is left behind on the connection
          expect(await found({})).toEqual(usual)
          await committed()
          await resting()
        },
      )

      test.runIf(server.deferrable !== undefined).each([true, false])(
        'the server has deferrable: %s',
        async deferrable => {
          const told = await tx.run({ isolation: 'serializable', readOnly: true, deferrable }, t =>
            mount.rows(t.orm, server.deferrable as string),
          )
          expect(told).toEqual([{ it: deferrable ? 'on' : 'off' }])
        },
      )

      test.runIf(server.withDefaults !== undefined && fixture.independent)(
        'what is not so is said, too, where the database has it by default',
        async () => {
          const defaults = { isolation: 'serializable', read_only: 'on', deferrable: 'on' }
          await server.withDefaults!(stage.read, defaults, async () => {
            const other = await fixture.mount(stage.url, 1)
            const writing = (options: TransactionOptions): Promise<unknown> =>
              transactions(other.root).run(options, t => other.rows(t.orm, `insert into note (body) values ('kept')`))
            const deferrable = await transactions(other.root).run({ deferrable: false }, t =>
              other.rows(t.orm, server.deferrable as string),
            )
            const control = await failureIn(writing({}))
            const outcome = await writing({ readOnly: false }).then(() => 'written', saying)
            await other.close()
            expect(saying(control)).toContain('read-only transaction')
            expect(deferrable).toEqual([{ it: 'off' }])
            expect(outcome).toBe('written')
          })
          expect(await committed()).toEqual(['kept'])
        },
      )
    })

    describe('hooks', () => {
      test('run before the commit, after it, and after a rollback', async () => {
        const told: string[] = []
        await tx.run(async t => {
          t.beforeCommit(() => insert(tx.current() as Orm, 'by the hook'))
          t.afterCommit(() => told.push('committed'))
          t.afterRollback(() => told.push('rolled back'))
          await tx.run({ mode: 'nested' }, async inner => inner.afterCommit(() => told.push('inner')))
          expect(told).toEqual([])
        })
        expect(told).toEqual(['committed', 'inner'])
        expect(await committed()).toEqual(['by the hook'])
        await failureIn(
          tx.run(async t => {
            t.afterRollback(() => told.push('outer back'))
            await tx.run({ mode: 'nested' }, async inner => inner.afterRollback(() => told.push('inner back')))
            throw new Error('no')
          }),
        )
        expect(told.slice(2)).toEqual(['outer back', 'inner back'])
        await resting()
      })

      test('one that fails before the commit rolls back; afterwards it is told as such', async () => {
        const error = new Error('hook')
        const failing = (when: 'beforeCommit' | 'afterCommit') =>
          tx.run(async t => {
            await insert(t, when)
            t[when](() => Promise.reject(error))
          })
        expect(await failureIn(failing('beforeCommit'))).toBe(error)
        expect(await codeIn(failing('afterCommit'))).toBe('HOOK_FAILED')
        expect(await committed()).toEqual(['afterCommit'])
        await resting()
      })
    })

    describe('trouble', () => {
      test.runIf(server.refusedAtCommit !== undefined)('COMMIT that the server refuses is told as such', async () => {
        const error = await failureIn(tx.run(t => mount.rows(t.orm, server.refusedAtCommit as string)))
        expect(error.code).toBe('COMMIT_FAILED')
        expect(await stage.read('select 1 as it from strict')).toEqual([])
        await resting()
      })

      test.runIf(fixture.countsConnections)(
        'who holds every connection and asks for one more is told at once',
        async () => {
          const depth = async (n: number): Promise<void> =>
            tx.run({ mode: 'requires_new', name: `level ${n}` }, () => depth(n + 1))
          const error = await failureIn(depth(1))
          expect(error.code).toBe('POOL_STARVED')
          for (let n = 1; n <= size; n++) expect(error.message).toContain(`"level ${n}"`)
          await resting()
        },
      )

      test.runIf(fixture.countsConnections)(
        'those who wait for each other are told at once, and one gives in',
        async () => {
          const meet = meeting(size)
          const outcomes = await Promise.allSettled(
            Array.from({ length: size }, (_, i) =>
              tx.run({ name: `outer ${i}`, acquireTimeout: 60_000 }, async () => {
                await meet()
                await tx.run({ mode: 'requires_new' }, t => insert(t, `inner ${i}`))
              }),
            ),
          )
          await starved(outcomes)
        },
      )

      test.runIf(fixture.independent)('those who wait for each other do not wait for ever', async () => {
        const meet = meeting(size)
        const outcomes = await Promise.allSettled(
          Array.from({ length: size }, (_, i) =>
            tx.run({ name: `outer ${i}` }, async () => {
              await meet()
              await tx.run({ mode: 'requires_new', acquireTimeout: 200 }, t => insert(t, `inner ${i}`))
            }),
          ),
        )
        await starved(outcomes)
      })

      test.runIf(fixture.independent)('who waits too long for a connection is told who holds them', async () => {
        const ts: Handle<unknown>[] = []
        for (let i = 0; i < size; i++) ts.push(await tx.begin({ name: `holder ${i}` }))
        const error = await failureIn(tx.run({ mode: 'requires_new', acquireTimeout: 50 }, async () => {}))
        expect(error.code).toBe('POOL_STARVED')
        for (let i = 0; i < size; i++) expect(error.message).toContain(`"holder ${i}"`)
        for (const t of ts) await t.rollback()
        await waitFor(resting)
      })

      test.runIf(server.sleeps)('past its timeout it is rolled back, and its statement stopped', async () => {
        const error = await failureIn(
          tx.run({ timeout: 100, name: 'slow' }, async t => {
            await insert(t, 'gone')
            await mount.rows(t.orm, server.sleep(fixture.cancels ? 30 : 1))
          }),
        )
        expect(error.code).toBe('TRANSACTION_TIMED_OUT')
        expect(error.message).toContain('"slow"')
        expect(await committed()).toEqual([])
        expect(await stage.read(server.sleeping)).toEqual([])
        await resting()
      })

      test.runIf(server.sleeps && fixture.independent)(
        'past its timeout where no connection is left to stop its statement by, and nobody else is stopped',
        async () => {
          const others: Handle<unknown>[] = []
          while (others.length < size - 1) others.push(await tx.begin())
          const slow = tx.run({ timeout: 100 }, async t => {
            await mount.rows(t.orm, server.sleep(1)).catch(() => {})
            await new Promise(() => {})
          })
          expect(await codeIn(slow)).toBe('TRANSACTION_TIMED_OUT')
          for (const t of others) await t.rollback()
          await Promise.all(['a', 'b', 'c'].map(body => tx.run(t => insert(t, body))))
          expect(await committed()).toEqual(['a', 'b', 'c'])
          await resting()
        },
      )

      test('work that does nothing past its timeout is left alone with its error', async () => {
        let end = (): void => {}
        const outcome = tx.run({ timeout: 50 }, () => new Promise<void>(resolve => (end = resolve)))
        expect(await codeIn(outcome)).toBe('TRANSACTION_TIMED_OUT')
        end()
        await resting()
      })

      test('an option that is undefined leaves the default as it is', async () => {
        const timed = transactions(mount.root, { timeout: 50 })
        const idle = (): Promise<never> => new Promise(() => {})
        expect(await codeIn(timed.run({ timeout: undefined }, idle))).toBe('TRANSACTION_TIMED_OUT')
        const t = await timed.begin({ timeout: undefined })
        await waitFor(async () => expect(tx.active()).toEqual([]))
        expect(await codeIn(t.commit())).toBe('TRANSACTION_FINISHED')
        await resting()
      })

      describe('with a signal', () => {
        const givenUp = new Error('the client went away')

        test.runIf(server.sleeps)('it is rolled back when that aborts, and its statement stopped', async () => {
          const request = new AbortController()
          const outcome = tx.run({ signal: request.signal, name: 'long' }, async t => {
            await insert(t, 'gone')
            const sleeping = mount.rows(t.orm, server.sleep(fixture.cancels ? 30 : 1))
            request.abort(givenUp)
            await sleeping
          })
          const error = await failureIn(outcome)
          expect(error).toMatchObject({ code: 'CANCELLED', cause: givenUp })
          expect(error.message).toContain('"long"')
          expect(error.message).toContain(here)
          expect(await committed()).toEqual([])
          expect(await stage.read(server.sleeping)).toEqual([])
          await resting()
        })

        test('work that does nothing is left alone with its error, and a nested one goes along', async () => {
          const request = new AbortController()
          let end = (): void => {}
          const idle = new Promise<void>(resolve => (end = resolve))
          const outcome = tx.run({ signal: request.signal }, async t => {
            await insert(t, 'gone')
            await tx.run({ mode: 'nested' }, async inner => {
              await insert(inner, 'gone, too')
              request.abort()
              await idle
            })
          })
          expect(await codeIn(outcome)).toBe('CANCELLED')
          end()
          expect(await committed()).toEqual([])
          await resting()
        })

        test('a handle says so, and what is over by then stays as it is', async () => {
          const request = new AbortController()
          await tx.run({ signal: request.signal }, t => insert(t, 'kept'))
          const t = await tx.begin({ signal: request.signal })
          await insert(t, 'gone')
          request.abort(givenUp)
          const error = await failureIn(t.commit())
          expect(error).toMatchObject({ code: 'TRANSACTION_FINISHED', cause: { code: 'CANCELLED', cause: givenUp } })
          expect(error.message).toContain('by its signal')
          expect(codesBelow(await failureIn(insert(t, 'late')))).toContain('TRANSACTION_FINISHED')
          await t.rollback()
          expect(await committed()).toEqual(['kept'])
          await resting()
        })

        test('nobody waits for a connection any longer when it aborts', async () => {
          const holders: Handle<unknown>[] = []
          while (holders.length < (fixture.independent ? size : 1)) holders.push(await tx.begin())
          const request = new AbortController()
          let began = 0
          const waiting = [
            tx.run({ signal: request.signal, retry: true }, async () => void began++),
            tx.begin({ signal: request.signal }),
          ]
          request.abort(givenUp)
          for (const outcome of await Promise.allSettled(waiting)) {
            expect(outcome).toMatchObject({ reason: { code: 'CANCELLED', cause: givenUp } })
          }
          for (const t of holders) await t.rollback()
          expect(began).toBe(0)
          await tx.run(t => insert(t, 'next'))
          expect(await committed()).toEqual(['next'])
          await resting()
        })

        test('that has aborted nothing is begun, and nothing run again', async () => {
          const signal = AbortSignal.abort(givenUp)
          let runs = 0
          const counted = async (): Promise<void> => void runs++
          expect(await codeIn(tx.run({ signal }, counted))).toBe('CANCELLED')
          expect(await codeIn(tx.begin({ signal }))).toBe('CANCELLED')
          expect(runs).toBe(0)
          const request = new AbortController()
          const again = tx.run({ signal: request.signal, retry: true }, async () => {
            await counted()
            request.abort(givenUp)
            throw Object.assign(new Error('serialize'), { code: '40001' })
          })
          expect(await codeIn(again)).toBe('CANCELLED')
          expect(runs).toBe(1)
          await resting()
        })

        test('only the whole is cancelled: joining by another is refused', async () => {
          const { signal } = new AbortController()
          await tx.run({ signal }, async () => {
            expect(await codeIn(tx.run({ signal: AbortSignal.timeout(60_000) }, async () => {}))).toBe(
              'TRANSACTION_INCOMPATIBLE',
            )
            await tx.run({ signal }, async () => {})
          })
          await resting()
        })
      })

      test('a nested one that nobody awaited keeps the outer one from its commit', async () => {
        let go = (): void => {}
        const gate = new Promise<void>(resolve => (go = resolve))
        let inner: Promise<unknown> = Promise.resolve()
        const outcome = tx.run(async t => {
          await insert(t, 'outer')
          let opened = (): void => {}
          const open = new Promise<void>(resolve => (opened = resolve))
          inner = tx.run({ mode: 'nested' }, async () => {
            opened()
            await gate
          })
          inner.catch(() => {})
          await open
        })
        expect(await codeIn(outcome)).toBe('TRANSACTION_NESTED')
        go()
        await failureIn(inner)
        expect(await committed()).toEqual([])
        await resting()
      })

      test.runIf(server.kill !== undefined)(
        'a connection lost while idle is told at the commit; the pool recovers',
        async () => {
          const t = await tx.begin()
          const { pid } = await writing(t, 'gone')
          await stage.read(server.kill!(pid))
          await gone(pid)
          // the session is gone before its socket is closed
          await pause(200)
          expect(await codeIn(t.commit())).toBe(fixture.tellsLoss ? 'CONNECTION_LOST' : 'COMMIT_UNKNOWN')
          expect(await committed()).toEqual([])
          await recovers()
        },
      )

      test.runIf(server.kill !== undefined)(
        'a connection lost inside a statement whose error is caught is told of by the commit',
        async () => {
          const outcome = losing(sleeping => failureIn(sleeping))
          const told = ['CONNECTION_LOST', ...(fixture.tellsLoss ? [] : ['COMMIT_UNKNOWN'])]
          expect(told).toContain(await codeIn(outcome))
          expect(await committed()).toEqual([])
          await recovers()
        },
      )

      test.runIf(server.kill !== undefined)(
        'a connection lost inside a statement fails that, and the work',
        async () => {
          await failureIn(losing(sleeping => sleeping))
          expect(await committed()).toEqual([])
          await recovers()
        },
      )

      /** A transaction whose connection is lost inside a statement, which the work then does something with. */
      const losing = (work: (sleeping: Promise<unknown>) => Promise<unknown>): Promise<unknown> =>
        tx.run(async t => {
          const { pid } = await writing(t, 'gone')
          const sleeping = mount.rows(t.orm, server.sleep(30))
          sleeping.catch(() => {})
          await waitFor(async () => expect(await stage.read(server.sleeping)).toHaveLength(1))
          await stage.read(server.kill!(pid))
          return work(sleeping)
        })
      const gone = (pid: number): Promise<void> =>
        waitFor(async () => expect(await stage.read(server.session(pid))).toEqual([]))
      // a driver that has not yet read the end of a connection gives it out once more
      const recovers = async (): Promise<void> => {
        await waitFor(() => tx.run(t => insert(t, 'again')))
        expect(await committed()).toEqual(['again'])
        await resting()
      }

      test('serialization failures are tried again, whole', async () => {
        if (!fixture.independent || !server.serializes) return
        const meet = meeting(2)
        let runs = 0
        const work = (name: string) =>
          tx.run({ isolation: 'serializable', retry: true }, async t => {
            runs++
            await mount.rows(t.orm, 'select count(*) from note')
            if (runs <= 2) await meet()
            await insert(t, name)
          })
        await Promise.all([work('one'), work('two')])
        expect(runs).toBeGreaterThan(2)
        expect(await committed()).toEqual(['one', 'two'])
        await resting()
      })
    })

    test('is seen while it is open', async () => {
      await tx.run({ name: 'seen' }, async t => {
        await insert(t, 'x')
        await tx.run({ mode: 'nested', name: 'inside' }, async () => {
          const [outer, inner] = tx.active()
          expect(outer).toMatchObject({ name: 'seen', mode: 'required', state: 'open', parent: undefined })
          expect(outer).toMatchObject({ statements: 1, inFlight: 0 })
          expect(inner).toMatchObject({ name: 'inside', mode: 'nested', parent: outer?.id })
          expect(outer?.begun).toContain(here)
        })
      })
      await committed()
      await resting()
    })
  })
}

/** Everybody waits until so many have come. */
export function meeting(size: number): () => Promise<void> {
  let come = 0
  let open = (): void => {}
  let door = new Promise<void>(resolve => (open = resolve))
  return async () => {
    const mine = door
    if (++come % size === 0) {
      open()
      door = new Promise<void>(resolve => (open = resolve))
    }
    await mine
  }
}

/** What an error and all below it say: hosts wrap errors of ours, too. */
export function saying(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { readonly code?: unknown }
  return `${String(code)} ${error.message}\n${error.cause === undefined ? '' : saying(error.cause)}${saysBelow(error)}`
}

function saysBelow(error: Error): string {
  const { driverError, original } = error as { readonly driverError?: unknown; readonly original?: unknown }
  return [driverError, original]
    .filter(below => below !== undefined)
    .map(saying)
    .join('\n')
}
