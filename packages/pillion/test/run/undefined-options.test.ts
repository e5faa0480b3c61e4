/** An option that is undefined is one that is left out. The compiler, under `exactOptionalPropertyTypes`, checks that it takes one. */
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import knexOf from 'knex'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  arrayAgg,
  cte,
  type Database,
  type DatabaseOptions,
  first,
  jsonAgg,
  list,
  type Overrides,
  pillion,
  recursive,
  stringAgg,
  sum,
  unionAll,
} from 'pillion'
import { drizzleHost } from 'pillion/drizzle'
import { knexHost } from 'pillion/knex'
import { pgHost } from 'pillion/pg'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
let db: Database<DB>
beforeAll(async () => {
  at = await openInterviews()
  db = await pillion<DB>(pgHost(at.pool, { prepare: undefined, dates: undefined }), { ...unsaid, names: 'camel' })
})
afterAll(() => at.close())

const overrides: Overrides = {
  relations: undefined,
  virtual: undefined,
  nullability: undefined,
  types: undefined,
  include: undefined,
  exclude: undefined,
  excludeColumns: undefined,
}
const unsaid: DatabaseOptions = {
  schemas: undefined,
  names: undefined,
  previous: undefined,
  overrides,
  catalog: undefined,
  origins: undefined,
  shapes: undefined,
}

test('of a database', async () => {
  expect(db.catalog).toEqual(at.db.catalog)
  const previous = at.db.catalog
  expect((await pillion<DB>(pgHost(at.pool), { ...unsaid, previous })).catalog).toEqual(at.db.catalog)
})

test('of the parts of a query', () => {
  const { evaluation, interview } = db.tables
  const interviews = db.from(interview)
  const plain = interviews
    .select({
      rows: list(interview.evaluations, e => e.id),
      best: first(interview.evaluations, { orderBy: e => [e.rating.desc(), e.id.asc()] }).rating,
    })
    .orderBy(interview.heldOn.desc())
  const told = interviews
    .select({
      rows: list(interview.evaluations, e => e.id, { where: undefined, orderBy: undefined, limit: undefined }),
      best: first(interview.evaluations, {
        orderBy: e => [e.rating.desc({ nulls: undefined }), e.id.asc({ nulls: undefined })],
        where: undefined,
      }).rating,
    })
    .orderBy(interview.heldOn.desc({ nulls: undefined }))
  expect(told.toSQL()).toEqual(plain.toSQL())

  const folded = db.from(evaluation).select({
    a: arrayAgg(evaluation.id, { orderBy: undefined }),
    b: stringAgg(evaluation.note, ',', { orderBy: undefined }),
    c: jsonAgg(evaluation.id, { orderBy: undefined }),
  })
  const running = db.from(evaluation).select({
    d: sum(evaluation.id).over({ partitionBy: undefined, orderBy: undefined, frame: undefined }),
  })
  expect(folded.toSQL().sql).not.toContain('ORDER')
  expect(running.toSQL().sql).toContain('OVER ()')

  const ids = interviews.select({ id: interview.id })
  const common = cte('common', ids, { materialized: undefined })
  const deep = recursive('deep', ids, self => db.from(self), { materialized: undefined, union: undefined })
  expect(db.from(common).toSQL().sql).toMatch(/AS \(/)
  expect(db.from(deep).toSQL().sql).toContain('UNION ALL')
  expect(unionAll(ids, ids).orderBy('id', 'asc', { nulls: undefined }).toSQL().sql).toMatch(/ORDER BY "id"$/)
})

test('of what explains a query', async () => {
  const plan = await db.from(db.tables.tag).explain({ analyze: undefined, buffers: undefined })
  expect(JSON.stringify(plan)).not.toContain('Actual')
})

test('of a host, whose ORM has a form of its own for moments', async () => {
  const knex = knexOf({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
  try {
    await knex.schema.createTable('seen', table => void table.datetime('at'))
    const now = new Date('2026-01-01T10:00:00.123Z')
    await knex('seen').insert({ at: now })
    // oxlint-disable-next-line typescript/no-explicit-any
    const onKnex = await pillion<any>(knexHost(knex, { dates: undefined }))
    const { seen } = onKnex.tables
    expect(await onKnex.from(seen).where(seen.at.eq(now)).count()).toBe(1)
  } finally {
    await knex.destroy()
  }
  expect(drizzleHost(drizzle(new Sqlite(':memory:')), { dates: undefined }).dates).toBe('sql')
})
