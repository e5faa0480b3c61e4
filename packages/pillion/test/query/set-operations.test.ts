import { expect, it } from 'vitest'
import {
  alias,
  count,
  derived,
  except,
  exists,
  intersect,
  left,
  list,
  nothing,
  param,
  text,
  union,
  unionAll,
  value,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal, refusal } from './refusal.js'

everywhere(at => {
  const owners = () => {
    const { interview } = at.db.tables
    return at.db.from(interview).select({ id: interview.ownerId })
  }
  const raters = () => {
    const { evaluation } = at.db.tables
    return at.db.from(evaluation).select({ id: evaluation.userId })
  }
  const ids = (rows: readonly { readonly id: number }[]) => rows.map(row => row.id)

  it('union, unionAll, intersect, except', async () => {
    expect(ids(await union(owners(), raters()).orderBy('id').all())).toEqual([1, 2, 3, 4])
    expect(ids(await unionAll(owners(), raters()).orderBy('id').all())).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 3, 4])
    expect(ids(await intersect(owners(), raters()).orderBy('id').all())).toEqual([1, 3])
    expect(ids(await except(owners(), raters()).orderBy('id').all())).toEqual([4])
  })

  it('a column that only one side has, and NULL on the other', async () => {
    const { interview, user } = at.db.tables
    const people = at.db
      .from(user)
      .select({ at: user.id, name: user.username, title: nothing(text) })
      .where(user.id.eq(1))
    const titles = at.db
      .from(interview)
      .select({ at: interview.id, name: nothing(text), title: interview.title })
      .where(interview.id.eq(2))
    expect(await unionAll(people, titles).orderBy('at').all()).toEqual([
      { at: 1, name: 'ada', title: null },
      { at: 2, name: null, title: 'analyst' },
    ])
  })

  it('sorted, limited, counted, asked whether there is a row', async () => {
    const both = union(owners(), raters())
    expect(ids(await both.orderBy('id', 'desc').limit(2).offset(1).all())).toEqual([3, 2])
    expect(await both.limit(2).count()).toBe(4)
    expect(await both.exists()).toBe(true)
    expect(await except(owners(), owners()).exists()).toBe(false)
    expect(await both.orderBy('id', 'desc').first()).toEqual({ id: 4 })
  })

  it('each side keeps its own order and limit, and they nest', async () => {
    const { user } = at.db.tables
    const top = at.db.from(user).select({ id: user.id }).orderBy(user.id.desc()).limit(1)
    const low = at.db.from(user).select({ id: user.id }).orderBy(user.id.asc()).limit(1)
    expect(ids(await unionAll(top, low).orderBy('id').all())).toEqual([1, 4])
    expect(ids(await except(union(owners(), raters()), unionAll(top, low)).orderBy('id').all())).toEqual([2, 3])
  })

  it('places NULLs where it is said', async () => {
    const { user, comment } = at.db.tables
    const places = union(
      at.db.from(user).select({ place: user.departmentId }),
      at.db.from(comment).select({ place: comment.authorId }),
    )
    expect((await places.orderBy('place', 'asc', { nulls: 'first' }).all()).map(row => row.place)).toEqual([
      null,
      1,
      2,
      3,
    ])
    expect((await places.orderBy('place', 'desc', { nulls: 'last' }).all()).map(row => row.place)).toEqual([
      3,
      2,
      1,
      null,
    ])
  })

  it('as a subquery and as a table', async () => {
    const { user } = at.db.tables
    const query = at.db
      .from(user)
      .where(user.id.in(intersect(owners(), raters())))
      .select({ name: user.username })
    expect(await query.orderBy(user.id.asc()).all()).toEqual([{ name: 'ada' }, { name: 'cyd' }])
    const both = derived('both', unionAll(owners(), raters()))
    expect(await at.db.from(both).distinct().orderBy(both.id.asc()).count()).toBe(4)
    expect(
      await at.db
        .from(user)
        .where(exists(except(owners(), raters())))
        .count(),
    ).toBe(4)
  })

  it('parameters on both sides, and joins on each', async () => {
    const { interview } = at.db.tables
    const who = param<string>('who')
    const other = alias(interview)
    const query = union(
      at.db.from(interview).where(interview.owner.username.eq(who)).select({ id: interview.id }),
      at.db.from(other).where(other.lead.username.eq(who)).select({ id: other.id }),
    ).orderBy('id')
    expect(ids(await query.all(who.is('cyd')))).toEqual([3])
    expect(ids(await query.all(who.is('bob')))).toEqual([1])
    await expectRefusal(() => query.all(), 'PARAM_UNBOUND', /who/)
  })

  it('nested rows are read on either side', async () => {
    const { interview } = at.db.tables
    const other = alias(interview)
    const query = unionAll(
      at.db
        .from(interview)
        .where(interview.id.eq(1))
        .select({
          id: interview.id,
          lead: interview.lead,
          ids: list(interview.evaluations, e => e.id, { orderBy: e => e.id.asc() }),
        }),
      at.db
        .from(other)
        .where(other.id.eq(4))
        .select({ id: other.id, lead: other.lead, ids: list(other.evaluations, e => e.id) }),
    ).orderBy('id')
    expect(await query.all()).toEqual([
      { id: 1, lead: { id: 2, username: 'bob', email: null, departmentId: 2 }, ids: [1n, 2n] },
      { id: 4, lead: null, ids: [] },
    ])
  })

  it('J13: nested objects of which only one may be absent are refused, for they would be read as if both were there', async () => {
    const { interview } = at.db.tables
    const other = alias(interview)
    const owner = at.db.from(interview).select({ id: interview.id, who: interview.owner })
    const lead = at.db.from(other).select({ id: other.id, who: other.lead })
    await expectRefusal(() => union(owner as never, lead).all(), 'QUERY_INVALID', /absent/)
    await expectRefusal(() => union(lead, owner as never).all(), 'QUERY_INVALID', /absent/)
    const listed = (root: typeof interview, sure: boolean) =>
      at.db.from(root).select({
        of: list(root.evaluations, e => ({ who: sure ? e.user : left(e.user), n: e.rating })),
      })
    await expectRefusal(() => unionAll(listed(interview, true), listed(other, false)).all(), 'QUERY_INVALID', /absent/)
    expect(await unionAll(listed(interview, true), listed(other, true)).all()).toHaveLength(8)

    const alike = at.db.from(interview).select({ id: interview.id.plus(10), who: left(interview.owner) })
    const rows = await unionAll(lead, alike).orderBy('id').all()
    expect(rows.map(row => row.who?.username ?? null)).toEqual(['bob', null, 'cyd', null, 'ada', 'ada', 'cyd', 'dan'])
  })

  it('numbers of other types are one type to the server', async () => {
    const { interview, user } = at.db.tables
    const none = at.db
      .from(user)
      .where(user.id.eq(4))
      .select({ n: value(0) })
    const some = at.db.from(interview).select({ n: count() })
    expect(await unionAll(none, some).orderBy('n').all()).toEqual([{ n: 0 }, { n: 4 }])
    expect(await unionAll(some, none).orderBy('n').all()).toEqual([{ n: 0 }, { n: 4 }])
  })

  it.skipIf(at.lacks('the words of PostgreSQL'))('sides of other columns are refused', async () => {
    const { interview, user } = at.db.tables
    const names = at.db.from(user).select({ id: user.username })
    const two = at.db.from(interview).select({ id: interview.id, title: interview.title })
    // the compiler refuses these as well
    expect((await refusal(() => union(owners(), names as never).all())).code).toBe('STATEMENT_FAILED')
    await expectRefusal(() => union(owners(), two as never).all(), 'QUERY_INVALID')
  })

  it('they are not paged by keyset, and the error says what to do', async () => {
    const both = derived('both', union(owners(), raters()))
    await expectRefusal(() => at.db.from(both).page({ size: 2 }), 'PAGE_KEY', /no unique key/)
  })
})
