import { PGlite } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import knexOf, { type Knex } from 'knex'
import { Kysely, MysqlDialect, PostgresDialect, sql, SqliteDialect } from 'kysely'
import { Kysely as Kysely29, PostgresDialect as PostgresDialect29, sql as sql29 } from 'kysely-29'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, pillion } from '../../src/index.js'
import { betterSqlite3Host } from '../../src/hosts/better-sqlite3.js'
import { knexHost } from '../../src/hosts/knex.js'
import { kyselyDialect } from '../../src/hosts/kysely.js'
import { pgliteHost } from '../../src/hosts/pglite.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { mariadbPool } from './fixtures/mariadb.js'
import { mysql2Pool } from './fixtures/mysql2.js'
import { knexOnMysql2 } from './fixtures/on-mysql2.js'
import { describeOnMysql } from './mysql-observer.js'
import { wireOf } from './wire.js'

interface Tables {
  readonly note: { readonly id: number; readonly body: string; readonly size: bigint; readonly about: object | null }
}

const table = 'create table note (id int primary key, body text not null, size int8 not null, about jsonb)'
const one = { id: 1, body: 'one', size: 9007199254740993n, about: { a: [1] } }

function abortable(): { readonly signal: AbortSignal; abort(reason: Error): void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: reason => controller.abort(reason) }
}

