/** `required(h)` in a subquery that joins h itself was let through by what the query around it requires, and gave NULL where its type has none. */
import { left, required, scalar } from 'pillion'
import { it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'
import { expectRefusal } from '../refusal.js'

everywhere(at => {
  it('is refused', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const other = at.db
      .from(interview)
      .select({ rating: required(mine).rating })
      .where(interview.id.eq(4))
    const query = at.db
      .from(interview)
      .require(mine)
      .select({ id: interview.id, other: scalar(other) })
    await expectRefusal(() => query.all(), 'HANDLE_MISPLACED')
  })
})
