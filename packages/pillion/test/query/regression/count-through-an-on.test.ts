import { expect, it } from 'vitest'
import { inner, left } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('count() keeps an inner join that only the ON of a selected left join mentions', async () => {
    const expected = [
      { id: 1, rating: 2 },
      { id: 3, rating: 8 },
    ]

    const { interview } = at.db.tables
    const lead = inner(interview.lead)
    const ofLead = left(interview.evaluations, e => e.userId.eq(lead.id))
    const query = at.db.from(interview).select({ id: interview.id, rating: ofLead.rating }).orderBy(interview.id.asc())

    expect(await query.all()).toEqual(expected)
    expect(await query.count()).toBe(2)
  })

  it('count() keeps an inner join that is only selected, below a left join that is required', async () => {
    const expected = [{ id: 1, comment: 1 }]

    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const comment = inner(mine.comments, c => c.id.eq(1))
    const query = at.db.from(interview).require(mine).select({ id: interview.id, comment: comment.id })

    expect(await query.all()).toEqual(expected)
    expect(await query.count()).toBe(1)
  })

  it('count() keeps an inner join below a left join whose absence is asked for', async () => {
    const expected = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]

    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const comment = inner(mine.comments, c => c.id.eq(3))
    const query = at.db.from(interview).select({ id: interview.id, body: comment.body }).where(mine.id.isNull())

    expect((await query.orderBy(interview.id.asc()).all()).map(({ id }) => ({ id }))).toEqual(expected)
    expect(await query.count()).toBe(4)
  })
})
