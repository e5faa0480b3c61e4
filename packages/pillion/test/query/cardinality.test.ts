import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  and,
  count,
  derived,
  type DerivedHandle,
  type Handle,
  type Kind,
  left,
  or,
  param,
  pillion,
  relate,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import type { Tag } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal, refusal } from './refusal.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

type Joined = Handle<Kind, unknown, 'joined'>

it('J7: a join is to-one where its ON pins a unique key', async () => {
  const { interview, evaluation, user } = at.db.tables
  const me = param<number>('me')
  const joins: Record<string, Joined> = {
    'a value': left(interview.evaluations, e => e.userId.eq(1)),
    'a parameter': left(interview.evaluations, e => e.userId.eq(me)),
    'a column of the root': left(interview.evaluations, e => e.userId.eq(interview.ownerId)),
    'a column of a to-one': left(interview.evaluations, e => e.userId.eq(interview.lead.id)),
    'the other way round': left(interview.evaluations, e => me.eq(e.userId)),
    'inside and(…)': left(interview.evaluations, e => and(e.rating.gt(0), and(e.userId.eq(1)))),
    'the primary key': left(relate(interview, evaluation, e => e.id.eq(1n))),
    'a single unique column': left(relate(interview, user, u => u.username.eq('ada'))),
  }
  for (const [what, handle] of Object.entries(joins)) {
    const query = at.db.from(interview).require(handle)
    expect(query.explainJoins().at(-1)?.cardinality, what).toBe('one')
    await query.all(me.is(1))
  }
})

it('J7: and multiplies rows where it does not', async () => {
  const { interview, interviewTag } = at.db.tables
  const joins: Record<string, Joined> = {
    'no condition': left(interview.evaluations),
    'an inequality': left(interview.evaluations, e => e.userId.gte(1)),
    'a disjunction': left(interview.evaluations, e => or(e.userId.eq(1), e.userId.eq(2))),
    'a list': left(interview.evaluations, e => e.userId.in([1])),
    'a column of its own': left(interview.evaluations, e => e.userId.eq(e.interviewId)),
    'a column of what hangs below it': left(interview.evaluations, e => e.userId.eq(e.user.id)),
    'a sum': left(interview.evaluations, e => e.userId.plus(0).eq(1)),
    'not distinct from': left(interview.evaluations, e => e.userId.isNotDistinctFrom(1)),
    'half a key': left(relate(interview, interviewTag, t => t.tagId.eq(1))),
  }
  for (const [what, handle] of Object.entries(joins)) {
    const error = await refusal(() => at.db.from(interview).require(handle).all())
    expect(error.code, what).toBe('FAN_OUT')
  }
})

it('J7: a grouped table is to-one over its grouping keys', async () => {
  const { evaluation, user } = at.db.tables
  const perUser = derived(
    'per_user',
    at.db.from(evaluation).select({ user: evaluation.userId, n: count() }).groupBy(evaluation.userId),
  )
  const mine = left(relate(user, perUser, p => p.user.eq(user.id)))
  const query = at.db.from(user).select({ name: user.username, n: mine.n }).orderBy(user.id.asc())
  expect(await query.all()).toEqual([
    { name: 'ada', n: 2 },
    { name: 'bob', n: 2 },
    { name: 'cyd', n: 2 },
    { name: 'dan', n: null },
  ])
  const byCount = left(relate(user, perUser, p => p.n.eq(2)))
  await expectRefusal(() => at.db.from(user).select({ n: byCount.n }).all(), 'FAN_OUT')
})

it('J7: explainJoins says which key was pinned', () => {
  const { interview } = at.db.tables
  const mine = left(interview.evaluations, e => e.userId.eq(1))
  const [, join] = at.db.from(interview).select({ rating: mine.rating }).explainJoins()
  expect(join).toMatchObject({ cardinality: 'one', because: 'ON pins unique (interview_id, user_id)' })
})

it('J7: a partial unique index pins nothing, nor does one over an expression; a plain one does', async () => {
  await at.pool.query(`
    CREATE TABLE slot (id int PRIMARY KEY, room int NOT NULL, hour int NOT NULL, cancelled bool NOT NULL);
    CREATE UNIQUE INDEX ON slot (room, hour) WHERE NOT cancelled;
    CREATE TABLE seat (id int PRIMARY KEY, room int NOT NULL, hour int NOT NULL);
    CREATE UNIQUE INDEX ON seat (room, abs(hour));
    CREATE TABLE desk (id int PRIMARY KEY, room int NOT NULL, hour int NOT NULL);
    CREATE UNIQUE INDEX ON desk (room, hour);
  `)
  type Booking = DerivedHandle<{ id: number; room: number; hour: number }>
  type Rooms = { readonly slot: Booking; readonly seat: Booking; readonly desk: Booking; readonly tag: Tag }
  const db = await pillion<Rooms>(pgHost(at.pool))
  const { tag, slot, seat, desk } = db.tables
  const booked = (table: Booking) =>
    db.from(tag).require(left(relate(tag, table, t => [t.room.eq(tag.id), t.hour.eq(1)])))
  await expectRefusal(() => booked(slot).all(), 'FAN_OUT')
  await expectRefusal(() => booked(seat).all(), 'FAN_OUT')
  expect(await booked(desk).all()).toEqual([])
})
