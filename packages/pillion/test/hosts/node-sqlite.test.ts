/**
 * Riding on Node's own SQLite, where the Node that runs the tests has one: `tools/runtimes` has newer ones run this.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { skipAloud } from '../../../../test/support/skip.js'
import { nodeSqliteHost } from '../../src/hosts/node-sqlite.js'
import type { Statement, SyncHost } from '../../src/run/host.js'
import { conforms } from './conforms.js'
import { onSqlite } from './grounds.js'
import { type NodeDatabase, nodeSqlite, nodeSqliteModule } from './fixtures/node-sqlite.js'

const built = nodeSqliteModule()

if (built !== undefined) conforms(nodeSqlite(built), onSqlite, ['node'])

/** How an application may have opened its database. */
const opened = [{}, { readBigInts: true }, { returnArrays: true }] as const

describe.skipIf(skipAloud('node-sqlite', built, 'this Node has none: npm run runtimes')).each(opened)(
  'beside what the suite asks, of one opened with %j',
  options => {
    const select = (text: string, ...values: Statement['values']): Statement => ({ text, values })
    let database: NodeDatabase
    let host: SyncHost
    beforeEach(() => {
      database = new (built as NonNullable<typeof built>).DatabaseSync(':memory:', options)
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
  },
)
