/**
 * The same query over the same rows, on PostgreSQL and on SQLite: the same answer, or a refusal by name.
 */
import { readFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  abs,
  arrayAgg,
  avg,
  boolAnd,
  boolOr,
  bytea,
  cast,
  ceil,
  coalesce,
  concat,
  count,
  cte,
  type Database,
  dateTrunc,
  derived,
  type DerivedHandle,
  except,
  extract,
  first,
  float8,
  floor,
  greatest,
  int8,
  int4,
  intersect,
  jsonAgg,
  least,
  left,
  length,
  list,
  lower,
  mode,
  nullif,
  numeric,
  pillionSync,
  rank,
  replace,
  round,
  rowNumber,
  startsWith,
  stringAgg,
  substring,
  sum,
  text,
  trim,
  union,
  upper,
  value,
  values,
  when,
} from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { aggregates } from '../../src/compile/sqlite/functions.js'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let postgres: Interviews
let sqlite: Sqlite.Database
let onSqlite: Database<DB>
beforeAll(async () => {
  postgres = await openInterviews({ empty: true })
  sqlite = new Sqlite(':memory:')
  sqlite.exec(await readFile(new URL('../support/interviews.sqlite.sql', import.meta.url), 'utf8'))
  const rows = `
    insert into department values (1, 'Sales', null), (2, 'Care', 1);
    insert into "user" values (1, 'ada', 'Ada@example.org', 1), (2, 'bob', null, null), (3, 'O''Hara_%', 'x\\y', 2);
    insert into interview (id, title, status, owner_id, lead_id, department_id, budget, created_at, held_on) values
      (1, ' engineer ', 'open', 1, 2, 1, 10.50, '2026-01-31 23:59:59.999', '2026-02-01'),
      (2, 'Analyst', 'held', 2, null, 2, null, '2026-05-10 00:00:00.000', null),
      (3, 'poet', 'closed', 1, 1, 1, 7, '2024-12-30 12:30:45.500', '2024-12-30');
    insert into evaluation (id, interview_id, user_id, rating, note, created_at) values
      (9007199254740993, 1, 1, 9, 'a_b', '2026-01-01 00:00:00.000'),
      (9007199254740994, 1, 2, -7, 'aXb', '2026-01-01 00:00:00.000'),
      (3, 2, 1, null, null, '2026-01-02 00:00:00.000');
    insert into tag values (1, 'remote'), (2, 'senior')`
  sqlite.exec(rows)
  await postgres.pool.query(`set time zone 'UTC';${rows}`)
  onSqlite = pillionSync<DB>(betterSqlite3Host(sqlite), { names: 'camel' })
})
afterAll(async () => {
  sqlite.close()
  await postgres.close()
})

type Build = (db: Database<DB>) => { all(): Promise<unknown[]> }

const by = (db: Database<DB>) => db.tables
const evaluations = (db: Database<DB>) => db.from(by(db).evaluation).orderBy(by(db).evaluation.id.asc())
const interviews = (db: Database<DB>) => db.from(by(db).interview).orderBy(by(db).interview.id.asc())
const users = (db: Database<DB>) => db.from(by(db).user).orderBy(by(db).user.id.asc())

const ids = (db: Database<DB>, table: 'tag' | 'user') => {
  const root = by(db)[table]
  return db.from(root).select({ n: root.id })
}

