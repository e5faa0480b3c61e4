/**
 * SQLite databases for tests: files, opened by addons that `servers.ts` has compiled where they can be.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type {} from './servers.js'

/** A database of one test file's own. */
export interface SqliteFile {
  /** Where the database is to be: whoever opens it first makes it. */
  readonly file: string
  /** Removes it with what SQLite put beside it. Close it first. */
  drop(): Promise<void>
}

/** Whether better-sqlite3 and sqlite3 load: true, or nothing. */
export function sqliteAddons(): true | undefined {
  return inject('sqlite')
}

/** Makes room for a database in a folder of its own. */
export async function createSqliteFile(): Promise<SqliteFile> {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-sqlite-'))
  return { file: join(folder, 'test.db'), drop: () => rm(folder, { recursive: true, force: true }) }
}
