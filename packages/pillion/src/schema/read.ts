/**
 * How catalogue queries reach a server.
 *
 * @module
 */
import type { Cell } from './codec.js'

/** Runs one statement and gives its rows as the wire gave them, by position. */
export type Read = (sql: string, values?: readonly Cell[]) => Promise<readonly (readonly Cell[])[]>

/** A row as text or null, by position. */
export type TextRow = readonly (string | null)[]

/** Rows as text, whatever the driver makes of numbers, and of text whose character set it does not know. */
export async function textRows(rows: ReturnType<Read>): Promise<readonly TextRow[]> {
  return (await rows).map(row => row.map(textOf))
}

const utf8 = new TextDecoder()

function textOf(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell
  return typeof cell === 'object' ? utf8.decode(cell) : String(cell)
}
