/**
 * One table drives the generated TypeScript type of a column and the value that run time returns:
 * database type -> wire text -> TypeScript.
 *
 * | type | TypeScript |
 * |---|---|
 * | `int2 int4 uint4 int53 oid float4 float8` | `number`; `int53` throws DECODE_FAILED beyond 2^53 |
 * | `int8 uint8` | `bigint` |
 * | `numeric money` | `string`: no digit is lost |
 * | `bool` | `boolean` |
 * | `timestamptz` | `Date`, to the millisecond; `infinity` throws DECODE_FAILED |
 * | `date timestamp time timetz interval` | `string`, as the server prints it |
 * | `bytea` | `Uint8Array` |
 * | `json jsonb` | `Json` |
 * | `any` | `string \| number \| bigint \| Uint8Array` |
 * | an enumeration | its labels: `'sad' \| 'ok'` |
 * | a domain | as its base |
 * | an array | `(T \| null)[]`, nested by its dimensions |
 * | a row type | `{ field: T \| null }` |
 * | a range, a multirange | `Range<T>`, `Range<T>[]` |
 * | all else | `string`, as the server prints it |
 *
 * @module
 */
import { baseName } from './base-types.js'
import { arrayCodec } from './codec/array.js'
import { compositeCodec } from './codec/composite.js'
import { multirangeCodec, rangeCodec } from './codec/range.js'
import { asIs, baseCodec } from './codec/scalar.js'
import { tsType } from './codec/ts-type.js'
import type { ArrayType, CompositeType, DataType, EnumType, RangeType } from './model.js'

/**
 * A cell as a driver gives and takes it. PostgreSQL's are text; MySQL's and SQLite's are what their protocols hold.
 */
export type Cell = string | number | bigint | Uint8Array | null
/** A cell that is not NULL. */
export type Wire = Exclude<Cell, null>

/** How one data type crosses PostgreSQL's wire, which is text. */
export interface Codec {
  /** The TypeScript type, as generated: `number`, `string`, `Date`, `'low' | 'high'`. */
  readonly ts: string
  /** The server's text form to the value. Never called with NULL. */
  readonly decode: (text: string) => unknown
  /** A value to what the driver is given: text, or null. Only called with values that `accepts` took. */
  readonly encode: (value: unknown) => string | null
  /** Is this JavaScript value one of the type? NULL is never asked. */
  readonly accepts: (value: unknown) => boolean
  /**
   * How the value travels inside a JSON document built by the server: `native` where JSON's own form is
   * exact (int4, bool, text, json), `text` where it must be cast to text first and decoded with `decode`
   * (int8, numeric, timestamptz, bytea, …).
   */
  readonly json: 'native' | 'text'
}

/** How one data type crosses a dialect's wire. */
export interface WireCodec extends Omit<Codec, 'decode' | 'encode'> {
  /** A cell to the value. Never called with NULL. */
  decode(cell: Wire): unknown
  /** A value to what the driver is given. Only called with values that `accepts` took. */
  encode(value: unknown): Cell
}

const known = new WeakMap<DataType, Codec>()

/**
 * The codec of a type. Frozen, memoised by type object.
 *
 * @example
 * ```ts
 * codecOf(int8).decode('42')                           // 42n
 * codecOf(arrayOf(text)).encode(['a', null])           // {"a",NULL}
 * codecOf(timestamptz).accepts('2026-11-23 10:00')     // false: no offset, so no instant
 * ```
 */
export function codecOf(type: DataType): Codec {
  const found = known.get(type)
  if (found !== undefined) return found
  const codec = makeCodec(type)
  known.set(type, codec)
  return codec
}

function makeCodec(type: DataType): Codec {
  switch (type.kind) {
    case 'base':
      return baseCodec(type)
    case 'enum':
      return enumCodec(type)
    case 'domain':
      return codecOf(type.base)
    case 'array':
      return ofArray(type)
    case 'composite':
      return ofComposite(type)
    case 'range':
    case 'multirange':
      return ofRange(type)
  }
}

function enumCodec(type: EnumType): Codec {
  const labels: ReadonlySet<unknown> = new Set(type.labels)
  return Object.freeze({
    ts: tsType(type),
    json: 'native',
    decode: asIs,
    encode: String,
    accepts: (value: unknown) => labels.has(value),
  })
}

function ofArray(type: ArrayType): Codec {
  const element = codecOf(type.element)
  return Object.freeze({
    ts: tsType(type),
    json: element.json,
    ...arrayCodec(element, type.dimensions, delimiterOf(type.element)),
  })
}

/** `pg_type.typdelim`, where it is not the comma. */
const delimiters: ReadonlyMap<string, string> = new Map([
  ['box', ';'],
  ['geometry', ':'],
  ['geography', ':'],
])

function delimiterOf(element: DataType): string {
  return delimiters.get(baseName(element)) ?? ','
}

function ofComposite(type: CompositeType): Codec {
  const fields = type.fields.map(field => ({ name: field.name, codec: codecOf(field.type) }))
  return Object.freeze({
    ts: tsType(type),
    json: fields.every(field => field.codec.json === 'native') ? 'native' : 'text',
    ...compositeCodec(fields),
  })
}

function ofRange(type: RangeType): Codec {
  const bound = codecOf(type.subtype)
  const conversions = type.kind === 'range' ? rangeCodec(bound) : multirangeCodec(bound)
  return Object.freeze({ ts: tsType(type), json: 'text', ...conversions })
}
