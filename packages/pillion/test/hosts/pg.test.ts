import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pgHost } from '../../src/hosts/pg.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { codeOf, type HostTransaction, hostSuite, statement } from './suite.js'
import { wireOf } from './wire.js'

function transactionOn(client: pg.ClientBase, depth = 0): HostTransaction {
  return {
    target: client,
    execute: sql => client.query(sql),
    async nested(work) {
      await client.query(`savepoint nested_${depth}`)
      try {
        const result = await work(transactionOn(client, depth + 1))
        await client.query(`release savepoint nested_${depth}`)
        return result
      } catch (error) {
        await client.query(`rollback to savepoint nested_${depth}`)
        throw error
      }
    },
  }
}

async function inTransaction<T>(client: pg.ClientBase, work: (tx: HostTransaction) => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work(transactionOn(client))
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

hostSuite({
  name: 'pg Pool',
  pooled: true,
  nesting: true,
  ownHandle: false,
  async mount(url) {
    const pool = new pg.Pool({ connectionString: url, max: 10 })
    pool.on('error', () => {})
    return {
      host: pgHost(pool),
      wire: wireOf(pool),
      pool,
      async transaction(work) {
        const client = await pool.connect()
        try {
          return await inTransaction(client, work)
        } finally {
          client.release()
        }
      },
      close: () => pool.end(),
    }
  },
})

hostSuite({
  name: 'pg Client',
  pooled: false,
  nesting: true,
  ownHandle: false,
  async mount(url) {
    const client = new pg.Client(url)
    client.on('error', () => {})
    await client.connect()
    const wire = wireOf()
    wire.tap(client)
    return { host: pgHost(client), wire, transaction: work => inTransaction(client, work), close: () => client.end() }
  },
})

hostSuite({
  name: 'pg PoolClient',
  pooled: false,
  nesting: true,
  ownHandle: false,
  async mount(url) {
    const pool = new pg.Pool({ connectionString: url })
    pool.on('error', () => {})
    const wire = wireOf(pool)
    const client = await pool.connect()
    client.on('error', () => {})
    return {
      host: pgHost(client),
      wire,
      transaction: work => inTransaction(client, work),
      async close() {
        await client.end()
        client.release()
        await pool.end()
      },
    }
  },
})

describe('clients of a pool', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  const ping = statement('select 1')
  beforeAll(async () => {
    database = await createDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 1 })
  })
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })

  test('one checked out before the host was made is known', async () => {
    const client = await pool.connect()
    await client.query('begin')
    expect(await codeOf(pgHost(pool).run(client, ping, {}))).toBe('fulfilled')
    await client.query('rollback')
    client.release()
    expect(await codeOf(pgHost(pool).run(client, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('one that was given back and taken by somebody else is refused to a host made of it', async () => {
    const client = await pool.connect()
    const host = pgHost(client)
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('fulfilled')
    client.release()
    const again = await pool.connect()
    expect(again).toBe(client)
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('TRANSACTION_FINISHED')
    again.release()
  })

  test('ours that waits its turn is refused when the client changes hands meanwhile', async () => {
    const host = pgHost(pool)
    const client = await pool.connect()
    await client.query('begin')
    const slow = host.run(client, statement('select pg_sleep(0.1)'), {})
    const waiting = codeOf(host.run(client, ping, {}))
    void client.query('commit')
    client.release()
    const next = await pool.connect()
    await next.query('begin')
    await slow
    expect(await waiting).toBe('TRANSACTION_FINISHED')
    await next.query('rollback')
    next.release()
  })

  test('hosts of one pool share a pair of listeners', () => {
    for (let i = 0; i < 20; i++) pgHost(pool)
    expect(pool.listenerCount('acquire')).toBe(1)
    expect(pool.listenerCount('release')).toBe(1)
  })
})

describe('shapes', () => {
  test('what is neither pool nor client is no host', () => {
    for (const value of [null, {}, 'postgres://', { query() {} }]) {
      expect(() => pgHost(value as never)).toThrow('HOST_UNKNOWN')
    }
  })

  test('a client of another make is told what was expected', async () => {
    expect(() => pgHost({ query() {}, connect() {} })).toThrow(/HOST_SHAPE.*\n.*pg 8\.21/)
    expect(() => pgHost({ query() {}, connect() {}, totalCount: 0, idleCount: 0, waitingCount: 0 })).toThrow(
      /pg-pool 3/,
    )
  })

  test('a client that pipelines is refused', () => {
    expect(() => pgHost(new pg.Client({ pipeline: true } as pg.ClientConfig))).toThrow('HOST_SHAPE')
  })
})
