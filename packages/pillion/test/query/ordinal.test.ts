import { afterAll, beforeAll, expect, it } from 'vitest'
import { arrayAgg, coalesce, count } from 'pillion'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

it('groups and sorts by an expression with a value in it, written again', async () => {
  const { evaluation } = at.db.tables
  const q = at.db
    .from(evaluation)
    .select({ rating: coalesce(evaluation.rating, 0), n: count() })
    .groupBy(coalesce(evaluation.rating, 0))
    .orderBy(coalesce(evaluation.rating, 0).desc())
  expect(await q.all()).toEqual([
    { rating: 9, n: 1 },
    { rating: 8, n: 2 },
    { rating: 4, n: 1 },
    { rating: 2, n: 1 },
    { rating: 0, n: 1 },
  ])
  expect(q.toSQL().sql).toContain('GROUP BY 1 ORDER BY 1 DESC')
})

it('takes another value for another expression: the shape tells them apart', async () => {
  const { evaluation } = at.db.tables
  const grouped = (value: number) =>
    at.db
      .from(evaluation)
      .select({ rating: coalesce(evaluation.rating, 0) })
      .groupBy(evaluation.rating, coalesce(evaluation.rating, value))
  expect(grouped(0).toSQL().sql).toContain('GROUP BY "evaluation"."rating", 1')
  expect(grouped(1).toSQL().sql).toContain('GROUP BY "evaluation"."rating", coalesce("evaluation"."rating", $2::int4)')
  expect(await grouped(1).all()).toHaveLength(5)
})

it('keeps the words of an order inside an aggregate, where a number would be a constant', async () => {
  const { evaluation } = at.db.tables
  const rating = coalesce(evaluation.rating, 0)
  const q = at.db
    .from(evaluation)
    .select({
      rating,
      ids: arrayAgg(evaluation.userId, { orderBy: [coalesce(evaluation.rating, 0).asc(), evaluation.userId.desc()] }),
    })
    .groupBy(rating)
    .having(count().gt(1))
  expect(await q.all()).toEqual([{ rating: 8, ids: [3, 3] }])
})
