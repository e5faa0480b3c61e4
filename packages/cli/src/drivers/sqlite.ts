import { existsSync } from 'node:fs'
import type { Cell } from 'pillion/schema'
import { type Driver, importAny } from './driver.js'

const scheme = /^(sqlite|file):(\/\/)?/

/** The file of `sqlite:dev.db`, `sqlite:///var/dev.db` or `file:./dev.db?…`. */
const fileOf = (url: string): string => url.replace(scheme, '').replace(/\?.*$/, '')

export const sqlite: Driver = {
  dialect: 'sqlite',
  matches: url => scheme.test(url) && fileOf(url) !== '',
  shown: fileOf,
  open: async url => {
    const database = await opened(fileOf(url), 'read')
    return { read: async (sql, values = []) => database.rows(sql, values), close: async () => database.close() }
  },
  session: async url => {
    const database = await opened(fileOf(url), 'write')
    database.rows('PRAGMA foreign_keys = ON', [])
    return {
      dialect: 'sqlite',
      run: async (sql, values = []) => database.rows(sql, values).map(row => row.map(textOf)),
      close: async () => database.close(),
    }
  },
}

function textOf(cell: Cell): string | null {
  if (cell === null) return null
  return typeof cell === 'object' ? Buffer.from(cell).toString() : String(cell)
}

/** A file that is open: a statement, and its rows where it has any. */
interface Opened {
  rows(sql: string, values: readonly Cell[]): readonly Cell[][]
  close(): void
}

async function opened(file: string, to: 'read' | 'write'): Promise<Opened> {
  if (!existsSync(file)) throw new Error('there is no such file')
  const [, exports] = await importAny<BetterSqlite3 | NodeSqlite>(['better-sqlite3', 'node:sqlite'], 'SQLite')
  const database = 'DatabaseSync' in exports ? overNode(exports, file, to) : overBetterSqlite3(exports, file, to)
  try {
    // opening reads nothing: what is no database would be told by the first statement, without its name
    database.rows('PRAGMA schema_version', [])
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

interface BetterSqlite3 {
  readonly default: new (
    file: string,
    options: { readonly readonly: boolean },
  ) => Database<{
    readonly reader: boolean
    run(...values: readonly Cell[]): unknown
    safeIntegers(on: boolean): { raw(on: true): Rows }
  }>
}

/** Rows are arrays where asked from Node 22.16 on. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => Database<Rows & { setReturnArrays(on: true): void; setReadBigInts(on: boolean): void }>
}

interface Database<Statement> {
  prepare(sql: string): Statement
  close(): void
}

interface Rows {
  all(...values: readonly Cell[]): readonly Cell[][]
}

function overBetterSqlite3({ default: Sqlite }: BetterSqlite3, file: string, to: 'read' | 'write'): Opened {
  const database = new Sqlite(file, { readonly: to === 'read' })
  return {
    rows(sql, values) {
      const statement = database.prepare(sql)
      if (statement.reader) {
        // a key may be larger than a number can be told exactly
        return statement
          .safeIntegers(to === 'write')
          .raw(true)
          .all(...values)
      }
      statement.run(...values)
      return []
    },
    close: () => database.close(),
  }
}

function overNode({ DatabaseSync }: NodeSqlite, file: string, to: 'read' | 'write'): Opened {
  const database = new DatabaseSync(file, { readOnly: to === 'read', timeout: 5_000 })
  return {
    rows(sql, values) {
      const statement = database.prepare(sql)
      statement.setReturnArrays(true)
      statement.setReadBigInts(to === 'write')
      return statement.all(...values)
    },
    close: () => database.close(),
  }
}
