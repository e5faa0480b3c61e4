import { expect, it } from 'vitest'
import { coalesce, count, cte, derived, inner, left, list, max, relate, sum, type DerivedHandle } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('a query as a table, joined to another', async () => {
    const { evaluation, user } = at.db.tables
    const perUser = derived(
      'per_user',
      at.db
        .from(evaluation)
        .select({ user: evaluation.userId, n: count(), total: sum(evaluation.rating) })
        .groupBy(evaluation.userId),
    )
    const mine = left(relate(user, perUser, p => p.user.eq(user.id)))
    const query = at.db
      .from(user)
      .select({ name: user.username, n: coalesce(mine.n, 0), total: mine.total })
      .orderBy(user.id.asc())
    expect(await query.all()).toEqual([
      { name: 'ada', n: 2, total: 13 },
      { name: 'bob', n: 2, total: 2 },
      { name: 'cyd', n: 2, total: 16 },
      { name: 'dan', n: 0, total: null },
    ])
  })

  it.skipIf(at.lacks('decimals as written'))('as the root, with its types kept through', async () => {
    const { evaluation } = at.db.tables
    const d = derived(
      'd',
      at.db.from(evaluation).select({
        id: evaluation.id,
        at: evaluation.createdAt,
        budget: evaluation.interview.budget,
        n: count().over(),
      }),
    )
    const query = at.db
      .from(d)
      .where(d.id.gt(5n), d.at.gt(new Date('2026-01-01')))
      .select({ d, twice: d.n.times(2) })
    expect(await query.all()).toEqual([
      { d: { id: 9007199254740993n, at: new Date('2026-01-10T00:00:00Z'), budget: '20.00', n: 6 }, twice: 12 },
    ])
  })

  it('a list inside a derived table is read as a list outside', async () => {
    const { interview } = at.db.tables
    const d = derived(
      'd',
      at.db
        .from(interview)
        .select({ id: interview.id, ids: list(interview.evaluations, e => e.id, { orderBy: e => e.id.asc() }) }),
    )
    const query = at.db.from(d).select({ ids: d.ids }).where(d.id.eq(3))
    expect(await query.all()).toEqual([{ ids: [5n, 9007199254740993n] }])
  })

  it('only its columns exist, and each is flat', async () => {
    const { interview } = at.db.tables
    const d = derived('d', at.db.from(interview).select({ id: interview.id }))
    expect(Object.keys(Object.getPrototypeOf(d))).toEqual(['id'])
    await expectRefusal(
      () => derived('d', at.db.from(interview).select({ owner: interview.owner })),
      'QUERY_INVALID',
      /owner.*object/,
    )
    await expectRefusal(() => cte('d', at.db.from(interview).select({ a: { b: interview.id } })), 'QUERY_INVALID')
  })

  it('limit inside is limit inside', async () => {
    const { interview } = at.db.tables
    const top = derived('top', at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.desc()).limit(2))
    expect(await at.db.from(top).orderBy(top.id.asc()).all()).toEqual([{ id: 3 }, { id: 4 }])
    expect(
      await at.db
        .from(top)
        .select({ max: max(top.id) })
        .all(),
    ).toEqual([{ max: 4 }])
  })

  it.skipIf(at.lacks('rows of NULLs'))(
    'J13: a left joined derived row is null by its presence, though all its columns are null',
    async () => {
      const { interview, user } = at.db.tables
      const emails = derived('emails', at.db.from(user).select({ email: user.email }))
      const none = left(relate(interview, emails, e => e.email.isNull()))
      const query = at.db.from(interview).expand(none).select({ id: interview.id, none }).where(interview.id.eq(1))
      expect(await query.all()).toEqual([
        { id: 1, none: { email: null } },
        { id: 1, none: { email: null } },
      ])
      const nobody = left(relate(interview, emails, e => e.email.eq('nobody')))
      const absent = at.db.from(interview).expand(nobody).select({ id: interview.id, nobody }).where(interview.id.eq(1))
      expect(await absent.all()).toEqual([{ id: 1, nobody: null }])
    },
  )

  it('grouped by an expression, it has that for a key, also where it is written once to select and once to group by', async () => {
    const { evaluation, user } = at.db.tables
    const grade = () => coalesce(evaluation.rating, 0)
    const grades = derived('grades', at.db.from(evaluation).select({ grade: grade(), n: count() }).groupBy(grade()))
    const page = await at.db.from(grades).orderBy(grades.n.desc()).page({ size: 2 })
    expect(page.rows).toEqual([
      { grade: 8, n: 2 },
      { grade: 0, n: 1 },
    ])
    const own = left(relate(user, grades, g => g.grade.eq(user.id.plus(1))))
    const users = at.db.from(user).select({ id: user.id, n: own.n }).orderBy(user.id.asc())
    expect(await users.all()).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: null },
      { id: 3, n: 1 },
      { id: 4, n: null },
    ])
  })

  it('one derived table joined twice is two joins, and their pairs are counted', async () => {
    const { evaluation, user } = at.db.tables
    const d: DerivedHandle<{ user: number }> = derived('d', at.db.from(evaluation).select({ user: evaluation.userId }))
    const [a, b] = [inner(relate(user, d, x => x.user.eq(user.id))), inner(relate(user, d, x => x.user.eq(user.id)))]
    const query = at.db.from(user).expand(a).expand(b, { allowCrossProduct: true }).where(user.id.eq(1))
    expect(await query.count()).toBe(4)
  })
})
