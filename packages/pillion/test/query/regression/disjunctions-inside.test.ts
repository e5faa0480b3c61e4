/**
 * A disjunction that mixes a semi handle with something else was refused as a condition, and not as a part of one: rows for which the other
 * side holds were left out where nothing is related to them.
 */
import { and, coalesce, or, some, value, when } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'
import { expectRefusal } from '../refusal.js'

everywhere(at => {
  const root = () => at.db.tables.interview
  const poet = () => root().title.eq('poet')

  it.each([
    ['an operator', () => or(some(root().evaluations).rating.gt(5), poet()).eq(true)],
    ['a function', () => coalesce(or(some(root().evaluations).rating.gt(5), poet()), false)],
    [
      'a CASE inside of an operator',
      () => when(poet(), value(true)).otherwise(some(root().evaluations).rating.gt(5)).eq(true),
    ],
    ['an AND that may be denied', () => and(some(root().evaluations).rating.gt(5), poet()).eq(false)],
  ])('is refused inside of %s', async (_, condition) => {
    await expectRefusal(
      () => at.db.from(root()).where(condition()).select({ id: root().id }).all(),
      'DISJUNCTION_MIXED',
    )
  })

  it('is none where a side is a constant', async () => {
    const e = some(root().evaluations)
    const rows = await at.db
      .from(root())
      .where(when(e.rating.gt(8), value(1)).otherwise(value(0)).eq(1), or(e.rating.gt(8), value(false)).eq(true))
      .select({ id: root().id })
      .all()
    expect(rows).toEqual([{ id: 1 }])
  })

  it('is none where all sides ask about the same row', async () => {
    const e = some(root().evaluations)
    const rows = await at.db
      .from(root())
      .where(
        coalesce(or(e.rating.gt(8), e.note.eq('fair')), false),
        when(e.rating.isNull(), 0).otherwise(e.rating).gt(1),
      )
      .select({ id: root().id })
      .orderBy(root().id.asc())
      .all()
    expect(rows).toEqual([{ id: 1 }, { id: 2 }])
  })
})
