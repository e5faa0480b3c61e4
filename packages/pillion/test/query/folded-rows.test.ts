import { expect, it } from 'vitest'
import { coalesce, concat, count, derived, exists, greatest, none, rowNumber, value, when } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('exists() of a query grouped by a place in its select list groups by what stands there', async () => {
    const { evaluation, tag } = at.db.tables
    const ratings = (more: number) =>
      at.db
        .from(evaluation)
        .select({ rating: coalesce(evaluation.rating, 0) })
        .groupBy(coalesce(evaluation.rating, 0))
        .having(count().gt(more))
    for (const [query, rows] of [
      [ratings(1), 1],
      [ratings(2), 0],
    ] as const) {
      expect(await query.all()).toHaveLength(rows)
      expect(await query.count()).toBe(rows)
      expect(await query.exists()).toBe(rows > 0)
      const asked = at.db.from(tag).select({ some: exists(query), none: none(query) })
      expect(await asked.first()).toEqual({ some: rows > 0, none: rows === 0 })
    }
  })

  it('exists() of a DISTINCT query with an offset skips its rows, not copies of one constant', async () => {
    const { interview, tag } = at.db.tables
    const owners = (skipped: number) =>
      at.db.from(interview).distinct().select({ owner: interview.ownerId }).offset(skipped)
    expect(await owners(2).all()).toHaveLength(1)
    expect(await owners(2).exists()).toBe(true)
    expect(await owners(3).exists()).toBe(false)
    expect(
      await at.db
        .from(tag)
        .select({ some: exists(owners(2)) })
        .first(),
    ).toEqual({ some: true })
  })

  it.skipIf(at.lacks('an aggregate in ORDER BY alone'))(
    'an aggregate in the order alone folds all rows into one, and is counted so',
    async () => {
      const { evaluation } = at.db.tables
      const one = at.db
        .from(evaluation)
        .select({ one: value(1) })
        .orderBy(count().desc())
      const none = one.where(evaluation.rating.gt(100))
      for (const query of [one, none]) {
        expect(await query.all()).toEqual([{ one: 1 }])
        expect(await query.count()).toBe(1)
        expect(await query.exists()).toBe(true)
      }
    },
  )

  it('a CASE with an ELSE is another shape than one beside an argument', async () => {
    const { evaluation } = at.db.tables
    const rows = (query: { all(): Promise<unknown[]> }) => query.all()
    const base = at.db.from(evaluation).orderBy(evaluation.id.asc()).limit(2)
    const rated = () => when(evaluation.rating.gt(5), evaluation.rating)
    expect(await rows(base.select({ n: greatest(rated().end(), evaluation.interviewId.plus(10)) }))).toEqual([
      { n: 11 },
      { n: 11 },
    ])
    expect(await rows(base.select({ n: greatest(rated().otherwise(evaluation.interviewId.plus(10))) }))).toEqual([
      { n: 9 },
      { n: 11 },
    ])
    const noted = () => when(evaluation.rating.gt(5), 'high')
    expect(await rows(base.select({ n: concat(noted().end(), evaluation.interviewId) }))).toEqual([
      { n: 'high1' },
      { n: '1' },
    ])
    expect(await rows(base.select({ n: concat(noted().otherwise('low'), evaluation.interviewId) }))).toEqual([
      { n: 'high1' },
      { n: 'low1' },
    ])
  })

  it('refuses to page what an aggregate folds, and windows, which would begin anew on each page', async () => {
    const { evaluation } = at.db.tables
    const folded = at.db.from(evaluation).select({ n: count() })
    await expectRefusal(() => folded.page({ size: 1 }), 'PAGE_KEY', /folds its rows/)

    const placed = at.db
      .from(evaluation)
      .select({ id: evaluation.id, place: rowNumber().over({ orderBy: [evaluation.id.asc()] }) })
      .orderBy(evaluation.id.asc())
    await expectRefusal(() => placed.page({ size: 2 }), 'QUERY_INVALID', /window/)
    const sorted = at.db.from(evaluation).orderBy(
      count()
        .over({ partitionBy: [evaluation.userId] })
        .desc(),
    )
    await expectRefusal(() => sorted.page({ size: 2 }), 'QUERY_INVALID', /window/)

    // what the hint says
    const table = derived('placed', placed.reorder().groupBy(evaluation))
    const query = at.db.from(table).orderBy(table.place.desc())
    const first = await query.page({ size: 2 })
    expect(first.rows.map(row => row.place)).toEqual([6, 5])
    expect((await query.page({ size: 2, after: first.next })).rows.map(row => row.place)).toEqual([4, 3])
  })
})
