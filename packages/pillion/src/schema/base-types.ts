/**
 * The built-in types as values, and what can be said of two types: their SQL name, whether they are the same.
 *
 * @module
 */
import type { ArrayType, BaseType, DataType } from './model.js'

const base = <Name extends string>(name: Name): BaseType & { readonly name: Name } =>
  Object.freeze({ kind: 'base', name })

export const int2 = base('int2')
export const int4 = base('int4')
export const int8 = base('int8')
export const oid = base('oid')
export const float4 = base('float4')
export const float8 = base('float8')
export const numeric = base('numeric')
export const money = base('money')
export const bool = base('bool')
export const text = base('text')
export const varchar = base('varchar')
export const bpchar = base('bpchar')
export const name = base('name')
export const uuid = base('uuid')
export const bytea = base('bytea')
export const date = base('date')
export const time = base('time')
export const timetz = base('timetz')
export const timestamp = base('timestamp')
export const timestamptz = base('timestamptz')
export const interval = base('interval')
export const json = base('json')
export const jsonb = base('jsonb')
export const xml = base('xml')
export const inet = base('inet')
export const cidr = base('cidr')
export const macaddr = base('macaddr')
export const uint4 = base('uint4')
export const uint8 = base('uint8')
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
  return element.kind === 'array'
    ? Object.freeze({ kind: 'array', element: element.element, dimensions: element.dimensions + 1 })
    : Object.freeze({ kind: 'array', element, dimensions: 1 })
}

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

/** A value as an SQL string literal. Backslashes get the `E''` form, which reads the same under every setting. */
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

/**
 * Are two types one type of the catalogue? Modifiers and array dimensions do not count: the server keeps
 * neither in an expression's type. A domain is not its base.
 */
export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true
  if (a.kind === 'array') return b.kind === 'array' && sameType(a.element, b.element)
  if (b.kind === 'array') return false
  return a.kind === b.kind && a.name === b.name && (a.schema ?? 'pg_catalog') === (b.schema ?? 'pg_catalog')
}
