/**
 * Connections that break at the worst moments: under BEGIN, and under COMMIT before or after the server got it.
 */
import 'reflect-metadata'
import { sql as raw } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import knexOf, { type Knex } from 'knex'
import { Client, Pool } from 'pg'
import { transactions } from 'pillion/transaction'
import { Sequelize, type Transaction as SequelizeTransaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { type BreakingProxy, breakingProxy } from './breaking-proxy.js'

interface Opened {
  readonly root: object
  /** The word that it begins with. */
  readonly begin: string
  insert(orm: unknown, body: string): Promise<unknown>
  /** Connections that are out of the pool. */
  out(): number
  close(): Promise<unknown>
}

const hosts: Readonly<Record<string, (url: string) => Promise<Opened>>> = {
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
      insert: (tx, body) => (tx as typeof orm).execute(raw`insert into note values (${body})`),
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
  async Knex(url) {
    const knex = knexOf({ client: 'pg', connection: url, pool: { min: 0, max: 2 } })
    const { pool } = knex.client as { pool: { numUsed(): number } }
    return {
      root: knex,
      begin: 'BEGIN',
      insert: async (orm, body) => (orm as Knex)('note').insert({ body }),
      out: () => pool.numUsed(),
      close: () => knex.destroy(),
    }
  },
  async Sequelize(url) {
    const sequelize = new Sequelize(url, { logging: false, pool: { max: 2 } })
    const { pool } = (sequelize as unknown as { connectionManager: { pool: { size: number; available: number } } })
      .connectionManager
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
  },
}

let database: Awaited<ReturnType<typeof createDatabase>>
let observer: Client
let proxy: BreakingProxy
beforeAll(async () => {
  database = await createDatabase()
  observer = new Client(database.url)
  await observer.connect()
  await observer.query('create table note (body text)')
  proxy = await breakingProxy(database.url)
})
afterAll(async () => {
  await proxy.close()
  await observer.end()
  await database.drop()
})

describe.each(Object.entries(hosts))('on %s', (_, open) => {
  let host: Opened
  afterEach(async () => {
    await vi.waitFor(() => expect(host.out()).toBe(0))
    await host.close()
    await observer.query('delete from note')
  })
  const bodies = async (): Promise<string[]> =>
    (await observer.query<{ body: string }>('select body from note')).rows.map(row => row.body)

  test.each([
    { passed: false, committed: [] },
    { passed: true, committed: ['x'] },
  ])('lost inside COMMIT, which the server got: $passed', async ({ passed, committed }) => {
    host = await open(proxy.url)
    const outcome = transactions(host.root).run({ name: 'payment' }, async t => {
      await host.insert(t.orm, 'x')
      proxy.breakAt('COMMIT', passed)
    })
    await expect(outcome).rejects.toMatchObject({
      code: 'COMMIT_UNKNOWN',
      summary: expect.stringMatching(/begun at .*lost\.test\.ts.*is not known/),
    })
    await vi.waitFor(async () => expect(await bodies()).toEqual(committed))
  })

  test('lost under BEGIN: nothing is kept, and the next one works', async () => {
    host = await open(proxy.url)
    const tx = transactions(host.root)
    await tx.run(t => host.insert(t.orm, 'before'))
    proxy.breakAt(host.begin, false)
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => tx.run(t => host.insert(t.orm, 'x'))))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(tx.active()).toEqual([])
    expect(await bodies()).toHaveLength(3)
  })
})
