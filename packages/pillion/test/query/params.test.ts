import { expect, it } from 'vitest'
import { cast, coalesce, int4, left, or, param, text, timestamptz } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal, shown } from './refusal.js'

everywhere(at => {
  it('J10: two parameters of one name are two parameters', async () => {
    const { interview } = at.db.tables
    const [a, b] = [param<number>('id'), param<number>('id')]
    const query = at.db
      .from(interview)
      .where(or(interview.id.eq(a), interview.id.eq(b)))
      .select({ id: interview.id })
    expect(await query.orderBy(interview.id.asc()).all(a.is(1), b.is(4))).toEqual([{ id: 1 }, { id: 4 }])
    await expectRefusal(() => query.all(a.is(1)), 'PARAM_UNBOUND', /The parameter id has no value/)
  })

  it('J10: one parameter, wherever it stands, is one value', async () => {
    const { interview } = at.db.tables
    const me = param<number>('me')
    const mine = left(interview.evaluations, e => e.userId.eq(me))
    const query = at.db
      .from(interview)
      .where(interview.ownerId.eq(me))
      .select({ id: interview.id, rating: mine.rating })
    expect(await query.orderBy(interview.id.asc()).all(me.is(3))).toEqual([{ id: 3, rating: 8 }])
    expect(query.toSQL(me.is(3)).values.map(Number)).toEqual(at.lacks('the words of PostgreSQL') ? [3, 3] : [3])
  })

  it('J10: bound to two values it is refused, and to one value twice it is not', async () => {
    const { interview } = at.db.tables
    const me = param<number>('me')
    const query = at.db.from(interview).where(interview.ownerId.eq(me)).select({ id: interview.id })
    const error = await expectRefusal(() => query.all(me.is(424_242), me.is(434_343)), 'PARAM_CONFLICT', /me/)
    expect(shown(error)).not.toMatch(/424242|434343/)
    expect(await query.all(me.is(3), me.is(3))).toEqual([{ id: 3 }])
  })

  it('J10: unbound, it is refused by name', async () => {
    const { interview } = at.db.tables
    const me = param<number>('me')
    const query = at.db.from(interview).where(interview.ownerId.eq(me))
    for (const run of [
      () => query.all(),
      () => query.first(),
      () => query.one(),
      () => query.count(),
      () => query.exists(),
      () => query.page({ size: 1 }),
      () => query.explain(),
      () => query.stream()[Symbol.asyncIterator]().next(),
      () => query.all(me.is(undefined as never)),
    ]) {
      await expectRefusal(run, 'PARAM_UNBOUND', /The parameter me/)
    }
    expect(query.toSQL().values).toEqual([])
  })

  it('takes the type of what it meets, and holds the value to it', async () => {
    const { interview } = at.db.tables
    const since = param<Date>('since')
    const query = at.db.from(interview).where(interview.createdAt.gte(since)).select({ id: interview.id })
    expect(await query.orderBy(interview.id.asc()).all(since.is(new Date('2026-01-03T00:00:00Z')))).toEqual([
      { id: 3 },
      { id: 4 },
    ])
    const error = await expectRefusal(
      () => query.all(since.is('secret-value' as never)),
      'VALUE_TYPE',
      /since.*timestamptz/,
    )
    expect(shown(error)).not.toContain('secret-value')
  })

  it('on either side, in a list, in a pattern, in an order, in a limit', async () => {
    const { interview } = at.db.tables
    const n = param<number>('n')
    const like = param<string>('like')
    const ids = param<number[]>('ids')
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await q.where(n.lt(interview.id)).all(n.is(3))).toEqual([{ id: 4 }])
    expect(await q.where(interview.title.like(like)).all(like.is('%e%'))).toEqual([{ id: 1 }, { id: 3 }, { id: 4 }])
    expect(await q.where(interview.id.in(ids)).all(ids.is([2, 4, 9]))).toEqual([{ id: 2 }, { id: 4 }])
    expect(await q.where(interview.id.in(ids)).all(ids.is([]))).toEqual([])
    expect(await q.limit(n).offset(n).all(n.is(1))).toEqual([{ id: 2 }])
    expect(await q.where(interview.id.between(n, n)).all(n.is(2))).toEqual([{ id: 2 }])
    expect((await q.reorder(interview.id.minus(n).times(interview.id.minus(n)).asc()).all(n.is(4)))[0]).toEqual({
      id: 4,
    })
  })

  it('null is a value of it', async () => {
    const { interview } = at.db.tables
    const lead = param<number | null>('lead')
    const query = at.db
      .from(interview)
      .where(interview.leadId.isNotDistinctFrom(lead as never))
      .select({ id: interview.id })
    expect(await query.orderBy(interview.id.asc()).all(lead.is(null))).toEqual([{ id: 2 }, { id: 4 }])
    expect(await query.all(lead.is(2))).toEqual([{ id: 1 }])
  })

  it('meets two types and is encoded as each', async () => {
    const { interview, evaluation } = at.db.tables
    const id = param<number>('id')
    const query = at.db
      .from(evaluation)
      .where(evaluation.interviewId.eq(id), cast(evaluation.interviewId, text).eq(cast(id, text) as never))
      .select({ id: evaluation.id })
    await expectRefusal(() => query.all(id.is(1)), 'VALUE_TYPE', /id/)
    const both = at.db
      .from(interview)
      .where(interview.id.eq(id), coalesce(cast(id, int4), 0).eq(1))
      .select({ id: interview.id })
    expect(await both.all(id.is(1))).toEqual([{ id: 1 }])
  })

  it('selected by itself it needs a type', async () => {
    const { interview } = at.db.tables
    const when = param<Date>('when')
    const query = at.db
      .from(interview)
      .limit(1)
      .select({ when: cast(when, timestamptz) })
    const at3 = new Date('2026-03-03T03:03:03.003Z')
    expect(await query.all(when.is(at3))).toEqual([{ when: at3 }])
  })

  it('the text is constant whatever the values', async () => {
    const { interview } = at.db.tables
    const q = (id: number, titles: string[], limit: number) =>
      at.db.from(interview).where(interview.id.gt(id), interview.title.in(titles)).limit(limit).toSQL().sql
    // where a list is as many placeholders, it is so many as the next power of two
    expect(q(1, ['a', 'b', 'c', 'd'], 5)).toBe(q(-7, ['x', 'y', 'z'], 5))
    const me = param<number>('me')
    const query = at.db.from(interview).where(interview.id.eq(me))
    expect(query.toSQL(me.is(1)).sql).toBe(query.toSQL(me.is(99)).sql)
  })
})
