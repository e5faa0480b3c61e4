import { expect, expectTypeOf, it } from 'vitest'
import { type Filterable, left } from 'pillion'
import type { Evaluation } from '../../support/interviews.gen.js'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  /** Knows nothing of how the evaluation was joined. */
  function idAndAuthor<N>(evaluation: Evaluation<N>) {
    return { evaluation: evaluation.id, by: evaluation.user.username }
  }

  it('a helper given a left handle has its columns as nullable as they are', async () => {
    const expected = [
      { id: 1, evaluation: 1n, by: 'ada' },
      { id: 2, evaluation: 3n, by: 'ada' },
      { id: 3, evaluation: null, by: null },
      { id: 4, evaluation: null, by: null },
    ]

    const { interview, evaluation } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, ...idAndAuthor(mine) })
      .orderBy(interview.id.asc())
    const rows = await query.all()

    expect(rows).toEqual(expected)
    expectTypeOf(rows).toEqualTypeOf<{ id: number; evaluation: bigint | null; by: string | null }[]>()
    const sure = at.db.from(evaluation).select(idAndAuthor(evaluation))
    expectTypeOf(await sure.all()).toEqualTypeOf<{ evaluation: bigint; by: string }[]>()
  })

  it('a helper that joins forgets none of the joins of its caller', async () => {
    const expected = [{ id: 1, lead: 'bob', rating: 9 }]

    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const rated = <Q extends Filterable>(q: Q) => q.where(mine.rating.gt(5))
    const query = rated(
      at.db.from(interview).select({ id: interview.id, lead: interview.lead.username, rating: mine.rating }),
    )
    const rows = await query.all()

    expect(rows).toEqual(expected)
    expectTypeOf(rows).toEqualTypeOf<{ id: number; lead: string | null; rating: number | null }[]>()
  })
})
