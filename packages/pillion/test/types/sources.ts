// Tables that are not in the catalogue, set operations, and what the terminals give.
import {
  alias,
  array,
  coalesce,
  count,
  cte,
  derived,
  except,
  from,
  generateSeries,
  inner,
  int4,
  left,
  nothing,
  type Page,
  param,
  recursive,
  relate,
  sum,
  tableFunction,
  text,
  union,
  unionAll,
  unnest,
  values,
  fn,
} from 'pillion'
import { db, department, evaluation, interview, row, typeOf, user, yields } from './expect.js'

const mine = left(interview.evaluations, e => e.userId.eq(7))

// derived tables and CTEs
const totals = db
  .from(evaluation)
  .select({ user: evaluation.userId, n: count(), total: sum(evaluation.rating) })
  .groupBy(evaluation.userId)
const perUser = derived('per_user', totals)
const withUser = cte('with_user', totals, { materialized: true })
row(db.from(perUser)).is<{ user: number; n: number; total: number | null }>()
row(db.from(withUser).where(withUser.n.gt(1)).select({ n: withUser.n, total: withUser.total })).is<{
  n: number
  total: number | null
}>()
const joined = left(relate(user, perUser, p => p.user.eq(user.id)))
row(db.from(user).select({ id: user.id, n: joined.n, known: coalesce(joined.n, 0), joined })).is<{
  id: number
  n: number | null
  known: number
  joined: { user: number; n: number; total: number | null } | null
}>()

// recursive CTEs
const under = recursive('under', db.from(department).select({ id: department.id, name: department.name }), self => {
  const child = alias(department)
  const up = inner(relate(child, self, s => s.id.eq(child.parentId)))
  return db.from(child).expand(up).select({ id: child.id, name: child.name })
})
row(db.from(under)).is<{ id: number; name: string }>()

// rows made of values
const wanted = values('wanted', { id: int4, label: text }, [{ id: 1, label: 'a' }])
row(db.from(wanted)).is<{ id: number; label: string }>()
const nullable = values<{ id: number | null }>('nullable', { id: int4 }, [{ id: null }])
yields(nullable.id).is<number | null>()
yields(generateSeries('n', 1, 3).value).is<number>()
yields(unnest('ids', array(interview.id, 2)).value).is<number>()
yields(tableFunction<{ word: string }>('w', fn<string>('words', text, 'a b'), { word: text }).word).is<string>()

// set operations
row(unionAll(db.from(user).select({ id: user.id }), db.from(interview).select({ id: interview.id }))).is<{
  id: number
}>()
row(
  union(db.from(interview).select({ r: interview.id }), db.from(interview).select({ r: mine.rating }))
    .orderBy('r', 'desc')
    .limit(3),
).is<{
  r: number | null
}>()
row(
  unionAll(
    db.from(user).select({ at: user.id, name: user.username, title: nothing(text) }),
    db.from(interview).select({ at: interview.id, name: nothing(text), title: interview.title }),
  ).orderBy('title'),
).is<{ at: number; name: string | null; title: string | null }>()
row(except(unionAll(totals, totals), totals)).is<{ user: number; n: number; total: number | null }>()

// terminals
const ids = db.from(interview).select({ id: interview.id })
typeOf(ids.all()).is<Promise<{ id: number }[]>>()
typeOf(ids.first()).is<Promise<{ id: number } | null>>()
typeOf(ids.one()).is<Promise<{ id: number }>>()
typeOf(ids.count()).is<Promise<number>>()
typeOf(ids.exists()).is<Promise<boolean>>()
typeOf(ids.stream({ batch: 5 })).is<AsyncIterable<{ id: number }>>()
typeOf(ids.page({ size: 5 }, param<number>('me').is(7), { timeout: 100 })).is<Promise<Page<{ id: number }>>>()
typeOf(ids.on({}).limit(3).offset(param<number>('skip')).all()).is<Promise<{ id: number }[]>>()
row(from(interview).select({ id: interview.id })).is<{ id: number }>()

// SELECT by hand
typeOf(db.sql<{ n: bigint }>`SELECT count(*) AS n FROM interview WHERE id = ${1}`.all()).is<Promise<{ n: bigint }[]>>()
typeOf(db.sql`SELECT 1`.all()).is<Promise<Record<string, unknown>[]>>()
