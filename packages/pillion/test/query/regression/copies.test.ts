// A regression: what another copy of the package had made was taken for an object of things to select, so that each row had an empty
// object in the place of a value; beside JSON it was taken for a value. Elsewhere it was refused, by what it is not.
import { from, json, left, list, not, sql, value } from 'pillion'
import { expect, test, vi } from 'vitest'
import { tables } from '../../support/interviews.gen.js'
import { expectRefusal } from '../refusal.js'

const { interview, evaluation } = tables

vi.resetModules()
const copy = await import('pillion')
const { tables: theirs } = await import('../../support/interviews.gen.js')

const rows = () => from(interview)
const document = () => value<object>({}, json)

test('the copies are two', () => {
  expect(copy.from).not.toBe(from)
  expect(() => copy.from(theirs.interview).toSQL()).not.toThrow('another copy')
})

test.each([
  ['a column that is selected', () => rows().select({ id: theirs.interview.id })],
  ['a handle that is selected', () => rows().select({ whole: theirs.interview })],
  ['a nested object', () => rows().select({ mine: copy.nest(theirs.interview, i => ({ id: i.id })) })],
  ['a bare relation', () => rows().select({ all: theirs.interview.evaluations as never })],
  ['a table', () => from(theirs.interview)],
  ['a condition', () => rows().where(theirs.interview.id.eq(1))],
  ['what is in a condition', () => rows().where(not(theirs.interview.id.eq(1)))],
  ['a column beside one', () => rows().where(interview.id.eq(theirs.interview.id))],
  ['a column beside JSON', () => rows().where(document().eq(theirs.interview.id as never))],
  ['a parameter', () => rows().where(interview.id.eq(copy.param<number>('id')))],
  ['an order', () => rows().orderBy(theirs.interview.id.asc())],
  ['a relation that is joined', () => left(theirs.interview.evaluations)],
  ['a relation that is listed', () => list(theirs.interview.evaluations, e => ({ id: e.id }))],
  ['what a fragment is given', () => sql`${theirs.interview.id} = 1`],
])('%s of another copy is refused as that', async (_what, attempt) => {
  const { hint } = await expectRefusal(attempt, 'QUERY_INVALID')
  expect(hint).toMatch(/^Another copy of pillion/)
})

test('what is of this copy and stands in a wrong place is not', async () => {
  const { hint } = await expectRefusal(() => rows().where(evaluation.id.asc() as never), 'QUERY_INVALID')
  expect(hint).not.toMatch(/another copy/i)
})
