import { expect, it } from 'vitest'
import { inner, left, relate } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  const ids = (rows: readonly { readonly id: number }[]) => rows.map(row => row.id)

  it('J5: an inner child of a left parent is nested, so that no root row is lost', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db.from(interview).select({ id: interview.id, by: mine.user.username }).orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, by: 'ada' },
      { id: 2, by: 'ada' },
      { id: 3, by: null },
      { id: 4, by: null },
    ])
    expect(at.sql(query)).toContain(
      ' LEFT JOIN ("evaluation" JOIN "user" ON "user"."id" = "evaluation"."user_id") ON "evaluation"."interview_id" = "interview"."id"',
    )
  })

  it('J5: a left child of a left parent is not nested', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, name: interview.lead.department.name })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.name)).toEqual(['science', null, 'arts', null])
    expect(query.toSQL().sql).not.toContain('LEFT JOIN (')
  })

  it('J5: parent and inner child are null together', async () => {
    const { interview } = at.db.tables
    // evaluations that have a comment, seen through an inner join below a left one
    const e = left(interview.evaluations, each => each.userId.eq(1))
    const c = inner(e.comments, each => each.authorId.isNotNull())
    const query = at.db
      .from(interview)
      .expand(c)
      .select({ id: interview.id, rating: e.rating, body: c.body })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 9, body: 'agreed' },
      // interview 2 has an evaluation by ada, without a comment
      { id: 2, rating: null, body: null },
      { id: 3, rating: null, body: null },
      { id: 4, rating: null, body: null },
    ])
  })

  it('J5: three deep, each inside its parent', async () => {
    const { department } = at.db.tables
    const i = left(department.interviews)
    const e = inner(i.evaluations, each => each.rating.gt(8))
    const c = inner(e.comments, each => each.author.username.eq('bob'))
    const query = at.db
      .from(department)
      .expand(i)
      .expand(e)
      .expand(c)
      .select({ id: department.id, title: i.title, rating: e.rating, body: c.body })
      .orderBy(department.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, title: null, rating: null, body: null },
      { id: 2, title: 'engineer', rating: 9, body: 'agreed' },
      { id: 3, title: null, rating: null, body: null },
    ])
  })

  it('J5: a child that the ON of its parent mentions stands inside it', async () => {
    const { interview } = at.db.tables
    const byAda = left(interview.evaluations, e => e.user.username.eq('ada'))
    const query = at.db
      .from(interview)
      .expand(byAda)
      .select({ id: interview.id, rating: byAda.rating })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 9 },
      { id: 2, rating: 4 },
      { id: 3, rating: null },
      { id: 4, rating: null },
    ])
  })

  it('J5: also where that child is itself a left join', async () => {
    const { interview } = at.db.tables
    const byScientist = left(interview.evaluations, e => e.user.department.name.eq('science'))
    const query = at.db
      .from(interview)
      .expand(byScientist)
      .select({ id: interview.id, rating: byScientist.rating, by: byScientist.user.username })
      .orderBy(interview.id.asc(), byScientist.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 9, by: 'ada' },
      { id: 1, rating: 2, by: 'bob' },
      { id: 2, rating: 4, by: 'ada' },
      { id: 3, rating: null, by: 'bob' },
      { id: 4, rating: null, by: null },
    ])
  })

  it('J5: an inner child’s condition on what stands outside is hoisted into the ON of its parent', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    const c = inner(e.comments, each => each.authorId.eq(interview.leadId))
    const query = at.db
      .from(interview)
      .expand(e)
      .expand(c)
      .select({ id: interview.id, rating: e.rating, body: c.body })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 9, body: 'agreed' },
      { id: 2, rating: null, body: null },
      { id: 3, rating: null, body: null },
      { id: 4, rating: null, body: null },
    ])
  })

  it('J5: a left member that would have to reach outside its parenthesis is refused', async () => {
    const { interview, user } = at.db.tables
    const inside = left(interview.evaluations, e => {
      const who = left(relate(e, user, u => [u.id.eq(e.userId), u.departmentId.eq(interview.departmentId)]))
      return who.username.eq('ada')
    })
    const query = at.db.from(interview).expand(inside).select({ id: interview.id, rating: inside.rating })
    await expectRefusal(() => query.all(), 'QUERY_INVALID', /mentions a handle outside/)
  })

  it('J5: the same condition without the reach runs', async () => {
    const { interview, user } = at.db.tables
    const inside = left(interview.evaluations, e => {
      const who = left(relate(e, user, u => [u.id.eq(e.userId)]))
      return who.username.eq('ada')
    })
    const query = at.db
      .from(interview)
      .expand(inside)
      .select({ id: interview.id, rating: inside.rating })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.rating)).toEqual([9, 4, null, null])
  })

  it('J5: many to many below left keeps every root row, and the bridge brings no row of its own', async () => {
    const { interview } = at.db.tables
    const tag = left(interview.tags, t => t.label.eq('senior'))
    const query = at.db
      .from(interview)
      .expand(tag)
      .select({ id: interview.id, label: tag.label })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, label: 'senior' },
      { id: 2, label: null },
      { id: 3, label: null },
      { id: 4, label: null },
    ])
  })

  it('J5: required up the chain, nothing is nested', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db
      .from(interview)
      .require(mine)
      .select({ id: interview.id, by: mine.user.username })
      .orderBy(interview.id.asc())
    expect(ids(await query.all())).toEqual([1, 2])
    expect(query.toSQL().sql).not.toContain('LEFT')
  })
})
