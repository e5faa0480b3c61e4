/**
 * What the readers of a single table have in common.
 *
 * @module
 */
import type { TreeForeignKey, TreeKeyOf, TreeTable } from '../model.js'
import type { TreeRow, TreeSession } from '../session.js'

/** A table as it is in the database, with the comment that may tell that links are in it. */
export interface FoundTable extends TreeTable {
  /** What it is, where that is no table to hang links on: `a view`. */
  readonly instead?: string
  readonly comment: string | undefined
}

/** Reads one table, or nothing where there is none of this name. */
export type TableReader = (session: TreeSession, name: string) => Promise<FoundTable | undefined>

/** Of a table, what the tree must know of its keys. */
export type Keys = Pick<TreeTable, 'primaryKey' | 'uniques' | 'indexes' | 'foreignKeys'>

/**
 * Keys from rows, one a column: of indexes `name, primary | unique | index, column, deferrable`; of foreign keys
 * `name, target, column, its column, on delete, deferrable, on update`.
 */
export function gathered(indexes: readonly TreeRow[], foreignKeys: readonly TreeRow[]): Keys {
  const groups = [...grouped(indexes).values()]
  const columns = (rows: readonly TreeRow[]): readonly string[] => rows.map(row => row[2] ?? '')
  const key = (rows: readonly TreeRow[]): TreeKeyOf => ({
    columns: columns(rows),
    ...(rows[0]?.[3] && { deferrable: rows[0][3] as 'immediate' | 'deferred' }),
  })
  const primary = groups.find(([first]) => first?.[1] === 'primary')
  return {
    ...(primary && { primaryKey: key(primary) }),
    uniques: groups.filter(([first]) => first?.[1] === 'unique').map(key),
    indexes: groups
      .filter(([first]) => first?.[1] === 'index')
      .map(rows => ({ keys: columns(rows).map(column => ({ column })) })),
    foreignKeys: [...grouped(foreignKeys).values()].map(foreignKey),
  }
}

function foreignKey(rows: readonly TreeRow[]): TreeForeignKey {
  const [, target, , , onDelete, deferrable, onUpdate] = rows[0] ?? []
  return {
    columns: rows.map(row => row[2] ?? ''),
    target: target ?? '',
    targetColumns: rows.map(row => row[3] ?? ''),
    onDelete: (onDelete ?? 'no action').toLowerCase() as TreeForeignKey['onDelete'],
    ...(deferrable && { deferrable: deferrable as 'immediate' | 'deferred' }),
    ...(onUpdate && { onUpdate: onUpdate.toLowerCase() as TreeForeignKey['onDelete'] }),
  }
}

function grouped(rows: readonly TreeRow[]): ReadonlyMap<string, readonly TreeRow[]> {
  const groups = new Map<string, TreeRow[]>()
  for (const row of rows) {
    const group = groups.get(row[0] ?? '')
    if (group === undefined) groups.set(row[0] ?? '', [row])
    else group.push(row)
  }
  return groups
}
