import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, left, or, pillion, some, tables } from 'pillion'
import { pgHost } from 'pillion/pg'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal, refusal } from './refusal.js'

let at: Interviews
let kept: Database<DB>
beforeAll(async () => {
  at = await openInterviews()
  kept = await pillion<DB>(pgHost(at.pool), { names: 'camel', origins: 'clause' })
})
afterAll(() => at.close())

/** The line of this file that a function begins on. */
function lineOf(origin: string | undefined): number {
  return Number(/origins\.test\.ts:(\d+):/.exec(origin ?? '')?.[1])
}
const here = () => lineOf(new Error().stack?.split('\n')[2])

it('R10: with origins, an error names the line of the condition, or else of the query', async () => {
  const { interview } = kept.tables
  const a = some(interview.evaluations)
  const [query, line] = [kept.from(interview), here()]
  const [mixed, mixedLine] = [query.where(or(a.rating.gt(8), interview.id.eq(1))), here()]
  expect(lineOf((await refusal(() => mixed.all())).origin)).toBe(mixedLine)
  expect(mixedLine).toBe(line + 1)

  const e = left(interview.evaluations)
  const [wide, wideLine] = [kept.from(interview).select({ rating: e.rating }), here()]
  expect(lineOf((await refusal(() => wide.all())).origin)).toBe(wideLine)
})

it('R10: without, it names the line that ran the query', async () => {
  const { interview } = at.db.tables
  const e = left(interview.evaluations)
  const wide = at.db.from(interview).select({ rating: e.rating })
  const line = here()
  expect(lineOf((await refusal(() => wide.all())).origin)).toBe(line + 1)
  const divided = at.db.from(interview).select({ x: interview.id.dividedBy(0) })
  const error = await refusal(async () => {
    await divided.all()
  })
  expect(lineOf(error.origin)).toBeGreaterThan(line)
})

it('a relation to a table that was not reflected names it', async () => {
  const catalog = { ...at.db.catalog, tables: at.db.catalog.tables.filter(table => table.name !== 'user') }
  const { interview } = tables<DB>(catalog)
  await expectRefusal(() => interview.owner, 'TABLE_MISSING', /public\.user/)
  expect(interview.evaluations).toBeDefined()
})
