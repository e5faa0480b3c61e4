/**
 * A transaction of the host's own inside of pillion's, which nobody awaits: committed with the outer one it would be half done, and
 * what it writes later somebody else's.
 */
import 'reflect-metadata'
import { EntitySchema, MikroORM, type EntityManager as MikroManager } from '@mikro-orm/postgresql'
import { sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import knexOf, { type Knex } from 'knex'
import { Client, Pool } from 'pg'
import { transactions } from 'pillion/transaction'
import postgresJs, { type Sql } from 'postgres'
import { DataTypes, Sequelize, type Transaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { prismaOn } from '../hosts/fixtures/prisma.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { failureIn } from './suite.js'

type Send = (sql: string) => Promise<unknown>

/** A host of one connection. */
interface Opened {
  readonly root: object
  /** A statement by the host's own object. */
  send(orm: unknown, sql: string): Promise<unknown>
  /** A transaction of the host's own inside of that object's. */
  nest(orm: unknown, work: (send: Send) => Promise<void>): Promise<unknown>
  /** It leaves its own open by itself: nobody can tell whether they are done. */
  readonly leavesOpen?: true
  /** A nested one of pillion's inside of its own is not to be had. */
  readonly nestsNone?: true
  end(): Promise<unknown>
}

let prismaClient: GeneratedPrisma
beforeAll(async () => {
  prismaClient = await generatePrisma()
})
afterAll(() => prismaClient.remove())

const hosts: Readonly<Record<string, (url: string) => Promise<Opened>>> = {
  async TypeORM(url) {
    const dataSource = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize()
    return {
      root: dataSource,
      send: (orm, text) => (orm as EntityManager).query(text),
      nest: (orm, work) => (orm as EntityManager).transaction(inner => work(text => inner.query(text))),
      end: () => dataSource.destroy(),
    }
  },
  async Sequelize(url) {
    const root = new Sequelize(url, { logging: false, pool: { max: 1 } })
    const send = (orm: unknown, text: string) => root.query(text, { transaction: orm as Transaction })
    return {
      root,
      send,
      leavesOpen: true,
      nest: (orm, work) =>
        root.transaction({ transaction: orm as Transaction }, inner => work(text => send(inner, text))),
      end: () => root.close(),
    }
  },
  async Knex(url) {
    const root = knexOf({ client: 'pg', connection: url, pool: { min: 0, max: 1 } })
    const send = async (orm: unknown, text: string) => await (orm as Knex).raw(text)
    return {
      root,
      nestsNone: true,
      send,
      nest: async (orm, work) => await (orm as Knex).transaction(inner => work(text => send(inner, text))),
      end: () => root.destroy(),
    }
  },
  async Drizzle(url) {
    const pool = new Pool({ connectionString: url, max: 1 })
    const send = (orm: unknown, text: string) => (orm as NodePgDatabase).execute(sql.raw(text))
    return {
      root: drizzle({ client: pool }),
      send,
      nest: (orm, work) => (orm as NodePgDatabase).transaction(inner => work(text => send(inner, text))),
      end: () => pool.end(),
    }
  },
  async Prisma(url) {
    const pool = new Pool({ connectionString: url, max: 1 })
    const prisma = prismaOn(pool, prismaClient)
    const send = async (orm: unknown, text: string) => await (orm as Prisma).$executeRawUnsafe(text)
    return {
      root: prisma,
      nestsNone: true,
      send,
      nest: (orm, work) =>
        (orm as { $transaction(work: (inner: unknown) => Promise<unknown>): Promise<unknown> }).$transaction(inner =>
          work(text => send(inner, text)),
        ),
      async end() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  },
  async MikroORM(clientUrl) {
    const item = new EntitySchema<{ n: number }>({
      name: 'Item',
      tableName: 'item',
      properties: { n: { type: 'integer', primary: true } },
    })
    const root = await MikroORM.init({ clientUrl, entities: [item], pool: { max: 1 }, logger: () => {} })
    const send = (orm: unknown, text: string) =>
      (orm as MikroManager).getConnection().execute(text, [], 'all', (orm as MikroManager).getTransactionContext())
    return {
      root,
      send,
      nest: (orm, work) => (orm as MikroManager).transactional(inner => work(text => send(inner, text))),
      end: () => root.close(),
    }
  },
  async 'postgres.js'(url) {
    const root = postgresJs(url, { max: 1, onnotice: () => {} })
    const send = async (orm: unknown, text: string) => await (orm as Sql).unsafe(text)
    return {
      root,
      nestsNone: true,
      send,
      nest: (orm, work) =>
        (orm as Sql & { savepoint(work: (inner: unknown) => Promise<unknown>): Promise<unknown> }).savepoint(inner =>
          work(text => send(inner, text)),
        ),
      end: () => root.end({ timeout: 1 }),
    }
  },
}

describe.each(Object.entries(hosts))("a transaction of %s's own inside", { timeout: 10_000 }, (_, open) => {
  let database: Database
  let observer: Client
  let host: Opened
  beforeAll(async () => {
    database = await createDatabase()
    observer = new Client(database.url)
    await observer.connect()
    await observer.query('create table item (n int primary key)')
    host = await open(database.url)
  })
  afterAll(async () => {
    await host.end()
    await observer.end()
    await database.drop()
  })
  beforeEach(() => observer.query('delete from item'))
  const rows = async () => (await observer.query('select n from item order by n')).rows.map(row => row.n as number)

  test('is part of it', async () => {
    await transactions(host.root).run(async t => {
      await host.send(t.orm, 'insert into item values (1)')
      await host.nest(t.orm, async send => void (await send('insert into item values (2)')))
      const refused = host.nest(t.orm, async send => {
        await send('insert into item values (3)')
        throw new Error('mine')
      })
      expect(await failureIn(refused)).toMatchObject({ message: 'mine' })
      await host.send(t.orm, 'insert into item values (4)')
    })
    expect(await rows()).toEqual([1, 2, 4])
  })

  test('may have a nested one of pillion’s inside, with its own inside of that, and goes on around it', async ({
    skip,
  }) => {
    skip(host.nestsNone === true)
    const tx = transactions(host.root)
    await tx.run(async t => {
      await host.nest(t.orm, async send => {
        await send('insert into item values (1)')
        await tx.run({ mode: 'nested' }, async inner => {
          await host.send(inner.orm, 'insert into item values (2)')
          await host.nest(inner.orm, async send => void (await send('insert into item values (3)')))
          const refused = host.nest(inner.orm, async send => {
            await send('insert into item values (4)')
            throw new Error('mine')
          })
          expect(await failureIn(refused)).toMatchObject({ message: 'mine' })
        })
        await send('insert into item values (5)')
      })
    })
    expect(await rows()).toEqual([1, 2, 3, 5])
  })

  test('that may have no nested one of pillion’s inside says so, and is rolled back by its failure', async ({
    skip,
  }) => {
    skip(host.nestsNone !== true)
    const tx = transactions(host.root)
    const refused = tx.run(t =>
      host.nest(t.orm, async send => {
        await send('insert into item values (1)')
        await tx.run({ mode: 'nested' }, inner => host.send(inner.orm, 'insert into item values (2)'))
      }),
    )
    expect(await failureIn(refused)).toBeDefined()
    expect(await rows()).toEqual([])
    await tx.run(t => host.send(t.orm, 'insert into item values (3)'))
    expect(await rows()).toEqual([3])
  })

  test('that is open at the commit: both are rolled back where that is told, and what comes later goes nowhere', async () => {
    const tx = transactions(host.root)
    const { promise: later, resolve: goOn } = deferred()
    const { promise: begun, resolve: hasBegun } = deferred()
    let inner: Promise<unknown> = Promise.resolve()
    const running = tx.run(async t => {
      await host.send(t.orm, 'insert into item values (1)')
      inner = failureIn(
        host.nest(t.orm, async send => {
          await send('insert into item values (2)')
          hasBegun()
          await later
          await send('insert into item values (3)')
        }),
      )
      await begun
    })
    const half = host.leavesOpen === true ? [1, 2] : []
    if (half.length > 0) await running
    else expect(await failureIn(running)).toMatchObject({ code: 'TRANSACTION_NESTED' })
    expect(await rows()).toEqual(half)
    const next = await tx.begin()
    await host.send(next.orm, 'insert into item values (10)')
    goOn()
    expect(await inner).toBeDefined()
    await host.send(next.orm, 'insert into item values (11)')
    await next.commit()
    expect(await rows()).toEqual([...half, 10, 11])
    expect(tx.active()).toEqual([])
  })
})

test('what Sequelize leaves open by itself is committed: findOrCreate', async () => {
  const database = await createDatabase()
  const sequelize = new Sequelize(database.url, { logging: false, pool: { max: 1 } })
  const item = sequelize.define('item', { n: DataTypes.INTEGER }, { timestamps: false })
  await sequelize.sync()
  await transactions(sequelize).run(async t => {
    const transaction = t.orm as unknown as Transaction
    await item.findOrCreate({ where: { n: 1 }, transaction })
    await item.findOrCreate({ where: { n: 1 }, transaction })
  })
  expect(await item.count()).toBe(1)
  await sequelize.close()
  await database.drop()
})

test('a manager of MikroORM neither leaves its transaction nor ends it', async () => {
  const database = await createDatabase()
  const host = await hosts['MikroORM']!(database.url)
  await transactions(host.root).run(async t => {
    const em = t.orm as MikroManager
    await host.send(em, 'create table kept (n int)')
    for (const method of ['begin', 'commit', 'rollback'] as const) {
      expect(await failureIn(em[method]())).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    }
    await host.send(em, 'insert into kept values (1)')
  })
  expect(await transactions(host.root).run(async t => host.send(t.orm, 'select n from kept'))).toEqual([{ n: 1 }])
  await host.end()
  await database.drop()
})

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve!: () => void
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
