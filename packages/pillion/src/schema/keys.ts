/**
 * What tells the rows of a table apart. Whoever asks for a key asks here, for not all that is declared holds in what
 * a SELECT shows.
 *
 * @module
 */
import type { Table, UniqueConstraint } from './model.js'

/**
 * Column lists that no two rows share. A deferrable key is one only at the end of a transaction, and an invalid one is
 * not yet, so neither is here; nor is any of a table with INHERITS children, whose rows it shows and does not check.
 *
 * ```ts
 * keysOfTable(evaluations)   // [['id'], ['interview_id', 'user_id']]
 * ```
 */
export function keysOfTable(table: Table): readonly (readonly string[])[] {
  if (table.inheritedBy !== undefined) return []
  const constraints = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques]
  const indexes = table.indexes.filter(index => index.unique && index.where === undefined && !index.invalid)
  return [
    ...constraints.filter(holds).map(key => key.columns),
    ...indexes.flatMap(index => {
      const columns = index.keys.flatMap(key => ('column' in key ? [key.column] : []))
      return columns.length === index.keys.length ? [columns] : []
    }),
  ]
}

/** The columns of the primary key, where it is among the keys. */
export function primaryKeyOf(table: Table): readonly string[] | undefined {
  const declared = table.primaryKey?.columns
  return declared && keysOfTable(table).find(key => key === declared)
}

/** Do these columns tell rows apart? */
export const holdsKey = (table: Table, columns: readonly string[]): boolean =>
  keysOfTable(table).some(key => key.every(column => columns.includes(column)))

const holds = ({ deferrable, invalid }: UniqueConstraint): boolean => deferrable === undefined && !invalid
