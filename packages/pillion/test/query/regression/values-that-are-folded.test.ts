/** Beside a window function and a DISTINCT aggregate MySQL folds nothing but NULLs of a placeholder that stands alone. */
import { avg, count, max, min, param, rowNumber, sum, value } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('are folded beside a window function', async () => {
    const { evaluation } = at.db.tables
    const query = at.db
      .from(evaluation)
      .groupBy(evaluation.userId)
      .select({
        user: evaluation.userId,
        most: max(value(7)),
        least: min(value(1.5)),
        total: sum(value(2)),
        mean: avg(value(3)),
        n: count(value(1)),
        some: max(value(true)),
        place: rowNumber().over({ orderBy: [evaluation.userId.desc()] }),
        ratings: count(evaluation.rating).distinct(),
      })
      .orderBy(evaluation.userId.asc())
    const alike = { most: 7, least: 1.5, total: 4, mean: 3, n: 2, some: true }
    expect(await query.all()).toEqual([
      { user: 1, ...alike, place: 3, ratings: 2 },
      { user: 2, ...alike, place: 2, ratings: 1 },
      { user: 3, ...alike, place: 1, ratings: 1 },
    ])
  })

  it('are those that a parameter is bound to', async () => {
    const { evaluation } = at.db.tables
    const least = param<number>('least')
    const query = at.db.from(evaluation).select({
      most: max(evaluation.rating.plus(0)),
      only: min(value(5)).filter(evaluation.rating.gte(least)),
      all: rowNumber().over({}),
      ratings: count(evaluation.rating).distinct(),
    })
    expect(await query.all(least.is(9))).toEqual([{ most: 9, only: 5, all: 1, ratings: 4 }])
    expect(await query.all(least.is(10))).toEqual([{ most: 9, only: null, all: 1, ratings: 4 }])
  })
})
