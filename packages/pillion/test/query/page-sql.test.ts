import { afterAll, beforeAll, expect, it } from 'vitest'
import { left, param } from 'pillion'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

it('shows the statement of a page, and its values, without sending it', async () => {
  const { interview } = at.db.tables
  const me = param<number>('me')
  const mine = left(interview.evaluations, e => e.userId.eq(me))
  const q = at.db
    .from(interview)
    .select({ id: interview.id })
    .orderBy(mine.rating.desc({ nulls: 'last' }))
  const { next } = await q.page({ size: 1 }, me.is(1))
  const { sql, values } = q.pageSQL({ size: 1, after: next }, me.is(1))
  expect(sql).toContain('("evaluation"."rating" < $2 OR "evaluation"."rating" IS NULL)')
  expect(sql).toMatch(/ORDER BY "evaluation"."rating" DESC NULLS LAST, "interview"."id" NULLS LAST LIMIT 2$/)
  expect(values).toEqual(['1', '9', '9', '1'])
  const { rows } = await at.pool.query({ text: sql, values: [...values], rowMode: 'array' })
  expect(rows.map(row => row[0])).toEqual([2, 3])
  expect(() => q.pageSQL({ size: 0 })).toThrow('QUERY_INVALID')
})
