/** What a group has one of, by a join of one row or a unique key: PostgreSQL takes none but its own table's primary key for that. */
import { count, derived, left } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  const interviews = () => {
    const { interview } = at.db.tables
    const rated = left(interview.evaluations)
    return { interview, rated, groups: at.db.from(interview).expand(rated).groupBy(interview) }
  }

  it('is selected by joins of one row', async () => {
    const { interview, rated, groups } = interviews()
    const { owner, lead } = interview
    const rows = groups
      .select({ title: interview.title, owner: owner.username, of: owner.department.name, lead, n: count(rated.id) })
      .orderBy(interview.id.asc())
    expect((await rows.all()).map(row => ({ ...row, lead: row.lead?.id }))).toEqual([
      { title: 'engineer', owner: 'ada', of: 'science', n: 2, lead: 2 },
      { title: 'analyst', owner: 'ada', of: 'science', n: 2, lead: undefined },
      { title: 'dancer', owner: 'cyd', of: 'arts', n: 2, lead: 3 },
      { title: 'poet', owner: 'dan', of: null, n: 0, lead: undefined },
    ])
  })

  it('is a condition, sorted by, and asked for in subqueries', async () => {
    const { interview, rated, groups } = interviews()
    const rows = groups
      .having(interview.owner.username.ne('cyd'))
      .orderBy(interview.owner.department.name.desc({ nulls: 'last' }), interview.id.desc())
      .select({ id: interview.id, n: count(rated.id) })
    expect(await rows.all()).toEqual([
      { id: 2, n: 2 },
      { id: 1, n: 2 },
      { id: 4, n: 0 },
    ])
    const given = groups.select({ id: interview.id, given: count(interview.owner.evaluations), n: count() })
    expect(await given.orderBy(interview.id.asc()).all()).toEqual([
      { id: 1, given: 2, n: 2 },
      { id: 2, given: 2, n: 2 },
      { id: 3, given: 2, n: 2 },
      { id: 4, given: 0, n: 1 },
    ])
    expect(await given.count()).toBe(4)
  })

  it('is told by another unique key', async () => {
    const { evaluation } = at.db.tables
    const rows = at.db
      .from(evaluation)
      .groupBy(evaluation.interviewId, evaluation.userId)
      .select({ rating: evaluation.rating, by: evaluation.user.username, n: count() })
      .orderBy(evaluation.id.asc())
      .limit(2)
    expect(await rows.all()).toEqual([
      { rating: 9, by: 'ada', n: 1 },
      { rating: 2, by: 'bob', n: 1 },
    ])
  })

  it('is told by what a derived table is grouped by', async () => {
    const { evaluation } = at.db.tables
    const perUser = derived(
      'per_user',
      at.db.from(evaluation).groupBy(evaluation.userId).select({ user: evaluation.userId, n: count() }),
    )
    const rows = at.db.from(perUser).groupBy(perUser.user).select({ user: perUser.user, n: perUser.n, all: count() })
    expect(await rows.orderBy(perUser.user.asc()).all()).toEqual([
      { user: 1, n: 2, all: 1 },
      { user: 2, n: 2, all: 1 },
      { user: 3, n: 2, all: 1 },
    ])
  })
})
