import { pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { parseSnapshot, writeSnapshot } from 'pillion/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews()
})
afterAll(() => at.close())

it('refreshes what changed, and only that', async () => {
  const { database, changes } = await at.db.refresh()
  expect(changes).toBeUndefined()
  expect(database.catalog).toEqual(at.db.catalog)

  await at.pool.query('ALTER TABLE interview ADD COLUMN place text')
  const next = await database.refresh()
  expect(next.changes).toEqual({ added: [], removed: [], changed: ['public.interview'] })
  const { interview } = next.database.tables as unknown as { interview: { place: never } }
  const rows = await next.database
    .from(interview as never)
    .select({ place: interview.place })
    .limit(1)
    .all()
  expect(rows).toEqual([{ place: null }])
  // what was read before stays as it was
  expect('place' in database.tables.interview).toBe(false)
})

it('finds nothing where nothing changed', async () => {
  const { database } = await at.db.refresh()
  const { database: same, changes } = await database.refresh()
  expect(changes).toEqual({ added: [], removed: [], changed: [] })
  expect(same.catalog).toBe(database.catalog)
})

it('keeps the style of names that a catalogue has which was given', async () => {
  const { catalog } = (await at.db.refresh()).database
  const given = await pillion(pgHost(at.pool), { catalog: parseSnapshot(writeSnapshot(catalog)) })
  const { database } = await given.refresh()
  expect(database.catalog).toEqual(catalog)
})

it('refuses a query over a column that the refreshed database has not', async () => {
  const { note } = at.db.tables.evaluation
  const query = at.db.from(at.db.tables.evaluation).select({ note })
  await at.pool.query('ALTER TABLE evaluation RENAME COLUMN note TO remark')
  const { database } = await at.db.refresh()
  await expect(query.on(database).all()).rejects.toMatchObject({ code: 'COLUMN_MISSING' })
  await at.pool.query('ALTER TABLE evaluation RENAME COLUMN remark TO note')
  const { database: back } = await database.refresh()
  expect(await query.on(back).limit(1).all()).toEqual([{ note: 'good' }])
})
