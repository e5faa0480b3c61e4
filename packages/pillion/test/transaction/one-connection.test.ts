/**
 * One connection under several `transactions()`: it has one transaction at a time, whoever asks.
 */
import 'reflect-metadata'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { type Handle, transactions } from 'pillion/transaction'
import { DataSource, type EntityManager } from 'typeorm'
import { describe, expect, test } from 'vitest'
import { postgres, type Server, sqlite } from './servers.js'

/** Two hosts over one connection, and a statement by either. */
interface Mount {
  readonly roots: readonly [object, object]
  write(orm: unknown, sql: string): unknown
  close(): unknown
}

const onClient = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

const exec = (orm: unknown, sql: string): unknown => (orm as Sqlite.Database).exec(sql)

const mounts: Readonly<Record<string, readonly [Server, (url: string) => Promise<Mount>]>> = {
  'a client of pg': [
    postgres,
    async url => {
      const client = await onClient(url)
      return {
        roots: [client, client],
        write: (orm, sql) => (orm as pg.Client).query(sql),
        close: () => client.end(),
      }
    },
  ],
  'a client of pg, and Drizzle over it': [
    postgres,
    async url => {
      const client = await onClient(url)
      return {
        roots: [client, drizzlePg({ client })],
        write: (orm, sql) =>
          'execute' in (orm as object)
            ? (orm as { execute(sql: string): unknown }).execute(sql)
            : (orm as pg.Client).query(sql),
        close: () => client.end(),
      }
    },
  ],
  'better-sqlite3': [
    sqlite,
    async file => {
      const database = new Sqlite(file)
      return { roots: [database, database], write: exec, close: () => database.close() }
    },
  ],
  'better-sqlite3, and Drizzle over it': [
    sqlite,
    async file => {
      const database = new Sqlite(file)
      return {
        roots: [database, drizzle({ client: database })],
        write: (orm, sql) =>
          'run' in (orm as object) ? (orm as { run(sql: string): unknown }).run(sql) : exec(orm, sql),
        close: () => database.close(),
      }
    },
  ],
  'TypeORM, and the better-sqlite3 below it': [
    sqlite,
    async file => {
      const dataSource = await new DataSource({ type: 'better-sqlite3', database: file }).initialize()
      const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Sqlite.Database }
      return {
        roots: [dataSource, databaseConnection],
        write: (orm, sql) => ('query' in (orm as object) ? (orm as EntityManager).query(sql) : exec(orm, sql)),
        close: () => dataSource.destroy(),
      }
    },
  ],
}

describe.each(Object.entries(mounts))('%s', (_, [server, open]) => {
  test('the second waits for the first, and what it rolls back is not committed', { timeout: 20_000 }, async () => {
    const stage = await server.open()
    await stage.read('create table item (n int primary key)')
    const mount = await open(stage.url)
    const [a, b] = mount.roots.map(root => transactions<object>(root))
    try {
      const order: string[] = []
      const first = await a!.begin()
      const second: Promise<Handle<unknown>> = b!.begin().then(t => (order.push('second'), t))
      await mount.write(first.orm, 'insert into item values (1)')
      order.push('first')
      await first.commit()
      const t = await second
      await mount.write(t.orm, 'insert into item values (10)')
      const third = a!.run(async inner => void (await mount.write(inner.orm, 'insert into item values (2)')))
      await t.rollback()
      await third
      expect(await stage.read('select n from item order by n')).toEqual([{ n: 1 }, { n: 2 }])
      expect(order).toEqual(['first', 'second'])
    } finally {
      await mount.close()
      await stage.close()
    }
  })
})
