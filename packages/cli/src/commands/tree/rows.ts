/**
 * Rows from a file: CSV with a header, or an object of JSON a line. One at a time, whatever the size of the file.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { UsageError } from '../../failure.js'

/** The columns, and the rows in their order. */
export interface Source {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly (string | null)[]>
}

/** Whoever waits for rows of a terminal or a pipe waits no longer when `signal` is aborted. */
export async function openRows(path: string, signal: AbortSignal): Promise<Source> {
  const input = addAbortSignal(signal, path === '-' ? process.stdin : createReadStream(path))
  input.setEncoding('utf8')
  const records = recordsIn(input as AsyncIterable<string>)[Symbol.asyncIterator]()
  const first = await records.next()
  if (first.done) throw UsageError(`there is nothing in ${path}`)
  const rest = { [Symbol.asyncIterator]: () => records }
  return first.value.startsWith('{') ? jsonRows(first.value, rest) : csvRows(first.value, rest)
}

/** Lines, but not those that end inside of quotes. */
async function* recordsIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of chunks) {
    text += chunk
    let start = 0
    let quoted = false
    for (let at = 0; at < text.length; at++) {
      const character = text[at]
      if (character === '"' && text[start] !== '{') quoted = !quoted
      if (character === '\n' && !quoted) {
        const record = text.slice(start, at).replace(/\r$/, '')
        if (record !== '') yield record
        start = at + 1
      }
    }
    text = text.slice(start)
  }
  if (text.trim() !== '') yield text.replace(/\r?\n?$/, '')
}

function csvRows(header: string, records: AsyncIterable<string>): Source {
  const columns = cellsIn(header).map(cell => cell ?? '')
  return {
    columns,
    rows: (async function* () {
      for await (const record of records) {
        const cells = cellsIn(record)
        if (cells.length !== columns.length)
          throw UsageError(`a row has ${cells.length} cells, and the header ${columns.length} columns`)
        yield cells
      }
    })(),
  }
}

/** An empty cell is NULL; an empty string is written `""`. */
function cellsIn(record: string): readonly (string | null)[] {
  const cells = record.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,"]*)/g) ?? []
  return cells.map((cell, i) => {
    const text = i === 0 && !record.startsWith(',') ? cell : cell.replace(/^,/, '')
    if (text === '') return null
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
  })
}

function jsonRows(first: string, records: AsyncIterable<string>): Source {
  const columns = Object.keys(parsed(first))
  const cells = (record: string): readonly (string | null)[] => {
    const row = parsed(record)
    return columns.map(column => cell(row[column]))
  }
  return {
    columns,
    rows: (async function* () {
      yield cells(first)
      for await (const record of records) yield cells(record)
    })(),
  }
}

function parsed(record: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(record) as Readonly<Record<string, unknown>>
  } catch {
    throw UsageError('a line is no object of JSON')
  }
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
