import { expect, it } from 'vitest'
import { type Filterable } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a second where() adds to the first, whichever helper says it', async () => {
    const expected = [{ id: 2 }]

    const { interview } = at.db.tables
    const permitted = <Q extends Filterable>(q: Q) => q.where(interview.owner.username.eq('ada'))
    const found = <Q extends Filterable>(q: Q) => q.where(interview.id.gte(2))
    const query = at.db.from(interview).select({ id: interview.id })

    expect(await found(permitted(query)).all()).toEqual(expected)
    expect(await permitted(found(query)).all()).toEqual(expected)
  })

  it('a second orderBy() adds to the first; only reorder() replaces it', async () => {
    const expected = [{ id: 2 }, { id: 1 }, { id: 3 }, { id: 4 }]

    const { interview } = at.db.tables
    const query = at.db.from(interview).select({ id: interview.id }).orderBy(interview.ownerId.asc())

    expect(await query.orderBy(interview.id.desc()).all()).toEqual(expected)
    expect(await query.reorder(interview.id.desc()).all()).toEqual([{ id: 4 }, { id: 3 }, { id: 2 }, { id: 1 }])
  })
})
