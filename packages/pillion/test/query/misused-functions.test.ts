/** What plain JavaScript writes easily, and no compiler refuses: it is said what to write. */
import { afterAll, beforeAll, it } from 'vitest'
import { count, exists, first, inner, list, some, sql } from 'pillion'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal } from './refusal.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const loose: Any = { count, exists, first, inner, list, some, sql }
const relation = (): Any => at.db.tables.interview.evaluations
const column = (): Any => at.db.tables.evaluation.id

it.each<[what: string, attempt: () => unknown, told: RegExp]>([
  ['a list of nothing', () => loose.list(relation()), /What list selects.*undefined/],
  ['a list of an object', () => loose.list(relation(), { id: column() }), /What list selects.*Object/],
  ['a list by a key', () => loose.list(relation(), (e: Any) => e.id, { orderBy: column().asc() }), /orderBy of list/],
  ['the first of no order', () => loose.first(relation()), /orderBy of first.*undefined/],
  ['the first by a key', () => loose.first(relation(), { orderBy: column().asc() }), /orderBy of first/],
  ['a join on a condition', () => loose.inner(relation(), column().eq(1n)), /condition.*an expression/],
  ['one of some', () => loose.some(relation(), 5), /condition.*number/],
  ['a quantifier', () => loose.exists(relation(), {}), /condition.*Object/],
  ['a count', () => loose.count(relation(), 'x'), /condition.*string/],
  ['a statement in parentheses', () => (at.db as Any).sql('SELECT 1'), /without parentheses/],
  ['a fragment in parentheses', () => loose.sql('SELECT 1'), /without parentheses/],
  ['a fragment of nothing', () => loose.sql(), /without parentheses/],
])('%s', async (_, attempt, told) => {
  await expectRefusal(attempt, 'QUERY_INVALID', told)
})
