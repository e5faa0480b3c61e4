import { expect, it } from 'vitest'
import { count, inner, left } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('count() and pages answer for a cross product that was asked for, though an aggregate over it is refused', async () => {
    const { interview } = at.db.tables
    const evaluation = inner(interview.evaluations)
    const tag = left(interview.tags)
    const pairs = at.db
      .from(interview)
      .expand(evaluation)
      .expand(tag, { allowCrossProduct: true })
      .select({ id: interview.id, evaluation: evaluation.id, tag: tag.label })

    expect(await pairs.all()).toHaveLength(8)
    expect(await pairs.count()).toBe(8)
    expect(await pairs.where(tag.label.isNull()).count()).toBe(2)
    await expect(pairs.select({ n: count() }).all()).rejects.toMatchObject({ code: 'AGGREGATE_MULTIPLIED' })
  })
})
