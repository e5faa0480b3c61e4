/**
 * A data source of TypeORM's over a table `item (n)`, which is empty before each test.
 */
import 'reflect-metadata'
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { mysqlGrounds } from '../hosts/mysql-observer.js'
import { mysqlServers, postgres, type Server, sqlite, type Stage } from './servers.js'

export type Entities = NonNullable<DataSourceOptions['entities']>

/** A server, and how a data source is opened on it. */
export type Site = readonly [Server, (url: string, entities: Entities) => DataSourceOptions]

export const onSqlite: Site = [sqlite, (database, entities) => ({ type: 'better-sqlite3', database, entities })]

export const sites: Readonly<Record<string, Site>> = {
  PostgreSQL: [postgres, (url, entities) => ({ type: 'postgres', url, entities, extra: { max: 1 } })],
  ...Object.fromEntries(
    mysqlGrounds().map(({ name }): [string, Site] => [
      name,
      [mysqlServers[name]!, (url, entities) => ({ type: 'mysql', url, entities, poolSize: 1 })],
    ]),
  ),
  SQLite: onSqlite,
}

/** Opens for the tests of the `describe` around, and closes after them. */
export function setStage([server, options]: Site, entities: Entities = []) {
  let stage: Stage
  let dataSource: DataSource
  beforeAll(async () => {
    stage = await server.open()
    await stage.read('create table item (n int primary key)')
    dataSource = await new DataSource(options(stage.url, entities)).initialize()
  })
  afterAll(async () => {
    await dataSource.destroy()
    await stage.close()
  })
  beforeEach(async () => void (await stage.read('delete from item')))
  return {
    get dataSource(): DataSource {
      return dataSource
    },
    rows: async (): Promise<unknown[]> => (await stage.read('select n from item order by n')).map(({ n }) => n),
    insert: (manager: EntityManager, n: number): Promise<unknown> => manager.query(`insert into item values (${n})`),
  }
}
