/**
 * One table drives the generated TypeScript type of a column and the value that run time returns:
 * database type -> wire text -> TypeScript.
 *
 * @module
 */
import type { DataType } from './model.js'

/** How one data type crosses the wire. */
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

/** The codec of a type. Frozen, memoised by type object. */
export declare function codecOf(type: DataType): Codec
