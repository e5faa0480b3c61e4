import { expect, it } from 'vitest'
import { count, lower } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('distinct rows, sorted by what is selected', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).distinct().select({ owner: interview.owner.username })
    expect(await query.orderBy(interview.owner.username.desc()).all()).toEqual([
      { owner: 'dan' },
      { owner: 'cyd' },
      { owner: 'ada' },
    ])
    expect(await query.count()).toBe(3)
  })

  it('J14: DISTINCT sorted by what is not selected is refused', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).distinct().select({ owner: interview.ownerId })
    await expectRefusal(() => query.orderBy(interview.title.asc()).all(), 'DISTINCT_ORDER')
    await expectRefusal(
      () => query.orderBy(interview.ownerId.asc(), interview.lead.username.asc()).all(),
      'DISTINCT_ORDER',
    )
    await expectRefusal(() => query.orderBy(interview.ownerId.plus(1).asc()).all(), 'DISTINCT_ORDER')
  })

  it('J14: an expression that is selected may be the key', async () => {
    const { interview } = at.db.tables
    const key = lower(interview.owner.username)
    const query = at.db.from(interview).distinct().select({ key }).orderBy(key.asc())
    expect((await query.all()).map(row => row.key)).toEqual(['ada', 'cyd', 'dan'])
  })

  it.skipIf(at.lacks('DISTINCT ON'))('distinctOn keeps the first of each by the order', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .distinctOn(interview.departmentId)
      .select({ department: interview.departmentId, title: interview.title })
      .orderBy(interview.departmentId.asc(), interview.title.desc())
    expect(await query.all()).toEqual([
      { department: 2, title: 'engineer' },
      { department: 3, title: 'poet' },
    ])
    expect(await query.count()).toBe(2)
  })

  it.skipIf(at.lacks('DISTINCT ON'))('distinctOn a joined column brings the join', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .distinctOn(interview.owner.username)
      .select({ id: interview.id })
      .orderBy(interview.owner.username.asc(), interview.id.desc())
    expect((await query.all()).map(row => row.id)).toEqual([2, 3, 4])
  })

  it('groupBy a handle groups by its key, so that its other columns may be selected', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ owner: interview.owner.username, n: count() })
      .groupBy(interview.owner)
      .orderBy(count().desc(), interview.owner.username.asc())
    expect(await query.all()).toEqual([
      { owner: 'ada', n: 2 },
      { owner: 'cyd', n: 1 },
      { owner: 'dan', n: 1 },
    ])
  })

  it('having keeps groups, and its conditions add up', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ department: interview.department.name, n: count() })
      .groupBy(interview.department)
      .having(count().gt(1))
      .having(interview.department.name.ne('arts'))
    expect(await query.all()).toEqual([{ department: 'science', n: 2 }])
  })

  it('what has no key cannot be grouped by', async () => {
    const { interviewSummary } = at.db.tables
    const query = at.db.from(interviewSummary)
    await expectRefusal(() => query.groupBy(interviewSummary), 'QUERY_INVALID', /no primary key/)
    expect(await query.groupBy(interviewSummary.id).select({ id: interviewSummary.id }).count()).toBe(4)
  })

  it('a grouped query is counted by its groups', async () => {
    const { evaluation } = at.db.tables
    const query = at.db.from(evaluation).select({ user: evaluation.userId, n: count() }).groupBy(evaluation.userId)
    expect(await query.count()).toBe(3)
    expect(await query.having(count().gt(2)).count()).toBe(0)
    expect(await query.exists()).toBe(true)
    expect(await query.having(count().gt(2)).exists()).toBe(false)
  })
})
