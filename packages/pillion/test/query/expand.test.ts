import { expect, it } from 'vitest'
import { count, first, inner, left, list, some } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J7: a handle that multiplies rows may not be mentioned without expand', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    const i = inner(interview.tags)
    const q = at.db.from(interview)
    for (const mention of [
      () => q.select({ rating: e.rating }).all(),
      () => q.select({ e }).all(),
      () => q.orderBy(e.rating.asc()).all(),
      () => q.where(e.rating.gt(5)).all(),
      () => q.require(e).all(),
      () => q.select({ by: e.user.username }).all(),
      () => q.select({ n: count(e.id) }).all(),
      () => q.select({ comments: list(e.comments, c => c.body) }).all(),
      () => q.where(i.label.eq('senior')).count(),
      () => q.where(i.label.eq('senior')).exists(),
    ]) {
      const error = await expectRefusal(mention, 'FAN_OUT', /interview\.(evaluations|tags)/)
      expect(error.hint).toContain('expand(')
    }
  })

  it('J7: with expand, a row for each pair', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    const query = at.db
      .from(interview)
      .expand(e)
      .select({ id: interview.id, evaluation: e.id })
      .orderBy(interview.id.asc(), e.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, evaluation: 1n },
      { id: 1, evaluation: 2n },
      { id: 2, evaluation: 3n },
      { id: 2, evaluation: 4n },
      { id: 3, evaluation: 5n },
      { id: 3, evaluation: 9007199254740993n },
      { id: 4, evaluation: null },
    ])
    const pairs = inner(interview.evaluations)
    expect(await at.db.from(interview).expand(pairs).count()).toBe(6)
  })

  it('J7: expand alone joins, mentioned or not', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).expand(inner(interview.tags)).select({ id: interview.id })
    expect((await query.orderBy(interview.id.asc()).all()).map(row => row.id)).toEqual([1, 1, 2])
  })

  it('J7: a second sibling expand needs allowCrossProduct', async () => {
    const { interview } = at.db.tables
    const [e, t] = [inner(interview.evaluations), inner(interview.tags)]
    const query = at.db.from(interview).expand(e).select({ e: e.id, t: t.label })
    const error = await expectRefusal(() => query.expand(t).all(), 'CROSS_PRODUCT', /tags.*beside.*evaluations/)
    expect(error.hint).toContain('allowCrossProduct')
    const crossed = query.expand(t, { allowCrossProduct: true }).orderBy(e.id.asc(), t.label.asc())
    expect((await crossed.all()).map(row => `${row.e} ${row.t}`)).toEqual([
      '1 remote',
      '1 senior',
      '2 remote',
      '2 senior',
      '3 remote',
      '4 remote',
    ])
  })

  it('J7: two handles of one relation are siblings as well', async () => {
    const { interview } = at.db.tables
    const [a, b] = [inner(interview.evaluations), inner(interview.evaluations)]
    const query = at.db.from(interview).expand(a).expand(b)
    await expectRefusal(() => query.all(), 'CROSS_PRODUCT')
  })

  it('J7: what is expanded below what is expanded is no sibling', async () => {
    const { interview } = at.db.tables
    const e = inner(interview.evaluations)
    const c = inner(e.comments)
    const query = at.db
      .from(interview)
      .expand(c)
      .expand(e)
      .select({ id: interview.id, e: e.id, c: c.id })
      .orderBy(c.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, e: 1n, c: 1 },
      { id: 1, e: 1n, c: 2 },
      { id: 2, e: 4n, c: 3 },
    ])
  })

  it('J7: first, list, count and some never multiply, and need no expand', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const query = at.db
      .from(interview)
      .where(some(interview.evaluations).id.gt(0n))
      .select({
        id: interview.id,
        best: best.rating,
        n: count(interview.evaluations),
        tags: list(interview.tags, t => t.label, { orderBy: t => t.label.asc() }),
      })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, best: 9, n: 2, tags: ['remote', 'senior'] },
      { id: 2, best: 8, n: 2, tags: ['remote'] },
      { id: 3, best: 8, n: 2, tags: [] },
    ])
  })

  it('J7: several first handles side by side are no cross product', async () => {
    const { interview } = at.db.tables
    const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
    const worst = first(interview.evaluations, { orderBy: e => e.rating.asc() })
    const e = inner(interview.evaluations)
    const query = at.db.from(interview).expand(e).select({ e: e.id, best: best.rating, worst: worst.rating })
    expect(await query.all()).toHaveLength(6)
  })
})
