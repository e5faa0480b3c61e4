/** Many scopes: does memory stay flat, and is nothing lost? @module */
import type pg from 'pg'
import { transactions } from 'pillion/transaction'
import { poolOn } from './pool.js'

/** What a crowd left behind. */
export interface Aftermath {
  readonly what: string
  readonly rows: number
  readonly expected: number
  /** Bytes of the heap after the first half of it and after all of it, collected before each. */
  readonly half: number
  readonly whole: number
  /** Connections that did not come back. */
  readonly missing: number
}

/** So many nested scopes, one after the other and each in a savepoint of its own, in two transactions of half as many. */
export async function nestedScopes(url: string, count: number): Promise<Aftermath> {
  return measured(url, 2, `${count} nested scopes`, count, async (tx, from, to) => {
    await tx.run(async () => {
      for (let i = from; i < to; i++) {
        await tx.run({ mode: 'nested' }, t => t.orm.query('insert into crowd values ($1)', [i]))
      }
    })
  })
}

/** So many transactions at once, ten times over, on a pool of ten. */
export async function concurrentTransactions(url: string, count: number): Promise<Aftermath> {
  const rounds = 10
  return measured(url, 10, `${rounds} × ${count} concurrent transactions`, rounds * count, async (tx, from, to) => {
    for (let start = from; start < to; start += count) {
      await Promise.all(
        Array.from({ length: count }, (_, i) =>
          tx.run({ acquireTimeout: 60_000 }, t => t.orm.query('insert into crowd values ($1)', [start + i])),
        ),
      )
    }
  })
}

type Work = (tx: ReturnType<typeof transactions<pg.Pool>>, from: number, to: number) => Promise<void>

async function measured(
  url: string,
  connections: number,
  what: string,
  expected: number,
  work: Work,
): Promise<Aftermath> {
  const pool = poolOn(url, connections)
  try {
    await pool.query('create table if not exists crowd (n int primary key)')
    await pool.query('truncate crowd')
    const tx = transactions(pool)
    await work(tx, 0, expected / 2)
    const half = heap()
    await work(tx, expected / 2, expected)
    const whole = heap()
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from crowd')
    return { what, rows: rows[0]!.n, expected, half, whole, missing: pool.totalCount - pool.idleCount }
  } finally {
    await pool.end()
  }
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
