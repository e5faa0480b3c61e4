/**
 * What a connection of MySQL's makes inside of a transaction: streams and prepared statements. Neither outlives it.
 */
import 'reflect-metadata'
import { drizzle } from 'drizzle-orm/mysql2'
import { int, mysqlTable } from 'drizzle-orm/mysql-core'
import { type Connection as MariadbConnection, createPool as createMariadbPool } from 'mariadb'
import type { Connection as CallbackConnection, PrepareStatementInfo } from 'mysql2'
import { type Connection, createConnection, createPool, type PoolConnection } from 'mysql2/promise'
import { transactions } from 'pillion/transaction'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../../test/support/postgres.js'
import { describeOnMysql, numbersTo, optionsOf } from '../hosts/mysql-observer.js'
import { failureIn } from './suite.js'

/** A connection of mysql2's with promises, over one with callbacks. */
interface Callbacks {
  readonly connection: CallbackConnection
}

interface Opened {
  readonly root: object
  /** The rows of `item`, by the host's own stream. */
  stream(orm: unknown): Promise<AsyncIterable<unknown>>
  /** A prepared statement of the host's own; absent where it has none. */
  prepare?(orm: unknown, sql: string): Promise<{ execute(): Promise<unknown> }>
  end(): Promise<unknown>
}

const hosts: Readonly<Record<string, (url: string) => Promise<Opened>>> = {
  async mysql2(uri) {
    const pool = createPool({ uri, connectionLimit: 1 })
    return {
      root: pool,
      stream: async orm => (orm as Callbacks).connection.query('select n from item').stream(),
      prepare: (orm, sql) => (orm as PoolConnection).prepare(sql) as never,
      end: () => pool.end(),
    }
  },
  async mariadb(url) {
    const pool = createMariadbPool({ ...optionsOf(url), connectionLimit: 1 })
    return {
      root: pool,
      stream: async orm => (orm as MariadbConnection).queryStream('select n from item'),
      prepare: (orm, sql) => (orm as MariadbConnection).prepare(sql) as never,
      end: () => pool.end(),
    }
  },
  async Drizzle(uri) {
    const pool = createPool({ uri, connectionLimit: 1 })
    const root = drizzle({ client: pool })
    const item = mysqlTable('item', { n: int('n') })
    return {
      root,
      stream: async orm => (orm as typeof root).select().from(item).iterator(),
      end: () => pool.end(),
    }
  },
  async TypeORM(url) {
    const dataSource = await new DataSource({ type: 'mariadb', url, poolSize: 1 }).initialize()
    return {
      root: dataSource,
      stream: orm => (orm as EntityManager).queryRunner!.stream('select n from item') as Promise<never>,
      end: () => dataSource.destroy(),
    }
  },
}

