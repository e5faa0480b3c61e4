import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/mariadb'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool } from 'mysql2'
import { DataSource, type EntityManager } from 'typeorm'
import { describe } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { mariadb } from './servers.js'
import { transactionSuite } from './suite.js'

const server = { server: mariadb, independent: true, namesUse: false } as const

describe.runIf(mariadbUrl())('ORMs over mysql2', () => {
  transactionSuite({
    ...server,
    name: 'TypeORM',
    countsConnections: true,
    cancels: true,
    killable: false,
    async mount(url, connections) {
      const dataSource = await new DataSource({ type: 'mariadb', url, poolSize: connections }).initialize()
      return {
        root: dataSource,
        host: undefined,
        rows: async (orm, sql) => (await (orm as EntityManager).query(sql)) as object[],
        close: () => dataSource.destroy(),
      }
    },
  })

  transactionSuite({
    ...server,
    name: 'Knex',
    countsConnections: true,
    cancels: true,
    killable: false,
    async mount(url, connections) {
      const knex = knexOf({ client: 'mysql2', connection: url, pool: { min: 0, max: connections } })
      const { pool } = knex.client as { pool: { numUsed(): number } }
      return {
        root: knex,
        host: undefined,
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
    killable: false,
    async mount(uri, connectionLimit) {
      const kysely = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: createPool({ uri, connectionLimit }) }) })
      return {
        root: kysely,
        host: undefined,
        rows: async (orm, sql) =>
          (await (orm as Kysely<unknown>).executeQuery(CompiledQuery.raw(sql))).rows as object[],
        close: () => kysely.destroy(),
      }
    },
  })

  transactionSuite({
    ...server,
    name: 'MikroORM',
    countsConnections: true,
    cancels: true,
    killable: false,
    async mount(clientUrl, max) {
      const options = { clientUrl, entities: [NoteEntity], pool: { min: 0, max }, allowGlobalContext: true }
      const orm = await MikroORM.init(defineConfig(options))
      return {
        root: orm,
        host: undefined,
        rows: (em, sql) => (em as { execute(sql: string): Promise<object[]> }).execute(sql),
        close: () => orm.close(),
      }
    },
  })
})
