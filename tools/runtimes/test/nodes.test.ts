// What depends on Node itself, tested on other versions of it: what a connection carries, what a value is read as, where
// an error says it is from; which transaction is current, which Node keeps another way from version 24 on; and SQLite as
// Node has it from version 22 on.
import { describe, test } from 'vitest'
import { postgresUrl } from '../../../test/support/postgres.js'
import { skipAloud } from '../../../test/support/skip.js'
import { ifInstalled, nodes } from '../runtimes.js'
import { playElsewhere } from './elsewhere.js'

const files = [
  'hosts/pg',
  'hosts/node-sqlite',
  'query/pages',
  'query/rows',
  'query/list',
  'run/errors',
  'schema/codec',
  'transaction/pg',
  'transaction/report',
  'tree/over-node-sqlite',
]

describe.each(nodes)('on $name', runtime => {
  test.skipIf(skipAloud(runtime.name, ifInstalled(runtime), 'run `npm run runtimes`'))(
    'the tests of the core hold',
    async ({ task }) => {
      const played = await playElsewhere({ node: runtime.command, postgres: postgresUrl(), files, least: 400 })
      task.meta.elsewhere = played.map(({ fullName, status, meta }) => ({ fullName, status, meta }))
    },
    240_000,
  )
})
