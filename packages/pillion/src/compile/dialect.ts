/**
 * What differs from one database's SQL to another's: small hooks of one printer.
 *
 * @module
 */
import type { DataType } from '../schema/model.js'

export interface Dialect {
  readonly name: string
  /** The longest identifier, in bytes. */
  readonly maxIdentifier: number
  quote(name: string): string
  placeholder(position: number): string
  cast(sql: string, type: DataType): string
  /** An array of JSON values, one for each argument. */
  jsonArray(items: readonly string[]): string
  /** A value as JSON, also where it is an array itself. */
  jsonValue(item: string): string
  /** The rows of a SELECT of JSON as one array, in their order; an empty one of none. */
  jsonRows(rows: string): string
  /** The server's text of a value, free of session settings. */
  exactText(sql: string, type: DataType): string
}
