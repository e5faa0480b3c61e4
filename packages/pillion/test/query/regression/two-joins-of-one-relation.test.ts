import { expect, it } from 'vitest'
import { left } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('two left joins with other conditions are both there: the later does not win', async () => {
    const expected = [
      { id: 1, ada: 'good', bob: null, bobs: 2n },
      { id: 2, ada: 'fair', bob: null, bobs: null },
      { id: 3, ada: null, bob: 'absent', bobs: 5n },
      { id: 4, ada: null, bob: null, bobs: null },
    ]

    const { interview } = at.db.tables
    const ada = left(interview.evaluations, e => e.userId.eq(1))
    const bob = left(interview.evaluations, e => e.userId.eq(2))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, ada: ada.note, bob: bob.note, bobs: bob.id })
      .orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
  })

  it('requiring one leaves the other as it is', async () => {
    const expected = [
      { id: 1, ada: 1n, bob: 2n },
      { id: 3, ada: null, bob: 5n },
    ]

    const { interview } = at.db.tables
    const ada = left(interview.evaluations, e => e.userId.eq(1))
    const bob = left(interview.evaluations, e => e.userId.eq(2))
    const query = at.db
      .from(interview)
      .require(bob)
      .select({ id: interview.id, ada: ada.id, bob: bob.id })
      .orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
  })
})
