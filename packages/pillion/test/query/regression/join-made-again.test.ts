import { expect, it } from 'vitest'
import { left } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a to-one join made again leaves the join above it alone, though that one mentions the relation in its ON', async () => {
    const { evaluation } = at.db.tables
    const unplaced = left(evaluation.comments, c => c.author.departmentId.isNull())
    const author = left(unplaced.author)
    const query = at.db
      .from(evaluation)
      .expand(unplaced)
      .select({ id: evaluation.id, comment: unplaced.id, by: author.username })
      .where(evaluation.id.lt(3n))
      .orderBy(evaluation.id.asc(), unplaced.id.asc())

    expect(await query.all()).toEqual([
      { id: 1n, comment: 2, by: null },
      { id: 2n, comment: null, by: null },
    ])
    expect(query.explainJoins().filter(join => join.path === 'evaluation.comments')).toHaveLength(1)
  })
})
