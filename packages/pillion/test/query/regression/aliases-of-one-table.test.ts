import { expect, it } from 'vitest'
import { inner, some } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a relation joined twice has two aliases', async () => {
    const expected = [
      { id: 1, ada: 9, other: 2 },
      { id: 2, ada: 4, other: 8 },
    ]

    const { interview } = at.db.tables
    const ada = inner(interview.evaluations, e => e.userId.eq(1))
    const other = inner(interview.evaluations, e => e.userId.ne(1))
    const query = at.db
      .from(interview)
      .expand(other)
      .select({ id: interview.id, ada: ada.rating, other: other.rating })
      .orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
    expect(query.explainJoins().map(join => join.alias)).toEqual(['interview', 'evaluation', 'evaluation_2'])
  })

  it('a handle two relations away is filtered like any other', async () => {
    const expected = [{ id: 1 }, { id: 2 }]

    const { interview } = at.db.tables
    const comment = some(some(interview.evaluations).comments)
    const query = at.db.from(interview).select({ id: interview.id }).where(comment.id.gt(1)).orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
  })
})
