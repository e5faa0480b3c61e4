import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal } from '../query/refusal.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

const counters = () => [at.pool.totalCount, at.pool.idleCount, at.pool.waitingCount]

async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let n = 0
  for await (const _ of rows) n++
  return n
}

it('a stream takes a whole number of rows at a time, and waits for none for ever', async () => {
  const q = at.db.from(at.db.tables.interview)
  await q.all()
  const before = counters()
  for (const batch of [0, -1, 1.5, NaN, Infinity, 1e20, '7', null] as number[]) {
    await expectRefusal(() => drain(q.stream({ batch })), 'QUERY_INVALID', /batch/)
  }
  expect(counters()).toEqual(before)
  expect(await drain(q.stream({ batch: 1 }))).toBe(4)
})

it('a timeout is a number from 0 and a signal an AbortSignal: nothing else is taken for none', async () => {
  const q = at.db.from(at.db.tables.interview).select({ id: at.db.tables.interview.id })
  await q.all()
  const before = counters()
  for (const timeout of [-1, NaN, '5', null] as number[]) {
    for (const run of [() => q.all({ timeout }), () => q.count({ timeout }), () => drain(q.stream({ timeout }))]) {
      await expectRefusal(run, 'QUERY_INVALID', /timeout/)
    }
  }
  for (const signal of [{}, 'abort', null] as AbortSignal[]) {
    for (const run of [() => q.all({ signal }), () => q.explain({}, { signal }), () => drain(q.stream({ signal }))]) {
      await expectRefusal(run, 'QUERY_INVALID', /signal/)
    }
  }
  expect(counters()).toEqual(before)
  expect(await q.all({ timeout: Infinity, signal: new AbortController().signal })).toHaveLength(4)
})

it('a run takes bindings and options, and says so of anything else', async () => {
  const q = at.db.from(at.db.tables.interview)
  for (const given of [undefined, null, 5, 'x'] as never[]) {
    await expectRefusal(() => q.all(given), 'QUERY_INVALID', /bindings and options/)
    await expectRefusal(() => q.toSQL(given), 'QUERY_INVALID', /bindings and options/)
  }
})
