/**
 * The built-in types as values, and what can be said of two types: their SQL name, whether they are the same.
 *
 * @module
 */
import type { ArrayType, BaseType, DataType } from './model.js'

const base = <Name extends string>(name: Name): BaseType & { readonly name: Name } =>
  Object.freeze({ kind: 'base', name })

/** `smallint`: a `number`. */
export const int2 = base('int2')
/** `integer`: a `number`. */
export const int4 = base('int4')
/** `bigint`: a `bigint`. */
export const int8 = base('int8')
export const oid = base('oid')
/** `real`: a `number`. */
export const float4 = base('float4')
/** `double precision`: a `number`. */
export const float8 = base('float8')
/** `numeric`: a `string`, for no digit is lost. */
export const numeric = base('numeric')
export const money = base('money')
/** `boolean`. */
export const bool = base('bool')
/** `text`: a `string`. */
export const text = base('text')
/** `varchar`: a `string`. */
export const varchar = base('varchar')
export const bpchar = base('bpchar')
export const name = base('name')
/** `uuid`: a `string`. */
export const uuid = base('uuid')
/** `bytea`: a `Uint8Array`. */
export const bytea = base('bytea')
/** `date`: a `string`, as `2026-02-01`. */
export const date = base('date')
/** `time`: a `string`. */
export const time = base('time')
export const timetz = base('timetz')
/** `timestamp`, a wall clock: a `string`. */
export const timestamp = base('timestamp')
/** `timestamptz`, an instant: a `Date`. */
export const timestamptz = base('timestamptz')
/** `interval`: a `string`. */
export const interval = base('interval')
/** `json`: `unknown`. */
export const json = base('json')
/** `jsonb`: `unknown`. */
export const jsonb = base('jsonb')
export const xml = base('xml')
export const inet = base('inet')
export const cidr = base('cidr')
export const macaddr = base('macaddr')
/** MySQL's and MariaDB's `INT UNSIGNED`: a `number`. */
export const uint4 = base('uint4')
/** MySQL's and MariaDB's `BIGINT UNSIGNED`: a `bigint`. */
export const uint8 = base('uint8')
/** SQLite's `INTEGER`, exact in a double: a `number`, `DECODE_FAILED` beyond 2^53. */
export const int53 = base('int53')
export const set = base('set')
export const bit = base('bit')
export const varbit = base('varbit')
export const tsvector = base('tsvector')
export const tsquery = base('tsquery')
/** SQLite: a value of any type, as it is. */
export const any = base('any')

/**
 * The array type over an element type. An array of arrays is one array with more dimensions, as in the server.
 *
 * @example
 * ```ts
 * sqlName(arrayOf(int4))     // int4[]
 * ```
 */
export function arrayOf<E extends Exclude<DataType, ArrayType>>(element: E): ArrayType & { readonly element: E }
export function arrayOf(element: DataType): ArrayType
export function arrayOf(element: DataType): ArrayType {
  const known = arrays.get(element)
  if (known !== undefined) return known
  const made: ArrayType =
    element.kind === 'array'
      ? Object.freeze({ kind: 'array', element: element.element, dimensions: element.dimensions + 1 })
      : Object.freeze({ kind: 'array', element, dimensions: 1 })
  arrays.set(element, made)
  return made
}

/** One for each type: queries are told apart by it. */
const arrays = new WeakMap<DataType, ArrayType>()

/**
 * An identifier as SQL writes it, always quoted: no list of reserved words to keep in step with the server.
 *
 * @example
 * ```ts
 * quoteName('my "odd" table')     // "my ""odd"" table"
 * ```
 */
export function quoteName(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/**
 * A value as an SQL string literal. Backslashes get the `E''` form, which reads the same under every setting.
 *
 * ```ts
 * quoteLiteral("it's")   // "'it''s'"
 * ```
 */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return value.includes('\\') ? `E${quoted}` : quoted
}

/**
 * A type as a cast writes it: without its modifier (a cast must not round or cut), a domain as its base (a
 * parameter is checked where it is stored), qualified outside `pg_catalog` so that no search path matters.
 *
 * @example
 * ```ts
 * sqlName({ kind: 'base', name: 'numeric', modifier: '10,2' })                           // numeric
 * sqlName({ kind: 'enum', schema: 'my schema', name: 'mood', labels: ['sad', 'ok'] })     // "my schema"."mood"
 * sqlName(arrayOf(int4))                                                                 // int4[]
 * ```
 */
export function sqlName(type: DataType): string {
  if (type.kind === 'array') return `${sqlName(type.element)}[]`
  if (type.kind === 'domain') return sqlName(type.base)
  if (type.schema !== undefined && type.schema !== 'pg_catalog')
    return `${quoteName(type.schema)}.${quoteName(type.name)}`
  // Unquoted, these two mean char(1) and bit(1), which cut the value.
  return type.name === 'char' || type.name === 'bit' ? quoteName(type.name) : type.name
}

/** The name of a built-in type, also below domains; of any other type its kind: `enum`, `array`, … */
export function baseName(type: DataType): string {
  if (type.kind === 'domain') return baseName(type.base)
  return type.kind === 'base' ? type.name : type.kind
}

const wholes: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'int53', 'oid', 'uint4', 'uint8'])

/** Is it one of whole numbers? */
export function isWhole(type: DataType): boolean {
  return wholes.has(baseName(type))
}

/** A document of JSON. */
export function isDocument(type: DataType): boolean {
  const name = baseName(type)
  return name === 'json' || name === 'jsonb'
}

/**
 * Are two types one type of the catalogue? Modifiers and array dimensions do not count: the server keeps
 * neither in an expression's type. A domain is not its base.
 *
 * ```ts
 * sameType(arrayOf(int4), arrayOf(int8))   // false
 * ```
 */
export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true
  if (a.kind === 'array') return b.kind === 'array' && sameType(a.element, b.element)
  if (b.kind === 'array') return false
  return a.kind === b.kind && a.name === b.name && (a.schema ?? 'pg_catalog') === (b.schema ?? 'pg_catalog')
}
