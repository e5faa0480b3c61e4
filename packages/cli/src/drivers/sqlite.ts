import { existsSync } from 'node:fs'
import type { Cell } from 'pillion/schema'
import { type Connection, type Driver, importAny } from './driver.js'

const scheme = /^(sqlite|file):(\/\/)?/

/** The file of `sqlite:dev.db`, `sqlite:///var/dev.db` or `file:./dev.db?…`. */
const fileOf = (url: string): string => url.replace(scheme, '').replace(/\?.*$/, '')

export const sqlite: Driver = {
  dialect: 'sqlite',
  matches: url => scheme.test(url) && fileOf(url) !== '',
  shown: fileOf,
  open: async url => {
    const file = fileOf(url)
    if (!existsSync(file)) throw new Error('there is no such file')
    const [, exports] = await importAny<BetterSqlite3 | NodeSqlite>(['better-sqlite3', 'node:sqlite'], 'SQLite')
    return 'DatabaseSync' in exports ? overNode(exports, file) : overBetterSqlite3(exports, file)
  },
}

interface BetterSqlite3 {
  readonly default: new (file: string, options: { readonly readonly: boolean }) => Database<{ raw(on: true): Rows }>
}

/** Rows are arrays where asked from Node 22.16 on. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
    options: { readonly readOnly: boolean },
  ) => Database<Rows & { setReturnArrays(on: true): void }>
}

interface Database<Statement> {
  prepare(sql: string): Statement
  close(): void
}

interface Rows {
  all(...values: readonly Cell[]): readonly Cell[][]
}

function overBetterSqlite3({ default: Sqlite }: BetterSqlite3, file: string): Connection {
  const database = new Sqlite(file, { readonly: true })
  return {
    read: async (sql, values = []) =>
      database
        .prepare(sql)
        .raw(true)
        .all(...values),
    close: async () => database.close(),
  }
}

function overNode({ DatabaseSync }: NodeSqlite, file: string): Connection {
  const database = new DatabaseSync(file, { readOnly: true })
  return {
    read: async (sql, values = []) => {
      const statement = database.prepare(sql)
      statement.setReturnArrays(true)
      return statement.all(...values)
    },
    close: async () => database.close(),
  }
}