describeOnMysql(({ create }) =>
  describe.each(Object.entries(hosts))('made by %s', (_, open) => {
    let database: Database
    let observer: Connection
    let host: Opened
    beforeAll(async () => {
      database = await create()
      observer = await createConnection(database.url)
      await observer.query('create table item (n int primary key)')
      // more than the buffers of a stream hold
      await observer.query(`insert into item ${numbersTo(20_000)}`)
      host = await open(database.url)
    })
    afterAll(async () => {
      await host.end()
      await observer.end()
      await database.drop()
    })

    test('a stream that is read to its end', async () => {
      let rows = 0
      await transactions(host.root).run(async t => {
        for await (const _row of await host.stream(t.orm)) rows++
      })
      expect(rows).toBe(20_000)
    })

    test('a stream that is open at the end: its reader is told, and the connection is free', async () => {
      const tx = transactions(host.root)
      const t = await tx.begin({ name: 'ended' })
      const reader = (await host.stream(t.orm))[Symbol.asyncIterator]()
      expect((await reader.next()).done).toBe(false)
      await t.rollback()
      const toItsEnd = async (): Promise<void> => {
        while ((await reader.next()).done !== true);
      }
      expect(await failureIn(toItsEnd())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      await tx.run(async () => {})
    })

    test('a stream that nobody reads does not end the process', async () => {
      const t = await transactions(host.root).begin()
      await host.stream(t.orm)
      await t.commit()
      await transactions(host.root).run(async () => {})
    })

    test.each([[null], [Object.create(null)]])('a stream is open where the work throws %o', async thrown => {
      const tx = transactions(host.root)
      const running = tx.run(async t => {
        const reader = (await host.stream(t.orm))[Symbol.asyncIterator]()
        await reader.next()
        throw thrown
      })
      expect(await failureIn(running)).toBe(thrown)
      expect(tx.active()).toEqual([])
      await tx.run(async () => {})
    })

    test('a stream is not made after the end', async () => {
      const t = await transactions(host.root).begin()
      await t.commit()
      const reading = async (): Promise<void> => {
        for await (const _row of await host.stream(t.orm));
      }
      expect(await failureIn(reading())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    })

    test('a prepared statement is refused after the end', async () => {
      if (host.prepare === undefined) return
      const tx = transactions(host.root)
      const t = await tx.begin()
      const statement = await host.prepare(t.orm, 'insert into item values (-1)')
      await statement.execute()
      await t.rollback()
      expect(await failureIn(statement.execute())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      expect((await observer.query('select n from item where n < 0'))[0]).toEqual([])
    })
  }),
)

/** A connection of mysql2's with callbacks in a transaction, and what is asked of it there. */
const callbacks: Readonly<Record<string, (connection: CallbackConnection) => unknown>> = {
  'a statement': connection => connection.promise().query('insert into item values (7)'),
  'an execution': connection => connection.promise().execute('insert into item values (7)'),
  'a preparation': connection => connection.promise().prepare('insert into item values (7)'),
  'a preparation with a callback': connection =>
    new Promise((resolve, reject) => {
      connection.prepare('insert into item values (7)', (error, made) => (error ? reject(error) : resolve(made)))
    }),
}

describeOnMysql(({ create }) =>
  describe('a connection of mysql2 with callbacks', () => {
    let database: Database
    let observer: Connection
    let pool: ReturnType<typeof createPool>
    beforeAll(async () => {
      database = await create()
      observer = await createConnection(database.url)
      await observer.query('create table item (n int primary key)')
      pool = createPool({ uri: database.url, connectionLimit: 1 })
    })
    afterAll(async () => {
      await pool.end()
      await observer.end()
      await database.drop()
    })
    const below = (orm: PoolConnection): CallbackConnection => (orm as unknown as Callbacks).connection
    const rows = async (): Promise<unknown> => (await observer.query('select n from item'))[0]

    test('values that the driver refuses at once keep no end waiting', { timeout: 5_000 }, async () => {
      const tx = transactions(pool)
      await tx.run(async t => {
        await t.orm.query('insert into item values (1)')
        expect(() => below(t.orm).execute('select ?', [undefined as never], () => {})).toThrow(/undefined/)
      })
      expect(await rows()).toEqual([{ n: 1 }])
      expect(tx.active()).toEqual([])
      await observer.query('delete from item')
    })

    test.each(Object.entries(callbacks))('its promises are in the transaction: %s', async (_, ask) => {
      const t = await transactions(pool).begin()
      const connection = below(t.orm)
      await ask(connection)
      await t.rollback()
      expect(await rows()).toEqual([])
      expect(await failureIn(Promise.resolve().then(() => ask(connection)))).toMatchObject({
        code: 'TRANSACTION_FINISHED',
      })
      expect(await rows()).toEqual([])
    })

    test('a callback is in the transaction that its statement was asked in, whatever its connection was made in', async () => {
      const wide = createPool({ uri: database.url, connectionLimit: 2 })
      const tx = transactions(wide)
      await tx.run(() => tx.run({ mode: 'requires_new' }, async () => {}))
      const handles = await Promise.all([tx.begin({ name: 'a' }), tx.begin({ name: 'b' })])
      const found = handles.map(t =>
        t.run(() => new Promise(resolve => below(t.orm).query('select 1', () => resolve(tx.current()?.name)))),
      )
      expect(await Promise.all(found)).toEqual(['a', 'b'])
      await Promise.all(handles.map(t => t.rollback()))
      await wide.end()
    })

    test('what it has prepared is refused after the end', async () => {
      const t = await transactions(pool).begin()
      const [byPromise, byCallback] = [
        await below(t.orm).promise().prepare('insert into item values (8)'),
        await new Promise<PrepareStatementInfo>((resolve, reject) => {
          below(t.orm).prepare('insert into item values (9)', (error, made) => (error ? reject(error) : resolve(made)))
        }),
      ]
      const executed = (): Promise<unknown> =>
        new Promise((resolve, reject) => byCallback.execute([], error => (error ? reject(error as Error) : resolve(0))))
      await byPromise.execute([])
      await executed()
      await t.rollback()
      for (const late of [() => byPromise.execute([]), executed]) {
        expect(await failureIn(late())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      }
      expect(await rows()).toEqual([])
    })
  }),
)
