/** Who runs one statement in a transaction, and how: each with a pool of one connection to itself. @module */
import 'reflect-metadata'
import { TransactionHost } from '@nestjs-cls/transactional'
import { defineConfig, MikroORM, type SqlEntityManager } from '@mikro-orm/postgresql'
import { EntitySchema } from '@mikro-orm/core'
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { ClsServiceManager } from 'nestjs-cls'
import type pg from 'pg'
import { transactions } from 'pillion/transaction'
import { DataSource } from 'typeorm'
import {
  addTransactionalDataSource,
  initializeTransactionalContext,
  runInTransaction,
  StorageDriver,
} from 'typeorm-transactional'
import { onBetterSqlite3, onMariadb, onMysql2, onPostgresJs } from './drivers.js'
import { poolOn } from './pool.js'

/** One transaction around one statement. */
export interface Contender {
  readonly name: string
  /** Whom its time is compared with: the same host, by its own means. */
  readonly beside: string
  once(sql: string): Promise<unknown>
}

/** What the one statement is. */
export interface Statements {
  /** The least that there is to do. */
  readonly read: string
  /** One row, which the server has on its disk when it answers COMMIT. */
  readonly write: string
}

/**
 * Those who share one connection: two connections have two processes of the server's behind them, and which processor those are
 * put on makes more of a difference than what is measured.
 */
export interface Field extends AsyncDisposable {
  readonly statements: Statements
  readonly contenders: readonly Contender[]
}

function onDriver(url: string): Field {
  const pool = poolOn(url, 1)
  return {
    statements,
    contenders: [byHand('pg by hand', pool), byHand('pg by hand, again', pool), onPg(pool)],
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

const statements: Statements = Object.freeze({
  read: 'select title from interview where id = 1',
  write: 'insert into written values (1) returning n',
})

/** By the driver's own calls, as everybody would write it. */
function byHand(name: string, pool: pg.Pool): Contender {
  return {
    name,
    beside: 'pg by hand',
    async once(sql) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await client.query(sql)
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
  }
}

function onPg(pool: pg.Pool): Contender {
  const tx = transactions(pool)
  return {
    name: 'pillion on pg',
    beside: 'pg by hand',
    once: sql => tx.run(t => t.orm.query(sql)),
  }
}

/** By `@nestjs-cls/transactional`, with an adapter that does on `pg` what everybody would write. */
function onNest(url: string): Field {
  const pool = poolOn(url, 1)
  const host = new TransactionHost({
    connectionName: undefined,
    enableTransactionProxy: false,
    defaultTxOptions: {},
    extraProviderTokens: [],
    getFallbackInstance: () => pool,
    async wrapWithTransaction(_options: unknown, work: () => Promise<unknown>, set: (client: unknown) => void) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        set(client)
        const result = await work()
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
  } as never)
  const once = (sql: string): Promise<unknown> =>
    ClsServiceManager.getClsService().run(() =>
      host.withTransaction(() => (host.tx as unknown as pg.PoolClient).query(sql)),
    )
  return {
    statements,
    contenders: [byHand('pg by hand', pool), { name: '@nestjs-cls on pg', beside: 'pg by hand', once }],
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

async function onTypeorm(url: string): Promise<Field> {
  const open = (): Promise<DataSource> => new DataSource({ type: 'postgres', url, extra: { max: 1 } }).initialize()
  initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE })
  // what typeorm-transactional has patched is no longer TypeORM alone: it has a connection of its own
  const [plain, tapped] = [await open(), addTransactionalDataSource(await open())]
  const tx = transactions(plain)
  const beside = 'TypeORM'
  return {
    statements,
    contenders: [
      { name: 'TypeORM', beside, once: sql => plain.transaction(manager => manager.query(sql)) },
      { name: 'typeorm-transactional', beside, once: sql => runInTransaction(() => tapped.query(sql), {}) },
      { name: 'pillion on TypeORM', beside, once: sql => tx.run(t => t.orm.query(sql)) },
    ],
    [Symbol.asyncDispose]: async () => void (await Promise.all([plain.destroy(), tapped.destroy()])),
  }
}

async function onMikroOrm(url: string): Promise<Field> {
  const entity = new EntitySchema({ name: 'Interview', properties: { id: { type: 'integer', primary: true } } })
  const orm = await MikroORM.init(
    defineConfig({ clientUrl: url, entities: [entity], pool: { min: 0, max: 1 }, allowGlobalContext: true }),
  )
  const pool = (await orm.em.getConnection().getNativeClient()) as pg.Pool
  pool.on('connect', client => client.on('error', () => {}))
  const tx = transactions(orm)
  const beside = 'MikroORM'
  const within =
    (sql: string) =>
    (em: unknown): Promise<unknown> =>
      (em as SqlEntityManager).execute(sql)
  return {
    statements,
    contenders: [
      { name: 'MikroORM', beside, once: sql => orm.em.fork().transactional(within(sql)) },
      { name: 'pillion on MikroORM', beside, once: sql => tx.run(t => within(sql)(t.orm)) },
    ],
    [Symbol.asyncDispose]: () => orm.close(),
  }
}

function onKysely(url: string): Field {
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOn(url, 1) }) })
  const tx = transactions(kysely)
  const beside = 'Kysely'
  return {
    statements,
    contenders: [
      {
        name: 'Kysely',
        beside,
        once: sql => kysely.transaction().execute(trx => trx.executeQuery(CompiledQuery.raw(sql))),
      },
      { name: 'pillion on Kysely', beside, once: sql => tx.run(t => t.orm.executeQuery(CompiledQuery.raw(sql))) },
    ],
    [Symbol.asyncDispose]: () => kysely.destroy(),
  }
}

/** Where the databases are; nowhere, where there is none or none was asked for. */
export interface Places {
  readonly postgres: string
  readonly mariadb: string | undefined
  readonly sqlite: string | undefined
}

/** In the order in which they are measured. */
export const fields = [
  'pg',
  '@nestjs-cls',
  'TypeORM',
  'MikroORM',
  'Kysely',
  'postgres.js',
  'mysql2',
  'mariadb',
  'better-sqlite3',
] as const

/**
 * Who is compared with whom, opened one after the other: what one host has the engine's code for a transaction expect makes it slower
 * for the next, and each `AsyncLocalStorage` in use makes all promises dearer. `pg by hand` takes part twice: how far the two are apart is noise.
 */
export function fieldsOn({ postgres, mariadb, sqlite }: Places): readonly Opening[] {
  const openings: Readonly<Record<(typeof fields)[number], Opening['open'] | undefined>> = {
    pg: () => onDriver(postgres),
    '@nestjs-cls': () => onNest(postgres),
    TypeORM: () => onTypeorm(postgres),
    MikroORM: () => onMikroOrm(postgres),
    Kysely: () => onKysely(postgres),
    'postgres.js': () => onPostgresJs(postgres),
    mysql2: mariadb === undefined ? undefined : () => onMysql2(mariadb),
    mariadb: mariadb === undefined ? undefined : () => onMariadb(mariadb),
    'better-sqlite3': sqlite === undefined ? undefined : () => onBetterSqlite3(sqlite),
  }
  return fields.flatMap(name => {
    const open = openings[name]
    return open === undefined ? [] : [{ name, open }]
  })
}

export interface Opening {
  readonly name: string
  open(): Field | Promise<Field>
}
