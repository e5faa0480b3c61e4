// What is made for a transaction is made while the server is asked to begin it: so a pool's idle connection is told before `run` has returned.
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { createPool as createMariadbPool } from 'mariadb'
import { type Connection, createConnection, createPool } from 'mysql2/promise'
import { transactions } from 'pillion/transaction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import { describeOnMysql, optionsOf } from '../hosts/mysql-observer.js'

/** A pool of one connection, which is idle. */
interface Opened {
  readonly root: object
  query(sql: string): Promise<unknown>
  /** How many connections it has. */
  size(): number
  listeners(): number
  /** Of the connection that it hands out next, which is back by then. */
  socket(): Promise<Socket>
  end(): Promise<unknown>
}

const drivers: Readonly<Record<string, (url: string) => Opened>> = {
  mysql2(uri) {
    const pool = createPool({ uri, connectionLimit: 1 })
    const below = pool.pool as unknown as { readonly _allConnections: { readonly length: number } }
    return {
      root: pool,
      query: sql => pool.query(sql),
      size: () => below._allConnections.length,
      listeners: () => pool.pool.listenerCount('acquire'),
      async socket() {
        const connection = await pool.getConnection()
        connection.release()
        return (connection.connection as unknown as { readonly stream: Socket }).stream
      },
      end: () => pool.end(),
    }
  },
  mariadb(url) {
    const pool = createMariadbPool({ ...optionsOf(url), connectionLimit: 1 })
    const events = pool as unknown as EventEmitter
    return {
      root: pool,
      query: sql => pool.query(sql),
      size: () => pool.totalConnections(),
      listeners: () => events.listenerCount('acquire'),
      async socket() {
        const told = new Promise<object>(resolve => events.once('acquire', resolve))
        await pool.query('select 1')
        return ((await told) as { readonly socket: Socket }).socket
      },
      end: () => pool.end(),
    }
  },
}

describeOnMysql(({ create }) => {
  let database: Database
  beforeAll(async () => {
    database = await create()
  })
  afterAll(() => database?.drop())

  describe.each(Object.keys(drivers))('%s', driver => {
    let pool: Opened
    let socket: Socket
    let observer: Connection
    beforeEach(async () => {
      pool = drivers[driver]!(database.url)
      await pool.query('select 1')
      socket = await pool.socket()
      observer = await createConnection(database.url)
    })
    afterEach(async () => {
      await pool.end()
      await observer.end()
    })

    test('an idle connection is told at once, and nobody goes on listening to the pool', async () => {
      const [written, listeners] = [socket.bytesWritten, pool.listeners()]
      const running = transactions(pool.root).run(t => (t.orm as Opened).query('select 1'))
      expect(socket.bytesWritten).toBeGreaterThan(written)
      expect(pool.listeners()).toBe(listeners)
      await running
      expect(pool.size()).toBe(1)
    })

    test('the isolation level is said before, and once', async () => {
      const sent: string[] = []
      const write = socket.write.bind(socket)
      socket.write = ((chunk: Buffer, ...rest: []) => {
        sent.push(...(/(SET|START|COMMIT).*/.exec(chunk.toString('latin1')) ?? []).slice(0, 1))
        return write(chunk, ...rest)
      }) as typeof socket.write
      await transactions(pool.root).run({ isolation: 'serializable', readOnly: true }, () => undefined)
      expect(sent).toEqual(['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'START TRANSACTION READ ONLY', 'COMMIT'])
    })

    test('where the session is ended meanwhile the work is begun, or it is said why not; and the next one is', async () => {
      const ids = (await pool.query('select connection_id() as id')) as readonly unknown[]
      const { id } = ids.flat()[0] as { readonly id: number | bigint }
      let begun = 0
      // nothing of it is read before the statement is sent
      void observer.query(`kill ${id}`)
      const told = await transactions(pool.root)
        .run(() => void begun++)
        .then(
          () => 'begun',
          (error: { readonly code?: unknown }) => error.code,
        )
      expect(
        begun === 1 ? ['begun', 'COMMIT_UNKNOWN', 'CONNECTION_LOST'] : ['CONNECTION_LOST', 'STATEMENT_FAILED'],
      ).toContain(told)
      await waitFor(() => transactions(pool.root).run(t => (t.orm as Opened).query('select 1')))
      expect(pool.size()).toBe(1)
    })
  })
})
