/**
 * Trouble at the worst moments: connections that break under BEGIN, and under COMMIT before or after the server got it; and a BEGIN
 * that the server refuses.
 */
import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/mariadb'
import { PrismaMariaDb } from '@prisma/adapter-mariadb'
import { sql as rawDrizzle } from 'drizzle-orm'
import { drizzle as drizzleMysql2 } from 'drizzle-orm/mysql2'
import { drizzle } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import knexOf, { type Knex } from 'knex'
import { Kysely, MysqlDialect, PostgresDialect, sql as rawKysely } from 'kysely'
import mariadb from 'mariadb'
import { createPool } from 'mysql2'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import { transactions } from 'pillion/transaction'
import postgresJs from 'postgres'
import { Sequelize, type Transaction as SequelizeTransaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import { mikroOrmOn, NoteEntity, poolOf } from '../hosts/fixtures/mikro-orm.js'
import { poolOf as poolOfSequelize } from '../hosts/fixtures/sequelize.js'
import { describeOnMysql, optionsOf } from '../hosts/mysql-observer.js'
import { prismaOn } from '../hosts/fixtures/prisma.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { type BreakingProxy, breakingProxy } from './breaking-proxy.js'
import { outOf } from './servers.js'

interface Opened {
  readonly root: object
  /** The word that it begins with. */
  readonly begin: string
  insert(orm: unknown, body: string): Promise<unknown>
  /** False where it leaves its savepoints to the end of the transaction. */
  readonly releases?: false
  /** Connections that are out of the pool, where the host tells. */
  readonly out?: () => number
  close(): Promise<unknown>
}

type Open = (url: string) => Promise<Opened>

const onPostgres: Readonly<Record<string, Open>> = {
  async pg(url) {
    const pool = new Pool({ connectionString: url, max: 2 })
    pool.on('error', () => {})
    return {
      root: pool,
      begin: 'BEGIN',
      insert: (orm, body) => (orm as Client).query('insert into note values ($1)', [body]),
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
  async Drizzle(url) {
    const pool = new Pool({ connectionString: url, max: 2 })
    pool.on('error', () => {})
    const orm = drizzle(pool)
    return {
      root: orm,
      begin: 'BEGIN',
      insert: (tx, body) => (tx as typeof orm).execute(rawDrizzle`insert into note values (${body})`),
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
  async TypeORM(url) {
    const dataSource = await new DataSource({ type: 'postgres', url, extra: { max: 2 } }).initialize()
    const { master } = dataSource.driver as unknown as { master: Pool }
    return {
      root: dataSource,
      begin: 'START TRANSACTION',
      insert: (orm, body) => (orm as EntityManager).query('insert into note values ($1)', [body]),
      out: () => master.totalCount - master.idleCount,
      close: () => dataSource.destroy(),
    }
  },
  Knex: url => knexOn('pg', url),
  Sequelize: url => sequelizeOn(new Sequelize(url, { logging: false, pool: { max: 2 } })),
  async Kysely(url) {
    const pool = listening(new Pool({ connectionString: url, max: 2 }))
    const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
    return {
      root: kysely,
      begin: 'begin',
      insert: (orm, body) => insertBy(orm as Kysely<unknown>, body),
      out: () => pool.totalCount - pool.idleCount,
      close: () => kysely.destroy(),
    }
  },
  async MikroORM(url) {
    const orm = await mikroOrmOn(url, { pool: { min: 0, max: 2 }, allowGlobalContext: true })
    const pool = listening(await poolOf(orm))
    return {
      root: orm,
      begin: 'begin',
      insert: (em, body) => (em as Manager).execute('insert into note values (?)', [body]),
      out: () => pool.totalCount - pool.idleCount,
      close: () => orm.close(),
    }
  },
  async 'postgres.js'(url) {
    const sql = postgresJs(url, { max: 2, onnotice: () => {} })
    return {
      root: sql,
      begin: 'begin',
      releases: false,
      insert: async (tag, body) => (tag as typeof sql)`insert into note values (${body})`,
      close: () => sql.end({ timeout: 1 }),
    }
  },
  async 'Drizzle over postgres.js'(url) {
    const sql = postgresJs(url, { max: 2, onnotice: () => {} })
    const orm = drizzlePostgresJs(sql)
    return {
      root: orm,
      begin: 'begin',
      releases: false,
      insert: (tx, body) => (tx as typeof orm).execute(rawDrizzle`insert into note values (${body})`),
      close: () => sql.end({ timeout: 1 }),
    }
  },
  async Prisma(url) {
    const pool = listening(new Pool({ connectionString: url, max: 2 }))
    const prisma = prismaOn(pool, generated.postgres())
    return {
      root: prisma,
      begin: 'BEGIN',
      insert: async (orm, body) => (orm as Prisma).$executeRawUnsafe(`insert into note values ('${body}')`),
      out: () => pool.totalCount - pool.idleCount,
      async close() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  },
}

const onMysql: Readonly<Record<string, Open>> = {
  async mysql2(uri) {
    const pool = createPool({ uri, connectionLimit: 2 })
    return {
      root: pool.promise(),
      begin: 'START TRANSACTION',
      insert: (orm, body) => (orm as Querying).query('insert into note values (?)', [body]),
      out: () => outOf(pool),
      close: () => pool.promise().end(),
    }
  },
  async mariadb(url) {
    const pool = mariadb.createPool({ ...optionsOf(url), connectionLimit: 2 })
    return {
      root: pool,
      begin: 'START TRANSACTION',
      insert: (orm, body) => (orm as Querying).query('insert into note values (?)', [body]),
      out: () => pool.activeConnections(),
      close: () => pool.end(),
    }
  },
  async TypeORM(url) {
    const dataSource = await new DataSource({ type: 'mariadb', url, poolSize: 2 }).initialize()
    return {
      root: dataSource,
      begin: 'START TRANSACTION',
      insert: (orm, body) => (orm as EntityManager).query('insert into note values (?)', [body]),
      out: () => outOf((dataSource.driver as unknown as { pool: object }).pool),
      close: () => dataSource.destroy(),
    }
  },
  Knex: url => knexOn('mysql2', url),
  async Kysely(uri) {
    const pool = createPool({ uri, connectionLimit: 2 })
    const kysely = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) })
    return {
      root: kysely,
      begin: 'begin',
      insert: (orm, body) => insertBy(orm as Kysely<unknown>, body),
      out: () => outOf(pool),
      close: () => kysely.destroy(),
    }
  },
  async MikroORM(clientUrl) {
    const options = { clientUrl, entities: [NoteEntity], pool: { min: 0, max: 2 }, allowGlobalContext: true }
    const orm = await MikroORM.init(defineConfig(options))
    const pool = await orm.em.getConnection().getNativeClient()
    return {
      root: orm,
      begin: 'begin',
      insert: (em, body) => (em as Manager).execute('insert into note values (?)', [body]),
      out: () => outOf(pool),
      close: () => orm.close(),
    }
  },
  async Sequelize(url) {
    const { user: username, ...rest } = optionsOf(url)
    return sequelizeOn(new Sequelize({ ...rest, username, dialect: 'mysql', logging: false, pool: { max: 2 } }))
  },
  async Drizzle(uri) {
    const pool = createPool({ uri, connectionLimit: 2 })
    const orm = drizzleMysql2({ client: pool })
    return {
      root: orm,
      begin: 'START TRANSACTION',
      insert: (tx, body) => (tx as typeof orm).execute(rawDrizzle`insert into note values (${body})`),
      out: () => outOf(pool),
      close: () => pool.promise().end(),
    }
  },
  async Prisma(url) {
    const pool = mariadb.createPool({ ...optionsOf(url), connectionLimit: 2 })
    // the adapter's types are those of a copy of its own
    const adapter = new PrismaMariaDb(pool as never)
    const prisma = new (generated.mysql().PrismaClient)({ adapter })
    return {
      root: prisma,
      begin: 'BEGIN',
      // on MySQL there is none, as its adapter is by default
      releases: false,
      insert: async (orm, body) => (orm as Prisma).$executeRawUnsafe(`insert into note values ('${body}')`),
      out: () => pool.activeConnections(),
      async close() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  },
}

async function sequelizeOn(sequelize: Sequelize): Promise<Opened> {
  const pool = poolOfSequelize(sequelize)
  return {
    root: sequelize,
    begin: 'START TRANSACTION',
    insert: (orm, body) =>
      sequelize.query('insert into note values (?)', {
        replacements: [body],
        transaction: orm as SequelizeTransaction,
      }),
    out: () => pool.size - pool.available,
    close: () => sequelize.close(),
  }
}

async function knexOn(client: 'pg' | 'mysql2', connection: string): Promise<Opened> {
  const knex = knexOf({ client, connection, pool: { min: 0, max: 2 } })
  const { pool } = knex.client as { pool: { numUsed(): number } }
  return {
    root: knex,
    begin: 'BEGIN',
    insert: async (orm, body) => (orm as Knex)('note').insert({ body }),
    out: () => pool.numUsed(),
    close: () => knex.destroy(),
  }
}

interface Manager {
  execute(sql: string, values: unknown[]): Promise<unknown>
}

interface Querying {
  query(sql: string, values: unknown[]): Promise<unknown>
}

/** Of its connections that are out of it nobody hears but the transaction. */
function listening(pool: Pool): Pool {
  pool.on('error', () => {})
  return pool
}

function insertBy(kysely: Kysely<unknown>, body: string): Promise<unknown> {
  return kysely.executeQuery(rawKysely`insert into note values (${body})`.compile(kysely))
}

const generated = { postgres: generating('postgresql'), mysql: generating('mysql') }

/** A client that is there when the tests run. */
function generating(provider: string): () => GeneratedPrisma {
  let made: GeneratedPrisma
  beforeAll(async () => {
    made = await generatePrisma(provider)
  })
  afterAll(() => made.remove())
  return () => made
}

interface Observer {
  bodies(): Promise<readonly string[]>
  query(sql: string): Promise<unknown>
  end(): Promise<void>
}

async function observingPostgres(url: string): Promise<Observer> {
  const client = new Client(url)
  await client.connect()
  return {
    bodies: async () => (await client.query<{ body: string }>('select body from note')).rows.map(row => row.body),
    query: sql => client.query(sql),
    end: () => client.end(),
  }
}

async function observingMysql(url: string): Promise<Observer> {
  const client = await createConnection(url)
  return {
    bodies: async () =>
      (await client.query<(RowDataPacket & { body: string })[]>('select body from note'))[0].map(row => row.body),
    query: sql => client.query(sql),
    end: () => client.end(),
  }
}

describe('over PostgreSQL', () => troubles(onPostgres, createDatabase, observingPostgres))
describeOnMysql(({ create }) => troubles(onMysql, create, observingMysql))

function troubles(
  hosts: Readonly<Record<string, Open>>,
  create: () => Promise<Database>,
  observing: (url: string) => Promise<Observer>,
): void {
  let database: Database
  let observer: Observer
  let proxy: BreakingProxy
  beforeAll(async () => {
    database = await create()
    observer = await observing(database.url)
    await observer.query('create table note (body varchar(100))')
    proxy = await breakingProxy(database.url)
  })
  afterAll(async () => {
    await proxy.close()
    await observer.end()
    await database.drop()
  })

  /** Those that hand out no connection have none to drop. */
  const handingOut = Object.entries(hosts).filter(([name]) => !/^(Kysely|MikroORM|Prisma|.*postgres\.js)$/.test(name))

  test.each([
    ['under a statement', (host: Opened, t: { readonly orm: unknown }) => host.insert(t.orm, 'unheard')],
    ['under ROLLBACK', () => new Promise(() => {})],
  ])('a server that answers nothing any more %s keeps nobody past the timeout for ever', async (_, work) => {
    proxy.silenceBehind('last words')
    const left = await Promise.all(
      handingOut.map(async ([name, open]) => {
        const host = await open(proxy.url)
        const tx = transactions(host.root)
        const told = await tx
          .run({ timeout: 100 }, async t => {
            await host.insert(t.orm, 'last words')
            await work(host, t)
          })
          .catch((error: { readonly code?: unknown }) => error.code)
        const { length: active } = tx.active()
        await waitFor(() => expect(host.out?.() ?? 0).toBe(0))
        await tx.run(t => host.insert(t.orm, 'next'))
        await host.close()
        return { name, told, active }
      }),
    )
    proxy.silenceBehind('none')
    expect(left).toEqual(handingOut.map(([name]) => ({ name, told: 'TRANSACTION_TIMED_OUT', active: 0 })))
    await waitFor(async () => expect(await observer.bodies()).toEqual(handingOut.map(() => 'next')))
    await observer.query('delete from note')
  })

  test('a network that is away keeps nobody past the timeout for ever, though whoever is to stop the statement gets no answer either', async () => {
    const left = await Promise.all(
      handingOut.map(async ([name, open]) => {
        const way = await breakingProxy(database.url)
        const host = await open(way.url)
        const tx = transactions(host.root)
        // two connections are there: one is for the statement, one to stop it by
        const both = await Promise.all([tx.begin(), tx.begin()])
        await Promise.all(both.map(t => t.rollback()))
        const told = await tx
          .run({ timeout: 100 }, async t => {
            await host.insert(t.orm, 'before')
            way.silence()
            await host.insert(t.orm, 'unheard')
          })
          .catch((error: { readonly code?: unknown }) => error.code)
        const { length: active } = tx.active()
        await way.close()
        await waitFor(() => expect(host.out?.() ?? 0).toBe(0))
        await host.close()
        return { name, told, active }
      }),
    )
    expect(left).toEqual(handingOut.map(([name]) => ({ name, told: 'TRANSACTION_TIMED_OUT', active: 0 })))
    expect(await observer.bodies()).toEqual([])
  })

  /** Those that tell which connection it is while BEGIN is under way: Kysely does of `pg` alone. */
  const silent = hosts === onPostgres ? /^(Prisma|.*postgres\.js)$/ : /^(Prisma|Kysely|MikroORM)$/
  const telling = Object.entries(hosts).filter(([name]) => !silent.test(name))

  test('BEGIN that is never answered is no want of connections: it is told, and the connection is given up', async () => {
    const left = await Promise.all(
      telling.map(async ([name, open]) => {
        const way = await breakingProxy(database.url)
        const host = await open(way.url)
        const tx = transactions(host.root)
        // all that the pool has, as a firewall leaves them that have been idle
        const all = await Promise.all([tx.begin(), tx.begin()])
        way.silenceBehind(host.begin === 'begin' ? 'rollback' : 'ROLLBACK')
        await Promise.all(all.map(t => t.rollback()))
        way.silenceBehind('none')
        const asking = (): Promise<unknown> => tx.run({ acquireTimeout: 100 }, t => host.insert(t.orm, 'never'))
        const errors = await Promise.all([1, 2].map(() => asking().catch((reason: unknown) => reason)))
        await waitFor(() => expect(host.out?.()).toBe(0))
        await tx.run(t => host.insert(t.orm, 'next'))
        await host.close()
        await way.close()
        return { name, errors }
      }),
    )
    const told = expect.stringMatching(/asked for at .*lost\.test\.ts.* not answered BEGIN/)
    const error = expect.objectContaining({ code: 'CONNECTION_UNAVAILABLE', summary: told })
    expect(left).toEqual(telling.map(([name]) => ({ name, errors: [error, error] })))
    expect(await observer.bodies()).toEqual(telling.map(() => 'next'))
    await observer.query('delete from note')
  })

  describe.each(Object.entries(hosts))('on %s', (_, open) => {
    let host: Opened
    afterEach(async () => {
      proxy.garble('')
      await waitFor(() => expect(host.out?.() ?? 0).toBe(0))
      await host.close()
      await observer.query('delete from note')
    })

    test.each([
      { by: 'end', passed: false, committed: [] },
      { by: 'end', passed: true, committed: ['x'] },
      { by: 'reset', passed: false, committed: [] },
      { by: 'reset', passed: true, committed: ['x'] },
    ] as const)('lost inside COMMIT by $by, which the server got: $passed', async ({ by, passed, committed }) => {
      host = await open(proxy.url)
      const outcome = transactions(host.root).run({ name: 'payment' }, async t => {
        await host.insert(t.orm, 'x')
        proxy.breakAt(host.begin === 'begin' ? 'commit' : 'COMMIT', passed, by)
      })
      await expect(outcome).rejects.toMatchObject({
        code: 'COMMIT_UNKNOWN',
        summary: expect.stringMatching(/begun at .*lost\.test\.ts.*is not known/),
      })
      await waitFor(async () => expect(await observer.bodies()).toEqual(committed))
    })

    test('lost where a nested one ends is told as that: no savepoint is missed', async ({ skip }) => {
      host = await open(proxy.url)
      skip(host.releases === false, 'it releases none')
      const tx = transactions(host.root)
      const outcome = tx.run(async t => {
        await host.insert(t.orm, 'outer')
        await tx.run({ mode: 'nested' }, async inner => {
          await host.insert(inner.orm, 'inner')
          proxy.breakAt('RELEASE', false)
        })
      })
      await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
      expect(tx.active()).toEqual([])
      await waitFor(async () => expect(await observer.bodies()).toEqual([]))
    })

    test.each([
      ['inside of it', 'rollback'],
      ['before it', 'last words'],
    ])('lost under a handle that is rolled back, %s, is told as that, if at all', async (_, at) => {
      host = await open(proxy.url)
      const tx = transactions(host.root)
      const t = await tx.begin()
      await host.insert(t.orm, 'x')
      proxy.breakAt(at === 'rollback' && host.begin !== 'begin' ? 'ROLLBACK' : at, false)
      if (at === 'last words') await host.insert(t.orm, at).catch(() => {})
      const told = await t.rollback().then(
        () => 'rolled back',
        (error: { readonly code?: unknown }) => error.code,
      )
      expect(['rolled back', 'CONNECTION_LOST']).toContain(told)
      expect(tx.active()).toEqual([])
      await tx.run(next => host.insert(next.orm, 'next'))
      expect(await observer.bodies()).toEqual(['next'])
    })

    test.each(['end', 'reset'] as const)(
      'lost under BEGIN by %s: nothing is kept, and the next one works',
      async by => {
        host = await open(proxy.url)
        const tx = transactions(host.root)
        await tx.run(t => host.insert(t.orm, 'before'))
        proxy.breakAt(host.begin, false, by)
        const outcomes = await Promise.allSettled([1, 2, 3].map(() => tx.run(t => host.insert(t.orm, 'x'))))
        const lost = { status: 'rejected', reason: expect.objectContaining({ code: 'CONNECTION_LOST' }) }
        expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([lost])
        expect(tx.active()).toEqual([])
        expect(await observer.bodies()).toHaveLength(3)
      },
    )

    test('BEGIN that the server refuses, more often than there are connections: nothing is kept', async () => {
      host = await open(proxy.url)
      const tx = transactions(host.root)
      for (let i = 0; i < 4; i++) {
        proxy.garble(host.begin)
        const refused = { code: 'STATEMENT_FAILED', message: expect.stringContaining('syntax') }
        await expect(tx.run(t => host.insert(t.orm, 'never'))).rejects.toMatchObject(refused)
      }
      expect(tx.active()).toEqual([])
      await tx.run(t => host.insert(t.orm, 'x'))
      expect(await observer.bodies()).toEqual(['x'])
    })
  })
}
