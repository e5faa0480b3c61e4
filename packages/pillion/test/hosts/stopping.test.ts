// A regression: a statement that ended by itself while it was being stopped left the stop to the next one on its
// connection, which was the host's own.
import { connect, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import mariadb from 'mariadb'
import mysql, { type Connection } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { mariadbHost } from '../../src/hosts/mariadb.js'
import { clientOf } from '../../src/hosts/mysql/mariadb-client.js'
import { mysql2Host } from '../../src/hosts/mysql2.js'
import { pgHost } from '../../src/hosts/pg.js'
import { type Host, isPillionError } from '../../src/index.js'
import { statement } from '../../src/testing/statement.js'
import { mysqlGrounds } from './mysql-observer.js'

/** A way to a server that lets the first connection through, and later ones when it is told to. */
async function gate(target: string) {
  const { hostname, port } = new URL(target)
  const waiting: (() => void)[] = []
  const sockets = new Set<Socket>()
  let isOpen = true
  let isFar = false
  let arrived: () => void = () => {}
  const someoneWaits = new Promise<void>(resolve => (arrived = resolve))
  const server = createServer(client => {
    sockets.add(client.on('error', () => {}))
    const through = (): void => {
      const onTheWay = client.pipe(new PassThrough())
      const arrive = (): void => {
        const upstream = connect(Number(port), hostname).on('error', () => {})
        sockets.add(upstream)
        onTheWay.pipe(upstream).pipe(client)
      }
      if (isFar) setTimeout(arrive, 100)
      else arrive()
    }
    if (isOpen) return through()
    waiting.push(through)
    arrived()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.href,
    someoneWaits,
    shut: () => void (isOpen = false),
    /** What waited takes its time from here on, so that a sender who hangs up has done so before it arrives. */
    open() {
      isOpen = isFar = true
      for (const through of waiting) through()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

interface Opened {
  readonly host: Host
  /** A connection in a transaction. */
  readonly transaction: object
  /** The host's own way of running a statement there. */
  own(sql: string): Promise<unknown>
  /** How many listeners the connection's options have. */
  listeners(): number
  close(): Promise<void>
}

const hosts: Readonly<Record<string, (url: string) => Promise<Opened>>> = {
  async mysql2(url) {
    const pool = mysql.createPool({ uri: url })
    const connection = await pool.getConnection()
    await connection.beginTransaction()
    return {
      host: mysql2Host(pool),
      transaction: connection,
      own: async sql => Object.values((await connection.query<mysql.RowDataPacket[]>(sql))[0][0] ?? {})[0],
      listeners: () => 0,
      async close() {
        await connection.rollback()
        connection.release()
        await pool.end()
      },
    }
  },
  async mariadb(url) {
    const pool = mariadb.createPool(url.replace('mysql:', 'mariadb:'))
    const host = mariadbHost(pool)
    const connection = await pool.getConnection()
    await connection.beginTransaction()
    return {
      host,
      transaction: connection,
      own: async sql => Object.values((await connection.query(sql))[0])[0],
      listeners: () => (clientOf(connection as never).opts as Emitter).listenerCount('collation'),
      async close() {
        await connection.rollback()
        await connection.release()
        await pool.end()
      },
    }
  },
}

interface Emitter {
  listenerCount(event: string): number
}

const pairs = mysqlGrounds().flatMap(({ name, create }) =>
  Object.entries(hosts).map(([over, open]) => ({ over, name, open, create })),
)

describe.each(pairs)('over $over on $name', ({ open, create }) => {
  let database: Database
  let holder: Connection
  beforeAll(async () => {
    database = await create()
    holder = await mysql.createConnection(database.url)
  })
  afterAll(async () => {
    await holder?.end()
    await database?.drop()
  })

  const lock = (name: string) => `select get_lock('${database.url.slice(-8)}${name}', 60)`
  const hold = (name: string) => holder.query(lock(name))
  const release = (name: string) => holder.query(lock(name).replace('get_lock', 'release_lock').replace(', 60', ''))
  const waiters = async (): Promise<number> => {
    const [[row]] = await holder.query<mysql.RowDataPacket[]>(
      `select count(*) as n from information_schema.processlist where state = 'User lock' and db = database()`,
    )
    return Number(row?.n)
  }

  test('what ends while it is being stopped leaves the host’s next statement alone', async () => {
    const way = await gate(database.url)
    const { host, transaction, own, close } = await open(way.url)
    for (const name of ['ours', 'theirs']) await hold(name)
    const stopping = new AbortController()
    const asked = host.run(transaction, statement(lock('ours')), { signal: stopping.signal }).then(
      () => 'answered',
      (error: unknown) => (isPillionError(error) ? error.code : error),
    )
    await expect.poll(waiters).toBe(1)
    way.shut()
    stopping.abort()
    await way.someoneWaits
    await release('ours')
    const theirs = own(lock('theirs'))
    await expect.poll(waiters).toBe(1)
    way.open()
    expect(await asked).toBe('CANCELLED')
    await release('theirs')
    expect(Number(await theirs)).toBe(1)
    await close()
    await way.close()
  })

  test('a statement is stopped, however often, and nothing is left of it on the connection', async () => {
    const { host, transaction, own, listeners, close } = await open(database.url)
    const before = listeners()
    for (let times = 0; times < 12; times++) {
      const asked = host.run(transaction, statement('select sleep(60)'), { timeout: 5 })
      await expect(asked).rejects.toMatchObject({ code: 'TIMED_OUT' })
    }
    expect(Number(await own('select 1'))).toBe(1)
    expect(listeners()).toBe(before)
    await close()
  })
})

describe('over pg, in a transaction on which the host has queued the next', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let holder: Client
  beforeAll(async () => {
    database = await createDatabase()
    holder = new Client(database.url)
    await holder.connect()
  })
  afterAll(async () => {
    await holder?.end()
    await database?.drop()
  })

  const begun = async (url: string) => {
    const pool = new Pool({ connectionString: url, max: 1 })
    const client = await pool.connect()
    await client.query('begin')
    const close = async (): Promise<void> => {
      await client.query('rollback')
      client.release()
      await pool.end()
    }
    return { host: pgHost(pool), client, close }
  }

  const waiting = async (): Promise<number | null> => {
    const here = '(select oid from pg_database where datname = current_database())'
    return (await holder.query(`select from pg_locks where not granted and database = ${here}`)).rowCount
  }

  test.each(['run', 'stream'] as const)('what ends while it is being stopped leaves that alone: %s', async how => {
    const way = await gate(database.url)
    const { host, client, close } = await begun(way.url)
    await holder.query('select pg_advisory_lock(1), pg_advisory_lock(2)')
    const stopping = new AbortController()
    const { signal } = stopping
    const taking = statement('select pg_advisory_xact_lock(1)')
    const asking =
      how === 'run'
        ? host.run(client, taking, { signal })
        : host.stream(client, taking, { signal, batch: 10 })[Symbol.asyncIterator]().next()
    const asked = asking.catch((error: unknown) => error)
    await expect.poll(waiting, { interval: 5 }).toBe(1)
    way.shut()
    stopping.abort()
    await way.someoneWaits
    const theirs = client.query('select pg_advisory_xact_lock(2)')
    await holder.query('select pg_advisory_unlock(1)')
    // a while in which theirs could be sent, and would be what the server runs
    await pause(100)
    way.open()
    await asked
    // and one in which a request that is still on its way would hit theirs
    await pause(200)
    await holder.query('select pg_advisory_unlock(2)')
    expect((await theirs).rowCount).toBe(1)
    await close()
    await way.close()
  })

  test('what fails in its savepoint has gone back to it before that is sent', async () => {
    const { host, client, close } = await begun(database.url)
    const failed = host.run(client, statement('select 1 / 0'), { savepoint: true })
    const theirs = client.query('select 1 as n')
    await expect(failed).rejects.toMatchObject({ code: 'STATEMENT_FAILED' })
    expect((await theirs).rows).toEqual([{ n: 1 }])
    await close()
  })
})
