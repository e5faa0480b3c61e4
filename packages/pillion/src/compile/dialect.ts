/**
 * What differs from one database's SQL to another's: small hooks of one printer.
 *
 * @module
 */
import type { Cell, WireCodec } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'

export interface Dialect {
  readonly name: string
  /** The longest identifier, in bytes. */
  readonly maxIdentifier: number
  quote(name: string): string
  placeholder(position: number): string
  cast(sql: string, type: DataType): string
  /** How values of a type cross the wire. */
  codec(type: DataType): WireCodec
  /** How many items stand in one JSON array; more are chunked into arrays of arrays. */
  readonly jsonChunk: number
  /** An array of JSON values, one for each argument. */
  jsonArray(items: readonly string[]): string
  /** A value as JSON, also where it is an array itself. */
  jsonValue(item: string): string
  /** The rows of a SELECT of JSON as one array, in their order; an empty one of none. */
  jsonRows(rows: string): string
  /** The server's text of a value, free of session settings: what a page cursor keeps. */
  exactText(sql: string, type: DataType): string
  /** That text as a value for a placeholder of the type. */
  exactCell(text: string, type: DataType): Cell
}
