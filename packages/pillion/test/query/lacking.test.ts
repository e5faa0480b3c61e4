/**
 * What a dialect lacks is an error of building that names it: whatever of the vocabulary is not here ends in rows, and
 * nothing in an error of the server's.
 */
import { expect, it } from 'vitest'
import {
  array,
  arrayAgg,
  boolAnd,
  cast,
  concat,
  count,
  cte,
  type Database,
  first,
  fn,
  generateSeries,
  jsonAgg,
  jsonb,
  lag,
  left,
  mode,
  nest,
  percentileCont,
  rank,
  relate,
  round,
  stringAgg,
  sum,
  text,
  uuid,
  value,
} from 'pillion'
import type { DB } from '../support/interviews.gen.js'
import { everywhere } from '../support/everywhere.js'
import { refusal } from './refusal.js'

interface Asked {
  all(): Promise<unknown[]>
}

const everyone = ['PostgreSQL', 'MariaDB', 'MySQL', 'SQLite'] as const
type Dialect = (typeof everyone)[number]
const others: readonly Dialect[] = ['MariaDB', 'MySQL', 'SQLite']

const asked: readonly (readonly [feature: string, lacking: readonly Dialect[], build: (db: Database<DB>) => Asked])[] =
  [
    ['DISTINCT ON', others, ({ from, tables: { tag } }) => from(tag).distinctOn(tag.label)],
    ['an array', others, ({ from, tables: { tag } }) => from(tag).select({ x: array(tag.id, 2) })],
    ['array_agg', others, ({ from, tables: { tag } }) => from(tag).select({ x: arrayAgg(tag.id) })],
    [
      'percentile_cont',
      others,
      ({ from, tables: { tag } }) => from(tag).select({ x: percentileCont(0.5, tag.id.asc()) }),
    ],
    ['mode', others, ({ from, tables: { tag } }) => from(tag).select({ x: mode(tag.id) })],
    ['a function in FROM', others, ({ from }) => from(generateSeries('n', 1, 2))],
    [
      '@>',
      others,
      ({ from, tables: { tag } }) =>
        from(tag).select({ x: cast(value('{}'), jsonb).contains(cast(value('{}'), jsonb) as never) }),
    ],
    [
      'a cast of text to uuid',
      others,
      ({ from, tables: { tag } }) =>
        from(tag)
          .limit(0)
          .select({ x: cast(tag.label, uuid) }),
    ],
    [
      'minus between moments',
      others,
      ({ from, tables: { evaluation: e } }) => from(e).select({ x: e.createdAt.minus(e.createdAt) }),
    ],
    [
      'a row that nothing but NULLs tells',
      ['MariaDB', 'MySQL', 'SQLite'],
      ({ from, tables: { interview, user } }) => {
        const emails = cte('emails', from(user).select({ email: user.email }))
        const found = left(relate(interview, emails, e => e.email.isNull()))
        return from(interview)
          .expand(found)
          .select({ x: nest(found, e => ({ email: e.email })) })
      },
    ],
    [
      'MATERIALIZED',
      ['MariaDB', 'MySQL'],
      ({ from, tables: { tag } }) => from(cte('tags', from(tag), { materialized: true })),
    ],
    ['~', ['SQLite'], ({ from, tables: { tag } }) => from(tag).where(tag.label.matches('^r'))],
    [
      'GROUPS in a window',
      ['MariaDB', 'MySQL'],
      ({ from, tables: { tag } }) =>
        from(tag).select({ x: sum(tag.id).over({ orderBy: [tag.id.asc()], frame: 'groups 1 preceding' }) }),
    ],
    [
      'EXCLUDE in a window',
      ['MariaDB', 'MySQL'],
      ({ from, tables: { tag } }) =>
        from(tag).select({
          x: sum(tag.id).over({ orderBy: [tag.id.asc()], frame: 'ROWS 1 PRECEDING EXCLUDE CURRENT ROW' }),
        }),
    ],
    [
      'an aggregate in ORDER BY alone',
      ['MySQL', 'SQLite'],
      ({ from, tables: { tag } }) =>
        from(tag)
          .select({ x: value(1) })
          .orderBy(count().desc()),
    ],
    [
      'HAVING where nothing is grouped',
      ['SQLite'],
      ({ from, tables: { tag } }) =>
        from(tag)
          .select({ x: value(1) })
          .having(count().gt(1)),
    ],
    [
      'lag with another value',
      [],
      ({ from, tables: { tag } }) => from(tag).select({ x: lag(tag.id, 1, 0).over({ orderBy: [tag.id.asc()] }) }),
    ],
    [
      'the operator % of floats',
      ['PostgreSQL'],
      ({ from, tables: { tag } }) => from(tag).select({ x: value(1.5).modulo(value(0.5)) }),
    ],
    [
      'string_agg(DISTINCT …) with a separator',
      ['SQLite'],
      ({ from, tables: { tag } }) => from(tag).select({ x: stringAgg(tag.label, ',').distinct() }),
    ],
    [
      'ORDER BY inside JSON_ARRAYAGG',
      ['MySQL'],
      ({ from, tables: { tag } }) => from(tag).select({ x: jsonAgg(tag.id, { orderBy: [tag.id.desc()] }) }),
    ],
    [
      'a page in the order of JSON documents',
      ['MySQL'],
      ({ from, tables: { tag } }) => {
        const sorted = from(tag).orderBy(cast(concat('{"a": ', tag.id, '}'), jsonb).asc())
        return { all: async () => (await sorted.page({ size: 1 })).rows }
      },
    ],
    [
      'HAVING without GROUP BY',
      [],
      ({ from, tables: { tag } }) => from(tag).select({ n: count() }).having(count().gt(1)),
    ],
    [
      'HAVING over an aggregate beside a window function',
      ['MariaDB'],
      ({ from, tables: { tag } }) =>
        from(tag)
          .select({ id: tag.id, x: rank().over({ orderBy: [count().desc()] }) })
          .groupBy(tag.id)
          .having(count().gt(0)),
    ],
    ['bool_and', [], ({ from, tables: { tag } }) => from(tag).select({ x: boolAnd(tag.id.gt(0)) })],
    ['round to digits', [], ({ from, tables: { tag } }) => from(tag).select({ x: round(tag.id, 2) })],
    ['a function by name', [], ({ from, tables: { tag } }) => from(tag).select({ x: fn('upper', text, tag.label) })],
    [
      'IN and NOT IN of rows that are cut short',
      [],
      ({ from, tables: { interview, evaluation: e } }) => {
        const newest = from(e).select({ id: e.interviewId }).orderBy(e.id.desc())
        return from(interview).where(interview.id.in(newest.limit(1)), interview.id.notIn(newest.offset(2)))
      },
    ],
    [
      'a table in FROM that sees the query around its own',
      ['MariaDB'],
      ({ from, tables: { interview, evaluation: e } }) => {
        const own = from(e).where(e.interviewId.eq(interview.id)).select({ id: e.userId }).orderBy(e.id.desc())
        return from(interview).where(interview.ownerId.in(own.limit(1)))
      },
    ],
    [
      'the first of a relation',
      [],
      ({ from, tables: { interview } }) => {
        const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
        return from(interview).select({ x: best.rating })
      },
    ],
  ]

everywhere(at => {
  it.each(asked)('%s', async (feature, lacking, build) => {
    const dialect = at.dialect as Dialect
    if (!lacking.includes(dialect)) {
      await build(at.db).all()
      return
    }
    const { code, message } = await refusal(() => build(at.db).all())
    expect(code).toBe('NOT_IN_DIALECT')
    expect(message).toContain(dialect)
    expect(message).toContain(feature)
  })
})
