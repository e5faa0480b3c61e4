/**
 * Trees of transactions as they come by chance: joined, nested and independent ones, side by side and in each other, by run and by
 * handle, some of which fail and some of whose failures are caught. What is committed is what the answers said.
 */
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { createPool, type Pool as MysqlPool, type RowDataPacket } from 'mysql2/promise'
import { Pool, type PoolClient } from 'pg'
import { isPillionError } from 'pillion'
import { type Mode, type TransactionDefaults, type Transactions, transactions } from 'pillion/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { mysqlGrounds } from '../hosts/mysql-observer.js'

/** A scope that is to be: what it writes and opens one after the other, or at once, and how it ends. */
interface Plan {
  readonly mode: Mode
  readonly byHandle: boolean
  readonly steps: readonly (number | readonly Plan[])[]
  readonly fails: boolean
  /** Whoever opened it goes on where it fails. */
  readonly isCaught: boolean
  readonly end: 'commit' | 'rollback'
}

/** What a scope of its own has written, and whether it said that it was committed. */
interface Told {
  readonly isIndependent: boolean
  readonly wrote: number[]
  readonly inside: Told[]
  committed: boolean
}

interface Ground {
  readonly root: object
  readonly modes: readonly Mode[]
  readonly defaults?: TransactionDefaults
  write(orm: unknown, n: number): Promise<unknown>
  /** What is committed; and nothing is left. */
  taken(): Promise<readonly number[]>
  close(): Promise<unknown>
}

const joining: readonly Mode[] = ['required', 'supports', 'mandatory']
const grounds: Readonly<Record<string, () => Promise<Ground>>> = {
  async PostgreSQL() {
    const database = await createDatabase()
    const pool = new Pool({ connectionString: database.url, max: 12 })
    await pool.query('create table written (n int)')
    return {
      root: pool,
      modes: [...joining, 'nested', 'nested', 'requires_new'],
      write: (orm, n) => (orm as PoolClient).query('insert into written values ($1)', [n]),
      taken: async () => (await pool.query<{ n: number }>('delete from written returning n')).rows.map(({ n }) => n),
      async close() {
        await pool.end()
        await database.drop()
      },
    }
  },
  async SQLite() {
    const database = new Sqlite(':memory:')
    database.exec('create table written (n int)')
    return {
      root: database,
      modes: [...joining, 'nested', 'nested'],
      async write(orm, n) {
        await pause(0)
        ;(orm as Sqlite.Database).prepare('insert into written values (?)').run(n)
      },
      taken: async () => database.prepare<[], number>('delete from written returning n').pluck().all(),
      close: async () => database.close(),
    }
  },
  ...Object.fromEntries(
    mysqlGrounds().map(({ name, create }) => [
      name,
      async (): Promise<Ground> => {
        const database = await create()
        const pool = createPool({ uri: database.url, connectionLimit: 12 })
        await pool.query('create table written (n int)')
        return {
          root: pool,
          modes: [...joining, 'nested', 'nested', 'requires_new'],
          // one that repeats its reads locks the gap that an independent one inside of it writes into, and waits for that one
          defaults: { isolation: 'read committed' },
          write: (orm, n) => (orm as MysqlPool).query('insert into written values (?)', [n]),
          async taken() {
            const [rows] = await pool.query<(RowDataPacket & { n: number })[]>('select n from written')
            await pool.query('delete from written')
            return rows.map(({ n }) => n)
          },
          async close() {
            await pool.end()
            await database.drop()
          },
        }
      },
    ]),
  ),
}

/** Numbers below one, the same for each seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function planned(seed: number, modes: readonly Mode[]): Plan {
  const next = chance(seed)
  let last = 0
  const plan = (depth: number): Plan => ({
    mode: depth === 0 ? 'required' : modes[Math.floor(next() * modes.length)]!,
    byHandle: next() < 0.3,
    steps: Array.from({ length: 1 + Math.floor(next() * 3) }, () => {
      if (depth === 3 || next() < 0.5) return ++last
      return Array.from({ length: next() < 0.6 ? 1 : 2 }, () => plan(depth + 1))
    }),
    fails: depth > 0 && next() < 0.25,
    isCaught: next() < 0.8,
    end: next() < 0.7 ? 'commit' : 'rollback',
  })
  return plan(0)
}

/** What a scope fails with that is to fail. */
const failure = new Error('planned')

/** Does what is planned, and gives what was told of it. */
async function done(tx: Transactions<unknown>, write: Ground['write'], root: Plan): Promise<Told> {
  const opened = (plan: Plan, isIndependent: boolean): Told => ({
    isIndependent: isIndependent || plan.mode === 'requires_new',
    wrote: [],
    inside: [],
    committed: false,
  })
  const work = async (plan: Plan, told: Told): Promise<void> => {
    for (const step of plan.steps) {
      if (typeof step === 'number') {
        await write(tx.current()!.orm, step)
        told.wrote.push(step)
      } else {
        const outcomes = await Promise.allSettled(step.map(each => child(each, told)))
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      }
    }
    if (plan.fails) throw failure
  }
  const child = async (plan: Plan, around: Told): Promise<void> => {
    const joins = joining.includes(plan.mode)
    const told = joins ? around : opened(plan, false)
    if (!joins) around.inside.push(told)
    try {
      await (plan.byHandle && !joins ? byHandle(plan, told) : tx.run({ mode: plan.mode }, () => work(plan, told)))
      if (!joins && (!plan.byHandle || plan.end === 'commit')) told.committed = true
    } catch (error) {
      if (!plan.isCaught) throw error
    }
  }
  const byHandle = async (plan: Plan, told: Told): Promise<void> => {
    const handle = await tx.begin({ mode: plan.mode as 'nested' | 'requires_new' })
    try {
      await handle.run(() => work(plan, told))
    } catch (error) {
      await handle.rollback()
      throw error
    }
    await handle[plan.end]()
  }
  const outermost = opened(root, true)
  try {
    await tx.run(() => work(root, outermost))
    outermost.committed = true
  } catch (error) {
    // what is refused is told by a code of ours: a statement beside a nested one, joined work whose failure was caught
    if (!(isPillionError(error) || error === failure)) throw error
  }
  return outermost
}

/** What must be there: of a scope that is in another, if that is committed, too. */
function remaining({ isIndependent, committed, wrote, inside }: Told, isAround: boolean): readonly number[] {
  const isThere = committed && (isIndependent || isAround)
  return [...(isThere ? wrote : []), ...inside.flatMap(each => remaining(each, isThere))]
}

describe.each(Object.entries(grounds))('trees of transactions on %s', (_, open) => {
  let ground: Ground
  beforeAll(async () => {
    ground = await open()
  })
  afterAll(() => ground.close())

  test('leave what was told, and nothing open', async () => {
    const tx = transactions(ground.root, ground.defaults)
    const whole = new Set<boolean>()
    for (let seed = 1; seed <= 150; seed++) {
      const told = await done(tx, ground.write, planned(seed, ground.modes))
      const left = await ground.taken()
      expect({ seed, left: left.toSorted((a, b) => a - b) }).toEqual({
        seed,
        left: remaining(told, true).toSorted((a, b) => a - b),
      })
      expect(tx.active()).toEqual([])
      whole.add(told.committed)
    }
    // control: both ways come up
    expect(whole).toEqual(new Set([true, false]))
  })
})
