// A regression: a cancel request that reached the server while it made a statement ready, such as while it loaded its
// compiler, was forgotten. The statement ran on, and whoever had cancelled it waited for its end.
import { Pool } from 'pg'
import { pillion } from 'pillion'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, postgresServers } from '../../../../test/support/postgres.js'
import { pgHost } from '../../src/hosts/pg.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'

/** Costly enough to be compiled, by a server that can. */
const endless = statement('select count(*) from generate_series(1, 10000000000)')

describe.each(postgresServers())('on PostgreSQL $version', ({ url }) => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase(url)
  })
  afterAll(() => database.drop())

  test.each([10, 20, 30, 40, 50, 60])(
    'a statement and a stream are stopped %i ms after a session began',
    async timeout => {
      const pool = new Pool({ connectionString: database.url, max: 1 })
      pool.on('error', () => {})
      const host = pgHost(pool)
      for (const run of [
        () => host.run(undefined, endless, { timeout }),
        () => host.stream(undefined, endless, { batch: 10, timeout })[Symbol.asyncIterator]().next(),
      ]) {
        await pillion(host)
        expect(await codeOf(run())).toBe('TIMED_OUT')
        expect((await host.run(undefined, statement('select 1'), {})).rows).toEqual([['1']])
      }
      await pool.end()
    },
  )
})
