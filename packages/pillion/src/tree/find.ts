/**
 * Trees and tables as they are in a database.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { readMarker } from './marker.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { mariadbTable } from './table/mariadb.js'
import { postgresTable } from './table/postgres.js'
import type { FoundTable, TableReader } from './table/reader.js'
import { sqliteTable } from './table/sqlite.js'

const readers: { readonly [dialect in TreeDialect]: TableReader } = {
  postgres: postgresTable,
  mariadb: mariadbTable,
  sqlite: sqliteTable,
}

/** The table of this name with its columns and keys, or nothing. */
export function findTable(session: TreeSession, name: string): Promise<FoundTable | undefined> {
  return readers[session.dialect](session, name)
}

/**
 * The table that a tree is to be made of.
 *
 * ```ts
 * const model = treeModel('postgres', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'node_link' })
 * ```
 *
 * @throws TREE_INVALID when there is none of this name, or it is a view
 */
export async function readTreeTable(session: TreeSession, name: string): Promise<FoundTable> {
  const table = await findTable(session, name)
  if (table !== undefined && table.instead === undefined) return table
  throw new PillionError('TREE_INVALID', table ? `${name} is ${table.instead}.` : `There is no table ${name}.`, {
    hint: 'Name the table that has the nodes; on PostgreSQL with its schema, where that is not on the search_path.',
  })
}

/**
 * The tree whose links are in a table: what it was installed with is written in a comment there.
 *
 * ```ts
 * await verifyTree(session, await readTree(session, 'node_link'))
 * ```
 *
 * @throws TREE_REFUSED when no tree's links are there
 */
export async function readTree(session: TreeSession, closure: string): Promise<TreeModel> {
  const model = readMarker((await findTable(session, closure))?.comment)
  if (model !== undefined) return model
  throw new PillionError('TREE_REFUSED', `There are no links of a tree in ${closure}.`, {
    hint: 'Name the table of links that the tree was installed with, or install it: pillion tree install.',
  })
}
