/**
 * Is the table as the tree knows it? Where it, or a column of it, has got another name since, a driver tells of SQL that nobody wrote.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { findTable, qualified } from './find.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import type { FoundTable } from './table/reader.js'

/**
 * Looks for the table of the nodes, the columns of its key and its pointer, and `more`.
 *
 * @returns the table
 * @throws TREE_REFUSED where the table or one of the tree's columns is not there, TREE_INVALID where one of `more` is not
 */
export async function unlessGone(
  session: TreeSession,
  model: TreeModel,
  more: readonly string[] = [],
): Promise<FoundTable> {
  const { schema, table, scope, key, parent, links } = model
  const found = await findTable(session, qualified(schema, table))
  // only PostgreSQL tells names apart by their case
  const alike = (name: string): string => (session.dialect === 'postgres' ? name : name.toLowerCase())
  const names = new Set(found?.columns.map(({ name }) => alike(name)))
  const absent = (wanted: readonly string[]): string | undefined => wanted.find(name => !names.has(alike(name)))
  const lost = absent([...[...scope, ...key].map(({ name }) => name), ...parent])
  if (found === undefined || lost !== undefined)
    throw new PillionError(
      'TREE_REFUSED',
      found === undefined
        ? `The table ${table}, of which ${links.name} has the links, is not there.`
        : `The table ${table} has no column ${lost}, of which ${links.name} has the links.`,
      {
        hint: 'Give it that name again; to keep the tree over another name, uninstall it and install it anew.',
      },
    )
  const unknown = absent(more)
  if (unknown !== undefined)
    throw new PillionError('TREE_INVALID', `The table ${table} has no column ${unknown}.`, {
      hint: 'Name the columns as they are in the database.',
    })
  return found
}
