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
import { poolOn } from './pool.js'

/** One transaction around one statement. */
export interface Contender {
  readonly name: string
  /** Whom its time is compared with: the same host, by its own means. */
  readonly beside: string
  once(): Promise<unknown>
  close(): Promise<unknown>
}

const sql = 'select title from interview where id = 1'

/** By the driver's own calls, as everybody would write it. */
function byHand(name: string, url: string): Contender {
  const pool = poolOn(url, 1)
  return {
    name,
    beside: 'pg by hand',
    async once() {
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
    close: () => pool.end(),
  }
}

function onPg(url: string): Contender {
  const pool = poolOn(url, 1)
  const tx = transactions(pool)
  return {
    name: 'pillion on pg',
    beside: 'pg by hand',
    once: () => tx.run(t => t.orm.query(sql)),
    close: () => pool.end(),
  }
}

/** By `@nestjs-cls/transactional`, with an adapter that does on `pg` what everybody would write. */
function onNest(url: string): Contender {
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
  return {
    name: '@nestjs-cls on pg',
    beside: 'pg by hand',
    once: () =>
      ClsServiceManager.getClsService().run(() =>
        host.withTransaction(() => (host.tx as unknown as pg.PoolClient).query(sql)),
      ),
    close: () => pool.end(),
  }
}

async function onTypeorm(url: string): Promise<Contender[]> {
  const open = (): Promise<DataSource> => new DataSource({ type: 'postgres', url, extra: { max: 1 } }).initialize()
  initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE })
  const [own, ridden] = [await open(), await open()]
  const tapped = addTransactionalDataSource(await open())
  const tx = transactions(ridden)
  return [
    {
      name: 'TypeORM',
      beside: 'TypeORM',
      once: () => own.transaction(manager => manager.query(sql)),
      close: () => own.destroy(),
    },
    {
      name: 'typeorm-transactional',
      beside: 'TypeORM',
      once: () => runInTransaction(() => tapped.query(sql), {}),
      close: () => tapped.destroy(),
    },
    {
      name: 'pillion on TypeORM',
      beside: 'TypeORM',
      once: () => tx.run(t => t.orm.query(sql)),
      close: () => ridden.destroy(),
    },
  ]
}

async function onMikroOrm(url: string): Promise<Contender[]> {
  const entity = new EntitySchema({ name: 'Interview', properties: { id: { type: 'integer', primary: true } } })
  const open = (): Promise<MikroORM> =>
    MikroORM.init(
      defineConfig({ clientUrl: url, entities: [entity], pool: { min: 0, max: 1 }, allowGlobalContext: true }),
    )
  const [own, ridden] = [await open(), await open()]
  for (const orm of [own, ridden]) {
    const pool = (await orm.em.getConnection().getNativeClient()) as pg.Pool
    pool.on('connect', client => client.on('error', () => {}))
  }
  const tx = transactions(ridden)
  return [
    {
      name: 'MikroORM',
      beside: 'MikroORM',
      once: () => own.em.fork().transactional(em => (em as SqlEntityManager).execute(sql)),
      close: () => own.close(),
    },
    {
      name: 'pillion on MikroORM',
      beside: 'MikroORM',
      once: () => tx.run(t => (t.orm as SqlEntityManager).execute(sql)),
      close: () => ridden.close(),
    },
  ]
}

function onKysely(url: string): Contender[] {
  const open = (): Kysely<unknown> => new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOn(url, 1) }) })
  const [own, ridden] = [open(), open()]
  const tx = transactions(ridden)
  return [
    {
      name: 'Kysely',
      beside: 'Kysely',
      once: () => own.transaction().execute(trx => trx.executeQuery(CompiledQuery.raw(sql))),
      close: () => own.destroy(),
    },
    {
      name: 'pillion on Kysely',
      beside: 'Kysely',
      once: () => tx.run(t => t.orm.executeQuery(CompiledQuery.raw(sql))),
      close: () => ridden.destroy(),
    },
  ]
}

/** `pg by hand` takes part twice: how far the two are apart is noise. */
export async function contendersOn(url: string): Promise<readonly Contender[]> {
  return [
    byHand('pg by hand', url),
    byHand('pg by hand, again', url),
    onPg(url),
    onNest(url),
    ...(await onTypeorm(url)),
    ...(await onMikroOrm(url)),
    ...onKysely(url),
  ]
}
