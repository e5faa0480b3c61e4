/** Inner joins inside of a left one's parenthesis stood as they were mentioned, one before what its ON needs: an error of the server's. */
import { and, inner, left, relate } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('they stand in the order in which they need each other', async () => {
    const { interview, comment } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const by = inner(mine.user)
    const said = inner(relate(mine, comment, c => and(c.authorId.eq(by.id), c.id.eq(3))))
    const rows = await at.db
      .from(interview)
      .select({ id: interview.id, said: said.body, by: by.username })
      .orderBy(interview.id.asc())
      .all()
    expect(rows).toEqual([
      { id: 1, said: 'no', by: 'ada' },
      { id: 2, said: 'no', by: 'ada' },
      { id: 3, said: null, by: null },
      { id: 4, said: null, by: null },
    ])
  })
})
