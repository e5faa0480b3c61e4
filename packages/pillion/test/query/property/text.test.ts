import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { alias } from 'pillion'
import { grammar } from '../../../../../test/support/grammar.js'
import type { Arena } from './arena/arena.js'
import { openPostgresArena } from './arena/postgres.js'
import { chosen } from './choices.js'
import type { Description, Literal } from './description.js'
import type { Build } from './laws.js'
import { handlesOf, queryOf } from './pillion-query.js'
import { pagedQueryFrom, queryFrom } from './queries.js'
import type { Type, Value } from './small-world.js'
import { always, type Law, notAlways, patience } from './trial.js'

vi.setConfig({ testTimeout: patience })

let arena: Arena
let isOneSelect: (text: string) => boolean
beforeAll(async () => {
  isOneSelect = await grammar()
  arena = await openPostgresArena()
})
afterAll(() => arena.close())

const queries = chosen(queryFrom, 140)
const build: Build = description => queryOf(arena.db, description)

describe('every statement', () => {
  it('is one SELECT to the grammar of PostgreSQL', () =>
    always(
      arena,
      chosen(pagedQueryFrom, 140),
      async description => {
        arena.sent()
        const query = build(description)
        await query.all()
        await query.count()
        await query.exists()
        const { next } = await query.page({ size: 1 })
        await query.page({ size: 1, after: next })
        for await (const _ of query.stream()) break
        const sent = arena.sent()
        expect(sent).toHaveLength(6)
        expect(sent.filter(text => !isOneSelect(text))).toEqual([])
      },
      40,
    ))

  it.each(['DELETE FROM tag', 'SELECT 1; SELECT 2', 'EXPLAIN SELECT 1', ''])('which %j is not', sql => {
    expect(isOneSelect(sql)).toBe(false)
  })
})

describe('the text of a query', () => {
  it('does not depend on when handles were made', () => always(arena, queries, sameText(build, madeLate), 120))
  it('depends on which is mentioned first', () =>
    notAlways(
      arena,
      queries,
      sameText(build, description => build(reversed(description))),
    ))

  it('is the same for other values, and holds none', () => always(arena, queries, holdsNoValue(build), 120))
  it('would hold one that is given as a name', () =>
    notAlways(
      arena,
      queries,
      holdsNoValue(description => {
        const stranger = alias(arena.db.tables.tag, String(marks.text))
        return arena.db
          .from(stranger)
          .select({ label: stranger.label, n: description.where.length ? stranger.id : stranger.label })
      }),
    ))
})

/** The same query, its handles made in the other order and among handles of nobody's. */
function madeLate(description: Description) {
  const { root, joins } = description
  handlesOf(arena.db, { root, joins })
  return queryOf(arena.db, description, { creation: joins.map((_, i) => i + 1).toReversed() })
}

function reversed(description: Description): Description {
  return { ...description, where: description.where.toReversed() }
}

function sameText(one: Build, other: Build): Law<Description> {
  return description => {
    expect(other(description).toSQL().sql).toBe(one(description).toSQL().sql)
  }
}

const marks: Readonly<Record<Type, Value>> = {
  int4: 987654321,
  int8: 987654321987654321n,
  text: "zq'mark",
  numeric: '9876543.21',
  timestamptz: '1987-06-05 04:03:02.000000',
  date: '1987-06-05',
  status: 'closed',
}

function holdsNoValue(making: Build): Law<Description> {
  return description => {
    const { sql } = making(marked(description)).toSQL()
    expect(sql).toBe(making(description).toSQL().sql)
    for (const mark of Object.values(marks)) expect(sql).not.toContain(String(mark))
  }
}

/** Every literal and every number compared with is another. */
function marked<T>(thing: T): T {
  if (typeof thing !== 'object' || thing === null) return thing
  if (Array.isArray(thing)) return thing.map(marked) as T
  if ('literal' in thing) return { ...thing, literal: marks[(thing as unknown as Literal).type] }
  return Object.fromEntries(
    Object.entries(thing).map(([key, value]) => [
      key,
      key === 'number' && typeof value === 'number' ? 987654 : marked(value),
    ]),
  ) as T
}
