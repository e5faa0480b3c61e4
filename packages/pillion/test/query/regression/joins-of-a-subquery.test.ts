/**
 * A subquery that starts from the same table as the query around it brought its joins there, too: an inner one left out rows that nobody
 * had asked to leave out.
 */
import { count, exists, inner, scalar } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('what a subquery joins to its own root is joined there alone', async () => {
    const { interview } = at.db.tables
    const lead = inner(interview.lead)
    const led = () => at.db.from(interview).where(lead.username.ne(''))
    const all = at.db.from(interview).orderBy(interview.id.asc())
    const ids = async (query: { all(): Promise<readonly { readonly id: number }[]> }) =>
      (await query.all()).map(({ id }) => id)
    expect(await ids(all.select({ id: interview.id, led: scalar(led().select({ n: count() })) }))).toEqual([1, 2, 3, 4])
    expect(await ids(all.select({ id: interview.id }).where(exists(led())))).toEqual([1, 2, 3, 4])
    expect(
      await ids(all.select({ id: interview.id }).where(interview.id.in(led().select({ id: interview.id })))),
    ).toEqual([1, 3])
  })

  it('two levels down, too', async () => {
    const { interview, user } = at.db.tables
    const lead = inner(interview.lead)
    const led = at.db.from(interview).where(lead.username.ne(''))
    const rows = await at.db
      .from(interview)
      .select({ id: interview.id, n: scalar(at.db.from(user).where(exists(led)).select({ n: count() })) })
      .orderBy(interview.id.asc())
      .all()
    expect(rows).toEqual([1, 2, 3, 4].map(id => ({ id, n: 4 })))
  })
})
