/** A value that cannot be read: its error names where it stands in the row, and not the value. */
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { type Database, first, left, list, pillion, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../test/support/postgres.js'
import { refusal } from './refusal.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

async function drained(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const row of rows) expect(row).toBeDefined()
}

describe('on PostgreSQL', () => {
  let ground: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  let db: Database<Any>
  beforeAll(async () => {
    ground = await createDatabase()
    pool = new pg.Pool({ connectionString: ground.url, max: 1 })
    await pool.query(`create table house (id int primary key, built timestamptz not null);
      create table room (id int primary key, house_id int not null references house, painted timestamptz, seen timestamptz);
      create table chair (id int primary key, room_id int not null references room, made timestamptz);
      insert into house select n, '2026-01-01Z' from generate_series(1, 1200) n;
      update house set built = 'infinity' where id = 1100;
      insert into room values (1, 1, null, 'infinity'), (2, 2, '2026-01-01Z', null);
      insert into chair values (1, 2, '2026-01-01Z'), (2, 2, '-infinity')`)
    db = await pillion<Any>(pgHost(pool))
  })
  afterAll(async () => {
    await pool.end()
    await ground.drop()
  })

  const house = (): Any => db.tables.house
  const from = (): Any => db.from(house())
  const rooms = () => left(house().rooms)
  const asked: readonly (readonly [where: string, string, () => Promise<unknown>])[] = [
    ['a column', 'built', () => from().all()],
    ['a key', 'since', () => from().select({ id: house().id, since: house().built }).all()],
    [
      'an object of columns',
      'of.since',
      () =>
        from()
          .select({ of: { id: house().id, since: house().built } })
          .all(),
    ],
    ['a stream', 'built', () => drained(from().stream())],
    ['a page', 'row.built', () => from().page({ size: 1200 })],
    [
      'a nested row',
      'room.seen',
      () => {
        const room = rooms()
        return from().expand(room).where(house().id.lt(3)).select({ room }).all()
      },
    ],
    [
      'the first of a relation',
      'room.seen',
      () =>
        from()
          .where(house().id.lt(3))
          .select({ room: first(house().rooms, { orderBy: (r: Any) => r.id.asc() }) })
          .all(),
    ],
    [
      'a list of rows',
      'rooms.seen',
      () =>
        from()
          .where(house().id.lt(3))
          .select({ rooms: list(house().rooms, (r: Any) => ({ id: r.id, seen: r.seen })) })
          .all(),
    ],
    [
      'a list of values',
      'seen',
      () =>
        from()
          .where(house().id.lt(3))
          .select({ seen: list(house().rooms, (r: Any) => r.seen) })
          .all(),
    ],
    [
      'a list in a list',
      'rooms.chairs.at',
      () =>
        from()
          .where(house().id.eq(2))
          .select({
            rooms: list(house().rooms, (r: Any) => ({
              seen: r.seen,
              chairs: list(r.chairs, (c: Any) => ({ at: c.made })),
            })),
          })
          .all(),
    ],
    ['a column of raw SQL', 'at', () => db.sql`select 1 as n, timestamptz 'infinity' as at`.all()],
  ]
  it.each(asked)('%s: %s', async (_, name, ask) => {
    const error = await refusal(async () => await ask())
    expect(error.code).toBe('DECODE_FAILED')
    expect(error.summary).toBe(`${name}: a timestamptz came back in a form pillion cannot read`)
    expect(error.origin).toContain('unreadable.test.ts')
    expect(error.hint).toBeDefined()
  })
})

test('on SQLite: a document that is none', () => {
  const sqlite = new Sqlite(':memory:')
  sqlite.exec(`create table item (id integer primary key, doc json); insert into item values (1, 'secret word')`)
  const db = pillionSync<Any>(betterSqlite3Host(sqlite))
  const rows = () => db.from(db.tables.item).allSync()
  expect(rows).toThrow(/^DECODE_FAILED: doc: a JSON document/)
  expect(rows).not.toThrow('secret')
  sqlite.close()
})
