import { expect, it } from 'vitest'
import { count, exists, from, inner, left, param, pillion, scalar, some, tables } from 'pillion'
import { pgHost } from 'pillion/pg'
import type { DB } from '../support/interviews.gen.js'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal, refusal } from './refusal.js'

everywhere(at => {
  it('first, one, limit and offset, also beneath a smaller limit', async () => {
    const { interview } = at.db.tables
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await q.first()).toEqual({ id: 1 })
    expect(await q.where(interview.id.lt(0)).first()).toBeNull()
    expect(await q.limit(0).first()).toBeNull()
    expect(await q.limit(1).one()).toEqual({ id: 1 })
    expect(await q.limit(2).offset(1).all()).toEqual([{ id: 2 }, { id: 3 }])
    await expectRefusal(() => q.limit(0).one(), 'NO_ROW')
  })

  it('first and one keep to a limit that is a parameter', async () => {
    const { interview } = at.db.tables
    const n = param<number>('n')
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc()).limit(n)
    expect(await q.first(n.is(0))).toBeNull()
    expect(await q.first(n.is(3))).toEqual({ id: 1 })
    expect(await q.one(n.is(1))).toEqual({ id: 1 })
    expect((await refusal(() => q.one(n.is(2)))).code).toBe('MANY_ROWS')
  })

  it('a limit or an offset that is a parameter is bound by a whole number from 0, and not at all by null', async () => {
    const { interview } = at.db.tables
    const n = param<number | null>('n')
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await q.limit(n).all(n.is(null))).toHaveLength(4)
    expect(await q.limit(n).first(n.is(null))).toEqual({ id: 1 })
    expect((await refusal(() => q.limit(n).one(n.is(null)))).code).toBe('MANY_ROWS')
    expect(await q.limit(n).exists(n.is(null))).toBe(true)
    expect(await q.offset(n).all(n.is(null))).toHaveLength(4)
    expect(await q.limit(n).offset(n).all(n.is(null))).toHaveLength(4)
    expect(
      await q
        .limit(n)
        .offset(1)
        .all(n.is(2 ** 53 - 1)),
    ).toHaveLength(3)
    expect(await q.offset(n).all(n.is(2 ** 53 - 1))).toEqual([])
    for (const rows of [-1, 1.5, Number.NaN, Infinity, 2 ** 53, '1', 1n] as never[]) {
      await expectRefusal(() => q.limit(n).all(n.is(rows)), 'VALUE_TYPE', /parameter n of limit\(\).*from 0/)
      await expectRefusal(() => q.limit(n).first(n.is(rows)), 'VALUE_TYPE', /parameter n of limit\(\).*from 0/)
      await expectRefusal(() => q.offset(n).exists(n.is(rows)), 'VALUE_TYPE', /parameter n of offset\(\).*from 0/)
    }
    await expectRefusal(() => q.limit(n).first(), 'PARAM_UNBOUND', /parameter n/)
    await expectRefusal(() => q.limit(interview.id as never), 'QUERY_INVALID', /parameter/)
  })

  it('one parameter of a limit and a condition is bound to each as it is there', async () => {
    const { interview } = at.db.tables
    const n = param<number>('n')
    const q = at.db.from(interview).select({ id: interview.id }).where(interview.id.gte(n)).orderBy(interview.id.asc())
    expect(await q.limit(n).first(n.is(2))).toEqual({ id: 2 })
    expect(await q.limit(n).all(n.is(2))).toEqual([{ id: 2 }, { id: 3 }])
    const other = param<number>('n')
    const alike = at.db
      .from(interview)
      .select({ id: interview.id })
      .where(interview.id.gte(other))
      .orderBy(interview.id.asc())
    expect(await alike.limit(other).first(other.is(3))).toEqual({ id: 3 })
  })

  it('is in, and is not in, rows that are cut short', async () => {
    const { interview, evaluation } = at.db.tables
    const newest = at.db.from(evaluation).select({ id: evaluation.interviewId }).orderBy(evaluation.id.desc()).limit(3)
    const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await q.where(interview.id.in(newest)).all()).toEqual([{ id: 2 }, { id: 3 }])
    expect(await q.where(interview.id.notIn(newest)).all()).toEqual([{ id: 1 }, { id: 4 }])
    expect(await q.where(interview.id.in(newest.limit(1).offset(2))).all()).toEqual([{ id: 2 }])
  })

  it('J12: count drops order, limit and unmentioned left joins, and keeps what takes rows away', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const led = inner(interview.lead)
    const q = at.db
      .from(interview)
      .select({ id: interview.id, rating: mine.rating })
      .orderBy(mine.rating.asc())
      .limit(1)
    expect(await q.count()).toBe(4)
    expect(await q.select({ led: led.username }).count()).toBe(2)
    expect(await q.orderBy(led.username.asc()).count()).toBe(2)
    expect(await q.require(mine).count()).toBe(2)
    expect(await q.where(mine.rating.gt(5)).count()).toBe(1)
    expect(await q.where(some(interview.evaluations).id.gt(0n)).count()).toBe(3)
    expect(await q.expand(left(interview.evaluations)).count()).toBe(7)
    expect(await q.expand(inner(interview.tags)).count()).toBe(3)
  })

  it('J12: an inner handle mentioned inside a subquery of the selection does not take rows of the root', async () => {
    const { interview, user } = at.db.tables
    const department = inner(user.department)
    const named = at.db.from(user).where(user.id.eq(interview.ownerId)).select({ name: department.name })
    const query = at.db.from(interview).select({ id: interview.id, place: scalar(named) })
    expect((await query.orderBy(interview.id.asc()).all()).map(row => row.place)).toEqual([
      'science',
      'science',
      'arts',
      null,
    ])
    expect(await query.count()).toBe(4)
  })

  it('exists asks for one row only', async () => {
    const { interview } = at.db.tables
    const led = inner(interview.lead)
    const q = at.db.from(interview)
    expect(await q.exists()).toBe(true)
    expect(await q.where(interview.id.gt(9)).exists()).toBe(false)
    expect(await q.limit(0).exists()).toBe(false)
    expect(await q.offset(3).exists()).toBe(true)
    expect(await q.offset(4).exists()).toBe(false)
    expect(await q.where(interview.id.eq(2)).select({ led: led.username }).exists()).toBe(false)
    expect(await q.select({ n: count() }).where(interview.id.gt(9)).exists()).toBe(true)
    expect(await q.where(exists(q.where(interview.id.gt(9)))).exists()).toBe(false)
  })

  it('stream gives the rows of all, in batches of any size, and may be left early', async () => {
    const { interview } = at.db.tables
    const since = param<number>('since')
    const query = at.db
      .from(interview)
      .where(interview.id.gt(since))
      .select({ id: interview.id, lead: interview.lead })
      .orderBy(interview.id.asc())
    const whole = await query.all(since.is(1))
    for (const batch of [1, 2, 3, 1000]) {
      const rows: unknown[] = []
      for await (const row of query.stream(since.is(1), { batch })) rows.push(row)
      expect(rows).toEqual(whole)
    }
    for await (const row of query.stream(since.is(0), { batch: 1 })) {
      expect(row.id).toBe(1)
      break
    }
    if (!at.lacks('a pool of pg')) expect(at.pool.idleCount).toBe(at.pool.totalCount)
  })

  it.skipIf(at.lacks('a pool of pg'))(
    'explainJoins says of each join its kind, how many rows, why, and who mentioned it where',
    async () => {
      const db = await pillion<DB>(pgHost(at.pool), { names: 'camel', origins: 'clause', catalog: at.db.catalog })
      const root = db.tables.interview
      const mine = left(root.evaluations, e => e.userId.eq(1))
      const high = some(root.evaluations)
      const explained = db
        .from(root)
        .expand(left(root.tags))
        .require(mine)
        .select({ rating: mine.rating })
        .where(high.user.username.eq('ada'))
        .explainJoins()
      expect(explained.map(({ path, kind, cardinality }) => [path, kind, cardinality])).toEqual([
        ['interview', 'from', 'many'],
        ['interview.evaluations', 'inner', 'one'],
        ['interview.tags via interview_tag', 'left', 'many'],
        ['interview.tags', 'inner', 'one'],
        ['interview.evaluations', 'exists', 'many'],
        ['interview.evaluations.user', 'inner', 'one'],
      ])
      expect(explained[1]?.because).toContain('made inner by require')
      for (const join of explained.slice(1)) {
        expect(join.mentions.length).toBeGreaterThan(0)
        for (const mention of join.mentions) expect(mention.at).toMatch(/rows\.test\.ts:\d+:\d+/)
      }
    },
  )

  it.skipIf(at.lacks('the words of PostgreSQL'))('explain gives the plan of the server', async () => {
    const { interview } = at.db.tables
    const id = param<number>('id')
    const query = at.db.from(interview).where(interview.id.eq(id))
    const plan = (await query.explain({ analyze: true, buffers: true }, id.is(1))) as [{ Plan: object }]
    expect(plan[0].Plan).toMatchObject({ 'Actual Rows': 1 })
  })

  it('a query built before anything connects runs on any database', async () => {
    const early = tables<DB>(at.db.catalog)
    const me = param<number>('me')
    const mine = left(early.interview.evaluations, e => e.userId.eq(me))
    const query = from(early.interview)
      .select({ id: early.interview.id, rating: mine.rating })
      .orderBy(mine.rating.desc({ nulls: 'last' }), early.interview.id.asc())
    expect(query.toSQL().sql).toContain('LEFT JOIN "evaluation"')
    expect(await query.on(at.db).first(me.is(1))).toEqual({ id: 1, rating: 9 })
  })

  it.skipIf(at.lacks('a pool of pg'))('and in any transaction of it', async () => {
    const early = tables<DB>(at.db.catalog)
    const mine = left(early.interview.evaluations, e => e.userId.eq(1))
    const query = from(early.interview)
      .select({ id: early.interview.id, rating: mine.rating })
      .orderBy(mine.rating.desc({ nulls: 'last' }))
    const client = await at.pool.connect()
    try {
      await client.query('BEGIN; UPDATE evaluation SET rating = 10 WHERE id = 3')
      expect(await query.on(at.db).on(client).first()).toEqual({ id: 2, rating: 10 })
      expect(await query.on(at.db.on(client)).first()).toEqual({ id: 2, rating: 10 })
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })

  it('one shape is compiled once, and its text is one, whoever builds it', () => {
    const { interview } = at.db.tables
    const build = (user: number) => {
      const mine = left(interview.evaluations, e => e.userId.eq(user))
      return at.db.from(interview).select({ rating: mine.rating }).where(interview.id.eq(user)).toSQL()
    }
    expect(build(1).sql).toBe(build(2).sql)
    expect(build(2).values.map(Number)).toEqual([2, 2])
  })
})
