import { expect, it } from 'vitest'
import { coalesce, cte, left, nest, present, relate } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J13: a nested left object is null by the presence of its row, not because its first column is null', async () => {
    const { interview } = at.db.tables
    const bobs = left(interview.evaluations, e => e.userId.eq(2))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, bobs: nest(bobs, e => ({ rating: e.rating, note: e.note })) })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, bobs: { rating: 2, note: null } },
      { id: 2, bobs: null },
      { id: 3, bobs: { rating: null, note: 'absent' } },
      { id: 4, bobs: null },
    ])
  })

  it('J13: also where every selected column is null', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, lead: nest(interview.lead, l => ({ email: l.email })) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.lead)).toEqual([
      { email: null },
      null,
      { email: 'cyd@example.org' },
      null,
    ])
  })

  it('J13: also where only what is never null is selected of a row that is not there', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ lead: nest(interview.lead, l => ({ known: coalesce(l.email, 'none'), one: l.id.plus(0) })) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.lead)).toEqual([
      { known: 'none', one: 2 },
      null,
      { known: 'cyd@example.org', one: 3 },
      null,
    ])
  })

  it('J13: nothing selected of it, and still told', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ lead: nest(interview.lead, () => ({ owner: interview.owner.username })) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.lead)).toEqual([{ owner: 'ada' }, null, { owner: 'cyd' }, null])
  })

  it('J13: nested in nested, null from the outside in', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(3))
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        mine: nest(mine, e => ({
          rating: e.rating,
          who: nest(e.user, u => ({ name: u.username, place: u.department })),
        })),
      })
      .orderBy(interview.id.asc())
    const who = { name: 'cyd', place: { id: 3, name: 'arts', parentId: 1 } }
    expect(await query.all()).toEqual([
      { id: 1, mine: null },
      { id: 2, mine: { rating: 8, who } },
      { id: 3, mine: { rating: 8, who } },
      { id: 4, mine: null },
    ])
  })

  it('J13: a whole row: the row, or null', async () => {
    const { user } = at.db.tables
    const query = at.db.from(user).select({ department: user.department, profile: user.profile }).orderBy(user.id.asc())
    expect(await query.all()).toEqual([
      { department: { id: 2, name: 'science', parentId: 1 }, profile: { userId: 1, bio: 'first programmer' } },
      { department: { id: 2, name: 'science', parentId: 1 }, profile: null },
      { department: { id: 3, name: 'arts', parentId: 1 }, profile: { userId: 3, bio: 'dancer' } },
      { department: null, profile: null },
    ])
  })

  it('J13: of a view, whose columns may all be null', async () => {
    const { interview, interviewSummary } = at.db.tables
    const summary = left(relate(interview, interviewSummary, s => [s.id.eq(interview.id), s.id.gt(2)]))
    const query = at.db
      .from(interview)
      .expand(summary)
      .select({ id: interview.id, summary: nest(summary, s => ({ lead: s.lead })) })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, summary: null },
      { id: 2, summary: null },
      { id: 3, summary: { lead: 'cyd' } },
      { id: 4, summary: { lead: null } },
    ])
  })

  it('J13: of another join of the same table, its ON holding a column of that one equal', async () => {
    const { department } = at.db.tables
    const parents = cte('parents', at.db.from(department).select({ id: department.id, parent: department.parentId }))
    const above = left(relate(department, parents, p => p.id.eq(department.parentId)))
    const over = left(relate(department, parents, p => [p.parent.isNull(), above.id.eq(1)]))
    const query = at.db
      .from(department)
      .expand(above)
      .expand(over, { allowCrossProduct: true })
      .select({ id: department.id, above, there: present(over) })
      .orderBy(department.id.asc())
    if (at.lacks('rows of NULLs')) return expectRefusal(() => query.all(), 'NOT_IN_DIALECT', /nothing but NULLs/)
    expect(await query.all()).toEqual([
      { id: 1, above: null, there: false },
      { id: 2, above: { id: 1, parent: null }, there: true },
      { id: 3, above: { id: 1, parent: null }, there: true },
    ])
  })

  it('an inner object is never null', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).select({ owner: nest(interview.owner, o => ({ email: o.email })) })
    expect((await query.orderBy(interview.id.asc()).all()).map(row => row.owner)).toEqual([
      { email: 'ada@example.org' },
      { email: 'ada@example.org' },
      { email: 'cyd@example.org' },
      { email: null },
    ])
  })
})
