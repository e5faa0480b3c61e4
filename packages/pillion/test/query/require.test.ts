import { expect, it } from 'vitest'
import { absent, left, present, required } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J3: require promotes left to inner, for that query only', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const all = at.db.from(interview).select({ id: interview.id, rating: mine.rating }).orderBy(interview.id.asc())
    const rated = all.require(mine)
    expect(await rated.all()).toEqual([
      { id: 1, rating: 9 },
      { id: 2, rating: 4 },
    ])
    expect(await all.all()).toHaveLength(4)
  })

  it('J3: require keeps a join that nothing mentions', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).require(interview.lead).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await query.all()).toEqual([{ id: 1 }, { id: 3 }])
  })

  it('J3: require is idempotent and commutes', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(2))
    const base = at.db.from(interview).select({ id: interview.id, lead: interview.lead.username, rating: mine.rating })
    const expected = [
      { id: 1, lead: 'bob', rating: 2 },
      { id: 3, lead: 'cyd', rating: null },
    ]
    for (const query of [
      base.require(mine).require(interview.lead),
      base.require(interview.lead).require(mine),
      base.require(mine, interview.lead, mine).require(mine),
    ]) {
      expect(await query.orderBy(interview.id.asc()).all()).toEqual(expected)
      expect(query.toSQL().sql).toBe(base.require(mine, interview.lead).toSQL().sql)
    }
  })

  it('J3: requiring a handle requires what it hangs off', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .require(interview.lead.department.parent)
      .select({ id: interview.id })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([{ id: 1 }, { id: 3 }])
    expect(query.toSQL().sql).not.toContain('LEFT')
  })

  it('J3: require keeps a row whose selected columns are null', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(2))
    const query = at.db.from(interview).require(mine).select({ id: interview.id, rating: mine.rating })
    expect(await query.where(interview.id.eq(3)).all()).toEqual([{ id: 3, rating: null }])
  })

  it('required(h) is the same join, and stands only where the query requires it', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const base = at.db
      .from(interview)
      .select({ id: interview.id, rating: required(mine).rating, by: required(mine).user.username })
      .orderBy(interview.id.asc())
    expect(await base.require(mine).all()).toEqual([
      { id: 1, rating: 9, by: 'ada' },
      { id: 2, rating: 4, by: 'ada' },
    ])
    expect(base.require(mine).explainJoins()).toHaveLength(3)
    await expectRefusal(() => base.all(), 'HANDLE_MISPLACED', /required\(interview\.evaluations\)/)
  })

  it('requiring what hangs below is enough', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .require(interview.lead.department)
      .select({ lead: required(interview.lead).username })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([{ lead: 'bob' }, { lead: 'cyd' }])
  })

  it('present and absent ask for the row, not for a column that may be null', async () => {
    const { interview } = at.db.tables
    const bobs = left(interview.evaluations, e => e.userId.eq(2))
    const query = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    // bob's evaluation of interview 3 is there, and its rating and creation are not known to matter
    expect(await query.where(present(bobs)).all()).toEqual([{ id: 1 }, { id: 3 }])
    expect(await query.where(absent(bobs)).all()).toEqual([{ id: 2 }, { id: 4 }])
    expect(await query.where(bobs.rating.isNull()).all()).toEqual([{ id: 2 }, { id: 3 }, { id: 4 }])
  })
})
