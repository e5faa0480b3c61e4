/**
 * `exists()`, and `count()` of groups, left the order out, and with it an inner join that is mentioned there alone: that takes rows away.
 */
import { inner, max } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('an inner join mentioned in the order alone takes rows away from exists()', async () => {
    const { interview } = at.db.tables
    const by = (id: number) => inner(interview.evaluations, e => e.userId.eq(id))
    const sorted = (id: number) => {
      const e = by(id)
      return at.db.from(interview).select({ id: interview.id }).orderBy(e.rating.asc())
    }
    expect(await sorted(999).exists()).toBe(false)
    expect(await sorted(1).exists()).toBe(true)
  })

  it('and from count() of groups', async () => {
    const { interview } = at.db.tables
    const e = inner(interview.evaluations, each => each.userId.eq(1))
    const query = at.db
      .from(interview)
      .select({ owner: interview.ownerId })
      .groupBy(interview.ownerId)
      .orderBy(max(e.rating).asc())
    expect(await query.all()).toEqual([{ owner: 1 }])
    expect(await query.count()).toBe(1)
  })
})
