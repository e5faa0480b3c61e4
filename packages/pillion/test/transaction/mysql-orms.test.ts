import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/mariadb'
import { PrismaMariaDb } from '@prisma/adapter-mariadb'
import { sql as raw } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/mysql2'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool as createMariadbPool } from 'mariadb'
import { createPool, type Pool } from 'mysql2'
import { drizzleHost } from 'pillion/drizzle'
import { knexHost } from 'pillion/knex'
import { kyselyHost } from 'pillion/kysely'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { sequelizeHost } from 'pillion/sequelize'
import { transactions } from 'pillion/transaction'
import { typeormHost } from 'pillion/typeorm'
import { Sequelize, type Transaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { describeOnMysql, optionsOf } from '../hosts/mysql-observer.js'
import { poolOf } from '../hosts/fixtures/sequelize.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { mysqlServers, outOf } from './servers.js'
import { saying, transactionSuite } from './suite.js'

describeOnMysql(({ name }) => {
  const server = mysqlServers[name]
  transactionSuite({
    server,
    independent: true,
    name: 'TypeORM',
    countsConnections: true,
    tellsLoss: true,
    cancels: true,
    async mount(url, connections) {
      const dataSource = await new DataSource({ type: 'mariadb', url, poolSize: connections }).initialize()
      return {
        root: dataSource,
        host: typeormHost(dataSource),
        rows: async (orm, sql) => (await (orm as EntityManager).query(sql)) as object[],
        out: () => outOf((dataSource.driver as unknown as { pool: object }).pool),
        close: () => dataSource.destroy(),
      }
    },
  })

  transactionSuite({
    server,
    independent: true,
    name: 'Knex',
    countsConnections: true,
    tellsLoss: true,
    cancels: true,
    async mount(url, connections) {
      const knex = knexOf({ client: 'mysql2', connection: url, pool: { min: 0, max: connections } })
      const { pool } = knex.client as { pool: { numUsed(): number } }
      return {
        root: knex,
        host: knexHost(knex),
        rows: async (orm, sql) => ((await (orm as Knex).raw(sql)) as [object[]])[0],
        out: () => pool.numUsed(),
        close: () => knex.destroy(),
      }
    },
  })

  transactionSuite({
    server,
    independent: true,
    name: 'Kysely',
    countsConnections: false,
    tellsLoss: false,
    cancels: true,
    async mount(uri, connectionLimit) {
      const pool = createPool({ uri, connectionLimit })
      const kysely = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) })
      return {
        root: kysely,
        host: kyselyHost(kysely, pool),
        rows: async (orm, sql) =>
          (await (orm as Kysely<unknown>).executeQuery(CompiledQuery.raw(sql))).rows as object[],
        out: () => outOf(pool),
        close: () => kysely.destroy(),
      }
    },
  })

  transactionSuite({
    server,
    independent: true,
    name: 'MikroORM',
    countsConnections: true,
    tellsLoss: false,
    cancels: true,
    async mount(clientUrl, max) {
      const options = { clientUrl, entities: [NoteEntity], pool: { min: 0, max }, allowGlobalContext: true }
      const orm = await MikroORM.init(defineConfig(options))
      const pool = (await orm.em.getConnection().getNativeClient()) as unknown as Pool
      return {
        root: orm,
        host: mikroOrmHost(orm),
        rows: (em, sql) => (em as { execute(sql: string): Promise<object[]> }).execute(sql),
        out: () => outOf(pool),
        close: () => orm.close(),
      }
    },
  })
})

describeOnMysql(({ name }) => {
  const server = mysqlServers[name]
  transactionSuite({
    server,
    independent: true,
    name: 'Sequelize',
    readsOnly: false,
    countsConnections: true,
    tellsLoss: true,
    cancels: true,
    async mount(url, max) {
      const { user: username, ...rest } = optionsOf(url)
      const sequelize = new Sequelize({ ...rest, username, dialect: 'mysql', logging: false, pool: { max } })
      return {
        root: sequelize,
        host: sequelizeHost(sequelize),
        rows: async (orm, sql) => {
          const options = orm === sequelize ? {} : { transaction: orm as Transaction }
          // of a text that begins with INSERT Sequelize keeps the rows to itself
          return (await sequelize.query(`/* */ ${sql}`, options))[0] as object[]
        },
        out: () => poolOf(sequelize).size - poolOf(sequelize).available,
        close: () => sequelize.close(),
      }
    },
  })

  transactionSuite({
    server,
    independent: true,
    name: 'Drizzle',
    countsConnections: true,
    tellsLoss: true,
    cancels: true,
    async mount(uri, connectionLimit) {
      const pool = createPool({ uri, connectionLimit })
      const root = drizzle({ client: pool })
      return {
        root,
        host: drizzleHost(root),
        rows: async (orm, sql) => (await (orm as typeof root).execute(raw.raw(sql)))[0] as unknown as object[],
        out: () => outOf(pool),
        close: () => pool.promise().end(),
      }
    },
  })
})

describeOnMysql(({ name }) => {
  const server = mysqlServers[name]
  let generated: GeneratedPrisma
  beforeAll(async () => {
    generated = await generatePrisma('mysql')
  })
  afterAll(() => generated.remove())

  transactionSuite({
    server,
    independent: true,
    name: 'Prisma',
    readsOnly: false,
    countsConnections: false,
    tellsLoss: false,
    cancels: true,
    async mount(url, connectionLimit) {
      const pool = createMariadbPool({ ...optionsOf(url), connectionLimit })
      // the adapter's types are those of a copy of its own
      const adapter = pillionAdapter(new PrismaMariaDb(pool as never, { useTextProtocol: server.name === 'MySQL' }))
      const prisma: Prisma = new generated.PrismaClient({ adapter })
      return {
        root: prisma,
        host: prismaHost(prisma),
        rows: async (orm, sql) => (await (orm as Prisma).$queryRawUnsafe(sql)) as object[],
        out: () => pool.activeConnections(),
        async close() {
          await prisma.$disconnect()
          await pool.end()
        },
      }
    },
  })

  test('a nested one by prepared statements works on MariaDB, and is refused with the cure on MySQL', async () => {
    const stage = await server.open()
    for (const sql of server.tables) await stage.read(sql)
    const pool = createMariadbPool({ ...optionsOf(stage.url), connectionLimit: 1 })
    const prisma: Prisma = new generated.PrismaClient({ adapter: pillionAdapter(new PrismaMariaDb(pool as never)) })
    const tx = transactions(prisma)
    const insert = (t: { readonly orm: unknown }, body: string) =>
      (t.orm as Prisma).$executeRawUnsafe(`insert into note (body) values ('${body}')`)
    const told: string[] = []
    await tx.run(async t => {
      await insert(t, 'outer')
      const nested = tx.run({ mode: 'nested' }, inner => insert(inner, 'inner'))
      await nested.catch(error => told.push(saying(error)))
    })
    const rows = await stage.read('select body from note order by id')
    const refused = server.name === 'MySQL'
    expect(told).toEqual(refused ? [expect.stringMatching(/TRANSACTION_UNSUPPORTED[^]*useTextProtocol/)] : [])
    expect(rows).toEqual([{ body: 'outer' }, ...(refused ? [] : [{ body: 'inner' }])])
    expect(tx.active()).toEqual([])
    await prisma.$disconnect()
    await pool.end()
    await stage.close()
  })
})
