/**
 * How catalogue queries reach a server.
 *
 * @module
 */
import type { Cell } from './codec.js'

/** Runs one statement and gives its rows as the wire gave them, by position. */
export type Read = (sql: string, values?: readonly Cell[]) => Promise<readonly (readonly Cell[])[]>

/** The same where a database answers at once. */
export type SyncRead = (sql: string, values?: readonly Cell[]) => readonly (readonly Cell[])[]

/** A reading of the catalogue: asks one statement after another, and is given rows or thrown what became of it. */
export type Reading<T> = Generator<string, T, readonly (readonly Cell[])[]>

/** Reads by a server that must be waited for. */
export async function readBy<T>(read: Read, reading: Reading<T>): Promise<T> {
  let step = reading.next()
  while (step.done !== true) {
    const answer = await read(step.value).then(
      rows => () => reading.next(rows),
      error => () => reading.throw(error),
    )
    step = answer()
  }
  return step.value
}

/** Reads where the database answers at once. */
export function readAtOnce<T>(read: SyncRead, reading: Reading<T>): T {
  let step = reading.next()
  while (step.done !== true) step = answered(read, reading, step.value)
  return step.value
}

function answered<T>(read: SyncRead, reading: Reading<T>, sql: string): ReturnType<Reading<T>['next']> {
  let rows: ReturnType<SyncRead>
  try {
    rows = read(sql)
  } catch (error) {
    return reading.throw(error)
  }
  return reading.next(rows)
}

/** A row as text or null, by position. */
export type TextRow = readonly (string | null)[]

/** Rows as text, whatever the driver makes of numbers, and of text whose character set it does not know. */
export async function textRows(rows: ReturnType<Read>): Promise<readonly TextRow[]> {
  return asText(await rows)
}

/** The same of rows that are there. */
export function asText(rows: ReturnType<SyncRead>): readonly TextRow[] {
  return rows.map(row => row.map(textOf))
}

const utf8 = new TextDecoder()

function textOf(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell
  return typeof cell === 'object' ? utf8.decode(cell) : String(cell)
}
