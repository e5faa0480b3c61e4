/**
 * Built-in types by object id: all that a hand-written statement tells of its columns. Stable since PostgreSQL 8
 * (`pg_type.dat`).
 *
 * @module
 */
import * as base from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'

const scalars: readonly (readonly [oid: number, array: number, type: DataType])[] = [
  [16, 1000, base.bool],
  [17, 1001, base.bytea],
  [20, 1016, base.int8],
  [21, 1005, base.int2],
  [23, 1007, base.int4],
  [25, 1009, base.text],
  [26, 1028, base.oid],
  [114, 199, base.json],
  [700, 1021, base.float4],
  [701, 1022, base.float8],
  [1043, 1015, base.varchar],
  [1082, 1182, base.date],
  [1114, 1115, base.timestamp],
  [1184, 1185, base.timestamptz],
  [1700, 1231, base.numeric],
  [2950, 2951, base.uuid],
  [3802, 3807, base.jsonb],
]

const types = new Map<number, DataType>(
  scalars.flatMap(([oid, array, type]) => [[oid, type] as const, [array, base.arrayOf(type)] as const]),
)

/** The type of an object id; `text` for what is not built in: the server's own text is given. */
export function typeOfOid(oid: number): DataType {
  return types.get(oid) ?? base.text
}
