import { expect, it } from 'vitest'
import { absent, and, exists, type Filterable, inner, left, none, not, or, present, some } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  const existsIn = (sql: string) => sql.match(/EXISTS/g)?.length ?? 0
  const all = () => {
    const { interview } = at.db.tables
    return at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
  }

  it('J6: conditions on one semi handle, from any function, form one EXISTS: one row satisfies them all', async () => {
    const { interview } = at.db.tables
    const byOne = some(interview.evaluations)
    const applyPermissions = <Q extends Filterable>(q: Q) => q.where(byOne.user.username.eq('ada'))
    const applySearch = <Q extends Filterable>(q: Q) => q.where(byOne.rating.gt(5))
    const query = applySearch(applyPermissions(all()))

    expect(await query.all()).toEqual([{ id: 1 }])
    expect(existsIn(query.toSQL().sql)).toBe(1)
  })

  it('J6: two semi handles are two EXISTS: two rows may satisfy them', async () => {
    const { interview } = at.db.tables
    const [a, b] = [some(interview.evaluations), some(interview.evaluations)]
    const query = all().where(a.user.username.eq('ada')).where(b.rating.gt(5))

    // interview 2: ada gave 4, cyd gave 8
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }])
    expect(existsIn(query.toSQL().sql)).toBe(2)
  })

  it('J6: a semi handle never repeats a row', async () => {
    const { interview } = at.db.tables
    const query = all().where(some(interview.evaluations).id.gt(0n))
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it('J6: a condition that mentions two puts both in one EXISTS', async () => {
    const { interview } = at.db.tables
    const [a, b] = [some(interview.evaluations), some(interview.evaluations)]
    const query = all().where(a.rating.gt(b.rating), a.userId.eq(1))

    expect(await query.all()).toEqual([{ id: 1 }])
    expect(existsIn(query.toSQL().sql)).toBe(1)
  })

  it('J6: three handles chained by pairs are one EXISTS, whatever the order of the conditions', async () => {
    const { interview } = at.db.tables
    const [a, b, c] = [some(interview.evaluations), some(interview.evaluations), some(interview.tags)]
    const single = [a.rating.gt(5), b.rating.lt(5), c.label.eq('senior')]
    const chained = all().where(...single, a.id.lt(b.id), c.id.gt(a.userId))
    expect(existsIn(chained.toSQL().sql)).toBe(1)
    expect(await chained.all()).toEqual([{ id: 1 }])
    expect(
      existsIn(
        all()
          .where(...single)
          .toSQL().sql,
      ),
    ).toBe(3)
  })

  it('J6: a semi handle whose ON mentions another stands in one EXISTS with it', async () => {
    const { interview } = at.db.tables
    const high = some(interview.evaluations, e => e.rating.gt(7))
    const low = some(interview.evaluations, e => e.rating.lt(high.rating))
    const query = all().where(present(low))
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }])
    expect(existsIn(query.toSQL().sql)).toBe(1)
  })

  it('J6: conditions inside one and(…) are split as if they were told one by one', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const query = all().where(and(interview.status.eq('open'), and(a.rating.gt(5), a.user.username.eq('cyd'))))
    expect(await query.all()).toEqual([{ id: 3 }])
    expect(existsIn(query.toSQL().sql)).toBe(1)
  })

  it('J6: what hangs below a semi handle is joined inside its EXISTS', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const query = all().where(a.user.department.name.eq('arts'))
    expect(await query.all()).toEqual([{ id: 2 }, { id: 3 }])
    expect(query.toSQL().sql.split('EXISTS')[0]).not.toContain('JOIN')
  })

  it('J6: a semi handle below a semi handle, and below a left one', async () => {
    const { interview } = at.db.tables
    const evaluation = some(interview.evaluations)
    const comment = some(evaluation.comments)
    expect(await all().where(comment.body.eq('no')).all()).toEqual([{ id: 2 }])

    const led = some(interview.lead.evaluations)
    expect(await all().where(led.rating.eq(8)).all()).toEqual([{ id: 3 }])
  })

  it('J6: root columns stand inside the EXISTS beside it', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    expect(await all().where(a.userId.eq(interview.ownerId)).all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(await all().where(a.userId.eq(interview.lead.id)).all()).toEqual([{ id: 1 }, { id: 3 }])
  })

  it('J6: many to many', async () => {
    const { interview } = at.db.tables
    const tag = some(interview.tags)
    expect(await all().where(tag.label.eq('senior')).all()).toEqual([{ id: 1 }])
    expect(await all().where(tag.label.like('%e%')).all()).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('J6: not over a semi condition asks for a row that breaks it', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    expect(
      await all()
        .where(not(a.rating.gt(5)))
        .all(),
    ).toEqual([{ id: 1 }, { id: 2 }])
    expect(
      await all()
        .where(none(interview.evaluations, e => e.rating.gt(5)))
        .all(),
    ).toEqual([{ id: 4 }])
  })

  it('J6: NULL in a semi condition is not true', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    expect(
      await all()
        .where(a.userId.eq(2), or(a.rating.gt(0), a.rating.lte(0)))
        .all(),
    ).toEqual([{ id: 1 }])
    expect(await all().where(a.userId.eq(2), a.rating.isNull()).all()).toEqual([{ id: 3 }])
  })

  it('J6: the columns of a semi handle stand in where only', async () => {
    const { interview } = at.db.tables
    // the compiler refuses these as well
    const a = some(interview.evaluations) as unknown as typeof at.db.tables.evaluation
    const q = at.db.from(interview)
    for (const misplaced of [
      () => q.select({ rating: a.rating }).all(),
      () => q.select({ a }).all(),
      () => q.orderBy(a.rating.asc()).all(),
      () => q.select({ id: interview.id }).groupBy(interview.id, a.rating).all(),
      () => q.select({ id: interview.id }).groupBy(interview.id).having(a.rating.gt(1)).all(),
      () => q.distinctOn(a.rating).all(),
      () => q.require(a).all(),
      () => q.expand(a).all(),
      () => q.select({ by: a.user.username }).all(),
      () => q.where(left(interview.evaluations, e => e.rating.gt(a.rating)).id.gt(1n)).all(),
    ]) {
      await expectRefusal(misplaced, 'HANDLE_MISPLACED', /interview\.evaluations/)
    }
    await expectRefusal(() => q.where(absent(a)).all(), 'HANDLE_MISPLACED', /absent/)
    expect(await q.select({ id: interview.id }).where(a.rating.eq(9), present(a)).all()).toEqual([{ id: 1 }])
  })

  it('J6: an inner or left handle below a semi one is in its EXISTS, and needs no expand', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const comment = inner(a.comments)
    expect(await all().where(comment.body.like('%a%')).all()).toEqual([{ id: 1 }])
  })

  it('J6: exists stands where a semi handle cannot', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, rated: exists(interview.evaluations, e => e.rating.gt(8)) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.rated)).toEqual([true, false, false, false])
  })
})
