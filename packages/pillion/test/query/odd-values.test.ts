import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type Binding,
  bool,
  type Condition,
  type Database,
  derived,
  type DerivedHandle,
  fn,
  int4,
  param,
  pillion,
  sql,
  unionAll,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal } from './refusal.js'

let at: Interviews
let odd: Database<Record<string, never>>
beforeAll(async () => {
  at = await openInterviews()
  await at.pool.query(`
    CREATE TYPE place AS (x int, y int);
    CREATE TABLE odd (id int PRIMARY KEY, at place, many int[], small real, doc jsonb, raw json);
    INSERT INTO odd VALUES (1, (1, 2), '{1,2}', 0.5, '{}', '{}'), (2, (1, NULL), '{}', 'NaN', '{}', '{}')`)
  odd = await pillion(pgHost(at.pool))
})
afterAll(() => at.close())

interface Odd {
  readonly id: number
  readonly at: { readonly x: number | null; readonly y: number | null } | null
  readonly many: readonly (number | null)[] | null
  readonly small: number | null
  readonly doc: unknown
}

interface Borrowed {
  readonly id: number
  readonly spot: object
  readonly cls: object
  readonly kind: object
  readonly config: object
}

const table = () => (odd.tables as unknown as { readonly odd: DerivedHandle<Odd> }).odd
const matching = async (condition: Condition, ...given: readonly Binding[]) => {
  const rows = await odd
    .from(table())
    .where(condition)
    .select({ id: table().id })
    .all(...given)
  return rows.map(row => row.id)
}

it('compares a column of a row type with a row, a parameter of one, a list of them', async () => {
  const where = param<{ x: number; y: number | null }>('where')
  expect(await matching(table().at.eq({ x: 1, y: 2 }))).toEqual([1])
  expect(await matching(table().at.eq(where), where.is({ x: 1, y: 2 }))).toEqual([1])
  expect(
    await matching(
      table().at.in([
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ]),
    ),
  ).toEqual([1])
  expect(await matching(table().at.isNotDistinctFrom({ x: 1, y: null }))).toEqual([2])
})

it('finds again what has the operators of another type: names of objects, and rows that are a domain', async () => {
  await at.pool.query(`
    CREATE DOMAIN spot AS place CHECK ((VALUE).x > 0);
    CREATE TABLE borrowed (id int PRIMARY KEY, spot spot, cls regclass, kind regtype, config regconfig);
    INSERT INTO borrowed VALUES (1, (1, 2), 'pg_class', 'int4', 'english'), (2, (3, NULL), 'pg_type', 'text', 'simple')`)
  const { from, tables } = await pillion(pgHost(at.pool))
  const { borrowed } = tables as unknown as { readonly borrowed: DerivedHandle<Borrowed> }
  const all = await from(borrowed).orderBy(borrowed.id.asc()).all()
  for (const column of ['spot', 'cls', 'kind', 'config'] as const) {
    const key = borrowed[column]
    const [one, two] = all.map(row => row[column]) as [object, object]
    expect(await from(borrowed).where(key.eq(one)).all(), column).toEqual([all[0]])
    expect(
      await from(borrowed)
        .where(key.in([two]))
        .all(),
      column,
    ).toEqual([all[1]])
    expect(await from(borrowed).where(key.isNotDistinctFrom(two)).all(), column).toEqual([all[1]])
    const sorted = from(borrowed).orderBy(key.asc())
    const { rows, next } = await sorted.page({ size: 1 })
    expect([...rows, ...(await sorted.page({ size: 1, after: next })).rows], column).toEqual(await sorted.all())
  }
})

it('refuses before it sends what the server cannot take', async () => {
  // oxlint-disable-next-line no-sparse-arrays
  const values = { many: [[, 1]], small: [1e39, 1e-60], doc: ['\ud800', { '\0': 1 }, ['a\\\0']] }
  for (const [column, list] of Object.entries(values)) {
    for (const value of list) {
      await expectRefusal(() => matching(table()[column as 'doc'].eq(value as never)), 'VALUE_TYPE')
    }
  }
  expect(await matching(table().small.lt(1e38))).toEqual([1])
  expect(await matching(table().small.eq(NaN))).toEqual([2])
  expect(await matching(table().doc.ne({ a: '\\u0000', b: '💥' }))).toEqual([1, 2])
  await expectRefusal(() => matching(table().many.in([[1, 2]])), 'QUERY_INVALID', /array/)
  expect(
    await matching(table().many.in(odd.from(table()).where(table().id.eq(1)).select({ m: table().many }))),
  ).toEqual([1])
})

it('a text of the query with U+0000 in it is refused, and does not end the connection', async () => {
  const { interview } = at.db.tables
  const before = at.pool.totalCount
  await expectRefusal(() => at.db.from(interview).select({ 'a\0b': interview.id }).all(), 'QUERY_INVALID', /U\+0000/)
  await expectRefusal(
    () => at.db.from(interview).where(sql<boolean>(bool)`'\0' = ''`).all(),
    'QUERY_INVALID',
    /U\+0000/,
  )
  await expectRefusal(() => at.db.sql`SELECT '\0'`.all(), 'SQL_NOT_SELECT', /U\+0000/)
  await expectRefusal(() => derived('d', at.db.from(interview).select({ 'a\0b': interview.id })), 'QUERY_INVALID')
  expect(at.pool.totalCount).toBe(before)
})

it('a column of a derived table, or of the order of a set operation, has a name that the server keeps', async () => {
  const { interview } = at.db.tables
  const long = 'k'.repeat(64)
  const rows = at.db.from(interview).select({ [long]: interview.id })
  await expectRefusal(() => derived('d', rows), 'QUERY_INVALID', /64 bytes/)
  await expectRefusal(() => unionAll(rows, rows).orderBy(long).all(), 'QUERY_INVALID', /too long/)
  const nested = at.db.from(interview).select({ id: interview.id, by: { owner: interview.ownerId } })
  await expectRefusal(() => unionAll(nested, nested).orderBy('by').all(), 'QUERY_INVALID', /no column/)
  expect(await unionAll(nested, nested).orderBy('id').first()).toEqual({ id: 1, by: { owner: 1 } })
})

it('a function may be named as a member of every object', async () => {
  const { interview } = at.db.tables
  await at.pool.query('CREATE FUNCTION constructor(int) RETURNS int LANGUAGE sql AS $$SELECT $1 + 1$$')
  const q = at.db.from(interview).select({ n: fn<number>('constructor', int4, interview.id) })
  expect(await q.orderBy(interview.id.asc()).first()).toEqual({ n: 2 })
})
