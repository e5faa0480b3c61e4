/**
 * PostgreSQL, from 16 to 18, took a row that a left join did not find for one that it found: in a left join by a column that the ON of that one
 * holds equal to something, where it is below another left join.
 */
import { expect, it } from 'vitest'
import { and, cte, derived, inner, left, not, or, relate, value, when } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  const departments = () => {
    const { department } = at.db.tables
    return { department, query: at.db.from(department).orderBy(department.id.asc()) }
  }

  it.each([
    [2, { title: 'engineer', lead: 'bob' }],
    [3, { title: null, lead: null }],
  ])('who leads is nobody where there is nothing to lead: user %i', async (me, expected) => {
    const { department, query } = departments()
    const science = left(department.departments, d => d.id.eq(2))
    const led = left(science.interviews, i => i.leadId.eq(me))
    const rows = query.expand(science).expand(led).select({ title: led.title, lead: led.lead.username })
    const nothing = { title: null, lead: null }
    expect(await rows.all()).toEqual([expected, nothing, nothing])
  })

  it('a parent is nobody’s where there is no child, by the key that the one above is asked for by', async () => {
    const { department, query } = departments()
    const all = left(department.departments, d => d.id.eq(2))
    const none = left(all.departments, d => d.id.gt(3))
    const rows = query.expand(all).expand(none).select({ id: department.id, above: none.parent.name })
    expect(await rows.all()).toEqual([
      { id: 1, above: null },
      { id: 2, above: null },
      { id: 3, above: null },
    ])
  })

  it('is so by what is known of a row that is joined inside', async () => {
    const { department, query } = departments()
    const science = left(department.departments, d => d.id.eq(2))
    const owned = left(science.interviews)
    const owner = inner(owned.owner, o => o.id.eq(4))
    const again = left(relate(owned, at.db.tables.user, u => u.id.eq(owned.ownerId)))
    const rows = query.expand(science).expand(owned).expand(owner).expand(again)
    expect(await rows.select({ title: owned.title, owner: owner.username, again: again.username }).all()).toEqual(
      [1, 2, 3].map(() => ({ title: null, owner: null, again: null })),
    )
  })

  it('is so of what is related by hand, and of an expression', async () => {
    const { department, query } = departments()
    const { evaluation, user } = at.db.tables
    const held = left(department.interviews, i => i.id.eq(2))
    const mine = left(held.evaluations, e => e.userId.plus(1).eq(3))
    const next = left(relate(mine, user, u => u.id.plus(1).eq(mine.userId.plus(1))))
    const again = left(relate(next, evaluation, e => and(e.userId.eq(next.id), e.interviewId.eq(1))))
    const owner = inner(again.user)
    const rows = query
      .expand(held)
      .expand(mine)
      .expand(next)
      .expand(again)
      .select({ id: department.id, next: next.username, again: again.id, by: owner.username })
    expect(await rows.all()).toEqual([1, 2, 3].map(id => ({ id, next: null, again: null, by: null })))
  })

  it('is so where the equality is within another condition', async () => {
    const { department, query } = departments()
    const { user } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const led = left(science.interviews, i => i.leadId.eq(3))
    const leads = left(relate(led, user, u => not(u.id.ne(led.leadId))))
    const few = left(relate(led, user, u => or(...[1, 4].map(id => and(u.id.eq(led.leadId), u.id.ne(id))))))
    const some = left(relate(led, user, u => not(or(u.id.ne(led.leadId), u.id.in([1, 4])))))
    const told = left(relate(led, user, u => when(value(true), u.id.eq(led.leadId)).otherwise(u.id.isNull())))
    for (const lead of [leads, few, some, told]) {
      const rows = query.expand(science).expand(led).expand(lead).select({ id: department.id, lead: lead.username })
      expect(await rows.all()).toEqual([1, 2, 3].map(id => ({ id, lead: null })))
    }
  })

  it('finds no less for that: what is met where the column is NULL, and what is not met there', async () => {
    const { department, query } = departments()
    const { user } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const led = left(science.interviews, i => i.leadId.eq(3))
    const anyhow = left(relate(led, user, u => and(u.id.eq(3), or(u.id.eq(led.leadId), led.leadId.isNull()))))
    const other = left(relate(led, user, u => and(u.id.eq(3), not(and(u.id.ne(led.leadId), u.id.eq(1))))))
    const unequal = left(relate(led, user, u => and(u.id.eq(3), not(u.id.eq(led.leadId)))))
    for (const [lead, username] of [[anyhow, 'cyd'] as const, [other, 'cyd'] as const, [unequal, null] as const]) {
      const rows = query.expand(science).expand(led).expand(lead).select({ id: department.id, lead: lead.username })
      expect(await rows.all()).toEqual([1, 2, 3].map(id => ({ id, lead: username })))
    }
  })

  it.each([
    ['a derived table', derived],
    ['a CTE', cte],
  ] as const)('is so of what %s joins left, and of what is known in one', async (_, table) => {
    const { department, query } = departments()
    const { user, interview } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const led = left(science.interviews, i => i.leadId.eq(3))
    const rows = at.db.from(department).expand(science).expand(led)
    const all = table('led_in_science', rows.select({ id: department.id, leadId: led.leadId, title: led.title }))
    const lead = left(relate(all, user, u => u.id.eq(all.leadId)))
    const named = at.db.from(all).expand(lead).select({ id: all.id, lead: lead.username }).orderBy(all.id.asc())
    expect(await named.all()).toEqual([1, 2, 3].map(id => ({ id, lead: null })))

    const ofThird = at.db.from(interview).where(interview.leadId.eq(3))
    const by = table('led_by_cyd', ofThird.select({ of: interview.departmentId, leadId: interview.leadId }))
    const own = left(relate(science, by, each => each.of.eq(science.id)))
    const leader = left(relate(own, user, u => u.id.eq(own.leadId)))
    const more = query.expand(science).expand(own).expand(leader).select({ id: department.id, lead: leader.username })
    expect(await more.all()).toEqual([1, 2, 3].map(id => ({ id, lead: null })))
  })

  it.each([
    ['a derived table', derived],
    ['a CTE', cte],
  ] as const)('is so below %s that joins left, from which the query starts', async (_, table) => {
    const { department, user, interview } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const inScience = at.db.from(department).expand(science).select({ id: department.id, scienceId: science.id })
    const all = table('in_science', inScience)
    const led = left(relate(all, interview, i => and(i.departmentId.eq(all.scienceId), i.leadId.eq(3))))
    const leads = left(relate(led, user, u => u.id.eq(led.leadId)))
    const rows = at.db.from(all).expand(led).expand(leads).select({ id: all.id, lead: leads.username })
    expect(await rows.orderBy(all.id.asc()).all()).toEqual([1, 2, 3].map(id => ({ id, lead: null })))
  })

  it.each([
    ['a derived table', derived],
    ['a CTE', cte],
  ] as const)('is so of what is joined left in %s that is not found itself', async (_, table) => {
    const { department, query } = departments()
    const { interview } = at.db.tables
    const all = at.db.from(interview).select({
      of: interview.departmentId,
      leadId: interview.leadId,
      title: interview.title,
      lead: interview.lead.username,
    })
    const science = left(department.departments, d => d.id.eq(2))
    const led = table('led', all)
    const byCyd = left(relate(science, led, each => and(each.of.eq(science.id), each.leadId.eq(3))))
    const ofCyd = table('led_by_cyd', all.where(interview.leadId.eq(3)))
    const known = left(relate(science, ofCyd, each => each.of.eq(science.id)))
    const nothing = { title: null, lead: null }
    for (const joined of [byCyd, known]) {
      const rows = query.expand(science).expand(joined).select({ title: joined.title, lead: joined.lead })
      expect(await rows.all()).toEqual([nothing, nothing, nothing])
    }
  })

  it('is so of what is joined left in a view that is not found itself', async () => {
    if (at.lacks('a pool of pg')) return
    await at.pool.query(`
      CREATE OR REPLACE VIEW interview_summary AS
      SELECT i.id, i.title, u.username AS lead FROM interview i LEFT JOIN "user" u ON u.id = i.id`)
    const { department, query } = departments()
    const { interviewSummary } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const alike = left(relate(science, interviewSummary, i => and(i.title.eq(science.name), i.id.eq(3))))
    const rows = query.expand(science).expand(alike).select({ title: alike.title, lead: alike.lead })
    const nothing = { title: null, lead: null }
    expect(await rows.all()).toEqual([nothing, nothing, nothing])
  })

  it('says so where it may be forgotten, and nowhere else', () => {
    if (at.lacks('the words of PostgreSQL')) return
    const { department, query } = departments()
    const { interview } = at.db.tables
    const science = left(department.departments, d => d.id.eq(2))
    const deep = left(science.interviews, i => i.leadId.eq(1))
    const shallow = left(interview.department.departments, d => d.parentId.eq(1))
    const known = 'ON "user"."id" = "interview"."lead_id" AND "interview"."lead_id" IS NOT NULL'

    const led = query.expand(science).expand(deep)
    expect(at.sql(led.select({ lead: deep.lead.username }))).toContain(known)
    const otherwise = [
      at.db.from(interview).expand(shallow).select({ of: shallow.parent.name, over: shallow.parent.parent.name }),
      led.select({ title: deep.title, of: deep.department.name, over: science.parent.name }),
    ]
    for (const each of otherwise) expect(at.sql(each)).not.toContain('IS NOT NULL')
  })
})
