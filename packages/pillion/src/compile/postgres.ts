/**
 * PostgreSQL's SQL.
 *
 * @module
 */
import { sqlName } from '../schema/base-types.js'
import { codecOf } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'
import type { Dialect } from './dialect.js'

/** A function takes at most 100 arguments. */
const maxArguments = 100

export const postgres: Dialect = Object.freeze({
  name: 'PostgreSQL',
  maxIdentifier: 63,
  quote: (name: string) => `"${name.includes('"') ? name.replaceAll('"', '""') : name}"`,
  placeholder: (position: number) => `$${position}`,
  cast: (sql: string, type: DataType) => `${sql}::${sqlName(type)}`,
  codec: codecOf,
  jsonChunk: maxArguments,
  jsonArray,
  jsonValue: (item: string) => `to_json(${item})`,
  // ARRAY keeps the order of its rows, and is faster than an aggregate with an ORDER BY of its own
  jsonRows: (rows: string) => `array_to_json(ARRAY(${rows}))`,
  exactCell: (text: string) => text,
  exactText: (sql: string, type: DataType) => (isCalendar(type) ? `(to_json(${sql}) #>> '{}')` : `(${sql})::text`),
})

function jsonArray(items: readonly string[]): string {
  if (items.length <= maxArguments) return `json_build_array(${items.join(', ')})`
  const chunks: string[] = []
  for (let i = 0; i < items.length; i += maxArguments) chunks.push(jsonArray(items.slice(i, i + maxArguments)))
  return jsonArray(chunks)
}

// to_json writes ISO whatever DateStyle says
function isCalendar(type: DataType): boolean {
  const base = type.kind === 'domain' ? type.base : type
  return base.kind === 'base' && (base.name === 'date' || base.name === 'timestamp' || base.name === 'timestamptz')
}
