/**
 * The exported suite under vitest, on a database of its own.
 */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { conformance, type Fixture } from '../../src/testing/index.js'
import { createDatabase } from '../../../../test/support/postgres.js'

/** An empty database, for as long as it is wanted. */
export interface Ground {
  readonly url: string
  drop(): Promise<void>
}

/** Runs every case of the suite; what it must skip it says aloud, with the capability and the reason. */
export function conforms(fixture: Fixture, create: () => Promise<Ground> = createDatabase): void {
  // PGlite takes its time to start on a busy machine
  describe(fixture.name, { timeout: 120_000 }, () => {
    let database: Ground
    const { cases, close } = conformance(fixture, () => database.url)
    beforeAll(async () => {
      database = await create()
    })
    afterAll(async () => {
      await close()
      await database.drop()
    })
    for (const [capability, reason] of Object.entries(fixture.lacks)) {
      process.stderr.write(`skipped: ${fixture.name}: ${capability} (${reason})\n`)
    }
    for (const { name, capability, lacking, run } of cases) {
      test.skipIf(lacking !== undefined)(`${capability}: ${name}`, run)
    }
  })
}
