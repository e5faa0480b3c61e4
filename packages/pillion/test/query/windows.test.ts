import { expect, it } from 'vitest'
import {
  count,
  cumeDist,
  denseRank,
  derived,
  firstValue,
  lag,
  lastValue,
  lead,
  ntile,
  percentRank,
  rank,
  rowNumber,
  sum,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('number and rank the rows, and keep them all', async () => {
    const { evaluation } = at.db.tables
    const byRating = { orderBy: [evaluation.rating.desc({ nulls: 'last' })] }
    const query = at.db
      .from(evaluation)
      .select({
        rating: evaluation.rating,
        row: rowNumber().over({ orderBy: [evaluation.rating.desc({ nulls: 'last' }), evaluation.id.asc()] }),
        rank: rank().over(byRating),
        dense: denseRank().over(byRating),
        third: ntile(3).over({ orderBy: [evaluation.rating.desc({ nulls: 'last' }), evaluation.id.asc()] }),
      })
      .orderBy(evaluation.rating.desc({ nulls: 'last' }), evaluation.id.asc())
    expect(await query.all()).toEqual([
      { rating: 9, row: 1, rank: 1, dense: 1, third: 1 },
      { rating: 8, row: 2, rank: 2, dense: 2, third: 1 },
      { rating: 8, row: 3, rank: 2, dense: 2, third: 2 },
      { rating: 4, row: 4, rank: 4, dense: 3, third: 2 },
      { rating: 2, row: 5, rank: 5, dense: 4, third: 3 },
      { rating: null, row: 6, rank: 6, dense: 5, third: 3 },
    ])
  })

  it('in partitions, with neighbours and running sums', async () => {
    const { evaluation } = at.db.tables
    const w = { partitionBy: [evaluation.userId], orderBy: [evaluation.id.asc()] }
    const query = at.db
      .from(evaluation)
      .select({
        user: evaluation.userId,
        before: lag(evaluation.rating).over(w),
        after: lead(evaluation.rating, 1, 0).over(w),
        first: firstValue(evaluation.rating).over(w),
        last: lastValue(evaluation.rating).over({
          ...w,
          frame: 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
        }),
        running: sum(evaluation.rating).over(w),
        of: count().over({ partitionBy: [evaluation.userId] }),
      })
      .orderBy(evaluation.userId.asc(), evaluation.id.asc())
    expect(await query.all()).toEqual([
      { user: 1, before: null, after: 4, first: 9, last: 4, running: 9, of: 2 },
      { user: 1, before: 9, after: 0, first: 9, last: 4, running: 13, of: 2 },
      { user: 2, before: null, after: null, first: 2, last: null, running: 2, of: 2 },
      { user: 2, before: 2, after: 0, first: 2, last: null, running: 2, of: 2 },
      { user: 3, before: null, after: 8, first: 8, last: 8, running: 8, of: 2 },
      { user: 3, before: 8, after: 0, first: 8, last: 8, running: 16, of: 2 },
    ])
  })

  it('shares of the whole', async () => {
    const { tag } = at.db.tables
    const w = { orderBy: [tag.id.asc()] }
    const query = at.db
      .from(tag)
      .select({ id: tag.id, percent: percentRank().over(w), cume: cumeDist().over(w) })
      .orderBy(tag.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, percent: 0, cume: 0.5 },
      { id: 2, percent: 1, cume: 1 },
    ])
  })

  it('a window over a joined column brings the join', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        row: rowNumber().over({ orderBy: [interview.owner.username.desc(), interview.id.asc()] }),
      })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.row)).toEqual([3, 4, 2, 1])
  })

  it('filtered by a derived table: the latest of each', async () => {
    const { evaluation } = at.db.tables
    const numbered = derived(
      'numbered',
      at.db.from(evaluation).select({
        id: evaluation.id,
        n: rowNumber().over({ partitionBy: [evaluation.interviewId], orderBy: [evaluation.createdAt.desc()] }),
      }),
    )
    const query = at.db.from(numbered).where(numbered.n.eq(1)).select({ id: numbered.id }).orderBy(numbered.id.asc())
    expect(await query.all()).toEqual([{ id: 2n }, { id: 4n }, { id: 9007199254740993n }])
  })

  it('a frame outside the grammar of frames is refused, for it is written as text', async () => {
    const { evaluation } = at.db.tables
    for (const frame of ['ROWS 1; DROP TABLE tag', 'ROWS BETWEEN x AND y', '', 'RANGE', 'ROWS 1 PRECEDING)--']) {
      await expectRefusal(() => sum(evaluation.rating).over({ frame }), 'QUERY_INVALID', /frame/)
    }
    const folded = sum(evaluation.rating).over({ orderBy: [evaluation.id.asc()], frame: 'rows 1 preceding' })
    expect(await at.db.from(evaluation).select({ folded }).all()).toHaveLength(6)
  })

  it.skipIf(at.lacks('GROUPS and EXCLUDE'))('a frame of groups, without some of its rows', async () => {
    const { evaluation } = at.db.tables
    const frame = 'GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES'
    const query = at.db
      .from(evaluation)
      .select({ n: sum(evaluation.rating).over({ orderBy: [evaluation.interviewId.asc()], frame }) })
      .orderBy(evaluation.id.asc())
    expect((await query.all()).map(row => row.n)).toEqual([9, 2, 15, 19, 12, 20])
  })

  it('a neighbour that is there and NULL is NULL, and only one that is not is what else was said', async () => {
    const { evaluation } = at.db.tables
    const w = { orderBy: [evaluation.id.asc()] }
    const query = at.db
      .from(evaluation)
      .select({ before: lag(evaluation.rating, 2, -1).over(w), after: lead(evaluation.note, 1, 'none').over(w) })
      .orderBy(evaluation.id.asc())
    expect(await query.all()).toEqual([
      { before: -1, after: null },
      { before: -1, after: 'fair' },
      { before: 9, after: null },
      { before: 2, after: 'absent' },
      { before: 4, after: 'big' },
      { before: 8, after: 'none' },
    ])
  })
})
