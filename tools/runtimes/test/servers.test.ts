// What depends on PostgreSQL itself, tested on the versions between 13 and 18 that the other tests have not: what the
// catalogue holds, and what the grammar takes.
import { startPostgres } from '@pillion/postgres'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import { ifInstalled, servers } from '../runtimes.js'
import { playElsewhere } from './elsewhere.js'

const files = [
  'hosts/pg',
  'query/declared-keys',
  'query/list',
  'query/pages',
  'query/rows',
  'schema/emit-ddl',
  'schema/postgres/fingerprint',
  'schema/postgres/reflect',
  'schema/postgres/samples',
  'schema/postgres/view-nullability',
]

async function versionOf(url: string): Promise<string> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)).rows[0]!
      .version
  } finally {
    await client.end()
  }
}

describe.each(servers)('on $name', server => {
  test.skipIf(skipAloud(server.name, ifInstalled(server), 'run `npm run runtimes`'))(
    'the tests of reflection and of rows hold',
    async () => {
      const { url, stop } = await startPostgres({
        native: server.native,
        settings: { max_connections: 300, autovacuum: 'off' },
      })
      try {
        expect(server.name).toBe(`postgres-${(await versionOf(url)).split('.')[0]}`)
        await playElsewhere({ node: process.execPath, postgres: url, files, least: 350 })
      } finally {
        await stop()
      }
    },
    240_000,
  )
})
