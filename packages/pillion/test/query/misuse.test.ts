import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  absent,
  alias,
  and,
  arrayAgg,
  cast,
  coalesce,
  count,
  cte,
  derived,
  every,
  exists,
  first,
  fn,
  from,
  inner,
  int4,
  isPillionError,
  left,
  list,
  lower,
  nest,
  none,
  not,
  on,
  or,
  present,
  recursive,
  relate,
  required,
  scalar,
  some,
  sum,
  tableFunction,
  union,
  unnest,
  value,
  when,
} from 'pillion'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews({ empty: true })
})
afterAll(() => at.close())

// What the compiler refuses may still come from JavaScript, or through a cast.
it('whatever is given in the place of an expression, a handle, an order or a query, the error is one of pillion’s', async () => {
  const { interview } = at.db.tables
  const q = at.db.from(interview)
  const wrong: Record<string, unknown> = {
    undefined,
    null: null,
    number: 7,
    string: 'x',
    boolean: true,
    object: {},
    array: [],
    function: () => 1,
    date: new Date(),
    table: interview,
    many: interview.evaluations,
    'to-one': interview.lead,
    column: interview.id,
    order: interview.id.asc(),
    query: q,
    promise: Promise.resolve(1),
  }
  const uses: Record<string, (x: never) => unknown> = {
    where: x => q.where(x),
    having: x => q.having(x),
    orderBy: x => q.orderBy(x),
    reorder: x => q.reorder(x),
    groupBy: x => q.groupBy(x),
    distinctOn: x => q.distinctOn(x),
    select: x => q.select(x),
    'select of': x => q.select({ x }),
    limit: x => q.limit(x),
    offset: x => q.offset(x),
    expand: x => q.expand(x),
    require: x => q.require(x),
    'db.from': x => at.db.from(x),
    from: x => from(x),
    inner: x => inner(x),
    'inner on': x => inner(interview.evaluations, () => x),
    left: x => left(x),
    some: x => some(x),
    first: x => first(x, { orderBy: () => interview.id.asc() }),
    'first by': x => first(interview.evaluations, { orderBy: () => x }),
    alias: x => alias(x),
    'alias name': x => alias(interview, x),
    on: x => on(x, () => interview.id.eq(1)),
    'on condition': x => on(interview.lead, x),
    relate: x => relate(x, interview, () => []),
    'relate to': x => relate(interview, x, () => []),
    required: x => required(x),
    present: x => present(x),
    absent: x => absent(x),
    and: x => and(x),
    or: x => or(x),
    not: x => not(x),
    exists: x => exists(x),
    none: x => none(x),
    every: x => every(x, () => interview.id.eq(1)),
    'every of': x => every(interview.evaluations, () => x),
    list: x => list(x, () => interview.id),
    'list of': x => list(interview.evaluations, () => x),
    'list by': x => list(interview.evaluations, e => e.id, { orderBy: () => x }),
    count: x => count(x),
    sum: x => sum(x as never, () => interview.id),
    'sum of': x => sum(interview.evaluations, () => x),
    arrayAgg: x => arrayAgg(x),
    scalar: x => scalar(x),
    derived: x => derived('d', x),
    'derived name': x => derived(x, q.select({ id: interview.id })),
    cte: x => cte('c', x),
    recursive: x => recursive('r', x, () => x),
    union: x => union(q, x),
    nest: x => nest(x, () => ({})),
    value: x => value(x),
    cast: x => cast(x, int4),
    'cast to': x => cast(interview.id, x),
    coalesce: x => coalesce(x, 1 as never),
    'coalesce of': x => coalesce(interview.id, x),
    lower: x => lower(x),
    fn: x => fn('f', int4, x),
    'fn name': x => fn(x, int4),
    when: x => when(x, 1),
    'when then': x => when(interview.id.eq(1), x),
    unnest: x => unnest('u', x),
    tableFunction: x => tableFunction('t', x, { id: int4 }),
    eq: x => interview.id.eq(x),
    in: x => interview.id.in(x),
    between: x => interview.id.between(1, x),
    like: x => interview.title.like(x),
    jsonText: x => interview.title.jsonText(x),
  }
  const escaped: string[] = []
  for (const [use, run] of Object.entries(uses)) {
    for (const [what, x] of Object.entries(wrong)) {
      try {
        const made = await run(x as never)
        if (typeof made === 'object' && made !== null && 'toSQL' in made) (made as typeof q).toSQL()
      } catch (error) {
        if (!isPillionError(error)) escaped.push(`${use}(${what}): ${String(error)}`)
      }
    }
  }
  expect(escaped).toEqual([])
})

it('a count of what is not there is no count of all rows', () => {
  const { interview } = at.db.tables
  const { gone } = interview as unknown as { readonly gone: never }
  expect(() => at.db.from(interview).select({ n: count(gone) })).toThrow(
    /QUERY_INVALID: Expected an expression, got undefined/,
  )
  expect(at.db.from(interview).select({ n: count() }).toSQL().sql).toContain('count(*)')
})
