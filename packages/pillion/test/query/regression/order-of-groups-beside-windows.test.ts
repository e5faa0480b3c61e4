/** MariaDB drops an ORDER BY that is the GROUP BY, and then sorts the groups for a window function: rows came in the order of that. */
import { count, derived, inner, rowNumber, sum } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('is the one that was asked for, also where it is cut', async () => {
    const { evaluation } = at.db.tables
    const ranked = at.db
      .from(evaluation)
      .groupBy(evaluation.userId)
      .select({
        user: evaluation.userId,
        place: rowNumber().over({ orderBy: [evaluation.userId.desc()] }),
        all: sum(count()).over({ partitionBy: [count()] }),
      })
      .orderBy(evaluation.userId.asc())
    const rows = [
      { user: 1, place: 3, all: 6 },
      { user: 2, place: 2, all: 6 },
      { user: 3, place: 1, all: 6 },
    ]
    expect(await ranked.all()).toEqual(rows)
    expect(await ranked.limit(1).all()).toEqual(rows.slice(0, 1))
    expect(await ranked.limit(1).offset(1).all()).toEqual(rows.slice(1, 2))
  })

  it('is that of a derived table that is cut by it', async () => {
    const { evaluation } = at.db.tables
    const first = derived(
      'first',
      at.db
        .from(evaluation)
        .groupBy(evaluation.userId)
        .select({ user: evaluation.userId, place: rowNumber().over({ orderBy: [evaluation.userId.desc()] }) })
        .orderBy(evaluation.userId.asc())
        .limit(1),
    )
    expect(await at.db.from(first).all()).toEqual([{ user: 1, place: 3 }])
  })

  it('is that of expressions, and of some that are grouped by', async () => {
    const { interview } = at.db.tables
    const each = inner(interview.evaluations)
    const key = each.userId.plus(interview.id)
    const sums = at.db
      .from(interview)
      .expand(each)
      .groupBy(key, interview.id)
      .select({ key, id: interview.id, place: rowNumber().over({ orderBy: [interview.id.desc(), key.desc()] }) })
    expect((await sums.orderBy(key.asc(), interview.id.asc()).all()).map(row => row.key)).toEqual([2, 3, 3, 5, 5, 6])
    expect((await sums.orderBy(key.desc()).limit(3).all()).map(row => row.key)).toEqual([6, 5, 5])
  })
})
