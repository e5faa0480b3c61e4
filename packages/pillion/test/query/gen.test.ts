import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emitTypes } from 'pillion/schema'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
beforeAll(async () => {
  at = await openInterviews({ empty: true })
})
afterAll(() => at.close())

// UPDATE_GENERATED=1 writes it again
it('has its generated types up to date', async () => {
  const file = new URL('../support/interviews.gen.ts', import.meta.url)
  const emitted = emitTypes(at.db.catalog)
  if (process.env.UPDATE_GENERATED) await writeFile(file, emitted)
  expect(await readFile(file, 'utf8')).toBe(emitted)
})
