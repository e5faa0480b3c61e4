// A regression: a cancel request that reached the server while it made a statement ready, such as while it loaded its
// compiler, was forgotten. The statement ran on, and whoever had cancelled it waited for its end.
import { Pool } from 'pg'
import { pillion } from 'pillion'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, postgresServers } from '../../../../test/support/postgres.js'
import { pgHost } from '../../src/hosts/pg.js'
import { postgresHost } from '../../src/hosts/postgres.js'
import type { Host } from '../../src/run/host.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'

/** Costly enough to be compiled, by a server that can. */
const endless = statement('select count(*) from generate_series(1, 10000000000)')

interface Opened {
  readonly host: Host
  end(): Promise<void>
}

const onPg = (url: string): Opened => {
  const pool = new Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {})
  return { host: pgHost(pool), end: () => pool.end() }
}

const onPostgresJs = (url: string): Opened => {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  return { host: postgresHost(sql), end: () => sql.end() }
}

describe.each(postgresServers())('on PostgreSQL $version', ({ url }) => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase(url)
  })
  afterAll(() => database.drop())

  describe.each([
    { driver: 'pg', open: onPg },
    { driver: 'postgres.js', open: onPostgresJs },
  ])('by $driver', ({ open }) => {
    test.each([10, 20, 30, 40, 50, 60])(
      'a statement and a stream are stopped %i ms after a session began',
      async timeout => {
        const statements = (host: Host) => host.run(undefined, endless, { timeout })
        const streams = (host: Host) =>
          host.stream(undefined, endless, { batch: 10, timeout })[Symbol.asyncIterator]().next()
        for (const run of [statements, streams]) {
          const { host, end } = open(database.url)
          await pillion(host)
          expect(await codeOf(run(host))).toBe('TIMED_OUT')
          expect((await host.run(undefined, statement('select 1'), {})).rows).toEqual([['1']])
          await end()
        }
      },
    )
  })
})
