/** MariaDB loses groups that have to be sorted where an aggregate stands in HAVING and a window function beside it. */
import { count, derived, inner, rank } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('ranks the groups that are left, or says that it cannot', async () => {
    const { interview } = at.db.tables
    const each = inner(interview.evaluations)
    const people = count(each.userId).distinct()
    const grouped = at.db.from(interview).expand(each).groupBy(interview.owner.username).having(count().gt(1))
    const place = rank().over({ orderBy: [count().desc()] })
    const ranked = grouped.select({ owner: interview.owner.username, people, place })
    const rows = [
      { owner: 'ada', people: 3, place: 1 },
      { owner: 'cyd', people: 2, place: 2 },
    ]
    if (at.dialect === 'MariaDB') expect(() => ranked.toSQL()).toThrow(/NOT_IN_DIALECT: MariaDB does not have HAVING/)
    else expect(await ranked.orderBy(interview.owner.username.asc()).all()).toEqual(rows)

    const left = derived('left', grouped.select({ owner: interview.owner.username, people, n: count() }))
    const apart = at.db
      .from(left)
      .select({ owner: left.owner, people: left.people, place: rank().over({ orderBy: [left.n.desc()] }) })
      .orderBy(left.owner.asc())
    expect(await apart.all()).toEqual(rows)
  })
})
