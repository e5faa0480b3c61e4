/**
 * A session beside the host's, and what fixtures over `pg` have in common.
 */
import pg from 'pg'
import type { Counters, Observer } from '../../src/testing/index.js'

export async function observe(url: string): Promise<Observer> {
  const client = new pg.Client(url)
  await client.connect()
  return {
    async rows(text) {
      return (await client.query({ text, rowMode: 'array' })).rows
    },
    close: () => client.end(),
  }
}

export function pgPoolOn(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  pool.on('error', () => {})
  return pool
}

export function countersOf(pool: pg.Pool): () => Counters {
  return () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount })
}

/** Replaces every parser that `pg` has, for all of its clients. */
export function poisonPg(): () => void {
  const builtins = Object.values(pg.types.builtins) as number[]
  const before = builtins.map(oid => [oid, pg.types.getTypeParser(oid)] as const)
  for (const oid of builtins) pg.types.setTypeParser(oid, () => 'replaced')
  return () => {
    for (const [oid, parser] of before) pg.types.setTypeParser(oid, parser as (text: string) => unknown)
  }
}
