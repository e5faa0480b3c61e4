/**
 * The arena on SQLite, in memory.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import { pillion } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import type { DB } from '../../../support/interviews.gen.js'
import { rowsByName } from '../data.js'
import type { Manner } from '../manner.js'
import type { Value } from '../small-world.js'
import type { Arena } from './arena.js'
import { remembering } from './remembering.js'
import { tableNames } from './table-names.js'

const sqliteManner: Manner = {
  nulls: 'smallest',
  labels: 'as words',
  numerics: 'shortest',
  held(type, value) {
    if (type === 'numeric' && value !== null) return decimalInDouble(value as string)
    // a stored instant is text of one width, to the millisecond as a Date is
    return type === 'timestamptz' && value !== null ? `${(value as string).slice(0, 23)}000` : value
  },
}

// a double holds fifteen digits
function decimalInDouble(value: string): string {
  return value.length > 12 ? value.slice(-9) : value
}

/** Opens an empty one. */
export async function openSqliteArena(): Promise<Arena> {
  const database = new Sqlite(':memory:')
  database.exec(await readFile(new URL('../../../support/interviews.sqlite.sql', import.meta.url), 'utf8'))
  const log: string[] = []
  const db = await pillion<DB>(remembering(betterSqlite3Host(database), log), { names: 'camel' })
  log.length = 0
  return {
    db,
    manner: sqliteManner,
    async fill(tables) {
      const rows = rowsByName(tables)
      database.transaction(() => {
        database.pragma('defer_foreign_keys = on')
        for (const name of tableNames.toReversed()) database.exec(`DELETE FROM "${name}"`)
        for (const name of tableNames) for (const row of rows[name] ?? []) insert(database, name, row)
      })()
    },
    sent: () => log.splice(0),
    async close() {
      database.close()
    },
  }
}

function insert(database: Sqlite.Database, table: string, row: Readonly<Record<string, Value>>): void {
  const columns = Object.keys(row)
  const values = Object.values(row).map(stored)
  database
    .prepare(`INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    .run(values)
}

function stored(value: Value): Value {
  return typeof value === 'string' && /^\d{4}-.*:/.test(value) ? value.slice(0, 23) : value
}
