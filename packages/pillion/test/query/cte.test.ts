import { expect, it } from 'vitest'
import { alias, count, cte, derived, exists, inner, left, relate, unionAll } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  const open = () => {
    const { interview } = at.db.tables
    return at.db
      .from(interview)
      .where(interview.status.eq('open'))
      .select({ id: interview.id, owner: interview.ownerId })
  }

  it('a common table is written once, however often it is joined', async () => {
    const { user } = at.db.tables
    const opened = cte('opened', open())
    const mine = left(relate(user, opened, o => o.owner.eq(user.id)))
    const query = at.db
      .from(user)
      .expand(mine)
      .where(exists(relate(user, opened, o => o.owner.eq(user.id))))
      .select({ name: user.username, id: mine.id })
      .orderBy(user.id.asc())
    expect(await query.all()).toEqual([
      { name: 'ada', id: 1 },
      { name: 'cyd', id: 3 },
    ])
    expect(query.toSQL().sql.match(/opened["`] AS \(/g)).toHaveLength(1)
  })

  it('as the root, from another common table', async () => {
    const opened = cte('opened', open())
    const last = cte('last', at.db.from(opened).where(opened.id.gt(1)).select({ id: opened.id }))
    expect(await at.db.from(last).all()).toEqual([{ id: 3 }])
  })

  it.skipIf(at.lacks('MATERIALIZED'))('with a say in whether it is materialized', async () => {
    const on = cte('opened', open(), { materialized: true })
    const off = cte('opened', open(), { materialized: false })
    expect(at.db.from(on).toSQL().sql).toContain('"opened" AS MATERIALIZED (')
    expect(at.db.from(off).toSQL().sql).toContain('"opened" AS NOT MATERIALIZED (')
    expect(await at.db.from(on).count()).toBe(2)
    expect(await at.db.from(off).count()).toBe(2)
  })

  it('two of one name are told apart', async () => {
    const { tag } = at.db.tables
    const a = cte('same', open())
    const b = cte('same', at.db.from(tag).select({ id: tag.id }))
    const query = at.db
      .from(a)
      .where(a.id.in(at.db.from(b).select({ id: b.id })))
      .select({ id: a.id })
    expect(await query.all()).toEqual([{ id: 1 }])
  })

  it('one that would hide a table of the same statement is refused', async () => {
    const { tag } = at.db.tables
    const hiding = cte('tag', open())
    const query = at.db.from(tag).where(tag.id.in(at.db.from(hiding).select({ id: hiding.id })))
    await expectRefusal(() => query.all(), 'QUERY_INVALID', /CTE tag/)
    expect(await at.db.from(hiding).count()).toBe(2)
  })

  it('inside a subquery, a derived table and a set operation', async () => {
    const { user } = at.db.tables
    const opened = cte('opened', open())
    const d = derived('d', at.db.from(opened).select({ owner: opened.owner, n: count() }).groupBy(opened.owner))
    const joined = inner(relate(user, d, each => each.owner.eq(user.id)))
    expect(await at.db.from(user).select({ name: user.username, n: joined.n }).orderBy(user.id.asc()).all()).toEqual([
      { name: 'ada', n: 1 },
      { name: 'cyd', n: 1 },
    ])
    const both = unionAll(at.db.from(opened).select({ id: opened.id }), at.db.from(opened).select({ id: opened.owner }))
    expect((await both.orderBy('id').all()).map(row => row.id)).toEqual([1, 1, 3, 3])
  })

  it('an alias of a common table is another root over the same text', async () => {
    const opened = cte('opened', open())
    const other = alias(opened)
    const query = at.db
      .from(opened)
      .where(exists(at.db.from(other).where(other.id.gt(opened.id))))
      .select({ id: opened.id })
    expect(await query.all()).toEqual([{ id: 1 }])
    expect(query.toSQL().sql.match(/opened["`] AS \(/g)).toHaveLength(1)
  })
})
