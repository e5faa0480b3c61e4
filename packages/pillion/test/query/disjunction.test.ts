import { expect, it } from 'vitest'
import { and, exists, left, not, or, some, when } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  const all = () => {
    const { interview } = at.db.tables
    return at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
  }

  it('J6: a disjunction that mixes a semi handle with another scope is refused, naming exists', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const mixed = all().where(or(a.rating.gt(8), interview.title.eq('poet')))
    const error = await expectRefusal(() => mixed.all(), 'DISJUNCTION_MIXED', /interview\.evaluations/)
    expect(error.hint).toContain('exists(')
    expect(error.hint).toContain('e => ')
  })

  it('J6: written as the hint says it runs', async () => {
    const { interview } = at.db.tables
    const query = all().where(
      or(
        exists(interview.evaluations, e => e.rating.gt(8)),
        interview.title.eq('poet'),
      ),
    )
    expect(await query.all()).toEqual([{ id: 1 }, { id: 4 }])
  })

  it('J6: every way a disjunction can mix is refused', async () => {
    const { interview } = at.db.tables
    const [a, b] = [some(interview.evaluations), some(interview.evaluations)]
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    for (const mixed of [
      or(a.rating.gt(8), b.rating.lt(3)),
      or(a.rating.gt(8), mine.rating.gt(1)),
      or(interview.id.eq(1), a.rating.gt(8)),
      not(and(a.rating.gt(8), interview.id.eq(1))),
      and(interview.id.gt(0), or(a.rating.gt(8), interview.id.eq(1))),
      or(and(a.rating.gt(8), interview.id.eq(1)), interview.id.eq(2)),
      not(not(or(a.rating.gt(8), interview.id.eq(1)))),
      or(a.rating.gt(8), or(interview.id.eq(1), interview.id.eq(2))),
    ]) {
      await expectRefusal(() => all().where(mixed).all(), 'DISJUNCTION_MIXED')
    }
  })

  it('J6: a disjunction within one semi handle is one EXISTS', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const query = all().where(or(a.rating.gt(8), a.rating.lt(3)), a.user.username.eq('bob'))
    expect(await query.all()).toEqual([{ id: 1 }])
  })

  it('J6: where every branch mentions the same handles, a root column may stand beside', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const query = all().where(
      or(and(a.rating.gt(8), interview.status.eq('open')), and(a.rating.lt(5), interview.status.eq('held'))),
    )
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('J6: a disjunction under not is a conjunction, and may mix', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    // a related row that is not above 5, and the interview is not the first
    const query = all().where(not(or(a.rating.gt(5), interview.id.eq(1))))
    expect(await query.all()).toEqual([{ id: 2 }])
  })

  it('J6: a CASE is a disjunction of its branches', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    for (const mixed of [
      when(a.rating.gt(8), true).otherwise(interview.id.eq(4)),
      when(interview.id.eq(4), true).otherwise(a.rating.gt(8)),
      when(a.rating.gt(8), true).when(interview.id.eq(4), true).end(),
      not(when(a.rating.gt(8), false).otherwise(false)),
    ]) {
      await expectRefusal(() => all().where(mixed).all(), 'DISJUNCTION_MIXED', /interview\.evaluations/)
    }
    const holds = [
      when(a.rating.gt(8), true).end(),
      when(a.rating.gt(8), interview.id.lt(4)).otherwise(false),
      when(a.rating.gt(8), true).otherwise(a.rating.gt(9)),
      not(when(a.rating.gt(8), false).otherwise(true)),
    ]
    for (const condition of holds) expect(await all().where(condition).all()).toEqual([{ id: 1 }])
  })
})
