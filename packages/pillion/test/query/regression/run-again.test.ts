/**
 * MariaDB makes a derived table one with a query of groups around it; where a subquery is among its columns, the prepared statement gives
 * other rows from its second run on.
 */
import { alias, count, cte, derived, exists, inner, max, relate, scalar } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  const evaluated = () => {
    const { interview } = at.db.tables
    const own = alias(interview)
    return at.db.from(own).select({ id: own.id, owner: own.ownerId, n: count(own.evaluations) })
  }
  const thrice = async (query: { all(): Promise<unknown[]> }, rows: readonly unknown[]) => {
    for (let run = 1; run <= 3; run++) expect(await query.all(), `run ${run}`).toEqual(rows)
  }

  it.each([
    ['a derived table', derived],
    ['a common table', cte],
  ])('the rows are the same each time: groups of %s that counts', async (_, table) => {
    const tally = table('tally', evaluated())
    const grouped = at.db
      .from(tally)
      .where(tally.n.gt(0))
      .select({ id: tally.id, rows: count() })
      .groupBy(tally.id)
      .orderBy(tally.id.asc())
    await thrice(grouped, [
      { id: 1, rows: 1 },
      { id: 2, rows: 1 },
      { id: 3, rows: 1 },
    ])
  })

  it('of one in another, joined, in an EXISTS and in a condition', async () => {
    const { interview, user } = at.db.tables
    const counted = derived('counted', evaluated())
    const outer = derived('outermost', at.db.from(counted).select({ owner: counted.owner, n: counted.n }))
    const theirs = inner(relate(user, outer, o => o.owner.eq(user.id)))
    const joined = at.db
      .from(user)
      .expand(theirs)
      .where(theirs.n.gt(0))
      .select({ name: user.username, rows: count() })
      .groupBy(user.username)
      .orderBy(user.username.asc())
    await thrice(joined, [
      { name: 'ada', rows: 2 },
      { name: 'cyd', rows: 1 },
    ])
    const having = at.db
      .from(interview)
      .where(exists(at.db.from(counted).where(counted.n.gt(0), counted.id.eq(interview.id))))
      .select({ owner: interview.ownerId, rows: count() })
      .groupBy(interview.ownerId)
      .orderBy(interview.ownerId.asc())
    await thrice(having, [
      { owner: 1, rows: 2 },
      { owner: 3, rows: 1 },
    ])
  })

  it('of a common table that is read before the groups are', async () => {
    const { user } = at.db.tables
    const tally = cte('tally', evaluated())
    const again = alias(tally)
    const most = scalar(
      at.db
        .from(again)
        .where(again.n.gt(0))
        .select({ id: max(again.id) })
        .groupBy(again.owner)
        .orderBy(max(again.id).asc())
        .limit(1),
    )
    const all = at.db.from(tally).where(tally.n.gt(0)).select({ id: tally.id, most }).orderBy(tally.id.asc())
    await thrice(all, [
      { id: 1, most: 2 },
      { id: 2, most: 2 },
      { id: 3, most: 2 },
    ])
    expect(await at.db.from(user).count()).toBe(4)
  })
})
