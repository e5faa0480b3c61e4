import { expect, expectTypeOf, it } from 'vitest'
import { int4, left, sql } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a column of a table that is not there is refused, and one of a relation brings its join', async () => {
    const expected = [{ id: 1 }, { id: 2 }]

    const { interview, user } = at.db.tables
    const query = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())

    await expect(query.where(user.username.eq('ada')).all()).rejects.toMatchObject({ code: 'HANDLE_UNOWNED' })
    expect(await query.where(interview.owner.username.eq('ada')).all()).toEqual(expected)
  })

  it('what is computed from a left handle is as nullable as its columns', async () => {
    const expected = [
      { sum: 10, raw: 10 },
      { sum: 5, raw: 5 },
      { sum: null, raw: null },
      { sum: null, raw: null },
    ]

    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db
      .from(interview)
      .select({ sum: mine.rating.plus(1), raw: sql(int4)`${mine.rating} + 1` })
      .orderBy(interview.id.asc())
    const rows = await query.all()

    expect(rows).toEqual(expected)
    expectTypeOf(rows).toEqualTypeOf<{ sum: number | null; raw: number | null }[]>()
  })
})
