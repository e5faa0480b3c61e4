import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/mariadb'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool, type Pool } from 'mysql2'
import { knexHost } from 'pillion/knex'
import { kyselyHost } from 'pillion/kysely'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { typeormHost } from 'pillion/typeorm'
import { DataSource, type EntityManager } from 'typeorm'
import { describe } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { mariadb, outOf } from './servers.js'
import { transactionSuite } from './suite.js'

const server = { server: mariadb, independent: true } as const

describe.runIf(mariadbUrl())('ORMs over mysql2', () => {
  transactionSuite({
    ...server,
    name: 'TypeORM',
    countsConnections: true,
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
    ...server,
    name: 'Knex',
    countsConnections: true,
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
    ...server,
    name: 'Kysely',
    countsConnections: false,
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
    ...server,
    name: 'MikroORM',
    countsConnections: true,
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
