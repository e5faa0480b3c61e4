/** PostgreSQL cuts a day to a moment: it came back as none, and compared with days as a moment of the session's time zone. */
import { count, dateTrunc } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('are days', async () => {
    const { interview } = at.db.tables
    const month = dateTrunc('month', interview.heldOn)
    const months = at.db
      .from(interview)
      .select({ month, n: count() })
      .groupBy(month)
      .orderBy(month.desc({ nulls: 'last' }))
    expect(await months.all()).toEqual([
      { month: '2026-02-01', n: 2 },
      { month: null, n: 2 },
    ])
    const ids = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await ids.where(dateTrunc('week', interview.heldOn).eq('2026-02-02')).all()).toEqual([{ id: 3 }])
    expect(await ids.where(dateTrunc('day', interview.heldOn).eq(interview.heldOn)).all()).toEqual([
      { id: 1 },
      { id: 3 },
    ])
  })
})
