/**
 * Installing a tree, and taking it away: whole or not at all.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { installDdl, sideTables, uninstallDdl } from './ddl.js'
import { findTable } from './find.js'
import { marker, readMarker } from './marker.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { unlessNamesTaken } from './taken.js'
import { missingTriggers } from './triggers.js'

/**
 * Makes the table of links, fills it from the pointers, and makes the triggers that keep it. Other writers wait meanwhile.
 * Nothing is left of it when it fails. Installing what is there already does nothing; where triggers of it are gone, it begins anew.
 *
 * ```ts
 * await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'node_link' }))   // true
 * ```
 *
 * @returns whether there was anything to do
 * @throws TREE_REFUSED when the pointers make no tree, the links' table is something else, or rights are lacking
 */
export async function installTree(session: TreeSession, model: TreeModel): Promise<boolean> {
  const there = await findTable(session, qualifiedName(model))
  if (there !== undefined) {
    const found = readMarker(there.comment)
    // an index to find children by may be one that was made with it
    if (found !== undefined && marker({ ...model, indexed: found.indexed }) === marker(found)) {
      // whoever installed may have been killed between two statements of MariaDB's, or the table was made anew
      if ((await missingTriggers(session, found)).length === 0) return false
      // links that it made before were kept by nobody since
      const statements = [...uninstallDdl(found), ...installDdl(found)]
      await whole(session, statements, uninstallDdl(found), 'The tree could not be installed')
      return true
    }
    throw new PillionError(
      'TREE_REFUSED',
      found === undefined
        ? `There is a table ${model.links.name} already, and pillion did not make it.`
        : `The tree ${model.links.name} is installed otherwise.`,
      { hint: 'Name another table: closure. Or drop this one; pillion’s own by: pillion tree uninstall.' },
    )
  }
  await unlessTaken(session, model)
  await whole(session, installDdl(model), uninstallDdl(model), 'The tree could not be installed')
  return true
}

/** What is somebody else's is not filled, and not dropped when it fails. */
async function unlessTaken(session: TreeSession, model: TreeModel): Promise<void> {
  for (const name of sideTables(model)) {
    if ((await findTable(session, qualifiedName({ ...model, links: { ...model.links, name } }))) === undefined) continue
    throw new PillionError('TREE_REFUSED', `There is a table ${name} already, which the tree would make for itself.`, {
      hint: 'Name the links otherwise: closure.',
    })
  }
  await unlessNamesTaken(session, model)
}

/**
 * Drops what {@link installTree} made; the nodes stay as they are.
 *
 * ```ts
 * await uninstallTree(session, await readTree(session, 'node_link'))
 * ```
 *
 * @throws TREE_REFUSED when rights are lacking
 */
export async function uninstallTree(session: TreeSession, model: TreeModel): Promise<void> {
  const left =
    session.dialect === 'mariadb'
      ? 'Triggers of it may be gone, and its links kept by nobody: mend the cause, which is the database’s own error, and uninstall it again.'
      : 'It is there as it was; the database’s own error is the cause of this one.'
  await whole(session, uninstallDdl(model), [], 'The tree could not be uninstalled', left)
}

export function qualifiedName({ schema, links }: TreeModel): string {
  const quoted = `"${links.name.replaceAll('"', '""')}"`
  return schema === '' ? links.name : `"${schema.replaceAll('"', '""')}".${quoted}`
}

/** In a transaction where DDL may be in one; else what was done is undone by hand. */
async function whole(
  session: TreeSession,
  statements: readonly string[],
  undo: readonly string[],
  failure: string,
  otherwise = 'Nothing of it is left; the database’s own error is the cause of this one.',
): Promise<void> {
  const transactional = session.dialect !== 'mariadb'
  let done = 0
  try {
    if (transactional) await session.run(session.dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN')
    for (const sql of statements) {
      await session.run(sql)
      done += 1
    }
    if (transactional) await session.run('COMMIT')
  } catch (error) {
    // what has done nothing does not wait for others to undo it
    const begun = done === 0 ? [] : undo
    const back = transactional ? ['ROLLBACK'] : ['UNLOCK TABLES', ...begun]
    for (const sql of back) await session.run(sql).catch(() => {})
    const left = transactional ? undefined : await leftOf(session, begun)
    throw new PillionError('TREE_REFUSED', `${failure}: ${messageOf(error)}`, {
      cause: error,
      hint: left ?? hintFor(error, otherwise),
    })
  }
}

/** What could not be undone, for lack of rights or of a connection. */
async function leftOf(session: TreeSession, undo: readonly string[]): Promise<string | undefined> {
  for (const sql of undo.filter(each => each.startsWith('DROP TABLE')))
    try {
      await session.run(sql)
    } catch (error) {
      return `What was begun could not be taken away (${messageOf(error)}): as the table’s owner, run pillion tree ddl --down.`
    }
  return undefined
}

function hintFor(error: unknown, otherwise: string): string {
  const { code, errno, hint } = error as { readonly code?: unknown; readonly errno?: unknown; readonly hint?: unknown }
  if (code === '42501' || errno === 1142 || errno === 1044 || errno === 1419)
    return 'The role of this connection needs the rights of the table’s owner: to create tables, functions and triggers.'
  return typeof hint === 'string' ? hint : otherwise
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
