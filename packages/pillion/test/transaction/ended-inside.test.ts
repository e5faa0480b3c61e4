/**
 * A statement of a host's own that ends the transaction in the server, or a savepoint of pillion's: what came next would be committed
 * alone, and a commit would be told that never was.
 */
import 'reflect-metadata'
import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2'
import knexOf, { type Knex } from 'knex'
import { type Connection as MariadbConnection, createPool as createMariadbPool } from 'mariadb'
import { createConnection, createPool, type PoolConnection } from 'mysql2/promise'
import { Client } from 'pg'
import { transactions } from 'pillion/transaction'
import { Sequelize, type Transaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { errorsBelow } from '../../src/errors-below.js'
import { mysqlGrounds, optionsOf } from '../hosts/mysql-observer.js'
import { failureIn } from './suite.js'

/** A host of one connection. */
interface Opened {
  readonly root: object
  send(orm: unknown, sql: string): Promise<unknown>
  end(): Promise<unknown>
}

async function typeorm(type: 'postgres' | 'mysql', url: string): Promise<Opened> {
  const dataSource = await new DataSource({ type, url, poolSize: 1 }).initialize()
  return {
    root: dataSource,
    send: (orm, sql) => (orm as EntityManager).query(sql),
    end: () => dataSource.destroy(),
  }
}

async function sequelize(url: string): Promise<Opened> {
  const instance = new Sequelize(url, { logging: false, pool: { max: 1 } })
  return {
    root: instance,
    send: (orm, sql) => instance.query(sql, { transaction: orm as Transaction }),
    end: () => instance.close(),
  }
}

async function knex(client: 'pg' | 'mysql2', connection: string): Promise<Opened> {
  const root = knexOf({ client, connection, pool: { min: 0, max: 1 } })
  return { root, send: async (orm, sql) => await (orm as Knex).raw(sql), end: () => root.destroy() }
}

async function mysql2(uri: string): Promise<Opened> {
  const root = createPool({ uri, connectionLimit: 1 })
  return { root, send: (orm, sql) => (orm as PoolConnection).query(sql), end: () => root.end() }
}

async function mariadb(url: string): Promise<Opened> {
  const root = createMariadbPool({ ...optionsOf(url), connectionLimit: 1 })
  return { root, send: (orm, sql) => (orm as MariadbConnection).query(sql), end: () => root.end() }
}

async function drizzleOnMysql2(uri: string): Promise<Opened> {
  const pool = createPool({ uri, connectionLimit: 1 })
  return {
    root: drizzle({ client: pool }),
    send: (orm, sql) => (orm as MySql2Database).execute(sql),
    end: () => pool.end(),
  }
}

interface Server {
  readonly name: string
  create(): Promise<Database>
  /** A session that reads beside the host. */
  observe(url: string): Promise<{ sql(text: string): Promise<readonly unknown[]>; end(): Promise<void> }>
  readonly hosts: Readonly<Record<string, (url: string) => Promise<Opened>>>
  /** What ends a transaction there. */
  readonly endings: readonly string[]
  /** What does not. */
  readonly harmless: readonly string[]
}

const harmless = [
  'select 1',
  'savepoint mine',
  'insert into item values (1)',
  'release savepoint mine',
  'update item set n = 7',
]

const servers: readonly Server[] = [
  {
    name: 'PostgreSQL',
    create: createDatabase,
    async observe(url) {
      const client = new Client(url)
      await client.connect()
      return { sql: async text => (await client.query(text)).rows as unknown[], end: () => client.end() }
    },
    hosts: { TypeORM: url => typeorm('postgres', url), Sequelize: sequelize, Knex: url => knex('pg', url) },
    endings: ['commit', 'rollback'],
    harmless: [...harmless, 'create table made (n int)', 'drop table made'],
  },
  ...mysqlGrounds().map(
    ({ name, create }): Server => ({
      name,
      create,
      async observe(url) {
        const connection = await createConnection(url)
        return {
          sql: async text => {
            const [rows] = await connection.query(text)
            return Array.isArray(rows) ? rows : []
          },
          end: () => connection.end(),
        }
      },
      hosts: {
        mysql2,
        mariadb,
        Drizzle: drizzleOnMysql2,
        TypeORM: url => typeorm('mysql', url),
        Sequelize: url => sequelize(url.replace(/^mariadb:/, 'mysql:')),
        Knex: url => knex('mysql2', url),
      },
      // as texts they would be refused before they are sent
      endings: ['/*! commit */', '/*! rollback */', '/*! create table made (n int) */'],
      harmless: [
        ...harmless,
        // a row may have a column of the name that the driver has for the server's status
        'select 0 as serverStatus',
        'set @seen = 1',
        'create temporary table made (n int)',
        'insert into made values (1)',
        'drop temporary table made',
        'do 1',
      ],
    }),
  ),
]

const pairs = servers.flatMap(server =>
  Object.entries(server.hosts).map(([host, open]) => ({ host, open, server, on: server.name })),
)

/** The nearest code: the errors of some hosts wrap pillion's. */
const codeBelow = (error: unknown): unknown =>
  errorsBelow(error)
    .map(each => (each as { readonly code?: unknown }).code)
    .find(code => code !== undefined)

describe.each(pairs)('what ends a transaction in the server, by $host on $on', ({ open, server }) => {
  let database: Database
  let observer: Awaited<ReturnType<Server['observe']>>
  let host: Opened
  beforeAll(async () => {
    database = await server.create()
    observer = await server.observe(database.url)
    await observer.sql('create table item (n int primary key)')
    host = await open(database.url)
  })
  afterAll(async () => {
    await host.end()
    await observer.end()
    await database.drop()
  })
  beforeEach(async () => {
    await observer.sql('delete from item')
    await observer.sql('drop table if exists made')
  })
  const rows = () => observer.sql('select n from item order by n')

  test.each(server.endings)('%s: nothing more is let in', async sql => {
    const tx = transactions(host.root)
    const late: unknown[] = []
    const running = tx.run(async t => {
      await host.send(t.orm, 'insert into item values (1)')
      await host.send(t.orm, sql).catch(() => {})
      late.push(await failureIn(host.send(t.orm, 'insert into item values (2)')))
      throw new Error('mine')
    })
    expect(codeBelow(await failureIn(running))).toBe('TRANSACTION_FINISHED')
    expect(late.map(codeBelow)).toEqual(['TRANSACTION_FINISHED'])
    const kept = sql.includes('rollback') ? [] : [{ n: 1 }]
    expect(await rows()).toEqual(kept)
    expect(tx.active()).toEqual([])
    await tx.run(async t => void (await host.send(t.orm, 'insert into item values (3)')))
    expect(await rows()).toEqual([...kept, { n: 3 }])
  })

  test.each(server.endings)('%s as the last statement is told as no commit', async sql => {
    const tx = transactions(host.root)
    const told: string[] = []
    const running = tx.run(async t => {
      t.afterCommit(() => void told.push('committed'))
      await host.send(t.orm, 'insert into item values (1)')
      await host.send(t.orm, sql).catch(() => {})
    })
    expect(codeBelow(await failureIn(running))).toBe('TRANSACTION_FINISHED')
    expect(told).toEqual([])
    expect(tx.active()).toEqual([])
  })

  test('a nested one whose savepoint a statement has dropped: all is rolled back, for nobody can take back its part', async () => {
    const tx = transactions(host.root)
    const inner: unknown[] = []
    const running = tx.run(async t => {
      await host.send(t.orm, 'insert into item values (1)')
      await host.send(t.orm, 'savepoint mine')
      const nested = tx.run({ mode: 'nested' }, async n => {
        await host.send(n.orm, 'insert into item values (2)')
        await host.send(n.orm, 'rollback to savepoint mine')
        await host.send(n.orm, 'insert into item values (3)')
      })
      inner.push(await failureIn(nested))
    })
    const failure = await failureIn(running)
    expect(inner).toHaveLength(1)
    expect(failure).toMatchObject({ name: 'PillionError' })
    expect(await rows()).toEqual([])
    expect(tx.active()).toEqual([])
    await tx.run(async t => void (await host.send(t.orm, 'insert into item values (4)')))
    expect(await rows()).toEqual([{ n: 4 }])
  })

  test('what does not end it is let through', async () => {
    await transactions(host.root).run(async t => {
      for (const sql of server.harmless) await host.send(t.orm, sql)
    })
    expect(await rows()).toEqual([{ n: 7 }])
  })
})

for (const { name, create } of mysqlGrounds()) {
  test(`a file is not imported inside of a transaction by mariadb on ${name}`, async () => {
    const database = await create()
    const pool = createMariadbPool({ ...optionsOf(database.url), connectionLimit: 1 })
    await pool.query('create table item (n int)')
    await transactions(pool).run(async t => {
      await t.orm.query('insert into item values (1)')
      expect(await failureIn(t.orm.importFile({ file: 'any.sql' }))).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
      await t.orm.query('insert into item values (2)')
    })
    expect(await pool.query('select n from item order by n')).toEqual([{ n: 1 }, { n: 2 }])
    await pool.end()
    await database.drop()
  })
}
