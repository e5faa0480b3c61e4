import { expect, it } from 'vitest'
import { alias, inner, left } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J2: a to-one over a NOT NULL key is an inner join', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).select({ owner: interview.owner.username })
    expect(await query.all()).toHaveLength(4)
    expect(query.explainJoins().map(join => join.kind)).toEqual(['from', 'inner'])
  })

  it('J2: a to-one over a nullable key is a left join', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, lead: interview.lead.username })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.lead)).toEqual(['bob', null, 'cyd', null])
    expect(query.explainJoins().map(join => join.kind)).toEqual(['from', 'left'])
  })

  it('J2: what hangs below a left handle is null with it, whatever its own key', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db.from(interview).select({ id: interview.id, by: mine.user.username }).orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.by)).toEqual(['ada', 'ada', null, null])
  })

  it('J2: a to-one that is held from the other side is a left join', async () => {
    const { user } = at.db.tables
    const query = at.db.from(user).select({ name: user.username, bio: user.profile.bio }).orderBy(user.id.asc())
    expect((await query.all()).map(row => row.bio)).toEqual(['first programmer', null, 'dancer', null])
  })

  it('J2: a to-many relation is no handle: each way of using one bare names the four choices', async () => {
    const { interview } = at.db.tables
    // the compiler refuses these as well
    const bare = interview.evaluations as unknown as typeof at.db.tables.evaluation
    const query = at.db.from(interview)
    const uses = [
      () => bare.rating,
      () => bare.user,
      () => bare.comments,
      () => query.select({ bare }),
      () => query.select({ deep: { bare } }),
      () => query.require(bare),
      () => query.expand(bare),
      () => query.groupBy(bare),
      () => alias(bare),
      () => at.db.from(bare),
    ]
    for (const use of uses) {
      const error = await expectRefusal(use, 'RELATION_UNCHOSEN', /interview\.evaluations/)
      for (const choice of ['inner(', 'left(', 'some(', 'first(']) expect(error.hint).toContain(choice)
    }
  })

  it('J2: the same uses of a chosen one are taken', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    await at.db.from(interview).expand(e).select({ rating: e.rating, user: e.user, deep: { e } }).all()
    await at.db.from(interview).expand(e).require(e).all()
  })

  it('J3: mentioning a column in select or orderBy changes no rows', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(2))
    const ids = async (q: ReturnType<typeof at.db.from<typeof interview>>) =>
      (await q.all()).map(row => row.id).sort((a, b) => a - b)
    const plain = at.db.from(interview)
    expect(await ids(plain.orderBy(mine.user.department.name.asc()))).toEqual([1, 2, 3, 4])
    expect(await ids(plain.orderBy(interview.lead.department.parent.name.asc()))).toEqual([1, 2, 3, 4])
    expect(await plain.select({ id: interview.id, a: mine, b: interview.lead.department.parent }).all()).toHaveLength(4)
  })

  it('J3: an explicit inner, mentioned, does', async () => {
    const { interview } = at.db.tables
    const mine = inner(interview.evaluations, e => e.userId.eq(2))
    const query = at.db.from(interview).select({ id: interview.id, rating: mine.rating }).orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, rating: 2 },
      { id: 3, rating: null },
    ])
  })

  it('J3: no promotion is inferred from where: the join stays left, and the rows are those of SQL', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db.from(interview).select({ id: interview.id, rating: mine.rating }).where(mine.rating.gt(0))
    expect(query.explainJoins().map(join => join.kind)).toEqual(['from', 'left'])
    expect(await query.orderBy(interview.id.asc()).all()).toEqual([
      { id: 1, rating: 9 },
      { id: 2, rating: 4 },
    ])
  })

  it('J3: a to-one is joined another way by saying so, and the relation itself stays what it was', async () => {
    const { interview } = at.db.tables
    const led = inner(interview.lead)
    const led2 = left(interview.lead, l => l.username.eq('cyd'))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, led: led.username, cyd: led2.username, lead: interview.lead.username })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, led: 'bob', cyd: null, lead: 'bob' },
      { id: 3, led: 'cyd', cyd: 'cyd', lead: 'cyd' },
    ])
  })

  it('a table is no relation, so inner and left cannot tell what it joins', async () => {
    const { user } = at.db.tables
    // @ts-expect-error: the compiler says so too
    await expectRefusal(() => inner(user), 'QUERY_INVALID', /is a table, not a relation/)
    // @ts-expect-error: the compiler says so too
    await expectRefusal(() => left(user), 'QUERY_INVALID', /is a table, not a relation/)
  })
})
