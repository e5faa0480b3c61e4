/**
 * A session over each driver's own connection.
 *
 * @module
 */
import BetterSqlite from 'better-sqlite3'
import mariadb from 'mariadb'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { treeSession } from 'pillion/tree'
import { afterEach, describe, expect, test } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { skipAloud } from '../../../../test/support/skip.js'
import { keptOver } from './support/kept-over.js'

const lacksMariadb = skipAloud('mariadb', mariadbUrl(), 'install mariadb-server')

/** What ends it all, the last first. */
let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.toReversed()) await end()
  ends = []
})

const postgresPool = async (): Promise<pg.Pool> => {
  const database = await createDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  ends.push(database.drop, () => pool.end())
  return pool
}

const mysql2Pool = async () => {
  const database = await createMariadbDatabase()
  const pool = mysql.createPool({ uri: database.url, connectionLimit: 1 })
  ends.push(database.drop, () => pool.end())
  return pool
}

const mariadbPool = async () => {
  const database = await createMariadbDatabase()
  const pool = mariadb.createPool(`${database.url.replace('mysql:', 'mariadb:')}?connectionLimit=1`)
  ends.push(database.drop, () => pool.end())
  return pool
}

const connections: readonly (readonly [string, boolean, () => Promise<object>])[] = [
  [
    'a client of a pool of pg',
    false,
    async () => {
      const client = await (await postgresPool()).connect()
      ends.push(() => client.release())
      return client
    },
  ],
  [
    'a client of pg',
    false,
    async () => {
      const database = await createDatabase()
      const client = new pg.Client(database.url)
      ends.push(database.drop, () => client.end())
      await client.connect()
      return client
    },
  ],
  [
    'a connection of mysql2/promise',
    lacksMariadb,
    async () => {
      const connection = await (await mysql2Pool()).getConnection()
      ends.push(() => connection.release())
      return connection
    },
  ],
  [
    'a connection of mariadb',
    lacksMariadb,
    async () => {
      const connection = await (await mariadbPool()).getConnection()
      ends.push(() => connection.release())
      return connection
    },
  ],
  [
    'a database of better-sqlite3',
    false,
    async () => {
      const database = new BetterSqlite(':memory:')
      ends.push(() => database.close())
      return database
    },
  ],
]

test.each(connections)('over %s a tree is kept', async (_, lacks, open) => {
  if (!lacks) await keptOver(await open())
})

describe('is refused', () => {
  test.each([
    ['a pool of pg', false, postgresPool],
    ['a pool of mysql2', lacksMariadb, mysql2Pool],
    ['a pool of mariadb', lacksMariadb, mariadbPool],
    ['an object', false, async () => ({})],
    ['nothing', false, async () => undefined as never],
  ] as readonly (readonly [string, boolean, () => Promise<object>])[])('%s', async (_, lacks, open) => {
    if (lacks) return
    const given = await open()
    expect(() => treeSession(given)).toThrow(
      expect.objectContaining({ code: 'HOST_UNKNOWN', hint: expect.stringContaining('not a pool') }),
    )
  })
})
