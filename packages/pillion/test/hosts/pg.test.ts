import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pgHost } from '../../src/hosts/pg.js'
import type { Host } from '../../src/run/host.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { conforms } from './conforms.js'
import { onPg } from './grounds.js'
import { pgClient, pgPool, pgPoolClient } from './fixtures/pg.js'
import { wireOf } from './wire.js'

for (const fixture of [pgPool, pgClient, pgPoolClient]) conforms(fixture, onPg, ['pg'])

describe('clients of a pool', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  const ping = statement('select 1')
  beforeAll(async () => {
    database = await createDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 1 })
    pool.on('error', () => {})
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

  test('control: the client itself would answer after its release, outside any transaction', async () => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('commit')
    client.release()
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    expect(await codeOf(pgHost(pool).run(client, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('a wait for a connection is cut short, and the connection goes back when it comes', async () => {
    const client = await pool.connect()
    const host = pgHost(pool)
    const controller = new AbortController()
    const aborted = codeOf(host.run(undefined, ping, { signal: controller.signal }))
    expect(pool.waitingCount).toBe(1)
    controller.abort()
    expect(await aborted).toBe('CANCELLED')
    expect(await codeOf(host.run(undefined, ping, { timeout: 1 }))).toBe('TIMED_OUT')
    client.release()
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('fulfilled')
    expect(pool).toMatchObject({ idleCount: 1, waitingCount: 0, totalCount: 1 })
  })

  describe('where the server cannot be told to stop', () => {
    const sleep = statement('select pg_sleep(30)')
    const running = async (): Promise<boolean> => {
      const observer = new pg.Client(database.url)
      await observer.connect()
      try {
        const { rows } = await observer.query(
          `select pid from pg_stat_activity where datname = current_database() and query = $1 and state = 'active'`,
          [sleep.text],
        )
        return rows.length > 0
      } finally {
        await observer.end()
      }
    }
    /** Nobody listens there, so that no cancel request arrives. */
    const unreachable = (client: pg.ClientBase): void => void Object.assign(client, { port: 1 })

    test('a borrowed connection is cut', async () => {
      pool.once('acquire', unreachable)
      const controller = new AbortController()
      const outcome = codeOf(pgHost(pool).run(undefined, sleep, { signal: controller.signal }))
      while (!(await running()));
      controller.abort()
      expect(await outcome).toBe('CANCELLED')
      expect(pool.idleCount).toBe(0)
      expect(await codeOf(pgHost(pool).run(undefined, ping, {}))).toBe('fulfilled')
    })

    test("on the host's own the caller is answered at once, and ours that follow wait for the statement", async () => {
      const host = pgHost(pool)
      const client = await pool.connect()
      const { port } = client as unknown as { port: number }
      const { rows } = await client.query('select pg_backend_pid() as pid')
      await client.query('begin')
      unreachable(client)
      const controller = new AbortController()
      const outcome = codeOf(host.run(client, sleep, { signal: controller.signal }))
      while (!(await running()));
      const following = codeOf(host.run(client, ping, {}))
      controller.abort()
      expect(await outcome).toBe('CANCELLED')
      expect(await running()).toBe(true)
      const observer = new pg.Client(database.url)
      await observer.connect()
      await observer.query('select pg_cancel_backend($1)', [rows[0].pid])
      await observer.end()
      // The cancel aborted the transaction, and ours had waited until then.
      expect(await following).toBe('STATEMENT_FAILED')
      await client.query('rollback')
      Object.assign(client, { port })
      client.release()
    })
  })

  test('with `prepare: false` nothing is prepared under a name', async () => {
    const named = { text: 'select 2', values: [], name: 'pillion_test_prepare' }
    const prepared = statement(`select name from pg_prepared_statements where name = 'pillion_test_prepare'`)
    const host = pgHost(pool, { prepare: false })
    await host.run(undefined, named, {})
    expect((await host.run(undefined, prepared, {})).rows).toEqual([])
    const control = pgHost(pool)
    await control.run(undefined, named, {})
    expect((await control.run(undefined, prepared, {})).rows).toEqual([[named.name]])
  })

  test('a named statement is parsed once a connection and described once', async () => {
    const named = { text: 'select $1::text as t', values: ['a'], name: 'pillion_test_named' }
    const wire = wireOf(pool)
    const host = pgHost(pool)
    await host.run(undefined, named, {})
    const before = wire.bytes
    expect((await host.run(undefined, { ...named, values: ['b'] }, {})).rows).toEqual([['b']])
    expect(wire.bytes - before).toBeLessThan(named.text.length + 60)
  })

  describe('a tracer that writes comments into queries', () => {
    interface Asked {
      readonly text: string
      readonly name?: string
    }
    const three = statement('select n from generate_series(1, 3) as n')
    const rows = [['1'], ['2'], ['3']]

    /** Copies what it comments, as OpenTelemetry's does: with the methods of its class it would lose what they read. */
    const traced = async (comments: (asked: Asked) => boolean, work: (host: Host) => Promise<void>): Promise<void> => {
      const client = new pg.Client(database.url)
      await client.connect()
      const query = client.query.bind(client) as (asked: unknown, ...rest: unknown[]) => unknown
      const asking = (asked: Asked | string, ...rest: unknown[]): unknown =>
        typeof asked === 'object' && comments(asked)
          ? query({ ...asked, text: `${asked.text} /* traced */` }, ...rest)
          : query(asked, ...rest)
      try {
        await work(pgHost(Object.assign(client, { query: asking }), { prepare: false }))
      } finally {
        await client.end()
      }
    }
    const streamed = async (host: Host): Promise<unknown[]> => {
      const read: unknown[] = []
      for await (const batch of host.stream(undefined, three, { batch: 2 })) read.push(...batch)
      return read
    }

    test('leaves ours as they are, where it takes those that have no name', async () => {
      await traced(
        asked => asked.name === undefined,
        async host => {
          expect((await host.run(undefined, three, {})).rows).toEqual(rows)
          expect(await streamed(host)).toEqual(rows)
        },
      )
    })

    test('is told of, where it takes all: the rows are in its copy, and none would be read', async () => {
      await traced(
        () => true,
        async host => {
          expect(await codeOf(host.run(undefined, three, {}))).toBe('HOST_SHAPE')
          expect(await codeOf(streamed(host))).toBe('HOST_SHAPE')
        },
      )
    })
  })

  test('a prepared statement that somebody has deallocated fails once', async () => {
    const named = { text: 'select 4', values: [], name: 'pillion_test_deallocate' }
    const host = pgHost(pool)
    await host.run(undefined, named, {})
    await pool.query('deallocate all')
    const error = await host.run(undefined, named, {}).catch(error => error)
    expect(error).toMatchObject({ code: 'STATEMENT_FAILED', hint: expect.stringContaining('prepare: false') })
    expect((await host.run(undefined, named, {})).rows).toEqual([['4']])
  })

  test('a pool that cannot connect says why', async () => {
    for (const [reason, config] of Object.entries({
      'SQLSTATE 3D000': { connectionString: new URL('/pillion_nowhere', database.url).href },
      'does not support SSL': { connectionString: database.url, ssl: true },
      ECONNREFUSED: { host: '127.0.0.1', port: 1 },
    })) {
      const useless = new pg.Pool(config)
      const error = await pgHost(useless)
        .run(undefined, ping, {})
        .catch(error => error)
      expect(error).toMatchObject({ code: 'CONNECTION_UNAVAILABLE', message: expect.stringContaining(reason) })
      await useless.end()
    }
  })

  test('the read timeout that a pool was made with ends the wait, and the connection with it', async () => {
    const impatient = new pg.Pool({ connectionString: database.url, query_timeout: 50 })
    impatient.on('error', () => {})
    expect(await codeOf(pgHost(impatient).run(undefined, statement('select pg_sleep(30)'), {}))).toBe('CONNECTION_LOST')
    expect(impatient.totalCount).toBe(0)
    expect(await codeOf(pgHost(impatient).run(undefined, ping, {}))).toBe('fulfilled')
    await impatient.end()
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
