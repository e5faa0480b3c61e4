import { afterAll, beforeAll, expect, it } from 'vitest'
import { count, exists, from, inner, left, param, pillion, scalar, some, tables } from 'pillion'
import { pgHost } from 'pillion/pg'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal, refusal } from './refusal.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

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

it('J12: count drops order, limit and unmentioned left joins, and keeps what takes rows away', async () => {
  const { interview } = at.db.tables
  const mine = left(interview.evaluations, e => e.userId.eq(1))
  const led = inner(interview.lead)
  const q = at.db.from(interview).select({ id: interview.id, rating: mine.rating }).orderBy(mine.rating.asc()).limit(1)
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
  expect(at.pool.idleCount).toBe(at.pool.totalCount)
})

it('explainJoins says of each join its kind, how many rows, why, and who mentioned it where', async () => {
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
})

it('explain gives the plan of the server', async () => {
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
  const { sql } = query.toSQL()
  expect(sql).toContain('LEFT JOIN "evaluation"')
  expect(await query.on(at.db).first(me.is(1))).toEqual({ id: 1, rating: 9 })
  const client = await at.pool.connect()
  try {
    await client.query('BEGIN; UPDATE evaluation SET rating = 10 WHERE id = 3')
    expect(await query.on(at.db).on(client).first(me.is(1))).toEqual({ id: 2, rating: 10 })
    expect(await query.on(at.db.on(client)).first(me.is(1))).toEqual({ id: 2, rating: 10 })
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
  expect(build(2).values).toEqual(['2', '2'])
})
