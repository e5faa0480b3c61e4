/** A subquery is another text each time that it is written, as its aliases count on: PostgreSQL and MySQL took its columns for ungrouped. */
import { alias, coalesce, count, exists, max, param, scalar, when } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('how many interviews have so many evaluations', async () => {
    const { interview } = at.db.tables
    const n = count(interview.evaluations)
    const histogram = at.db.from(interview).select({ n, interviews: count() }).groupBy(n).orderBy(n.desc())
    expect(await histogram.all()).toEqual([
      { n: 2, interviews: 3 },
      { n: 0, interviews: 1 },
    ])
    expect(await histogram.having(count().gt(1)).all()).toEqual([{ n: 2, interviews: 3 }])
    expect(await histogram.count()).toBe(2)
  })

  it('by a condition, by a value and inside of an expression', async () => {
    const { interview } = at.db.tables
    const good = when(
      exists(interview.evaluations, e => e.rating.gt(5)),
      'good',
    ).otherwise('none')
    const other = alias(interview)
    const last = scalar(
      at.db
        .from(other)
        .select({ id: max(other.id) })
        .where(other.ownerId.eq(interview.ownerId)),
    )
    const grouped = at.db.from(interview)
    expect(await grouped.select({ good, n: count() }).groupBy(good).orderBy(good.asc()).all()).toEqual([
      { good: 'good', n: 3 },
      { good: 'none', n: 1 },
    ])
    expect(await grouped.select({ last, n: count() }).groupBy(last).orderBy(last.asc()).all()).toEqual([
      { last: 2, n: 2 },
      { last: 3, n: 1 },
      { last: 4, n: 1 },
    ])
  })

  it('by an expression with a parameter in it', async () => {
    const { evaluation } = at.db.tables
    const missing = param<number>('missing')
    const rating = coalesce(evaluation.rating, missing)
    const q = at.db.from(evaluation).select({ rating, n: count() }).groupBy(rating).orderBy(rating.asc()).limit(2)
    expect(await q.all(missing.is(0))).toEqual([
      { rating: 0, n: 1 },
      { rating: 2, n: 1 },
    ])
  })
})
