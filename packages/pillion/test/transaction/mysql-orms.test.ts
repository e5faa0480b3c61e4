import 'reflect-metadata'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { createPool } from 'mysql2'
import { DataSource, type EntityManager } from 'typeorm'
import { describe } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
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
})
