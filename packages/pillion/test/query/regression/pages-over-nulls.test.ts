import { afterAll, beforeAll, expect, it } from 'vitest'
import { left, type Page } from 'pillion'
import { type Interviews, openInterviews } from '../../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews({ empty: true })
  // two thousand interviews, every third of them rated
  await at.pool.query(`
    INSERT INTO department VALUES (1, 'all', NULL);
    INSERT INTO "user" VALUES (1, 'ada', NULL, NULL);
    INSERT INTO interview (id, title, owner_id, department_id) SELECT id, 'x', 1, 1 FROM generate_series(1, 2000) AS id;
    INSERT INTO evaluation (id, interview_id, user_id, rating)
      SELECT id, id, 1, id % 5 FROM generate_series(3, 2000, 3) AS id`)
})
afterAll(() => at.close())

const byRating = (a: number, b: number) => rank(a) - rank(b) || a - b
const rank = (id: number) => (id % 3 === 0 ? id % 5 : 5)
const expected = Array.from({ length: 2000 }, (_, i) => i + 1).sort(byRating)

it('pages by a left-joined key give every row once, the unrated last', async () => {
  const { interview } = at.db.tables
  const mine = left(interview.evaluations, e => e.userId.eq(1))
  const query = at.db.from(interview).select({ id: interview.id }).orderBy(mine.rating.asc())
  const found: number[] = []
  let page: Page<{ id: number }> | undefined
  do {
    page = await query.page({ size: 150, after: page?.next })
    found.push(...page.rows.map(row => row.id))
  } while (page.next !== null)

  expect(found).toEqual(expected)
})

it('pages by a row value give a third of them', async () => {
  const found: number[] = []
  const first = await at.db.sql<Rated>`
    SELECT i.id, e.rating FROM interview i LEFT JOIN evaluation e ON e.interview_id = i.id AND e.user_id = 1
    ORDER BY e.rating, i.id LIMIT 150`.all()
  for (let rows = first; rows.length > 0; ) {
    found.push(...rows.map(row => row.id))
    const { rating, id } = rows.at(-1) as Rated
    rows = await at.db.sql<Rated>`
      SELECT i.id, e.rating FROM interview i LEFT JOIN evaluation e ON e.interview_id = i.id AND e.user_id = 1
      WHERE (e.rating, i.id) > (${rating}::int, ${id}::int) ORDER BY e.rating, i.id LIMIT 150`.all()
  }

  expect(found).toEqual(expected.slice(0, 666))
})

interface Rated {
  readonly id: number
  readonly rating: number | null
}
