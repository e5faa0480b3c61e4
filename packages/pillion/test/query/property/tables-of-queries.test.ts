/**
 * What a query means does not change where it stands in another: as a derived table, as a CTE, as an operand of a set operation,
 * as what a relation leads to.
 */
import {
  alias,
  count,
  cte,
  type Database,
  derived,
  type DerivedHandle,
  except,
  exists,
  intersect,
  left,
  list,
  relate,
  union,
  unionAll,
} from 'pillion'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DB } from '../../support/interviews.gen.js'
import { type Arena, grounds } from './arena/arena.js'
import { chosen } from './choices.js'
import type { Description, Field } from './description.js'
import type { Build } from './laws.js'
import { lastWhereOnly } from './mistakes.js'
import { queryOf } from './pillion-query.js'
import { queryFrom } from './queries.js'
import { always, bag, type Law, notAlways, patience } from './trial.js'

vi.setConfig({ testTimeout: patience })

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
  })
  afterAll(() => arena.close())

  const build: Build = description => queryOf(arena.db, description)
  const mistaken: Build = description => build(lastWhereOnly(description))
  const queries = chosen(queryFrom, 120)
    .map(query => ({ ...query, order: [], fields: query.fields.filter(isFlat) }))
    .filter(({ fields }) => fields.length > 0)
  const ofValuesShownWhole = queries
    .map(query => ({ ...query, fields: query.fields.filter(isShownWhole) }))
    .filter(({ fields }) => fields.length > 0)
  const ofInterviews = chosen(queryFrom, 120)
    .filter(({ root }) => root === 'interview')
    .map(query => ({ ...query, order: [], fields: [idOfRoot] }))

  describe('a table of a query', () => {
    it('has its rows', () =>
      always(
        arena,
        queries,
        hasItsRows(() => arena.db, build),
      ))
    it('has not, where a later condition replaces an earlier', () =>
      notAlways(
        arena,
        queries,
        hasItsRows(() => arena.db, build, mistaken),
      ))
  })

  describe('set operations', () => {
    it('are those of the rows', () => always(arena, ofValuesShownWhole, areOfTheRows(build)))
    it('are not, where a later condition replaces an earlier', () =>
      notAlways(arena, ofValuesShownWhole, areOfTheRows(build, mistaken)))
  })

  describe('a relation to a table of a query', () => {
    it('leads to its rows', () =>
      always(
        arena,
        ofInterviews,
        leadsToItsRows(() => arena.db, build),
      ))
    it('does not, where a later condition replaces an earlier', () =>
      notAlways(
        arena,
        ofInterviews,
        leadsToItsRows(() => arena.db, build, mistaken),
      ))
  })
})

const idOfRoot: Field = { get: 'column', of: { at: { base: 0, path: [] }, column: 'id' } }

// a list, a row and a nested object are no columns of a table
function isFlat({ get }: Field): boolean {
  return get === 'column' || get === 'test' || get === 'count'
}

// two moments within a millisecond are two values to the database, and one to whoever looks at rows
function isShownWhole(field: Field): boolean {
  return field.get !== 'column' || field.of.column !== 'createdAt'
}

function hasItsRows(db: () => Database<DB>, build: Build, made: Build = build): Law<Description> {
  return async description => {
    const rows = bag(await build(description).all())
    const table = derived('of_query', made(description))
    expect(bag(await db().from(table).all())).toEqual(rows)
    expect(await db().from(table).count()).toBe(rows.length)
    expect(
      bag(
        await db()
          .from(cte('of_query', made(description)))
          .all(),
      ),
    ).toEqual(rows)
  }
}

function areOfTheRows(build: Build, made: Build = build): Law<Description> {
  return async description => {
    const wider = { ...description, where: description.where.slice(0, 1) }
    const [few, many] = [bag(await build(description).all()), bag(await build(wider).all())]
    const [a, b] = [made(description), made(wider)]
    const once = (rows: readonly string[]): readonly string[] => [...new Set(rows)].sort()
    expect(bag(await unionAll(a, b).all())).toEqual([...few, ...many].sort())
    expect(bag(await union(a, b).all())).toEqual(once(many.concat(few)))
    expect(bag(await intersect(a, b).all())).toEqual(once(few))
    expect(bag(await except(b, a).all())).toEqual(once(many.filter(row => !few.includes(row))))
    expect(await unionAll(a, b).count()).toBe(few.length + many.length)
    expect(bag(await a.distinct().all())).toEqual(once(few))
  }
}

function leadsToItsRows(db: () => Database<DB>, build: Build, made: Build = build): Law<Description> {
  return async description => {
    const ids = ((await build(description).all()) as readonly { readonly f0: number }[]).map(({ f0 }) => f0)
    const found = derived('found', made(description)) as DerivedHandle<{ f0: number }>
    const interview = alias(db().tables.interview, 'around')
    const relation = relate(interview, found, each => each.f0.eq(interview.id))
    const all = await db().from(interview).select({ id: interview.id }).all()
    const rows = all.map(({ id }) => ({ id, n: ids.filter(each => each === id).length }))
    const counted = db()
      .from(interview)
      .select({ id: interview.id, n: count(relation), each: list(relation, each => each.f0) })
    const shown = (await counted.all()).map(({ id, n, each }) => {
      expect(each).toEqual(Array.from({ length: n }, () => id))
      return { id, n }
    })
    expect(bag(shown)).toEqual(bag(rows))
    expect(await db().from(interview).where(exists(relation)).count()).toBe(rows.filter(({ n }) => n > 0).length)
    expect(
      await db()
        .from(interview)
        .where(interview.id.notIn(made(description) as never))
        .count(),
    ).toBe(rows.filter(({ n }) => n === 0).length)
    const joined = left(relation)
    expect(await db().from(interview).expand(joined).select({ id: joined.f0 }).count()).toBe(
      rows.reduce((sum, { n }) => sum + Math.max(n, 1), 0),
    )
  }
}
