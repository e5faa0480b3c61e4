/**
 * The interviews database on every dialect at hand: tests whose rows are the same everywhere run on each of them.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import { createPool } from 'mysql2/promise'
import type { Pool } from 'pg'
import { type Database, pillion } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { mysql2Host } from 'pillion/mysql2'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Database as Made } from '../../../../test/support/postgres.js'
import { mysqlGrounds } from '../hosts/mysql-observer.js'
import type { DB } from './interviews.gen.js'
import { openInterviews } from './interviews.js'

/** What not every dialect has, or says in the same words. A test that needs one is skipped where it is lacking. */
export const capabilities = {
  'an aggregate in ORDER BY alone': 'All rows are folded into one by nothing but the order.',
  arrays: 'Arrays and other types of PostgreSQL alone.',
  'DISTINCT ON': 'The first row of each, by the order.',
  'functions in FROM': 'Functions that give rows.',
  'GROUPS and EXCLUDE': 'Frames of groups, and without some of their rows.',
  intervals: 'What is between two moments.',
  MATERIALIZED: 'A say in whether a common table is kept.',
  'ordered sets': '`percentileCont` and `mode`.',
  'regular expressions': '`matches`.',
  'rows of NULLs': 'A row of nothing but NULLs is told from a missing one.',
  'NULLs as largest': 'NULLs stand last, going up.',
  'decimals as written': 'A decimal has the digits that it was written with.',
  'JSON in an order': 'A sorted `jsonAgg`.',
  'letters beyond ASCII': '`lower` and `upper` know them.',
  'names in double quotes': 'How names stand in the text.',
  'the words of PostgreSQL': 'Text, placeholders and plans as PostgreSQL has them.',
  'a pool of pg': 'Tables of a test’s own, and what is seen of connections.',
} as const

export type Capability = keyof typeof capabilities

/** A dialect's database, as the tests over it find it. */
export interface Place {
  readonly dialect: string
  readonly db: Database<DB>
  /** The pool of pg, where that is what it rides on. */
  readonly pool: Pool
  /** Does the dialect lack something that a test needs? Said aloud, for the test is to be skipped. */
  lacks(capability: Capability): boolean
  /** The text of a query, as PostgreSQL quotes names and counts placeholders. */
  sql(query: { toSQL(): { readonly sql: string } }): string
}

interface Opened {
  readonly db: Database<DB>
  readonly pool?: Pool
  close(): Promise<void>
}

interface Ground {
  readonly dialect: string
  readonly lacks: readonly Capability[]
  open(): Promise<Opened>
}

const foreign: readonly Capability[] = [
  'arrays',
  'DISTINCT ON',
  'intervals',
  'ordered sets',
  'rows of NULLs',
  'functions in FROM',
  'NULLs as largest',
  'the words of PostgreSQL',
  'a pool of pg',
]

const mysqlAlone: Readonly<Record<'MariaDB' | 'MySQL', readonly Capability[]>> = {
  MariaDB: [],
  MySQL: ['JSON in an order', 'an aggregate in ORDER BY alone'],
}

const grounds: readonly Ground[] = [
  { dialect: 'PostgreSQL', lacks: [], open: openInterviews },
  {
    dialect: 'SQLite',
    lacks: [
      ...foreign,
      'regular expressions',
      'decimals as written',
      'letters beyond ASCII',
      'an aggregate in ORDER BY alone',
    ],
    open: onSqlite,
  },
  ...mysqlGrounds().map(
    ({ name, create }): Ground => ({
      dialect: name,
      lacks: [...foreign, 'MATERIALIZED', 'names in double quotes', 'GROUPS and EXCLUDE', ...mysqlAlone[name]],
      open: async () => onMysql(await create()),
    }),
  ),
]

/** Runs the tests on each dialect, over a database of their own. */
export function everywhere(tests: (at: Place) => void): void {
  describe.each(grounds)('on $dialect', ({ dialect, lacks, open }) => {
    let opened: Opened
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    tests({
      dialect,
      get db() {
        return opened.db
      },
      get pool() {
        if (opened.pool === undefined) throw new Error(`there is no pool of pg on ${dialect}`)
        return opened.pool
      },
      lacks(capability) {
        if (!lacks.includes(capability)) return false
        process.stderr.write(`skipped: ${dialect}: ${capability} (${capabilities[capability]})\n`)
        return true
      },
      sql(query) {
        let placeholders = 0
        return query
          .toSQL()
          .sql.replaceAll('`', '"')
          .replaceAll('?', () => `$${++placeholders}`)
      },
    })
  })
}

async function onMysql(database: Made): Promise<Opened> {
  const pool = createPool({ uri: database.url, connectionLimit: 2, multipleStatements: true })
  await pool.query(`set time_zone = '+00:00'; ${await text('interviews.mariadb.sql')} ${await data('`')}`)
  return {
    db: await pillion<DB>(mysql2Host(pool), { names: 'camel' }),
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

async function onSqlite(): Promise<Opened> {
  const database = new Sqlite(':memory:')
  database.exec((await text('interviews.sqlite.sql')) + (await data('"')))
  return {
    db: await pillion<DB>(betterSqlite3Host(database), { names: 'camel' }),
    async close() {
      database.close()
    },
  }
}

const text = (name: string) => readFile(new URL(name, import.meta.url), 'utf8')

/** The rows as other dialects read them: by quotes of their own, and with no word of a time zone, which is UTC. */
async function data(quote: string): Promise<string> {
  return (await text('interviews-data.sql')).replaceAll('"', quote).replaceAll("+00'", "'")
}
