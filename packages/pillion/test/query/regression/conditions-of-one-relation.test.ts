import { expect, it } from 'vitest'
import { inner, left, on } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a second join of a relation keeps its own ON, and the first its own', async () => {
    const expected = [
      { id: 1, rating: 9, good: 9 },
      { id: 2, rating: 4, good: null },
      { id: 3, rating: null, good: null },
      { id: 4, rating: null, good: null },
    ]

    const { interview } = at.db.tables
    const ofAda = left(interview.evaluations, e => e.userId.eq(1))
    const good = on(ofAda, e => e.rating.gt(5))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, rating: ofAda.rating, good: good.rating })
      .orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
  })

  it('a left and an inner join of a relation are two joins, in either order', async () => {
    const expected = [
      { id: 1, left: 9, inner: 2 },
      { id: 3, left: null, inner: null },
    ]

    const { interview } = at.db.tables
    const ofAda = left(interview.evaluations, e => e.userId.eq(1))
    const ofBob = inner(interview.evaluations, e => e.userId.eq(2))
    const start = at.db.from(interview).orderBy(interview.id.asc())

    const leftFirst = start.select({ id: interview.id, left: ofAda.rating, inner: ofBob.rating })
    const innerFirst = start.select({ inner: ofBob.rating, left: ofAda.rating, id: interview.id })
    expect(await leftFirst.all()).toEqual(expected)
    expect(await innerFirst.all()).toEqual(expected)
  })
})
