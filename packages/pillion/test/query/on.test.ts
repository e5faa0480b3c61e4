import { expect, it } from 'vitest'
import { array, exists, inner, left, on, or, param, relate, some, unnest } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J4: what a handle was made with is in ON; what the query was told is in WHERE', async () => {
    const { interview } = at.db.tables
    const made = left(interview.evaluations, e => [e.userId.eq(1), e.rating.gt(5)])
    const told = left(interview.evaluations, e => e.userId.eq(1))
    const base = at.db.from(interview).orderBy(interview.id.asc())

    expect(await base.select({ id: interview.id, rating: made.rating }).all()).toEqual([
      { id: 1, rating: 9 },
      { id: 2, rating: null },
      { id: 3, rating: null },
      { id: 4, rating: null },
    ])
    const where = base.select({ id: interview.id, rating: told.rating }).where(told.rating.gt(5))
    expect(await where.all()).toEqual([{ id: 1, rating: 9 }])
    expect(at.sql(where)).toContain(
      'ON "evaluation"."interview_id" = "interview"."id" AND "evaluation"."user_id" = $1 WHERE "evaluation"."rating" > $2',
    )
  })

  it('J4: on(h, …) is a new join, and changes nothing for who holds the old one', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const high = on(mine, e => e.rating.gt(5))
    expect(high).not.toBe(mine)
    const query = at.db
      .from(interview)
      .select({ id: interview.id, mine: mine.rating, high: high.rating })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => [row.mine, row.high])).toEqual([
      [9, 9],
      [4, null],
      [null, null],
      [null, null],
    ])
  })

  it('J4: a condition over the old handle is moved to the new one', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const high = on(mine, mine.rating.gt(5))
    const query = at.db.from(interview).select({ id: interview.id, high: high.rating }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.high)).toEqual([9, null, null, null])
    expect(query.explainJoins()).toHaveLength(2)
  })

  it('J4: conditions of on add up', async () => {
    const { interview } = at.db.tables
    const any = left(interview.evaluations, e => e.userId.eq(1))
    const both = on(
      on(any, e => e.rating.gt(3)),
      e => e.rating.lt(5),
    )
    const query = at.db.from(interview).select({ id: interview.id, rating: both.rating }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.rating)).toEqual([null, 4, null, null])
  })

  it('J4: ON mentions the parent and other handles, which are joined before', async () => {
    const { interview } = at.db.tables
    const byLead = left(interview.evaluations, e => e.userId.eq(interview.lead.id))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, rating: byLead.rating, by: byLead.userId })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 2, by: 2 },
      { id: 2, rating: null, by: null },
      { id: 3, rating: 8, by: 3 },
      { id: 4, rating: null, by: null },
    ])
  })

  it('J4: a disjunction in ON stays one condition', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations, each => or(each.rating.lt(3), each.rating.gt(8)))
    const query = at.db
      .from(interview)
      .expand(e)
      .select({ id: interview.id, rating: e.rating })
      .orderBy(interview.id.asc(), e.rating.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 2 },
      { id: 1, rating: 9 },
      { id: 2, rating: null },
      { id: 3, rating: null },
      { id: 4, rating: null },
    ])
  })

  it('J4: on over a semi handle narrows its EXISTS', async () => {
    const { interview } = at.db.tables
    const any = some(interview.evaluations)
    const ada = on(any, e => e.userId.eq(1))
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await q.where(any.rating.gt(5)).all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(await q.where(ada.rating.gt(5)).all()).toEqual([{ id: 1 }])
  })

  it('a root has no ON', async () => {
    const { interview } = at.db.tables
    await expectRefusal(() => on(interview, i => i.id.gt(1)), 'QUERY_INVALID', /interview is a root and has no ON/)
  })

  it('an ON that needs a sibling joins it first, wherever that one is mentioned', async () => {
    const { interview, user } = at.db.tables
    const owner = left(relate(interview, user, u => u.id.eq(interview.ownerId)))
    const colleague = left(relate(interview, user, u => [u.departmentId.eq(owner.departmentId), u.id.ne(owner.id)]))
    const query = at.db
      .from(interview)
      .expand(colleague)
      .select({ colleague: colleague.username, owner: owner.username })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { colleague: 'bob', owner: 'ada' },
      { colleague: 'bob', owner: 'ada' },
      { colleague: null, owner: 'cyd' },
      { colleague: null, owner: 'dan' },
    ])
    const colleagueOnly = query.select({ colleague: colleague.username })
    expect((await colleagueOnly.all()).map(row => row.colleague)).toEqual(['bob', 'bob', null, null])
  })

  it('joins whose ONs need each other cannot be ordered, and are refused; in where the condition runs', async () => {
    const { interview, user } = at.db.tables
    const e = left(interview.evaluations)
    const who = left(relate(interview, user, u => u.id.eq(e.userId)))
    const knot = inner(e.comments, c => c.authorId.eq(who.id))
    const q = at.db.from(interview).expand(e).select({ id: interview.id })
    await expectRefusal(() => q.expand(knot).select({ body: knot.body }).all(), 'QUERY_INVALID', /own ON needs/)
    const plain = inner(e.comments)
    const query = q.expand(plain).where(plain.authorId.ne(who.id)).select({ body: plain.body }).orderBy(plain.id.asc())
    expect(await query.all()).toEqual([{ body: 'agreed' }, { body: 'no' }])
  })

  it('relate joins what no foreign key relates', async () => {
    const { interview, user } = at.db.tables
    const me = param<string>('me')
    const namesake = left(relate(interview, user, u => [u.username.eq(me), u.departmentId.eq(interview.departmentId)]))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, namesake: namesake.username })
      .orderBy(interview.id.asc())
    expect((await query.all(me.is('ada'))).map(row => row.namesake)).toEqual(['ada', 'ada', null, null])
    expect((await query.all(me.is('cyd'))).map(row => row.namesake)).toEqual([null, null, 'cyd', 'cyd'])
  })

  it.skipIf(at.lacks('functions in FROM'))(
    'on() moves what a subquery of the condition expands and requires, and the function it reads from',
    async () => {
      const { interview, tag, comment } = at.db.tables
      const discussed = left(interview.evaluations, e => {
        const about = inner(relate(tag, comment, c => c.evaluationId.eq(e.id)))
        const by = left(relate(tag, comment, c => [c.evaluationId.eq(e.id), c.id.eq(1)]))
        const words = unnest('word', array(e.note))
        return [
          exists(at.db.from(tag).expand(about).require(by).where(about.body.eq('agreed'))),
          exists(at.db.from(words).where(words.value.eq('good'))),
        ]
      })
      const good = on(discussed, e => e.rating.gt(5))
      const rows = at.db.from(interview).expand(good).orderBy(interview.id.asc())
      expect(await rows.select({ id: interview.id, by: good.userId }).all()).toEqual([
        { id: 1, by: 1 },
        { id: 2, by: null },
        { id: 3, by: null },
        { id: 4, by: null },
      ])
    },
  )
})
