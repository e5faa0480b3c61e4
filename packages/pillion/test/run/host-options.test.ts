/** Options of a host that no compiler has looked at: of plain JavaScript, of the environment. */
import Sqlite from 'better-sqlite3'
import knexOf from 'knex'
import pg from 'pg'
import { expect, test } from 'vitest'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { knexHost } from 'pillion/knex'
import { pgHost } from 'pillion/pg'
import { expectRefusal } from '../query/refusal.js'

test('a host is refused for them, and nothing is taken for true', async () => {
  const knex = knexOf({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
  const sqlite = new Sqlite(':memory:')
  const pool = new pg.Pool()
  const hosts: readonly ((options: never) => unknown)[] = [
    options => pgHost(pool, options),
    options => knexHost(knex, options),
    options => betterSqlite3Host(sqlite, options),
  ]
  for (const host of hosts) {
    for (const options of [null, 'x', 1]) {
      await expectRefusal(async () => host(options as never), 'QUERY_INVALID', /an object/)
    }
    for (const prepare of ['false', null, 0]) {
      await expectRefusal(async () => host({ prepare } as never), 'QUERY_INVALID', /prepare/)
    }
    await expectRefusal(async () => host({ dates: 'epoch' } as never), 'QUERY_INVALID', /dates.*epoch-ms, epoch-s/)
    expect(host({ prepare: false, dates: 'epoch-s' } as never)).toBeDefined()
  }
  await knex.destroy()
  sqlite.close()
  await pool.end()
})