describe.each(['0.28', '0.29'])('Kysely %s as a guest of Knex', version => {
  let ground: Awaited<ReturnType<typeof createDatabase>>
  let knex: Knex
  let db: Database<object>
  const wire = wireOf()
  const on = (database: Database<object>, writes = false): Kysely<Tables> =>
    version === '0.28'
      ? new Kysely<Tables>({ dialect: kyselyDialect(database, PostgresDialect, { writes }) })
      : (new Kysely29<Tables>({
          dialect: kyselyDialect(database, PostgresDialect29, { writes }),
        }) as unknown as Kysely<Tables>)
  const raw = (text: string) => (version === '0.28' ? sql : (sql29 as unknown as typeof sql)).raw(text)

  beforeAll(async () => {
    ground = await createDatabase()
    knex = knexOf({
      client: 'pg',
      connection: ground.url,
      pool: {
        afterCreate: (client: object, done: (e: null, c: object) => void) => (wire.tap(client), done(null, client)),
      },
    })
    await knex.raw(table)
    db = await pillion(knexHost(knex))
  })
  afterAll(async () => {
    await knex.destroy()
    await ground.drop()
  })

  test('writes and reads in the transaction that it is on, and rolls back with it', async () => {
    await knex
      .transaction(async trx => {
        const inside = on(db.on(trx), true)
        const { numInsertedOrUpdatedRows } = await inside.insertInto('note').values(one).executeTakeFirstOrThrow()
        expect(numInsertedOrUpdatedRows).toBe(1n)
        expect(await inside.selectFrom('note').selectAll().execute()).toEqual([one])
        const { numUpdatedRows } = await inside.updateTable('note').set({ body: 'two' }).executeTakeFirstOrThrow()
        expect(numUpdatedRows).toBe(1n)
        expect(await inside.deleteFrom('note').where('size', '=', one.size).returning('body').execute()).toEqual([
          { body: 'two' },
        ])
        await inside.insertInto('note').values(one).execute()
        expect(await on(db).selectFrom('note').selectAll().execute()).toEqual([])
        throw new Error('rollback')
      })
      .catch(error => expect(error.message).toBe('rollback'))
    expect(await on(db).selectFrom('note').selectAll().execute()).toEqual([])
  })

  test("a Date enters a column without a time zone as UTC's wall clock", async () => {
    const kept = sql<{ readonly at: string; readonly day: string }>`
      select ${new Date('2024-06-01T23:30:00.250Z')}::timestamp::text as at, ${new Date('2024-06-01T23:30:00Z')}::date::text as day`
    expect((await kept.execute(on(db))).rows).toEqual([{ at: '2024-06-01 23:30:00.25', day: '2024-06-01' }])
  })

  test('refuses, before a byte is sent, to write unless it was asked for, and ever to do more than that', async () => {
    const before = wire.bytes
    const readOnly = on(db)
    await expect(readOnly.insertInto('note').values(one).execute()).rejects.toMatchObject({ code: 'SQL_NOT_SELECT' })
    await expect(readOnly.selectFrom('note').selectAll().forUpdate().execute()).rejects.toMatchObject({
      code: 'SQL_NOT_SELECT',
    })
    for (const text of [
      'begin',
      'commit',
      'set search_path to a',
      'drop table note',
      'select 1; delete from note',
      'select 1 as n into made',
      'with x as (select 1 as n) select * into temp made from x',
      `select set_config('search_path', 'a', false)`,
      'select pg_catalog."pg_advisory_lock"(1)',
      `insert into note values (1, set_config('search_path', 'a', false), 1, null)`,
      `with s as (select set_config('role', 'pg_monitor', false)) delete from note`,
      '/* */ select pg_sleep /* */ (9)',
    ]) {
      await expect(raw(text).execute(on(db, true))).rejects.toMatchObject({ code: 'SQL_NOT_SELECT' })
    }
    expect(wire.bytes).toBe(before)
  })

  test('explains what it may run, and nothing else', async () => {
    const reading = on(db)
    const plan = await reading.selectFrom('note').selectAll().explain()
    expect(plan).toEqual(expect.arrayContaining([{ 'QUERY PLAN': expect.stringContaining('Seq Scan on note') }]))
    const analyzed = reading.selectFrom('note').selectAll().explain('json', raw('analyze, buffers'))
    expect(await analyzed).toEqual([
      { 'QUERY PLAN': [expect.objectContaining({ 'Execution Time': expect.any(Number) })] },
    ])
    const before = wire.bytes
    const refused = { code: 'SQL_NOT_SELECT' }
    await expect(reading.deleteFrom('note').explain('text', raw('analyze'))).rejects.toMatchObject(refused)
    for (const text of [
      'explain analyze delete from note',
      'explain (analyze) delete from note',
      'explain verbose delete from note',
      'explain (analyze) explain (analyze) delete from note',
      'explain (format text) select 1; delete from note',
      'explain (analyze) create table made as select 1',
      'explain (analyze) execute prepared',
    ]) {
      await expect(raw(text).execute(reading)).rejects.toMatchObject(refused)
    }
    await expect(raw('explain (analyze) create table made as select 1').execute(on(db, true))).rejects.toMatchObject(
      refused,
    )
    expect(wire.bytes).toBe(before)
    await knex.transaction(async trx => {
      // a builder of deletions gives what was deleted, also for its explain()
      const [first] = (await raw('explain delete from note').execute(on(db.on(trx), true))).rows
      expect(first).toEqual({ 'QUERY PLAN': expect.stringContaining('Delete on note') })
    })
  })

  test('begins no transaction', async () => {
    const before = wire.bytes
    const writing = on(db, true)
    await expect(
      writing.transaction().execute(async trx => trx.selectFrom('note').selectAll().execute()),
    ).rejects.toMatchObject({
      code: 'TRANSACTION_UNSUPPORTED',
    })
    await expect(writing.startTransaction().execute()).rejects.toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    expect(wire.bytes).toBe(before)
  })

  test('closes nothing', async () => {
    const guest = on(db)
    await guest.selectFrom('note').selectAll().execute()
    await guest.destroy()
    expect((await knex.raw('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  test('logs where it is told to', async () => {
    const logged: string[] = []
    const log = (event: { readonly query: { readonly sql: string } }) => void logged.push(event.query.sql)
    const guest =
      version === '0.28'
        ? new Kysely<Tables>({ dialect: kyselyDialect(db, PostgresDialect), log })
        : new Kysely29<Tables>({ dialect: kyselyDialect(db, PostgresDialect29), log })
    for (let times = 0; times < 2; times++) await (guest as Kysely<Tables>).selectFrom('note').select('id').execute()
    expect(logged).toEqual(Array(2).fill('select "id" from "note"'))
  })

  test.runIf(version === '0.29')('stops a query in the server, where its signal is to', async () => {
    const guest = new Kysely29<Tables>({ dialect: kyselyDialect(db, PostgresDialect29) })
    const running = `select count(*) as n from pg_stat_activity where datname = current_database() and state = 'active' and query like '%10000000000%' and pid <> pg_backend_pid()`
    const count = async (): Promise<number> => Number((await knex.raw(running)).rows[0].n)
    const { signal, abort } = abortable()
    const asked = sql29`select count(*) from generate_series(1, 10000000000)`.execute(guest, {
      signal,
      inflightQueryAbortStrategy: 'cancel query',
    })
    const failed = expect(asked).rejects.toThrow('enough')
    await expect.poll(count).toBe(1)
    abort(new Error('enough'))
    await failed
    await expect.poll(count).toBe(0)
  })

  test('knows the tables', async () => {
    expect((await on(db).introspection.getTables()).map(({ name }) => name)).toEqual(['note'])
  })

  test('streams what it would read, in its transaction, and no more than it is asked for', async () => {
    const rolledBack = knex.transaction(async trx => {
      const inside = on(db.on(trx), true)
      const notes = Array.from({ length: 7 }, (_, i) => ({ ...one, id: i + 10, about: null }))
      await inside.insertInto('note').values(notes).execute()
      const all = inside.selectFrom('note').selectAll().where('id', '>=', 10).orderBy('id')
      expect(await streamed(all, 3)).toEqual(await all.execute())
      for await (const { id } of all.stream(2)) {
        expect(id).toBe(10)
        break
      }
      // the connection is fit for the next
      expect(await all.execute()).toHaveLength(7)
      throw new Error('rollback')
    })
    await expect(rolledBack).rejects.toThrow('rollback')
    await expect(streamed(on(db).deleteFrom('note').returningAll(), 1)).rejects.toMatchObject({
      code: 'SQL_NOT_SELECT',
    })
  })

  test('is refused what is no database', () => {
    expect(() => kyselyDialect({} as never, PostgresDialect)).toThrow('HOST_UNKNOWN')
  })
})

interface Streaming {
  stream(batch: number): AsyncIterable<unknown>
}

async function streamed(query: Streaming, batch: number): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  for await (const row of query.stream(batch)) rows.push(row)
  return rows
}

test('a guest of PGlite', { timeout: 120_000 }, async () => {
  const pglite = await PGlite.create()
  await pglite.exec(table)
  const db = await pillion(pgliteHost(pglite))
  await pglite.transaction(async tx => {
    const inside = new Kysely<Tables>({ dialect: kyselyDialect(db.on(tx), PostgresDialect, { writes: true }) })
    const [result] = await inside.insertInto('note').values(one).execute()
    expect(result?.numInsertedOrUpdatedRows).toBe(1n)
    expect(await inside.selectFrom('note').selectAll().execute()).toEqual([one])
    expect(await streamed(inside.selectFrom('note').selectAll(), 1)).toEqual([one])
    await tx.rollback()
  })
  await pglite.close()
})

describeOnMysql(({ name, create }) => {
  test.each([mysql2Pool, mariadbPool, knexOnMysql2])('a guest of $name', async ({ open }) => {
    const ground = await create()
    const { host, observer, transaction, close } = await open(ground.url)
    await observer.rows('create table note (id int primary key, body text not null, size bigint not null, about json)')
    const db = await pillion(host)
    const rolledBack = transaction(async ({ target }) => {
      const inside = new Kysely<Tables>({ dialect: kyselyDialect(db.on(target), MysqlDialect, { writes: true }) })
      const inserted = await inside
        .insertInto('note')
        .values([one, { ...one, id: 2 }])
        .executeTakeFirstOrThrow()
      expect(inserted.numInsertedOrUpdatedRows).toBe(2n)
      const updated = await inside.updateTable('note').set({ body: 'two' }).executeTakeFirstOrThrow()
      expect(updated.numUpdatedRows).toBe(2n)
      const deleted = await inside.deleteFrom('note').where('id', '=', 1).executeTakeFirstOrThrow()
      expect(deleted.numDeletedRows).toBe(1n)
      expect(await inside.selectFrom('note').selectAll().execute()).toEqual([{ ...one, id: 2, body: 'two' }])
      expect(await streamed(inside.selectFrom('note').selectAll(), 1)).toEqual([{ ...one, id: 2, body: 'two' }])
      throw new Error('rollback')
    })
    await expect(rolledBack).rejects.toThrow('rollback')
    const reading = new Kysely<Tables>({ dialect: kyselyDialect(db, MysqlDialect) })
    expect(await reading.selectFrom('note').selectAll().execute()).toEqual([])
    await expect(reading.deleteFrom('note').execute()).rejects.toMatchObject({ code: 'SQL_NOT_SELECT' })
    expect((await reading.introspection.getTables()).map(({ name }) => name)).toEqual(['note'])
    expect(await reading.selectFrom('note').selectAll().explain()).toMatchObject([
      { MariaDB: { table: 'note' }, MySQL: { EXPLAIN: expect.stringContaining('Table scan on note') } }[name],
    ])
    const [explained] = await reading.selectFrom('note').selectAll().explain('json')
    expect(JSON.stringify(explained)).toContain({ MariaDB: 'query_block', MySQL: 'query_plan' }[name])
    await expect(reading.deleteFrom('note').explain()).rejects.toMatchObject({ code: 'SQL_NOT_SELECT' })
    await close()
    await observer.close()
    await ground.drop()
  })

  interface Kept {
    readonly kept: {
      readonly id: number
      readonly big: bigint
      readonly top: bigint | null
      readonly at: Date | null
      readonly day: string | null
      readonly name: string | null
      readonly flag: boolean | null
      readonly bytes: Uint8Array | null
      readonly about: object | null
    }
  }

  test.each([mysql2Pool, mariadbPool, knexOnMysql2])('values of a guest of $name are exact', async ({ open }) => {
    const ground = await create()
    const { host, observer, transaction, close } = await open(ground.url)
    await observer.rows(`create table kept (id int primary key, big bigint not null, top bigint unsigned, at timestamp(3) null,
      day datetime(3), name varchar(20), flag tinyint(1), bytes varbinary(9), about json)`)
    const db = await pillion(host)
    const rolledBack = transaction(async ({ target, execute }) => {
      await execute("set time_zone = '-07:00'")
      const guest = new Kysely<Kept>({ dialect: kyselyDialect(db.on(target), MysqlDialect, { writes: true }) })
      const at = new Date('2024-06-01T12:00:00.250Z')
      const row = {
        id: 1,
        big: 9007199254740993n,
        top: 18446744073709551615n,
        at,
        day: '2024-06-01 12:00:00.250',
        name: "it's ?",
        flag: true,
        bytes: new Uint8Array([0, 255]),
        about: { a: '?' },
      }
      await guest.insertInto('kept').values(row).execute()
      const asStored = { ...row, at: '2024-06-01 05:00:00.250', flag: 1 }
      expect(await guest.selectFrom('kept').selectAll().execute()).toEqual([asStored])
      const instant = sql<number>`cast(unix_timestamp(at) * 1000 as signed)`.as('ms')
      expect(await guest.selectFrom('kept').select(instant).execute()).toEqual([{ ms: BigInt(at.getTime()) }])

      const ids = guest.selectFrom('kept').select('id')
      const found = [{ id: 1 }]
      expect(await ids.where('at', '=', at).execute()).toEqual(found)
      expect(await ids.where('at', '=', new Date('2024-06-01T19:00:00.250Z')).execute()).toEqual([])
      expect(await ids.where('at', 'in', [new Date(0), at]).execute()).toEqual(found)
      expect(await ids.where('top', '=', row.top).execute()).toEqual(found)
      expect(await ids.where(sql`big - ${1n}`, '=', 9007199254740992n).execute()).toEqual(found)
      expect(await ids.where(sql`big - ${1n}`, '=', 9007199254740991n).execute()).toEqual([])
      expect(await ids.where('big', 'in', [9007199254740992n, 9007199254740994n]).execute()).toEqual([])
      // marks that are none, and some that take nothing else
      const odd = sql`'?' = ${'?'} and \`name\` = ${"it's ?"} /* ? */ and "?" <> ${2n} -- ?`
      expect(await ids.where(sql<boolean>`(${odd}\n)`).execute()).toEqual(found)
      expect(await ids.limit(5n).offset(0n).execute()).toEqual(found)
      expect((await sql`select id from kept limit ${0n}, ${5n}`.execute(guest)).rows).toEqual(found)
      expect((await sql`select lag(id, ${1n}) over (order by id) as n from kept`.execute(guest)).rows).toEqual([
        { n: null },
      ])
      expect(await streamed(ids.where(sql`big - ${1n}`, '=', 9007199254740992n).limit(1), 1)).toEqual(found)

      for (const more of [2, 2n])
        await guest
          .updateTable('kept')
          .set({ big: sql`big + ${more}` })
          .execute()
      expect(await guest.selectFrom('kept').select('big').execute()).toEqual([{ big: 9007199254740997n }])
      await guest
        .updateTable('kept')
        .set({ at: new Date(at.getTime() + 1), name: null })
        .execute()
      expect(await ids.where('at', '>', at).where('name', 'is', null).execute()).toEqual(found)

      // a Date is an instant: in what is no moment it is the session's wall clock
      await guest
        .updateTable('kept')
        .set({ day: sql`${at}` })
        .execute()
      expect(await guest.selectFrom('kept').select('day').execute()).toEqual([{ day: '2024-06-01 05:00:00.250' }])

      const hand = db.on(target).sql
      expect(await hand`select id from kept where big - ${4} = ${row.big} limit ${1n}`.all()).toEqual(found)
      expect(await hand`select ${row.top} as top`.all()).toEqual([{ top: row.top }])
      throw new Error('rollback')
    })
    await expect(rolledBack).rejects.toThrow('rollback')
    await close()
    await observer.close()
    await ground.drop()
  })
})

test('a guest on SQLite reads, and writes nothing although it may', async () => {
  const database = new Sqlite(':memory:')
  database.exec(`create table note (id int primary key, body text not null, size bigint not null, about json);
    insert into note values (1, 'one', 9007199254740993, '{"a":[1]}')`)
  const guest = new Kysely<Tables>({
    dialect: kyselyDialect(await pillion(betterSqlite3Host(database)), SqliteDialect, { writes: true }),
  })
  expect(await guest.selectFrom('note').select(['id', 'body', 'size']).execute()).toEqual([
    { id: 1, body: 'one', size: 9007199254740993n },
  ])
  expect(await streamed(guest.selectFrom('note').select(['size', 'id']), 1)).toEqual([
    { size: 9007199254740993n, id: 1 },
  ])
  const [step] = await guest.selectFrom('note').selectAll().explain(undefined, sql`query plan`)
  expect(step).toMatchObject({ detail: expect.stringContaining('SCAN note') })
  await expect(guest.deleteFrom('note').execute()).rejects.toMatchObject({ code: 'SQL_NOT_SELECT' })
  expect(database.prepare('select count(*) from note').pluck().get()).toBe(1)
  database.close()
})
