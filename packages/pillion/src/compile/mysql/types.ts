/**
 * Types as MySQL's casts name them, and placeholders of them.
 *
 * @module
 */
import { baseName, isDocument, isWhole } from '../../schema/base-types.js'
import { mysqlCodecOf } from '../../schema/codec/mysql.js'
import type { DataType } from '../../schema/model.js'
import { truthOf } from '../truth.js'

/** Whole numbers that are printed with zeros in front, which no JSON is: those of YEAR and ZEROFILL. */
export function isPadded(type: DataType): boolean {
  return type.kind === 'base' && type.modifier !== undefined && isWhole(type)
}

/**
 * A placeholder of a type. A driver binds what it has no type for as text, and text beside a number is compared as a
 * double: what is longer than a double holds says what it is.
 */
export function placeholderOf(placeholder: string, type: DataType): string {
  switch (baseName(type)) {
    case 'int8':
      return `CAST(${placeholder} AS SIGNED)`
    case 'uint8':
      return `CAST(${placeholder} AS UNSIGNED)`
    case 'numeric':
      return `CAST(${placeholder} AS DECIMAL(65, 30))`
    case 'date':
      return `CAST(${placeholder} AS DATE)`
    case 'timestamp':
      return `CAST(${placeholder} AS DATETIME(6))`
    case 'timestamptz':
      // the server's moments are shown in the time zone of the session, whatever that is
      return `CONVERT_TZ(CAST(${placeholder} AS DATETIME(6)), '+00:00', @@session.time_zone)`
    case 'time':
      return `CAST(${placeholder} AS TIME(6))`
    case 'bit':
      return `CAST(CONV(${placeholder}, 2, 10) AS UNSIGNED)`
    default:
      return placeholder
  }
}

/**
 * The same for MySQL. It takes the type of a placeholder from what is around it, and a CAST for less than it is: by UNSIGNED
 * for a signed number, by TIME for a moment. CONCAT says that it is text, which is then cast. A document is one only if it is
 * called so: text beside JSON is a string of JSON's, and '1' no number.
 */
export function placeholderBeside(placeholder: string, type: DataType): string {
  if (isDocument(type)) return `CAST(${placeholder} AS JSON)`
  return misread.has(baseName(type)) ? placeholderOf(`CONCAT(${placeholder})`, type) : placeholderOf(placeholder, type)
}

const misread = new Set(['uint8', 'time'])

/**
 * Where nothing around it tells, MySQL takes a placeholder for what the first value was that the statement ran with: a
 * text or bytes after a number, by the same statement, would be 0.
 */
export function placeholderTyped(placeholder: string, type: DataType): string {
  const name = baseName(type)
  if (name === 'bytea') return `CAST(${placeholder} AS BINARY)`
  const printed = placeholderBeside(placeholder, type)
  return printed === placeholder && !numbers.has(name) ? `CONCAT(${placeholder})` : printed
}

const numbers = new Set(['int2', 'int4', 'int53', 'oid', 'uint4', 'float4', 'float8', 'bool'])

/** Is nothing written around a placeholder of a type? */
export function isBare(type: DataType): boolean {
  return numbers.has(baseName(type))
}

const fractions = new Set(['float4', 'float8', 'numeric'])
const texts = new Set(['text', 'varchar', 'bpchar', 'name', 'char'])

/** An expression as another type; undefined where neither server has it, or gets there from text without a word. */
export function cast(sql: string, type: DataType, from: DataType): string | undefined {
  const [to, was] = [baseName(type), baseName(from)]
  switch (to) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'int53':
      return `CAST(${fractions.has(was) ? `ROUND(${sql})` : sql} AS SIGNED)`
    case 'uint4':
    case 'uint8':
      return `CAST(${fractions.has(was) ? `ROUND(${sql})` : sql} AS UNSIGNED)`
    case 'float4':
      return `CAST(${sql} AS FLOAT)`
    case 'float8':
      return `CAST(${sql} AS DOUBLE)`
    case 'numeric':
      return was === 'numeric' ? sql : `CAST(${sql} AS DECIMAL(65, ${isWhole(from) ? 0 : 30}))`
    case 'bool':
      return texts.has(was) ? truthOf(sql) : `(${sql} <> 0)`
    case 'date':
      return `CAST(${sql} AS DATE)`
    case 'timestamp':
      return `CAST(${sql} AS DATETIME(6))`
    case 'timestamptz':
      // MariaDB drops what stands behind the seconds of a text, an offset too
      return texts.has(was) ? undefined : `CAST(${sql} AS DATETIME(6))`
    case 'time':
      return `CAST(${sql} AS TIME(6))`
    case 'bytea':
      return `CAST(${sql} AS BINARY)`
    case 'json':
    case 'jsonb':
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'name':
    case 'char':
      return was === 'bool' ? `CASE ${sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END` : words(sql, from)
    default:
      return undefined
  }
}

/**
 * A text as JSON has it. MariaDB's JSON_ARRAYAGG takes the bytes of one in latin1 for those of UTF-8, and MySQL's JSON_ARRAY drops
 * characters of one in ucs2.
 */
export function inUtf8(sql: string, type: DataType): string {
  return mysqlCodecOf(type).json === 'text' || isWhole(type) ? sql : `CONVERT(${sql} USING utf8mb4)`
}

/** Bits as digits, with the zeros in front that BIN leaves out. */
export function digitsOf(bits: string, width: number): string {
  return `LPAD(BIN(${bits}), ${width}, '0')`
}

/**
 * A value as text that is compared and joined with other text: of a text its own, of all else one that gives way. CAST would have the
 * collation of the connection, which is not mixed with another one of a column.
 */
function words(sql: string, type: DataType): string {
  switch (baseName(type)) {
    case 'bytea':
    case 'bit':
    case 'json':
    case 'jsonb':
      return text(sql, type)
    case 'float4':
      return `CONCAT(${sql} + 0e0)`
    default:
      return `CONCAT(${sql})`
  }
}

/** A value as its text. */
export function text(sql: string, type: DataType): string {
  switch (baseName(type)) {
    case 'bytea':
      return `HEX(${sql})`
    case 'float4':
      // as a double it keeps its digits: printed by itself it has six
      return `CAST(${sql} + 0e0 AS CHAR)`
    case 'bit':
      return `BIN(${sql})`
    default:
      return `CAST(${sql} AS CHAR)`
  }
}
