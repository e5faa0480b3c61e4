import { expect, it } from 'vitest'
import { alias, type Filterable, first, inner, left, some } from 'pillion'
import { everywhere } from '../support/everywhere.js'

everywhere(at => {
  const joins = (sql: string) => sql.match(/ JOIN /g)?.length ?? 0

  it('J1: one handle is one join, however many functions mention it', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const rated = <Q extends Filterable>(q: Q) => q.where(mine.rating.isNotNull())
    const good = <Q extends Filterable>(q: Q) => q.where(mine.rating.gt(5))
    const query = good(rated(at.db.from(interview)))
      .select({ id: interview.id, rating: mine.rating })
      .orderBy(mine.rating.desc())

    expect(await query.all()).toEqual([{ id: 1, rating: 9 }])
    expect(joins(query.toSQL().sql)).toBe(1)
  })

  it('J1: two handles are two joins, though written alike', async () => {
    const { interview } = at.db.tables
    const [a, b] = [left(interview.evaluations, e => e.userId.eq(1)), left(interview.evaluations, e => e.userId.eq(1))]
    const query = at.db.from(interview).select({ a: a.rating, b: b.rating }).where(interview.id.eq(1))

    expect(await query.all()).toEqual([{ a: 9, b: 9 }])
    expect(joins(query.toSQL().sql)).toBe(2)
  })

  it('J1: every maker of handles makes a new one at each call', async () => {
    const { interview } = at.db.tables
    const makers = [
      () => left(interview.evaluations),
      () => inner(interview.evaluations),
      () => some(interview.evaluations),
      () => first(interview.evaluations, { orderBy: e => e.id.asc() }),
      () => alias(interview),
    ]
    for (const make of makers) expect(make()).not.toBe(make())
  })

  it('J1: a to-one relation is the same object at every access, and one join', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    expect(interview.lead).toBe(interview.lead)
    expect(mine.user).toBe(mine.user)
    expect(interview.lead.department).toBe(interview.lead.department)

    const query = at.db
      .from(interview)
      .select({ lead: interview.lead.username })
      .where(interview.lead.email.isNotNull())
      .orderBy(interview.lead.id.asc())
    expect(await query.all()).toEqual([{ lead: 'cyd' }])
    expect(joins(query.toSQL().sql)).toBe(1)
  })

  it('J1: relations that lead to one table are as many joins', async () => {
    const { interview } = at.db.tables
    expect(interview.lead).not.toBe(interview.owner)
    const query = at.db
      .from(interview)
      .select({ id: interview.id, owner: interview.owner.username, lead: interview.lead.username })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, owner: 'ada', lead: 'bob' },
      { id: 2, owner: 'ada', lead: null },
      { id: 3, owner: 'cyd', lead: 'cyd' },
      { id: 4, owner: 'dan', lead: null },
    ])
  })

  it('J1: the same to-one of two parents is two handles', () => {
    const { interview } = at.db.tables
    const [a, b] = [left(interview.evaluations), left(interview.evaluations)]
    expect(a.user).not.toBe(b.user)
  })

  it('J1: a handle is frozen, and its columns and relations are its only names', () => {
    const { tag } = at.db.tables
    expect(Object.isFrozen(tag)).toBe(true)
    const names: string[] = []
    for (const name in tag) names.push(name)
    expect(names).toEqual(['id', 'label', 'interviewTags', 'interviews'])
  })

  it('a query is not changed by what is added to it', async () => {
    const { interview } = at.db.tables
    const all = at.db.from(interview).select({ id: interview.id })
    const before = all.toSQL().sql
    const open = all.where(interview.status.eq('open'))
    const sorted = all.orderBy(interview.id.desc())

    expect(all.toSQL().sql).toBe(before)
    expect(await open.orderBy(interview.id.asc()).all()).toEqual([{ id: 1 }, { id: 3 }])
    expect(await sorted.all()).toEqual([{ id: 4 }, { id: 3 }, { id: 2 }, { id: 1 }])
  })

  it('where always ANDs and orderBy always appends; only reorder replaces', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id })
      .where(interview.departmentId.eq(2))
      .where(interview.id.gt(0))
      .where(interview.title.ne('analyst'))
    expect(await query.all()).toEqual([{ id: 1 }])

    const sorted = at.db
      .from(interview)
      .select({ id: interview.id })
      .orderBy(interview.departmentId.desc())
      .orderBy(interview.id.asc())
    expect((await sorted.all()).map(row => row.id)).toEqual([3, 4, 1, 2])
    expect((await sorted.reorder(interview.id.desc()).all()).map(row => row.id)).toEqual([4, 3, 2, 1])
  })
})