const alike: readonly (readonly [string, Build])[] = [
  [
    'LIKE heeds case and takes escapes',
    db =>
      users(db).select({
        a: by(db).user.email.like('ada%'),
        b: by(db).user.email.like('A_a%'),
        c: by(db).user.username.like("O'Hara\\_\\%"),
        d: by(db).user.username.notLike('%b'),
        e: by(db).user.email.like('x\\\\y'),
      }),
  ],
  [
    'LIKE by a pattern that is a column',
    db =>
      evaluations(db).select({
        a: by(db).evaluation.note.like(by(db).evaluation.note),
        b: value('aXb').like(by(db).evaluation.note),
        c: value('a[b').like(concat(value('a['), '_')),
      }),
  ],
  ['ILIKE does not', db => users(db).select({ a: by(db).user.email.ilike('ADA%') })],
  [
    'equality that takes NULL for a value',
    db =>
      evaluations(db).select({
        a: by(db).evaluation.rating.isDistinctFrom(9),
        b: by(db).evaluation.rating.isNotDistinctFrom(by(db).evaluation.rating),
      }),
  ],
  [
    'JSON of many rows, of some, and of none',
    db => {
      const { evaluation } = by(db)
      const sorted = { orderBy: [evaluation.id.desc()] }
      return db.from(evaluation).select({
        a: jsonAgg(evaluation.rating, sorted),
        b: jsonAgg(evaluation.note, sorted),
        c: jsonAgg(evaluation.rating.gt(5), sorted),
        d: jsonAgg(evaluation.rating, sorted).filter(evaluation.rating.gt(5)),
        e: jsonAgg(evaluation.rating).filter(evaluation.id.isNull()),
      })
    },
  ],
  [
    'JSON in a window',
    db =>
      evaluations(db).select({ a: jsonAgg(by(db).evaluation.rating).over({ orderBy: [by(db).evaluation.id.asc()] }) }),
  ],
  [
    'lists',
    db =>
      evaluations(db).select({
        a: by(db).evaluation.id.in([9007199254740993n, 5n]),
        b: by(db).evaluation.rating.in([9]),
        c: by(db).evaluation.rating.notIn([9]),
        d: by(db).evaluation.rating.in([]),
        e: by(db).evaluation.note.in(['a_b', "'"]),
      }),
  ],
  [
    'subqueries as lists',
    db =>
      interviews(db)
        .where(by(db).interview.id.in(db.from(by(db).evaluation).select({ id: by(db).evaluation.interviewId })))
        .select({ id: by(db).interview.id }),
  ],
  [
    'arithmetic',
    db =>
      evaluations(db).select({
        a: by(db).evaluation.rating.dividedBy(2),
        b: by(db).evaluation.rating.modulo(4),
        c: by(db).evaluation.rating.plus(1).times(2).minus(3),
        d: by(db).evaluation.id.plus(1n),
      }),
  ],
  [
    'fractions',
    db =>
      interviews(db).select({
        a: cast(by(db).interview.id, float8).dividedBy(2),
        b: value('5.5', numeric).modulo('2'),
        c: value('-5.5', numeric).modulo('2'),
      }),
  ],
  [
    'casts',
    db =>
      evaluations(db).select({
        a: cast(by(db).evaluation.rating, text),
        b: cast(by(db).evaluation.rating, float8),
        c: cast(value(2.7), int4),
        d: cast(value('12'), int4),
        e: cast(by(db).evaluation.rating.gt(0), text),
      }),
  ],
  [
    'numbers',
    db =>
      evaluations(db).select({
        a: abs(by(db).evaluation.rating),
        b: floor(value(-1.5)),
        c: ceil(value(-1.5)),
        d: round(value(1.7)),
        f: greatest(by(db).evaluation.rating, 0),
        g: least(by(db).evaluation.rating, 0, 3),
      }),
  ],
  [
    'strings',
    db =>
      interviews(db).select({
        a: trim(by(db).interview.title),
        b: upper(by(db).interview.title),
        c: lower(by(db).interview.title),
        d: length(by(db).interview.title),
        e: substring(by(db).interview.title, 2),
        f: substring(by(db).interview.title, 0, 3),
        g: substring(by(db).interview.title, -1, 4),
        h: replace(by(db).interview.title, 'e', '3'),
        i: startsWith(by(db).interview.title, 'po'),
        j: concat(by(db).interview.title, '!', by(db).interview.title.concat('?')),
      }),
  ],
  [
    'NULLs in strings',
    db =>
      users(db).select({
        a: concat(by(db).user.email, '!'),
        b: by(db).user.email.concat('!'),
        c: coalesce(by(db).user.email, 'none'),
        d: nullif(by(db).user.username, 'bob'),
        e: startsWith(by(db).user.email, 'A'),
      }),
  ],
  [
    'CASE',
    db =>
      evaluations(db).select({
        a: when(by(db).evaluation.rating.gt(5), 'high')
          .when(by(db).evaluation.rating.isNull(), 'none')
          .otherwise('low'),
        b: when(by(db).evaluation.rating.gt(5), 1).end(),
      }),
  ],
  [
    'parts of a moment',
    db =>
      interviews(db).select({
        a: extract('year', by(db).interview.createdAt),
        b: extract('quarter', by(db).interview.createdAt),
        c: extract('month', by(db).interview.createdAt),
        d: extract('week', by(db).interview.createdAt),
        e: extract('day', by(db).interview.createdAt),
        f: extract('dow', by(db).interview.createdAt),
        g: extract('doy', by(db).interview.createdAt),
        h: extract('hour', by(db).interview.createdAt),
        i: extract('minute', by(db).interview.createdAt),
        j: extract('second', by(db).interview.createdAt),
        k: extract('epoch', by(db).interview.createdAt),
        l: extract('week', by(db).interview.heldOn),
      }),
  ],
  [
    'moments cut to a unit',
    db =>
      interviews(db).select(
        Object.fromEntries(
          (['milliseconds', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const).map(
            unit => [unit, dateTrunc(unit, by(db).interview.createdAt)],
          ),
        ),
      ),
  ],
  [
    'moments compared',
    db =>
      interviews(db)
        .where(by(db).interview.createdAt.gte(new Date('2026-01-31T23:59:59.999Z')))
        .select({ id: by(db).interview.id, at: by(db).interview.createdAt }),
  ],
  [
    'aggregates',
    db =>
      db.from(by(db).evaluation).select({
        n: count(),
        r: count(by(db).evaluation.rating),
        s: sum(by(db).evaluation.rating),
        b: sum(by(db).evaluation.id),
        a: avg(by(db).evaluation.rating),
        f: count().filter(by(db).evaluation.rating.gt(0)),
        and: boolAnd(by(db).evaluation.rating.gt(0)),
        or: boolOr(by(db).evaluation.rating.gt(0)),
        t: stringAgg(by(db).evaluation.note, ', ', { orderBy: [by(db).evaluation.note.desc()] }),
      }),
  ],
  [
    'aggregates of no rows',
    db =>
      db
        .from(by(db).evaluation)
        .where(by(db).evaluation.id.eq(0n))
        .select({ n: count(), s: sum(by(db).evaluation.rating), t: stringAgg(by(db).evaluation.note, ',') }),
  ],
  [
    'groups',
    db =>
      db
        .from(by(db).evaluation)
        .groupBy(by(db).evaluation.interviewId)
        .having(count().gt(1))
        .select({ id: by(db).evaluation.interviewId, n: count() }),
  ],
  [
    'windows',
    db =>
      evaluations(db).select({
        id: by(db).evaluation.id,
        n: rowNumber().over({ partitionBy: [by(db).evaluation.interviewId], orderBy: [by(db).evaluation.id.desc()] }),
        r: rank().over({ orderBy: [by(db).evaluation.interviewId.asc()] }),
        s: sum(by(db).evaluation.rating).over({ orderBy: [by(db).evaluation.id.asc()] }),
      }),
  ],
  [
    'nested lists, exact',
    db =>
      interviews(db).select({
        id: by(db).interview.id,
        notes: list(
          by(db).interview.evaluations,
          e => ({
            id: e.id,
            at: e.createdAt,
            rating: e.rating,
            high: e.rating.gt(0),
            half: cast(e.rating, float8).dividedBy(3),
            owner: e.interview.owner,
            again: list(e.interview.evaluations, x => x.id, { orderBy: x => x.id.asc() }),
          }),
          { orderBy: e => e.id.desc(), limit: 2 },
        ),
        on: list(by(db).interview.evaluations, e => e.interview.heldOn),
      }),
  ],
  [
    'the first of many',
    db => {
      const best = first(by(db).interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
      return interviews(db).select({ id: by(db).interview.id, best: best.id, by: best.user.username })
    },
  ],
  ['a whole row, or none', db => interviews(db).select({ id: by(db).interview.id, lead: by(db).interview.lead })],
  ['set operations', db => union(ids(db, 'tag'), ids(db, 'user')).orderBy('n', 'desc').limit(3).offset(1)],
  ['a set operation of set operations', db => except(ids(db, 'user'), intersect(ids(db, 'tag'), ids(db, 'user')))],
  [
    'an offset without a limit',
    db =>
      users(db)
        .select({ id: by(db).user.id })
        .offset(1),
  ],
  [
    'VALUES as a table',
    db => {
      const v = values('v', { n: int4, t: text }, [
        { n: 2, t: 'b' },
        { n: 1, t: null },
      ])
      return db.from(v).orderBy(v.n.asc()).select({ n: v.n, t: v.t })
    },
  ],
  [
    'a CTE and a derived table',
    db => {
      const high = cte(
        'high',
        db
          .from(by(db).evaluation)
          .where(by(db).evaluation.rating.gt(0))
          .select({ id: by(db).evaluation.id }),
      )
      const d = derived('d', db.from(high).select({ id: high.id }))
      return db.from(d).select({ id: d.id })
    },
  ],
  [
    'orders with NULLs placed',
    db =>
      db
        .from(by(db).evaluation)
        .orderBy(by(db).evaluation.rating.desc({ nulls: 'last' }))
        .select({ r: by(db).evaluation.rating }),
  ],
  [
    'a left join filtered in ON',
    db => {
      const mine = left(by(db).interview.evaluations, e => e.userId.eq(1))
      return interviews(db).select({ id: by(db).interview.id, r: mine.rating, n: mine.note })
    },
  ],
  [
    'DISTINCT',
    db =>
      db
        .from(by(db).evaluation)
        .distinct()
        .select({ u: by(db).evaluation.userId })
        .orderBy(by(db).evaluation.userId.asc()),
  ],
]

test.each(alike)('%s', async (_, build) => {
  const expected = await build(postgres.db).all()
  expect(expected.length).toBeGreaterThan(0)
  expect(await build(onSqlite).all()).toEqual(expected)
})

describe('what SQLite lacks is refused by name', () => {
  const lacking: readonly (readonly [string, Build, RegExp])[] = [
    ['DISTINCT ON', db => db.from(by(db).user).distinctOn(by(db).user.departmentId), /DISTINCT ON/],
    ['arrays', db => db.from(by(db).user).select({ a: arrayAgg(by(db).user.id) }), /array_agg/],
    [
      'bytes in JSON',
      db => db.from(by(db).user).select({ a: jsonAgg(cast(by(db).user.username, bytea)) }),
      /jsonAgg of bytea/,
    ],
    ['regular expressions', db => users(db).where(by(db).user.username.matches('^a')), /operator ~/],
    ['mode', db => db.from(by(db).user).select({ a: mode(by(db).user.id) }), /mode/],
  ]
  test.each(lacking)('%s', async (_, build, names) => {
    await expect((async () => build(onSqlite).all())()).rejects.toMatchObject({
      code: 'NOT_IN_DIALECT',
      message: expect.stringMatching(names),
    })
    await build(postgres.db).all()
  })
})

test('an aggregate is sorted from SQLite 3.44 on', () => {
  const aggregate = (version: number) => aggregates(version).json_agg as (parts: object) => string
  const parts = { operands: { type: () => int4, sql: () => 'x' }, distinct: false, orderBy: ' ORDER BY y' }
  expect(aggregate(34_400)(parts)).toBe('json_group_array(x ORDER BY y)')
  expect(() => aggregate(34_399)(parts)).toThrow(/NOT_IN_DIALECT: SQLite before 3\.44/)
  expect(aggregate(34_399)({ ...parts, orderBy: '' })).toBe('json_group_array(x)')
})

describe('cells of another type than their column’s', () => {
  test('are refused, not misread', () => {
    const { tag } = onSqlite.tables
    sqlite.exec(`insert into tag values (7, x'00'), (8, 'fine')`)
    const labels = onSqlite.from(tag).where(tag.id.eq(7)).select({ label: tag.label })
    expect(() => labels.allSync()).toThrow(/DECODE_FAILED.*text/)
    sqlite.exec('delete from tag where id > 2')
  })

  test('a column of no type gives and takes any', () => {
    const loose = new Sqlite(':memory:')
    loose.exec(
      `create table thing (id integer primary key, v); insert into thing (v) values (1), (1.5), ('a''b'), (x'00ff'), (null), (9007199254740993)`,
    )
    const db = pillionSync<{ thing: DB['tag'] }>(betterSqlite3Host(loose))
    const q = db.from(db.tables.thing)
    expect((q.allSync() as unknown as { v: unknown }[]).map(row => row.v)).toEqual([
      1,
      1.5,
      "a'b",
      new Uint8Array([0, 255]),
      null,
      9007199254740993n,
    ])
    loose.close()
  })

  test('an integer beyond a double says how to read it, also where no column can be a BIGINT', () => {
    const strict = new Sqlite(':memory:')
    strict.exec('create table thing (id integer primary key) strict; insert into thing values (9007199254740993)')
    const { from, tables } = pillionSync<{ thing: DB['tag'] }>(betterSqlite3Host(strict))
    const { thing } = tables
    expect(() => from(thing).select({ id: thing.id }).allSync()).toThrow(/DECODE_FAILED.*\n.*cast\(column, int8\)/)
    expect(
      from(thing)
        .select({ id: cast(thing.id, int8) })
        .allSync(),
    ).toEqual([{ id: 9007199254740993n }])
    strict.close()
  })

  test('a NUL in a text is not its end: not in a column of no type, nor in the key of a page', () => {
    const loose = new Sqlite(':memory:')
    loose.exec(`create table thing (id integer primary key, v, label text);
      insert into thing (v, label) values ('a' || char(0) || '''b', 'a'), ('a', 'a' || char(0) || 'b'), (null, 'a' || char(0) || 'c'), (null, 'b')`)
    const { from, tables } = pillionSync<{ thing: DB['tag'] }>(betterSqlite3Host(loose))
    const { thing } = tables
    expect((from(thing).allSync() as unknown as { v: unknown }[]).map(row => row.v)).toEqual(["a\0'b", 'a', null, null])
    for (const [key, ids] of [
      [thing.label.asc(), [1, 2, 3, 4]],
      [thing.label.desc(), [4, 3, 2, 1]],
    ] as const) {
      const query = from(thing).select({ id: thing.id }).orderBy(key)
      const seen: unknown[] = []
      for (let after: string | null = null, pages = 0; pages < 4; pages++) {
        const page = query.pageSync({ size: 1, after })
        seen.push(...page.rows.map(({ id }) => id))
        after = page.next
      }
      expect(seen).toEqual(ids)
    }
    loose.close()
  })

  test('rows of two queries are sorted by what a column of no type holds, and not by how it is sent', () => {
    const loose = new Sqlite(':memory:')
    loose.exec(
      `create table thing (id integer primary key, v); insert into thing (v) values (9), (10), ('a'), (2), (null)`,
    )
    // oxlint-disable-next-line typescript/no-explicit-any
    const db = pillionSync<any>(betterSqlite3Host(loose))
    const { thing } = db.tables
    const few = (least: number) => db.from(thing).where(thing.id.gte(least)).select({ v: thing.v, id: thing.id })
    const values = (query: { allSync(): { v: unknown }[] }) => query.allSync().map(({ v }) => v)
    expect(values(union(few(2), few(1)).orderBy('v'))).toEqual([null, 2, 9, 10, 'a'])
    expect(values(union(few(2), few(1)).orderBy('v', 'desc').limit(2).offset(1))).toEqual([10, 9])
    expect(union(few(2), few(1)).orderBy('id').allSync()).toHaveLength(5)
    loose.close()
  })

  test('a TIME or UUID that SQLite has made a number of is text, in a list too', () => {
    const database = new Sqlite(':memory:')
    database.exec(`
      CREATE TABLE owner (id INTEGER PRIMARY KEY);
      CREATE TABLE odd (owner_id INTEGER NOT NULL REFERENCES owner (id), at TIME, key UUID);
      INSERT INTO owner VALUES (1);
      INSERT INTO odd VALUES (1, '1230', '00000000000000000000000000000012'), (1, '12:30', 'a-b'), (1, NULL, NULL)`)
    // oxlint-disable-next-line typescript/no-explicit-any
    const { tables, from } = pillionSync<any>(betterSqlite3Host(database))
    const { owner, odd } = tables
    const rows = from(odd).select({ at: odd.at, key: odd.key }).allSync()
    expect(rows).toEqual([
      { at: '1230', key: '12' },
      { at: '12:30', key: 'a-b' },
      { at: null, key: null },
    ])
    // oxlint-disable-next-line typescript/no-explicit-any
    const listed: any = list(owner.odds, (each: any) => ({ at: each.at, key: each.key }))
    expect(from(owner).select({ listed }).allSync()).toEqual([{ listed: rows }])
    database.close()
  })

  test('a list of what a column of no type holds may have bytes in it', () => {
    const loose = new Sqlite(':memory:')
    loose.exec(
      `create table thing (id integer primary key, label); insert into thing (label) values ('a'), (x'00ff'), (1.5), (7)`,
    )
    // oxlint-disable-next-line typescript/no-explicit-any
    const db = pillionSync<any>(betterSqlite3Host(loose))
    const { thing } = db.tables
    const found = db
      .from(thing)
      .where(thing.label.in(['a', Uint8Array.of(0, 255), 1.5]))
      .select({ id: thing.id })
    expect(found.orderBy(thing.id.asc()).allSync()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    loose.close()
  })
})

test('a row refers to what is equal by the collation of the key, from either end', () => {
  const database = new Sqlite(':memory:')
  database.exec(`
    create table exact (code text primary key not null); insert into exact values ('a'), ('A');
    create table folded (code text collate nocase primary key not null); insert into folded values ('a');
    create table of_exact (id integer primary key, code text collate nocase not null references exact (code));
    create table of_folded (id integer primary key, code text not null references folded (code));
    insert into of_exact values (1, 'a'), (2, 'A'); insert into of_folded values (1, 'a'), (2, 'A')`)
  // oxlint-disable-next-line typescript/no-explicit-any
  const db = pillionSync<any>(betterSqlite3Host(database))
  const { exact, folded, of_exact: ofExact, of_folded: ofFolded } = db.tables
  // oxlint-disable-next-line typescript/no-explicit-any
  const ids = (relation: any) => list(relation, (row: any) => row.id, { orderBy: (row: any) => row.id.asc() }) as any
  expect(
    db
      .from(exact)
      .select({ code: exact.code, by: ids(exact.of_exacts) })
      .orderBy(exact.code.asc())
      .allSync(),
  ).toEqual([
    { code: 'A', by: [2] },
    { code: 'a', by: [1] },
  ])
  expect(
    db
      .from(folded)
      .select({ code: folded.code, by: ids(folded.of_foldeds) })
      .allSync(),
  ).toEqual([{ code: 'a', by: [1, 2] }])
  expect(db.from(ofExact).select({ id: ofExact.id, code: ofExact.exact.code }).allSync()).toEqual([
    { id: 1, code: 'a' },
    { id: 2, code: 'A' },
  ])
  expect(db.from(ofFolded).select({ id: ofFolded.id, code: ofFolded.folded.code }).allSync()).toEqual([
    { id: 1, code: 'a' },
    { id: 2, code: 'a' },
  ])
  database.close()
})

test('names that differ in nothing but case are one: a common table hides no table, and another is told from it', () => {
  const database = new Sqlite(':memory:')
  database.exec("create table Tag (id integer primary key, label text); insert into Tag values (1, 'a'), (2, 'b')")
  const db = pillionSync<{ Tag: DerivedHandle<{ id: number; label: string }> }>(betterSqlite3Host(database))
  const { Tag } = db.tables
  const named = (name: string) => cte(name, db.from(Tag).where(Tag.id.gt(1)).select({ id: Tag.id }))
  const hiding = named('tag')
  expect(() =>
    db
      .from(Tag)
      .where(Tag.id.in(db.from(hiding).select({ id: hiding.id })))
      .allSync(),
  ).toThrow(expect.objectContaining({ code: 'QUERY_INVALID' }))
  const [one, other] = [named('same'), named('SAME')]
  const both = db.from(one).where(one.id.in(db.from(other).select({ id: other.id })))
  expect(both.select({ id: one.id }).allSync()).toEqual([{ id: 2 }])
  database.close()
})
