import { Kysely, PostgresDialect, sql } from 'kysely'
import { Kysely as Kysely29, PostgresDialect as PostgresDialect29 } from 'kysely-29'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kyselyHost } from '../../src/hosts/kysely.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { kysely28, kysely28OnSqlite, kysely29, kysely29OnSqlite } from './fixtures/kysely.js'
import { pgPoolOn } from './postgres-observer.js'
import { wireOf } from './wire.js'

conforms(kysely28, onPg, ['kysely'])
conforms(kysely29, onPg, ['kysely-29'])
conforms(kysely28OnSqlite, onSqlite, ['kysely', 'better-sqlite3'])
conforms(kysely29OnSqlite, onSqlite, ['kysely-29', 'better-sqlite3'])

/** What an application logs by. */
type Log = (event: { readonly query: { readonly sql: string } }) => void
const quiet: Log = () => {}

describe.each([
  ['0.28', (pool: pg.Pool, log: Log) => new Kysely<object>({ dialect: new PostgresDialect({ pool }), log })],
  [
    '0.29',
    (pool: pg.Pool, log: Log) =>
      new Kysely29<object>({ dialect: new PostgresDialect29({ pool }), log }) as unknown as Kysely<object>,
  ],
])('Kysely %s alone', (_version, open) => {
  const ping = statement('select txid_current_if_assigned() is not null')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  let orm: Kysely<object>
  beforeAll(async () => {
    database = await createDatabase()
    pool = pgPoolOn(database.url)
    orm = open(pool, quiet)
  })
  afterAll(async () => {
    await orm.destroy()
    await database.drop()
  })

  test('the transaction of a callback is one until the callback is over', async () => {
    const host = kyselyHost(orm, pool)
    const kept: object[] = []
    await orm.transaction().execute(async trx => {
      await sql`create table here ()`.execute(trx)
      expect(await codeOf(host.run(trx, statement('select from here'), {}))).toBe('fulfilled')
      kept.push(trx)
    })
    await orm.transaction().execute(async trx => void kept.push(trx))
    for (const trx of kept) expect(await codeOf(host.run(trx, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('a stream of ours does not keep the application from its own queries: they follow', async () => {
    const host = kyselyHost(orm, pool)
    await orm.transaction().execute(async trx => {
      let theirs: Promise<unknown> | undefined
      for await (const rows of host.stream(trx, statement('select generate_series(1, 100)'), { batch: 10 })) {
        expect(rows).toHaveLength(10)
        theirs ??= sql`select 1`.execute(trx)
      }
      await theirs
    })
  })

  test('which connection it is costs nothing on the wire, and is asked once', async () => {
    const wire = wireOf(pool)
    const host = kyselyHost(orm, pool)
    await host.run(undefined, ping, {})
    wire.clear()
    for (let i = 0; i < 3; i++) await host.run(undefined, ping, {})
    expect(wire.texts).toEqual([ping.text, ping.text, ping.text])
  })

  test('a logger may take what is asked for text, also where it is ours', async () => {
    const told: string[] = []
    const own = pgPoolOn(database.url)
    const logged = open(
      own,
      ({ query }) => void told.push(query.sql.replaceAll(/\s+/g, ' ').trim().slice(0, query.sql.length)),
    )
    const host = kyselyHost(logged, own)
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('fulfilled')
    await logged.transaction().execute(async trx => {
      expect(await codeOf(host.run(trx, ping, {}))).toBe('fulfilled')
    })
    expect(told).toEqual(['-- pillion looks which connection this is', 'begin', 'commit'])
    await logged.destroy()
  })

  test('what is no Kysely, and a pool that is none or another, are refused', async () => {
    expect(() => kyselyHost({} as never, pool)).toThrow('HOST_UNKNOWN')
    expect(() => kyselyHost(orm, {})).toThrow(/HOST_SHAPE.*\n.*kyselyHost\(db, pool\)/)
    const other = pgPoolOn(database.url)
    expect(await codeOf(kyselyHost(orm, other).run(undefined, ping, {}))).toBe('TRANSACTION_FOREIGN')
    await other.end()
  })
})
