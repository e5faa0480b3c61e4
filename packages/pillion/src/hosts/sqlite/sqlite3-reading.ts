/**
 * How rows come out of `sqlite3` with nothing lost: it reads every number as a double, and a row as an object by name, which
 * takes it long. So a statement is put into one that tells the type of each value: an object a row, under names that tell
 * their places; or, where there are many, all rows as one text of JSON.
 *
 * @module
 */
import type { Cell, WireRow } from '../../run/host.js'
import { isObject } from '../shape.js'

export type Row = Readonly<Record<string, unknown>>

/** Asks a text with the values of the statement that is inside of it. */
export type Ask = (text: string) => Promise<readonly Row[]>

export type Reading = (ask: Ask) => Promise<readonly WireRow[]>

/** A reading that may find that it cannot. */
type Find = (ask: Ask) => Promise<readonly WireRow[] | undefined>

/** As many rows take as long both ways: the second has more to prepare. */
const many = 50

/** Reads the rows of a statement, in the way that was the faster one for as many as there were the last time. */
export function readingOf(text: string, columns: number): Reading {
  const places = Array.from({ length: columns }, (_, i) => `c${i}`)
  const given = `WITH ${outer} (${places.join(', ')}) AS (${text}\n)`
  const apart = columns > deepest ? none : readingApart(given, places)
  const [marked, together] = [readingMarked(given, places), readingTogether(given, places)]
  let wereMany = false
  let wereWide = false
  return async ask => {
    let rows = wereMany ? await together(ask) : undefined
    if (rows === undefined && !wereWide) {
      rows = await apart(ask)
      wereWide = rows === undefined
    }
    rows ??= await marked(ask)
    wereMany = rows.length >= many
    return rows
  }
}

/** How many types SQLite puts together by `||`, by far: it goes as deep as there are. */
const deepest = 500

const none: Find = async () => undefined

/** Inside of it nothing else can be called so. */
const outer = '"the statement of pillion"'

/** What a text begins with, a whole number that no double holds, and a blob as SQLite writes it. */
const [quote, hash, blob] = [39, 35, 88]

/** Reads whole numbers as doubles; gives nothing where one is too wide for that. No other way has as little to prepare. */
function readingApart(given: string, places: readonly string[]): Find {
  const types = places.map(place => `typeof(${place})`).join(' || ')
  const text = `${given} SELECT *, ${types} AS types FROM ${outer}`
  return async ask => {
    const rows: Cell[][] = []
    let told: unknown
    let types: readonly string[] = []
    for (const row of await ask(text)) {
      const cells = Object.values(row)
      const own = cells.pop()
      if (own !== told) types = typesIn((told = own) as string)
      for (let at = 0; at < cells.length; at++) {
        if (types[at] !== 'integer') cells[at] = plain(cells[at])
        else if (Number.isSafeInteger(cells[at])) cells[at] = BigInt(cells[at] as number)
        else return undefined
      }
      rows.push(cells as Cell[])
    }
    return rows
  }
}

function typesIn(told: string): readonly string[] {
  return told.match(/integer|real|text|blob|null/g) ?? []
}

function plain(cell: unknown): Cell {
  return ArrayBuffer.isView(cell) ? new Uint8Array(cell as Uint8Array) : (cell as Cell)
}

/** Reads texts by a quote before them, and whole numbers as texts without one. */
function readingMarked(given: string, places: readonly string[]): Reading {
  const marked = (place: string): string =>
    `CASE typeof(${place}) WHEN 'text' THEN '''' || ${place} WHEN 'integer' THEN CAST(${place} AS TEXT) ELSE ${place} END AS ${place}`
  const text = `${given} SELECT ${places.map(marked).join(', ')} FROM ${outer}`
  return async ask => (await ask(text)).map(row => Object.values(row).map(markedCell))
}

function markedCell(cell: unknown): Cell {
  if (typeof cell !== 'string') return plain(cell)
  return cell.charCodeAt(0) === quote ? cell.slice(1) : BigInt(cell)
}

/** A text of JavaScript's has at most 2^29 characters, of which one of SQLite's may be two. */
const longestText = 2 ** 28

/** Reads all rows at once; gives nothing where they would be too long a text. */
function readingTogether(given: string, places: readonly string[]): Find {
  const all = `SELECT count(*) AS n, group_concat(${jsonArray(places.map(inJson))}) AS rows FROM ${outer}`
  const text = `${given} SELECT n, CASE WHEN length(rows) < ${longestText} THEN rows END AS rows FROM (${all})`
  const cellsOf = places.length > maxArguments ? cellsOfChunks : cellsOfRow
  return async ask => {
    const [answer] = await ask(text).catch(noneIfTooBig)
    if (answer?.n === 0) return []
    return typeof answer?.rows === 'string' ? (JSON.parse(`[${answer.rows}]`) as JsonCell[][]).map(cellsOf) : undefined
  }
}

/** Longer than SQLite itself makes a text. */
function noneIfTooBig(error: unknown): readonly Row[] {
  if (isObject(error) && error.code === 'SQLITE_TOOBIG') return []
  throw error
}

/** A whole number that a double holds is one of JSON's. Neither those nor `quote` have all digits of a fraction. */
function inJson(place: string): string {
  const { MIN_SAFE_INTEGER: least, MAX_SAFE_INTEGER: most } = Number
  const integer = `CASE WHEN ${place} BETWEEN ${least} AND ${most} THEN ${place} ELSE '#' || ${place} END`
  const other = `nullif(quote(${place}), 'NULL')`
  return `CASE typeof(${place}) WHEN 'text' THEN '''' || ${place} WHEN 'integer' THEN ${integer} WHEN 'real' THEN printf('%!.20e', ${place}) ELSE ${other} END`
}

/** A function takes at most 100 arguments, or more by how SQLite was built. */
const maxArguments = 100

function jsonArray(items: readonly string[]): string {
  if (items.length <= maxArguments) return `json_array(${items.join(', ')})`
  const chunks: string[] = []
  for (let at = 0; at < items.length; at += maxArguments) chunks.push(jsonArray(items.slice(at, at + maxArguments)))
  return jsonArray(chunks)
}

type JsonCell = string | number | null

function cellsOfChunks(chunks: readonly unknown[]): WireRow {
  return cellsOfRow(chunks.flat(Number.POSITIVE_INFINITY) as JsonCell[])
}

function cellsOfRow(row: readonly JsonCell[]): WireRow {
  return row.map(cellTogether)
}

function cellTogether(cell: JsonCell): Cell {
  if (typeof cell === 'number') return BigInt(cell)
  if (cell === null) return null
  switch (cell.charCodeAt(0)) {
    case quote:
      return cell.slice(1)
    case hash:
      return BigInt(cell.slice(1))
    case blob:
      return new Uint8Array(Buffer.from(cell.slice(2, -1), 'hex'))
    default:
      return realOf(cell)
  }
}

function realOf(text: string): number {
  return text === 'Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
}
