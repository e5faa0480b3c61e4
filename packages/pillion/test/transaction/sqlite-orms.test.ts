/**
 * ORMs over `better-sqlite3`: one connection and one writer, whatever stands in front of it.
 */
import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/sqlite'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import Sqlite from 'better-sqlite3'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { knexHost } from 'pillion/knex'
import { kyselyHost } from 'pillion/kysely'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { transactions } from 'pillion/transaction'
import { typeormHost } from 'pillion/typeorm'
import { Sequelize } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { sqlite, type Stage, tellingTransactions } from './servers.js'
import { failureIn, type Mount, saying, transactionSuite } from './suite.js'

let generated: GeneratedPrisma
beforeAll(async () => {
  generated = await generatePrisma('sqlite')
})
afterAll(() => generated.remove())

const hosts: Readonly<Record<string, (file: string) => Promise<Mount>>> = {
  async TypeORM(file) {
    const dataSource = await new DataSource({ type: 'better-sqlite3', database: file }).initialize()
    telling((dataSource.driver as unknown as { databaseConnection: Sqlite.Database }).databaseConnection)
    return {
      root: dataSource,
      host: typeormHost(dataSource),
      rows: (orm, sql) => (orm as EntityManager).query(sql),
      close: () => dataSource.destroy(),
    }
  },
  async Knex(filename) {
    const knex = knexOf({
      client: 'better-sqlite3',
      connection: { filename },
      useNullAsDefault: true,
      pool: {
        afterCreate(database: Sqlite.Database, done: (error: null, database: Sqlite.Database) => void) {
          telling(database)
          done(null, database)
        },
      },
    })
    const { pool } = knex.client as { pool: { numUsed(): number } }
    return {
      root: knex,
      host: knexHost(knex),
      rows: async (orm, sql) => (await (orm as Knex).raw(sql)) as object[],
      out: () => pool.numUsed(),
      close: () => knex.destroy(),
    }
  },
  async Kysely(file) {
    const database = telling(new Sqlite(file))
    const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
    return {
      root: kysely,
      host: kyselyHost(kysely, database),
      rows: async (orm, sql) => (await (orm as Kysely<unknown>).executeQuery(CompiledQuery.raw(sql))).rows as object[],
      close: () => kysely.destroy(),
    }
  },
  async MikroORM(dbName) {
    const options = { dbName, entities: [NoteEntity], allowGlobalContext: true }
    const orm = await MikroORM.init(defineConfig(options) as never)
    telling((await orm.em.getConnection().getNativeClient()) as unknown as Sqlite.Database)
    return {
      root: orm,
      host: mikroOrmHost(orm),
      rows: (em, sql) => (em as { execute(sql: string): Promise<object[]> }).execute(sql),
      close: () => orm.close(),
    }
  },
  async Prisma(file) {
    const factory = new PrismaBetterSqlite3({ url: `file:${file}` })
    const connect = factory.connect.bind(factory)
    factory.connect = async () => {
      const adapter = await connect()
      telling((adapter as unknown as { client: Sqlite.Database }).client)
      return adapter
    }
    const prisma: Prisma = new generated.PrismaClient({ adapter: pillionAdapter(factory) })
    return {
      root: prisma,
      host: prismaHost(prisma),
      rows: async (orm, sql) => (await (orm as Prisma).$queryRawUnsafe(sql)) as object[],
      close: () => prisma.$disconnect(),
    }
  },
}

function telling(database: Sqlite.Database): Sqlite.Database {
  database.pragma('foreign_keys = on')
  tellingTransactions(database)
  return database
}

for (const [name, mount] of Object.entries(hosts)) {
  transactionSuite({
    name,
    server: sqlite,
    independent: false,
    countsConnections: false,
    tellsLoss: false,
    cancels: false,
    mount,
  })
}

describe.each(Object.entries(hosts))('%s', (_, open) => {
  let stage: Stage
  let mount: Mount
  beforeAll(async () => {
    stage = await sqlite.open()
    await stage.read('create table note (id integer primary key, body text not null)')
    await stage.read(`insert into note values (1, 'there')`)
    mount = await open(stage.url)
  })
  afterAll(async () => {
    await mount.close()
    await stage.close()
  })

  test('a failure that ends the transaction in SQLite: nothing more is let in, and the next one works', async () => {
    const tx = transactions(mount.root)
    const late: string[] = []
    const failing = tx.run(async t => {
      await mount.rows(t.orm, `insert into note values (2, 'lost')`)
      await mount.rows(t.orm, `insert or rollback into note values (1, 'twice')`).catch(() => {})
      late.push(saying(await failureIn(mount.rows(t.orm, `insert into note values (3, 'alone')`))))
    })
    expect(saying(await failureIn(failing))).toMatch(/UNIQUE|unique/)
    expect(late).toEqual([expect.stringContaining('TRANSACTION_FINISHED')])
    expect(await stage.read('select body from note')).toEqual([{ body: 'there' }])
    await tx.run(t => mount.rows(t.orm, `insert into note values (4, 'next')`))
    expect(await stage.read('select body from note')).toEqual([{ body: 'there' }, { body: 'next' }])
  })
})

test('Sequelize on sqlite3 is refused: nothing tells whether its transaction is still open', () => {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
  expect(() => transactions(sequelize)).toThrow(/HOST_SHAPE: Sequelize is on sqlite/)
})
