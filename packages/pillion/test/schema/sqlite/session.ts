/** A database of a test's own in a file, through better-sqlite3, and what reflection reads through it. */
import type { default as Sqlite } from 'better-sqlite3'
import { createSqliteFile } from '../../../../../test/support/sqlite.js'
import type { Read } from '../../../src/schema/index.js'

export interface Session {
  readonly file: string
  readonly database: Sqlite.Database
  readonly read: Read
  /** Every statement that went through `read`. */
  readonly statements: readonly string[]
  close(): Promise<void>
}

export async function openSession(script = ''): Promise<Session> {
  const { file, drop } = await createSqliteFile()
  // Loaded only here: where it cannot be compiled, the tests are skipped.
  const { default: Database } = await import('better-sqlite3')
  const database = new Database(file)
  database.pragma('synchronous = off')
  database.exec(script)
  const statements: string[] = []
  return {
    file,
    database,
    statements,
    read: async (sql, values = []) => {
      statements.push(sql)
      return database
        .prepare<unknown[], (string | number | null)[]>(sql)
        .raw(true)
        .all(...values)
    },
    close: async () => {
      database.close()
      await drop()
    },
  }
}
