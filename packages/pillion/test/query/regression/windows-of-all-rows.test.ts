/** Beside two windows of different orders MariaDB takes one over all rows for the end of both: partitions were of one row, ranks those of another order. */
import { count, lag, max, rank, rowNumber, sum } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('leave others as they are', async () => {
    const { evaluation } = at.db.tables
    const windows = at.db
      .from(evaluation)
      .select({
        of: count().over({ partitionBy: [evaluation.interviewId] }),
        before: lag(evaluation.rating).over({ orderBy: [evaluation.id.asc()] }),
        all: count().over(),
      })
      .orderBy(evaluation.id.asc())
    expect(await windows.all()).toEqual([
      { of: 2, before: null, all: 6 },
      { of: 2, before: 9, all: 6 },
      { of: 2, before: 2, all: 6 },
      { of: 2, before: 4, all: 6 },
      { of: 2, before: 8, all: 6 },
      { of: 2, before: null, all: 6 },
    ])
  })

  it('leave others as they are that follow, and in a frame', async () => {
    const { evaluation } = at.db.tables
    const windows = at.db
      .from(evaluation)
      .select({
        best: max(evaluation.rating).over({ frame: 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING' }),
        running: sum(evaluation.rating).over({
          partitionBy: [evaluation.userId],
          orderBy: [evaluation.interviewId.desc()],
        }),
        place: rank().over({ orderBy: [evaluation.rating.desc({ nulls: 'last' })] }),
      })
      .orderBy(evaluation.id.asc())
    expect(await windows.all()).toEqual([
      { best: 9, running: 13, place: 1 },
      { best: 9, running: 2, place: 5 },
      { best: 9, running: 4, place: 4 },
      { best: 9, running: 16, place: 2 },
      { best: 9, running: null, place: 6 },
      { best: 9, running: 8, place: 2 },
    ])
  })

  it('leave others as they are over groups', async () => {
    const { evaluation } = at.db.tables
    const windows = at.db
      .from(evaluation)
      .groupBy(evaluation.userId)
      .select({
        user: evaluation.userId,
        place: rowNumber().over({ orderBy: [evaluation.userId.desc()] }),
        least: sum(count()).over({ partitionBy: [evaluation.userId] }),
        all: sum(count()).over(),
      })
      .orderBy(evaluation.userId.asc())
    expect(await windows.all()).toEqual([
      { user: 1, place: 3, least: 2, all: 6 },
      { user: 2, place: 2, least: 2, all: 6 },
      { user: 3, place: 1, least: 2, all: 6 },
    ])
  })
})
