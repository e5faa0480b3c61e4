/**
 * Riding on Node's own SQLite: in the Node that runs the tests where it has one, else in another that it starts.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { skipAloud } from '../../../../test/support/skip.js'
import { nodeSqliteHost } from '../../src/hosts/node-sqlite.js'
import type { Statement, SyncHost } from '../../src/run/host.js'
import { conforms } from './conforms.js'
import { type NodeDatabase, nodeSqlite, nodeSqliteModule } from './fixtures/node-sqlite.js'
import { createSqlite } from './sqlite-observer.js'

const built = nodeSqliteModule()
const newerNode = process.env['PILLION_TEST_NODE22']
const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** What a run of its own must not take for its own. */
function withoutVitest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VITEST|NODE_OPTIONS)/.test(name)))
}

if (built !== undefined) conforms(nodeSqlite(built), createSqlite)

describe.skipIf(built !== undefined || skipAloud('node22', newerNode, 'set PILLION_TEST_NODE22 to a Node from 22.16'))(
  'another Node',
  () => {
    test('has a SQLite of its own, on which all of this file holds', async () => {
      const vitest = `${root}node_modules/vitest/vitest.mjs`
      const here = fileURLToPath(import.meta.url)
      const run = promisify(execFile)(
        newerNode as string,
        [vitest, 'run', '--config', here.replace('.test.ts', '.config.ts'), '--root', root, here],
        { env: withoutVitest(process.env) },
      )
      const { stdout } = await run.catch(error => error as { stdout: string })
      const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { numPassedTests: number; numFailedTests: number }
      expect(report, stdout).toMatchObject({ numFailedTests: 0 })
      expect(report.numPassedTests).toBeGreaterThan(40)
    }, 120_000)
  },
)

describe.skipIf(built === undefined)('beside what the suite asks', () => {
  const select = (text: string, ...values: Statement['values']): Statement => ({ text, values })
  let database: NodeDatabase
  let host: SyncHost
  beforeEach(() => {
    database = new (built as NonNullable<typeof built>).DatabaseSync(':memory:')
    database.exec('create table note (id integer primary key, body text)')
    database.exec("insert into note values (9007199254740993, 'one')")
    host = nodeSqliteHost(database)
  })
  afterEach(() => database.close())

  test.each([
    "insert into note values (3, 'x') returning id",
    'delete from note',
    'begin',
    'pragma user_version = 3',
    'pragma journal_mode = memory',
    'create table other (a)',
    'vacuum',
    'select 1; delete from note',
  ])('it does not run what SQLite would not call reading: %s', text => {
    expect(() => host.runSync(undefined, select(text))).toThrow(/SQL_NOT_SELECT|STATEMENT_FAILED/)
    expect(host.runSync(undefined, select('select count(*) from note')).rows).toEqual([[1n]])
    expect(database.isTransaction).toBe(false)
  })

  test('Node itself runs it: negative control', () => {
    expect(database.prepare('delete from note returning body').all()).toHaveLength(1)
  })

  test('integers come whole, rows by position', () => {
    expect(host.runSync(undefined, select('select id, id from note')).rows).toEqual([
      [9007199254740993n, 9007199254740993n],
    ])
  })

  test('a stream is not begun anew by a statement of the same text', () => {
    database.exec("insert into note values (1, 'two')")
    const all = select('select body from note order by id')
    const seen: unknown[] = []
    for (const row of host.iterateSync(undefined, all)) {
      seen.push(row)
      host.runSync(undefined, all)
    }
    expect(seen).toEqual([['two'], ['one']])
  })
})
