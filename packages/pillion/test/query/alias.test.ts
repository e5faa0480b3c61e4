import { expect, it } from 'vitest'
import { alias, cte, derived, exists, inner, left, list, relate, scalar } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('J8: an alias is another root: a table joined with itself', async () => {
    const { interview } = at.db.tables
    const other = inner(relate(interview, interview, o => [o.ownerId.eq(interview.ownerId), o.id.gt(interview.id)]))
    const query = at.db.from(interview).expand(other).select({ a: interview.title, b: other.title })
    expect(await query.all()).toEqual([{ a: 'engineer', b: 'analyst' }])
  })

  it('J8: a handle whose root is in no enclosing query is refused, wherever it is mentioned', async () => {
    const { interview, user } = at.db.tables
    const other = alias(interview)
    const q = at.db.from(interview).select({ id: interview.id })
    for (const unowned of [
      () => q.select({ id: other.id }),
      () => q.select({ other }),
      () => q.where(other.id.eq(1)),
      () => q.orderBy(other.id.asc()),
      () => q.groupBy(other.id),
      () => q.having(other.id.gt(1)),
      () => q.select({ name: other.lead.username }),
      () => q.require(other.lead),
      () => q.expand(left(other.evaluations)),
      () => q.where(exists(other.evaluations)),
      () => q.select({ list: list(interview.evaluations, () => other.id) }),
      () => q.select({ list: list(other.evaluations, e => e.id) }),
      () => q.where(interview.id.in(at.db.from(user).select({ id: other.id }))),
      () => q.select({ x: left(interview.evaluations, e => e.userId.eq(other.id)).id }),
      () => q.where(user.id.eq(1)),
    ]) {
      await expectRefusal(() => unowned().all(), 'HANDLE_UNOWNED', /root/)
    }
    if (!at.lacks('DISTINCT ON')) await expectRefusal(() => q.distinctOn(other.id).all(), 'HANDLE_UNOWNED', /root/)
  })

  it('J8: mention of an outer handle inside a subquery is correlation, also two levels down', async () => {
    const { interview, user, evaluation } = at.db.tables
    const owner = at.db.from(user).where(user.id.eq(interview.ownerId)).select({ name: user.username })
    const query = at.db
      .from(interview)
      .select({ id: interview.id, owner: scalar(owner) })
      .where(
        exists(
          at.db.from(evaluation).where(
            evaluation.interviewId.eq(interview.id),
            exists(evaluation.comments, c => c.authorId.eq(interview.ownerId)),
          ),
        ),
      )
    expect(await query.all()).toEqual([{ id: 2, owner: 'ada' }])
  })

  it('J8: a correlated join of the outer query is joined once, in the outer query', async () => {
    const { interview, evaluation } = at.db.tables
    const byLead = at.db.from(evaluation).where(evaluation.userId.eq(interview.lead.id))
    const query = at.db
      .from(interview)
      .select({ id: interview.id, lead: interview.lead.username })
      .where(exists(byLead))
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, lead: 'bob' },
      { id: 3, lead: 'cyd' },
    ])
    expect(query.toSQL().sql.match(/JOIN ["`]user["`]/g)).toHaveLength(1)
  })

  it('J8: the innermost query that starts from a root owns it', async () => {
    const { interview } = at.db.tables
    const inside = at.db.from(interview).where(interview.id.eq(2)).select({ id: interview.id })
    const query = at.db.from(interview).where(interview.id.in(inside)).select({ id: interview.id })
    expect(await query.all()).toEqual([{ id: 2 }])
  })

  it('J8: derived tables and CTEs are barriers', async () => {
    const { interview, user } = at.db.tables
    const body = at.db.from(user).where(user.id.eq(interview.ownerId)).select({ id: user.id })
    for (const table of [derived('owners', body), cte('owners', body)]) {
      const joined = inner(relate(interview, table, t => t.id.eq(interview.ownerId)))
      await expectRefusal(() => at.db.from(interview).expand(joined).all(), 'HANDLE_UNOWNED')
    }
    const closed = derived('users', at.db.from(user).select({ id: user.id }))
    const joined = inner(relate(interview, closed, t => t.id.eq(interview.ownerId)))
    expect(await at.db.from(interview).expand(joined).all()).toHaveLength(4)
  })

  it('only a root is aliased, and only from a root a query starts', async () => {
    const { interview } = at.db.tables
    await expectRefusal(() => alias(interview.lead), 'QUERY_INVALID', /alias\(\) takes a root/)
    await expectRefusal(() => at.db.from(interview.lead), 'QUERY_INVALID', /starts from a table/)
    expect(await at.db.from(alias(interview, 'i')).count()).toBe(4)
  })

  it('J9: aliases come from table names, in first-mention order', () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).select({
      lead: interview.lead.username,
      owner: interview.owner.username,
      department: interview.owner.department.name,
    })
    expect(query.explainJoins().map(join => [join.path, join.alias])).toEqual([
      ['interview', 'interview'],
      ['interview.lead', 'user'],
      ['interview.owner', 'user_2'],
      ['interview.owner.department', 'department'],
    ])
  })

  it('J9: aliases do not follow the order in which handles were made', () => {
    const { interview } = at.db.tables
    const text = (reversed: boolean) => {
      const make = [1, 2].map(user => () => left(interview.evaluations, e => e.userId.eq(user)))
      const made = new Map((reversed ? [1, 0] : [0, 1]).map(i => [i, make[i]?.()]))
      const [a, b] = [made.get(0), made.get(1)]
      return at.db
        .from(interview)
        .select({ a: a?.rating as never, b: b?.rating as never })
        .toSQL().sql
    }
    expect(text(true)).toBe(text(false))
  })

  it('J9: an alias in a subquery never hides one outside it', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id })
      .where(exists(relate(interview, interview, o => [o.ownerId.eq(interview.ownerId), o.id.ne(interview.id)])))
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }])
  })

  it.skipIf(at.lacks('names in double quotes'))(
    'J9: a name given by the user is used, made unique, and quoted',
    async () => {
      const { interview, user } = at.db.tables
      const name = 'I "x".y; --'
      const named = alias(interview, name)
      const query = at.db.from(named).where(exists(relate(named, alias(user, name), u => u.id.eq(named.ownerId))))
      expect(await query.select({ id: named.id }).all()).toHaveLength(4)
      expect(query.toSQL().sql).toContain('"interview" AS "I ""x"".y; --"')
      // two roots of one name: the later gets a number
      const [a, b] = [alias(user, 'same'), alias(interview, 'same')]
      const both = at.db.from(a).where(a.id.in(at.db.from(b).select({ id: b.ownerId }).where(b.ownerId.eq(a.id))))
      expect(both.toSQL().sql).toContain('AS "same_2"')
      expect(await both.all()).toHaveLength(3)
    },
  )

  it.skipIf(at.lacks('the words of PostgreSQL'))(
    'J9: names are within 63 bytes, and longer ones are refused where the user gave them',
    async () => {
      const { interview, user } = at.db.tables
      await expectRefusal(() => alias(interview, 'x'.repeat(64)), 'QUERY_INVALID', /64 bytes/)
      await expectRefusal(() => alias(interview, 'é'.repeat(32)), 'QUERY_INVALID', /64 bytes/)
      await expectRefusal(() => alias(interview, ''), 'QUERY_INVALID')
      await expectRefusal(() => alias(interview, 'a\0b'), 'QUERY_INVALID')
      const body = at.db.from(user).select({ id: user.id })
      await expectRefusal(() => cte('c'.repeat(70), body), 'QUERY_INVALID', /70 bytes/)
      await expectRefusal(() => derived('d'.repeat(70), body), 'QUERY_INVALID', /70 bytes/)

      const long = 'é'.repeat(31)
      const [a, b] = [alias(user, long), alias(user, long)]
      const query = at.db
        .from(a)
        .where(exists(at.db.from(b).where(b.id.eq(a.id))))
        .select({ id: a.id })
      expect(await query.all()).toHaveLength(4)
      const aliases = [...query.toSQL().sql.matchAll(/AS "([^"]*)"/g)].map(match => match[1] as string)
      expect(aliases).toHaveLength(2)
      expect(new Set(aliases).size).toBe(2)
      for (const each of aliases) expect(Buffer.byteLength(each)).toBeLessThanOrEqual(63)
    },
  )
})
