import { afterAll, beforeAll, expect, it } from 'vitest'
import { count, inner, left } from 'pillion'
import { type Interviews, openInterviews } from '../../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

it('count() and pages answer for a cross product that was asked for, though an aggregate over it is refused', async () => {
  const { interview } = at.db.tables
  const evaluation = inner(interview.evaluations)
  const tag = left(interview.tags)
  const pairs = at.db
    .from(interview)
    .expand(evaluation)
    .expand(tag, { allowCrossProduct: true })
    .select({ id: interview.id, evaluation: evaluation.id, tag: tag.label })

  expect(await pairs.all()).toHaveLength(8)
  expect(await pairs.count()).toBe(8)
  expect(await pairs.where(tag.label.isNull()).count()).toBe(2)
  await expect(pairs.select({ n: count() }).all()).rejects.toMatchObject({ code: 'AGGREGATE_MULTIPLIED' })
})
