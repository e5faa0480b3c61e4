/** The words of an order key stand in the text of a statement, and in plain JavaScript they may be anything. */
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { type Order, pillionSync, union } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal } from './refusal.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

const ids = () => {
  const { interview, user } = at.db.tables
  return union(at.db.from(interview).select({ id: interview.id }), at.db.from(user).select({ id: user.id }))
}

const strange = ['last, (select pg_sleep(9))', 'LAST', '', 5, true, null]

it.each(strange)('where NULLs go is refused as %j: it would be text of the statement', async nulls => {
  const { interview } = at.db.tables
  const told = { nulls } as never
  for (const attempt of [
    () => interview.heldOn.asc(told),
    () => interview.heldOn.desc(told),
    () => ids().orderBy('id', 'desc', told),
  ]) {
    await expectRefusal(attempt, 'QUERY_INVALID', /nulls/)
  }
})

it.each(['last', 5, null])('and %j in the place of the options, which would say nothing', async told => {
  await expectRefusal(() => at.db.tables.interview.heldOn.desc(told as never), 'QUERY_INVALID', /nulls/)
})

it.each(['DESC', 'down', true, null, { nulls: 'last' }])('a set operation is not sorted %j', async direction => {
  await expectRefusal(() => ids().orderBy('id', direction as never), 'QUERY_INVALID', /'asc' or 'desc'/)
})

test('what is told as it can be holds', async () => {
  expect(await ids().orderBy('id', 'desc', { nulls: 'last' }).first()).toEqual({ id: 4 })
  const sqlite = new Sqlite(':memory:')
  sqlite.exec('create table t (id integer primary key, n int); insert into t (n) values (1), (null), (2)')
  // oxlint-disable-next-line typescript/no-explicit-any
  const { from, tables } = pillionSync<any>(betterSqlite3Host(sqlite))
  const sorted = (key: Order) => from(tables.t).select({ n: tables.t.n }).orderBy(key).allSync()
  expect(sorted(tables.t.n.desc({ nulls: 'first' }))).toEqual([{ n: null }, { n: 2 }, { n: 1 }])
  expect(sorted(tables.t.n.asc({ nulls: 'last' }))).toEqual([{ n: 1 }, { n: 2 }, { n: null }])
  sqlite.close()
})
