import { expect, it } from 'vitest'
import { first, left } from 'pillion'
import { everywhere } from '../support/everywhere.js'

everywhere(at => {
  it('first takes one row of a relation, in an order, or none', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const query = at.db
      .from(interview)
      .select({ id: interview.id, rating: best.rating, evaluation: best.id })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 9, evaluation: 1n },
      { id: 2, rating: 8, evaluation: 4n },
      { id: 3, rating: 8, evaluation: 9007199254740993n },
      { id: 4, rating: null, evaluation: null },
    ])
  })

  it('of some rows only, sorted by several keys', async () => {
    const { interview } = at.db.tables
    const latest = first(interview.evaluations, {
      where: e => [e.note.isNotNull(), e.user.username.ne('cyd')],
      orderBy: e => [e.createdAt.desc(), e.id.asc()],
    })
    const query = at.db.from(interview).select({ id: interview.id, note: latest.note }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.note)).toEqual(['good', 'fair', 'absent', null])
  })

  it('relations of first are followed from it', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const query = at.db
      .from(interview)
      .select({ id: interview.id, by: best.user.username, place: best.user.department.name })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, by: 'ada', place: 'science' },
      { id: 2, by: 'cyd', place: 'arts' },
      { id: 3, by: 'cyd', place: 'arts' },
      { id: 4, by: null, place: null },
    ])
  })

  it('first of first', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const comment = first(best.comments, { orderBy: c => c.id.desc() })
    const query = at.db.from(interview).select({ id: interview.id, body: comment.body }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.body)).toEqual(['hm', 'no', null, null])
  })

  it('first of many to many', async () => {
    const { interview } = at.db.tables
    const tag = first(interview.tags, { orderBy: t => t.label.desc() })
    const query = at.db.from(interview).select({ id: interview.id, tag: tag.label }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.tag)).toEqual(['senior', 'remote', null, null])
  })

  it('first below a left handle sees its row', async () => {
    const { interview } = at.db.tables
    const newest = first(interview.lead.evaluations, { orderBy: e => e.id.desc() })
    const query = at.db.from(interview).select({ id: interview.id, newest: newest.id }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.newest)).toEqual([5n, null, 9007199254740993n, null])
  })

  it('its order and its condition may mention the outer query', async () => {
    const { interview } = at.db.tables
    const own = first(interview.evaluations, {
      where: e => e.userId.eq(interview.lead.id),
      orderBy: e => e.rating.minus(interview.id).desc(),
    })
    const query = at.db.from(interview).select({ id: interview.id, own: own.rating }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.own)).toEqual([2, null, 8, null])
  })

  it('required, it takes away the roots that have none', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const query = at.db.from(interview).require(best).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it('as a whole row: null where there is none, and not where its columns are null', async () => {
    const { interview } = at.db.tables
    const oldest = first(interview.evaluations, { orderBy: e => e.id.asc() })
    const query = at.db.from(interview).select({ id: interview.id, oldest }).orderBy(interview.id.asc())
    const rows = await query.all()
    expect(rows[2]?.oldest).toEqual({
      id: 5n,
      interviewId: 3,
      userId: 2,
      rating: null,
      note: 'absent',
      createdAt: new Date('2026-01-09T00:00:00Z'),
    })
    expect(rows[3]?.oldest).toBeNull()
  })

  it('two firsts of one relation are two laterals, and stand beside a join of it', async () => {
    const { interview } = at.db.tables
    const oldest = first(interview.evaluations, { orderBy: e => e.id.asc() })
    const newest = first(interview.evaluations, { orderBy: e => e.id.desc() })
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, oldest: oldest.userId, newest: newest.userId, mine: mine.rating })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, oldest: 1, newest: 2, mine: 9 },
      { id: 2, oldest: 1, newest: 3, mine: 4 },
      { id: 3, oldest: 2, newest: 3, mine: null },
      { id: 4, oldest: null, newest: null, mine: null },
    ])
    expect(query.explainJoins().filter(join => join.kind === 'lateral')).toHaveLength(2)
  })
})
