import { sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { withReplicas } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { drizzleHost } from '../../src/hosts/drizzle.js'
import { type HostTransaction, hostSuite } from './suite.js'
import { wireOf } from './wire.js'

type Database = Pick<NodePgDatabase, 'execute' | 'transaction'>

function transactionOf(tx: Database): HostTransaction {
  return {
    target: tx,
    execute: text => tx.execute(sql.raw(text)),
    nested: work => tx.transaction(inner => work(transactionOf(inner))),
  }
}

hostSuite({
  name: 'Drizzle on a pool',
  pooled: true,
  nesting: true,
  ownHandle: true,
  async mount(url) {
    const pool = new pg.Pool({ connectionString: url, max: 10 })
    pool.on('error', () => {})
    const orm = drizzle(pool)
    return {
      host: drizzleHost(orm),
      wire: wireOf(pool),
      pool,
      transaction: work => orm.transaction(tx => work(transactionOf(tx))),
      close: () => pool.end(),
    }
  },
})

hostSuite({
  name: 'Drizzle on a client',
  pooled: false,
  nesting: true,
  ownHandle: false,
  async mount(url) {
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    const wire = wireOf()
    wire.tap(client)
    const orm = drizzle(client)
    return {
      host: drizzleHost(orm),
      wire,
      transaction: work => orm.transaction(tx => work(transactionOf(tx))),
      close: () => client.end(),
    }
  },
})

describe('shapes', () => {
  test('replicas are ridden on by their primary', () => {
    const [primary, replica] = [drizzle(new pg.Pool()), drizzle(new pg.Pool())]
    expect(drizzleHost(withReplicas(primary, [replica]) as never).name).toBe('drizzle')
  })

  test('what is no database of Drizzle on node-postgres is refused', () => {
    expect(() => drizzleHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => drizzleHost({ $client: {} })).toThrow(/HOST_SHAPE.*\n.*drizzle-orm 0\.45/)
  })
})
