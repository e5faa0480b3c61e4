/**
 * What SQLite tells of the columns of a hand-written statement: of those that are a table's, how they are declared.
 *
 * @module
 */
import { rawCell } from '../schema/codec/sqlite.js'
import type { DataType } from '../schema/model.js'
import { typeOf } from '../schema/sqlite/types.js'

/** The type of a declaration; a cell as it is where there is none, or none that says anything. */
export function typeOfDeclared(declared: string | null): DataType {
  const type = typeOf(declared ?? '')
  return type.name === 'any' ? rawCell : type
}
