/**
 * Cells out of what SQLite's `quote` makes of them: for drivers that would lose digits on the way.
 *
 * @module
 */
import { unquoted } from '../schema/codec/sqlite.js'
import type { Cell } from './host.js'

/** The cell that was quoted. */
export function cellOfQuoted(text: string): Cell {
  return text === 'NULL' ? null : unquoted(text)
}
