/**
 * The type of a result column by what the protocol tells of it: all that a hand-written statement knows.
 *
 * @module
 */
import type { DataType } from '../schema/model.js'
import * as base from '../schema/base-types.js'

/** A column definition of the protocol. */
export interface ColumnTold {
  readonly type: number
  readonly flags: number
  /** The number of its collation. */
  readonly collation: number
  /** MariaDB's word for what a text holds: `json`. */
  readonly format: string | undefined
}

const [unsigned, isSet] = [32, 2048]

/** The collation of bytes. */
const binary = 63

const numbers: ReadonlyMap<number, readonly [signed: DataType, unsigned: DataType]> = new Map([
  [1, [base.int2, base.int2]],
  [2, [base.int2, base.int4]],
  [3, [base.int4, base.uint4]],
  [4, [base.float4, base.float4]],
  [5, [base.float8, base.float8]],
  [8, [base.int8, base.uint8]],
  [9, [base.int4, base.int4]],
  [13, [base.int2, base.int2]],
  [246, [base.numeric, base.numeric]],
] as const)

/** A `timestamp` is a wall clock here: hand-written SQL gives it in the session's time zone, whatever that is. */
const calendar: ReadonlyMap<number, DataType> = new Map<number, DataType>([
  [7, base.timestamp],
  [10, base.date],
  [11, base.time],
  [12, base.timestamp],
])

const [bit, json] = [16, 245]

export function typeOfColumn({ type, flags, collation, format }: ColumnTold): DataType {
  const number = numbers.get(type)
  if (number !== undefined) return number[(flags & unsigned) === 0 ? 0 : 1]
  if (type === json || format === 'json') return base.json
  if (type === bit) return base.bytea
  return calendar.get(type) ?? (collation === binary && (flags & isSet) === 0 ? base.bytea : base.text)
}
