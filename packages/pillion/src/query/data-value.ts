/**
 * What a data type reads as, in types: the side of `codecOf` that the compiler sees.
 *
 * @module
 */
import type { DataType } from '../schema/model.js'
import type { Json } from '../schema/values.js'

/** The built-in types that are not read as text. */
interface BaseValues {
  readonly bool: boolean
  readonly int2: number
  readonly int4: number
  readonly uint4: number
  readonly int53: number
  readonly oid: number
  readonly float4: number
  readonly float8: number
  readonly int8: bigint
  readonly uint8: bigint
  readonly timestamptz: Date
  readonly bytea: Uint8Array
  readonly json: Json
  readonly jsonb: Json
  readonly any: string | number | bigint | Uint8Array
}

/** `number` of `int4`, `string` of `text`, `(Date | null)[]` of `arrayOf(timestamptz)`; `unknown` of any data type. */
export type DataValue<D extends DataType> = D extends { readonly kind: 'base'; readonly name: infer Name }
  ? Name extends keyof BaseValues
    ? BaseValues[Name]
    : string extends Name
      ? unknown
      : string
  : D extends { readonly kind: 'array'; readonly element: infer E extends DataType }
    ? (DataValue<E> | null)[]
    : unknown
