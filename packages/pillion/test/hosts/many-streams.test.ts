// A regression: each stream went on listening to the end of its transaction when it was over, with all that it held, and
// Node took the eleventh for a leak.
import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Fixture } from '../../src/testing/index.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { allOf } from '../support/all-of.js'
import { mariadbPool } from './fixtures/mariadb.js'
import { mysql2Pool } from './fixtures/mysql2.js'
import { pgPool } from './fixtures/pg.js'
import { postgresJs } from './fixtures/postgres.js'
import { mysqlGrounds, numbersTo } from './mysql-observer.js'

interface Tried {
  readonly name: string
  readonly fixture: Fixture
  readonly create: typeof createDatabase
  readonly numbers: string
}

const onPostgres: readonly Tried[] = [pgPool, postgresJs].map(fixture => ({
  name: fixture.name,
  fixture,
  create: createDatabase,
  numbers: 'select generate_series(1, 200)',
}))
const onMysql: readonly Tried[] = mysqlGrounds().flatMap(({ name, create }) =>
  [mysql2Pool, mariadbPool].map(fixture => ({
    name: `${fixture.name} on ${name}`,
    fixture,
    create,
    numbers: numbersTo(200),
  })),
)

test.each([...onPostgres, ...onMysql])(
  '$name: what is over of many streams in one transaction listens to its end no more',
  async ({ fixture, create, numbers }) => {
    const database = await create()
    const mount = await fixture.open(database.url)
    const warned: string[] = []
    const onWarning = (warning: Error): unknown => warned.push(warning.name)
    process.on('warning', onWarning)
    try {
      const ending = new AbortController()
      await mount.transaction(async ({ target }) => {
        for (let i = 0; i < 12; i++) {
          const rows = mount.host.stream(target, statement(numbers), { batch: 50, ending: ending.signal })
          if (i % 2 === 0) expect(await allOf(rows)).toHaveLength(4)
          else for await (const batch of rows) if (batch.length > 0) break
        }
      })
      await turn()
      expect(getEventListeners(ending.signal, 'abort').length).toBeLessThan(2)
      expect(warned).toEqual([])
    } finally {
      process.off('warning', onWarning)
      await mount.close()
      await mount.observer.close()
      await database.drop()
    }
  },
)
