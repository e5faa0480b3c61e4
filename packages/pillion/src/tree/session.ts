/**
 * What the keeping of a tree (installing, verifying, loading) needs of a database: one connection, statements, rows of
 * text. The caller opens it and closes it.
 *
 * @module
 */
import type { TreeDialect } from './model.js'

/** A row as text or null, by position. */
export type TreeRow = readonly (string | null)[]

/** One connection, with nobody else's statements on it. */
export interface TreeSession {
  readonly dialect: TreeDialect
  /** Runs one statement. Placeholders are the dialect's own: `$1` on PostgreSQL, `?` elsewhere. */
  run(sql: string, values?: readonly (string | null)[]): Promise<readonly TreeRow[]>
}
