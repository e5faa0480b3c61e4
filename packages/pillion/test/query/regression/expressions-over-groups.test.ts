/** MySQL knows what is grouped by as a whole only, and HAVING, on MariaDB too, nothing but columns that are grouped by or selected. */
import { coalesce, count, dateTrunc, derived, extract, inner, length, max, rank, relate, upper } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('are selected and sorted by', async () => {
    const { evaluation } = at.db.tables
    const day = dateTrunc('month', evaluation.createdAt)
    const months = at.db
      .from(evaluation)
      .groupBy(day)
      .select({ day, month: extract('month', day), n: count(), place: rank().over({ orderBy: [day.asc()] }) })
    expect(await months.orderBy(day.desc({ nulls: 'last' })).all()).toEqual([
      { day: new Date('2026-01-01T00:00:00.000Z'), month: 1, n: 6, place: 1 },
    ])

    const { interview } = at.db.tables
    const name = upper(interview.title)
    const names = at.db
      .from(interview)
      .groupBy(name)
      .select({ name, letters: length(name).plus(1), n: count() })
      .orderBy(length(name).desc(), name.asc())
    expect(await names.all()).toEqual([
      { name: 'ENGINEER', letters: 9, n: 1 },
      { name: 'ANALYST', letters: 8, n: 1 },
      { name: 'DANCER', letters: 7, n: 1 },
      { name: 'POET', letters: 5, n: 1 },
    ])
    const once = names.distinct().reorder(name.desc()).limit(1)
    expect(await once.all()).toEqual([{ name: 'POET', letters: 5, n: 1 }])
  })

  it('are selected where a value is in them, and sorted by without', async () => {
    const { evaluation } = at.db.tables
    const rating = coalesce(evaluation.rating, 0)
    const ratings = at.db.from(evaluation).groupBy(rating)
    expect(
      await ratings
        .select({ rating, next: rating.plus(1), n: count() })
        .orderBy(rating.desc())
        .all(),
    ).toEqual([
      { rating: 9, next: 10, n: 1 },
      { rating: 8, next: 9, n: 2 },
      { rating: 4, next: 5, n: 1 },
      { rating: 2, next: 3, n: 1 },
      { rating: 0, next: 1, n: 1 },
    ])
  })

  it('are conditions of groups', async () => {
    const { evaluation, interview } = at.db.tables
    const rating = coalesce(evaluation.rating, 0)
    const ratings = at.db.from(evaluation).groupBy(rating).having(rating.gt(3))
    expect(await ratings.select({ rating, n: count() }).orderBy(rating.asc()).all()).toEqual([
      { rating: 4, n: 1 },
      { rating: 8, n: 2 },
      { rating: 9, n: 1 },
    ])
    expect(await ratings.having(rating.plus(1).lt(10)).select({ n: count() }).orderBy(count().asc()).all()).toEqual([
      { n: 1 },
      { n: 2 },
    ])
    expect(await ratings.select({ n: count() }).count()).toBe(3)

    const day = dateTrunc('day', interview.createdAt)
    const days = at.db
      .from(interview)
      .groupBy(day)
      .having(day.gte(new Date('2026-01-03T00:00:00.000Z')), count().lt(5))
    expect(await days.select({ day }).orderBy(day.asc()).all()).toEqual([
      { day: new Date('2026-01-03T00:00:00.000Z') },
      { day: new Date('2026-01-04T00:00:00.000Z') },
    ])
  })

  it('are so beside a window function, or refused', async () => {
    const { evaluation } = at.db.tables
    const rating = coalesce(evaluation.rating, 0)
    const ratings = at.db
      .from(evaluation)
      .groupBy(rating)
      .having(rating.gt(3))
      .select({ rating, place: rank().over({ orderBy: [rating.desc()] }) })
    if (at.dialect === 'MariaDB') expect(() => ratings.toSQL()).toThrow(/NOT_IN_DIALECT: MariaDB does not have HAVING/)
    else
      expect(await ratings.orderBy(rating.asc()).all()).toEqual([
        { rating: 4, place: 3 },
        { rating: 8, place: 2 },
        { rating: 9, place: 1 },
      ])
  })

  it('are so of columns that the groups tell', async () => {
    const { evaluation, interview } = at.db.tables
    const each = inner(interview.evaluations)
    const judged = at.db
      .from(interview)
      .expand(each)
      .groupBy(interview)
      .having(interview.title.notIn(['engineer', 'dancer']), max(each.rating).gt(1))
      .select({ id: interview.id, best: max(each.rating) })
    expect(await judged.all()).toEqual([{ id: 2, best: 8 }])

    const tally = derived(
      'tally',
      at.db.from(evaluation).groupBy(evaluation.user).having(evaluation.user.email.isNotNull()).select({
        user: evaluation.user.id,
        n: count(),
      }),
    )
    const own = inner(relate(interview, tally, t => t.user.eq(interview.ownerId)))
    const owners = at.db.from(interview).expand(own).select({ id: interview.id, n: own.n }).orderBy(interview.id.asc())
    expect(await owners.all()).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
      { id: 3, n: 2 },
    ])
  })
})
