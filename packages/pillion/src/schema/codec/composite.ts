/**
 * Rows: `(1,"a ""b""",)`. An empty place is NULL, `""` is the empty string.
 *
 * @module
 */
import type { Codec } from '../codec.js'
import { decodeFailed } from './failure.js'
import { quotePart, readPart } from './part.js'

export interface FieldCodec {
  readonly name: string
  readonly codec: Codec
}

export function compositeCodec(fields: readonly FieldCodec[]): Pick<Codec, 'decode' | 'encode' | 'accepts'> {
  const names = new Set(fields.map(field => field.name))
  return {
    decode: text => decodeRow(text, fields),
    encode: value => encodeRow(value as Readonly<Record<string, unknown>>, fields),
    accepts: value => isRow(value, fields, names),
  }
}

function decodeRow(text: string, fields: readonly FieldCodec[]): Record<string, unknown> {
  const row: [string, unknown][] = []
  let at = 1
  for (const { name, codec } of fields) {
    const part = readPart(text, at, ')')
    row.push([name, part.text === null ? null : codec.decode(part.text)])
    at = part.end + 1
  }
  const end = fields.length === 0 ? 2 : at
  if (text[0] !== '(' || text[end - 1] !== ')' || end !== text.length)
    throw decodeFailed('row', 'The row type may have changed since it was reflected: reflect again.')
  // Own properties, also for a field named __proto__.
  return Object.fromEntries(row)
}

function encodeRow(row: Readonly<Record<string, unknown>>, fields: readonly FieldCodec[]): string {
  return `(${fields.map(({ name, codec }) => quotePart(encodeField(valueOf(row, name), codec))).join(',')})`
}

const encodeField = (value: unknown, codec: Codec): string | null => (value === null ? null : codec.encode(value))

const valueOf = (row: object, name: string): unknown =>
  Object.hasOwn(row, name) ? ((row as Readonly<Record<string, unknown>>)[name] ?? null) : null

/** A plain object with these fields and no others; a missing one is NULL. */
function isRow(value: unknown, fields: readonly FieldCodec[], names: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (!Object.keys(value).every(key => names.has(key))) return false
  return fields.every(({ name, codec }) => {
    const field = valueOf(value, name)
    return field === null || codec.accepts(field)
  })
}
