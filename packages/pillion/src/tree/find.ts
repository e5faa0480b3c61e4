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

/** The tree that a table of links remembers. Its schema may have got another name since. */
export function treeIn({ schema, comment }: FoundTable): TreeModel | undefined {
  const model = readMarker(comment)
  return model && { ...model, schema }
}

/** The links as {@link findTable} is given them. */
export function qualifiedName({ schema, links }: TreeModel): string {
  return qualified(schema, links.name)
}

/** Any table as {@link findTable} is given it. */
export function qualified(schema: string, name: string): string {
  const quoted = `"${name.replaceAll('"', '""')}"`
  return schema === '' ? name : `"${schema.replaceAll('"', '""')}".${quoted}`
}

/** What the tree made is called after its links: by another name of theirs nothing of it would be found. */
async function unlessRenamed(session: TreeSession, name: string | undefined, model: TreeModel): Promise<void> {
  const { links } = model
  if (name === links.name || (await findTable(session, qualifiedName(model))) !== undefined) return
  throw new PillionError('TREE_REFUSED', `The links in ${name} were made as ${links.name}.`, {
    hint: `Give their table that name again: ALTER TABLE … RENAME TO. To have them by another, uninstall the tree and install it anew.`,
  })
}

/** Links are in the schema of their nodes, which whoever installed them had to name. */
const elsewhere: { readonly [dialect in TreeDialect]: string } = {
  postgres: ' Name it with its schema, where that is not on the search_path.',
  mariadb: '',
  sqlite: '',
}

/** A copy may have lost what the links remember. SQLite has it in the table's own text. */
const withoutComment: { readonly [dialect in TreeDialect]: string } = {
  postgres: ' Where pg_dump --no-comments made the table, give it the comment of the original.',
  mariadb: ' Where mariadb-dump --skip-opt or --no-create-options made the table, give it the comment of the original.',
  sqlite: '',
}

/**
 * The tree whose links are in a table: what it was installed with is written in a comment there.
 *
 * ```ts
 * await verifyTree(session, await readTree(session, 'node_link'))
 * ```
 *
 * @throws TREE_REFUSED when no tree's links are there, or their table was renamed
 */
export async function readTree(session: TreeSession, closure: string): Promise<TreeModel> {
  const table = await findTable(session, closure)
  const model = table && treeIn(table)
  if (model !== undefined) {
    await unlessRenamed(session, table?.name, model)
    return model
  }
  const where = (table === undefined ? elsewhere : withoutComment)[session.dialect]
  throw new PillionError('TREE_REFUSED', `There are no links of a tree in ${closure}.`, {
    hint: `Name the table of links that the tree was installed with, or install it: pillion tree install.${where}`,
  })
}
