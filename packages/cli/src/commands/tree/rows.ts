/**
 * Rows from a file: CSV with a header, or an object of JSON a line. One at a time, whatever the size of the file.
 *
 * @module
 */
import { createReadStream, existsSync } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { UsageError } from '../../failure.js'
import { type Cells, csvRecords } from './csv.js'

/** The columns, and the rows in their order. */
export interface Source {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<Cells>
}

/** Whoever waits for rows of a terminal or a pipe waits no longer when `signal` is aborted. */
export async function openRows(path: string, signal: AbortSignal): Promise<Source> {
  if (path !== '-' && !existsSync(path)) throw UsageError(`there is no file ${path}`)
  const input = addAbortSignal(signal, path === '-' ? process.stdin : createReadStream(path))
  const chunks = textOf(path, input)
  const first = await firstOf(chunks)
  const all = chunksFrom(first, chunks)
  if (/^\s*\[\s*(\{|$)/.test(first)) throw UsageError(`${path} is an array of JSON: write an object a line`)
  const source = /^\s*\{/.test(first) ? await jsonRows(all) : await csvRows(all)
  if (source === undefined) throw UsageError(`there is nothing in ${path}`)
  const twice = source.columns.find((name, i) => source.columns.indexOf(name) < i)
  if (twice !== undefined) throw UsageError(`the column ${twice} is there twice`)
  return source
}

/** What is no UTF-8 would come as other characters than were meant. */
async function* textOf(path: string, input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decoded = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw UsageError(`${path} is no UTF-8: write it in that, as iconv does`)
    }
  }
  for await (const chunk of input) yield decoded(chunk)
  yield decoded()
}

/** What the text begins with, without empty lines and the mark that some programs write before it. */
async function firstOf(chunks: AsyncIterator<string>): Promise<string> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const text = next.value.replace(/^[\uFEFF\r\n]+/, '')
    if (text !== '') return text
  }
  return ''
}

async function* chunksFrom(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function csvRows(chunks: AsyncIterable<string>): Promise<Source | undefined> {
  const records = csvRecords(chunks)
  const header = await records.next()
  if (header.done) return undefined
  const columns = header.value.map(cell => cell ?? '')
  return {
    columns,
    rows: (async function* () {
      for await (const cells of records) {
        if (cells.length !== columns.length)
          throw UsageError(`a row has ${cells.length} cells, and the header ${columns.length} columns`)
        yield cells
      }
    })(),
  }
}

type JsonRow = Readonly<Record<string, unknown>>

async function jsonRows(chunks: AsyncIterable<string>): Promise<Source> {
  const lines = linesIn(chunks)
  const first = parsed(String((await lines.next()).value))
  const columns = Object.keys(first)
  const cells = (row: JsonRow): Cells => {
    const other = Object.keys(row).find(name => !columns.includes(name))
    if (other !== undefined)
      throw UsageError(`a line has ${other}, and the first has not: name every column there, those that are null too`)
    return columns.map(column => cell(column, row[column]))
  }
  return {
    columns,
    rows: (async function* () {
      yield cells(first)
      for await (const line of lines) yield cells(parsed(line))
    })(),
  }
}

async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of chunks) {
    const lines = (text + chunk).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield line
  }
  if (text.trim() !== '') yield text
}

function parsed(line: string): JsonRow {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as JsonRow
  } catch {
    // told below
  }
  throw UsageError('a line is no object of JSON')
}

function cell(column: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' && (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)))
    throw UsageError(`${column} has a number too large to be read exactly: write it in quotes`)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
