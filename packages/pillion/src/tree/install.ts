/**
 * Installing a tree, and taking it away: whole or not at all.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { installing, sideTables, uninstalling } from './ddl.js'
import { findTable, qualifiedName, treeIn } from './find.js'
import { marker } from './marker.js'
import { plainly } from './mode.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import type { FoundTable } from './table/reader.js'
import { unlessNamesTaken } from './taken.js'
import { treeText } from './text.js'
import { missingTriggers, outdatedTriggers } from './triggers.js'

/**
 * Makes the table of links, fills it from the pointers, and makes the triggers that keep it. Other writers wait meanwhile.
 * Nothing is left of it when it fails. Installing what is there already does nothing; where triggers of it are gone, it begins anew; where
 * another version of pillion made them they are made again, and the table of links stays with its rights and all that looks at it.
 *
 * ```ts
 * await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'node_link' }))   // true
 * ```
 *
 * @returns whether there was anything to do
 * @throws TREE_REFUSED when the pointers make no tree, the links' table is something else, or rights are lacking
 */
export async function installTree(session: TreeSession, model: TreeModel): Promise<boolean> {
  return plainly(session, () => installPlainly(session, model))
}

async function installPlainly(session: TreeSession, model: TreeModel): Promise<boolean> {
  // who finds it as it is to be keeps nobody waiting; whoever else installs it now may be half done, so that nothing is refused yet
  if (await isInstalled(session, model)) return false
  const failure = 'The tree could not be installed'
  return whole(session, model, failure, async () => {
    // somebody else may have installed it meanwhile
    const work = await workOn(session, model)
    if (work !== undefined) await run(session, model, failure, work)
    return work !== undefined
  })
}

/** What is to be done, and what takes it back. */
interface Work {
  readonly statements: readonly string[]
  readonly undo: readonly string[]
  /** How it stands when that fails, where something was there before. */
  readonly left?: string
}

/** What there is to do, or nothing where all of it is there. */
async function workOn(session: TreeSession, model: TreeModel): Promise<Work | undefined> {
  const there = await findTable(session, qualifiedName(model))
  if (there === undefined) {
    await unlessTaken(session, model)
    return { statements: installing(model), undo: uninstalling(model) }
  }
  const found = alikeIn(there, model)
  if (found !== undefined) {
    // whoever installed may have been killed between two statements of MariaDB's, or the table was made anew
    if ((await missingTriggers(session, found)).length > 0)
      // links that it made before were kept by nobody since
      return { statements: [...uninstalling(found), ...installing(found)], undo: uninstalling(found) }
    if ((await outdatedTriggers(session, found)).length === 0) return undefined
    return { statements: installing(found), undo: [], left: asItWas }
  }
  throw new PillionError(
    'TREE_REFUSED',
    treeIn(there) === undefined
      ? `There is a table ${model.links.name} already, and pillion did not make it.`
      : `The tree ${model.links.name} is installed otherwise.`,
    { hint: 'Name another table: closure. Or drop this one; pillion’s own by: pillion tree uninstall.' },
  )
}

/** The tree that these links are of, where it is the one to be. */
function alikeIn(there: FoundTable, model: TreeModel): TreeModel | undefined {
  const found = treeIn(there)
  // an index to find children by may be one that was made with it
  return found !== undefined && marker({ ...model, indexed: found.indexed }) === marker(found) ? found : undefined
}

async function isInstalled(session: TreeSession, model: TreeModel): Promise<boolean> {
  const there = await findTable(session, qualifiedName(model))
  const found = there && alikeIn(there, model)
  if (found === undefined || (await missingTriggers(session, found)).length > 0) return false
  return (await outdatedTriggers(session, found)).length === 0
}

const asItWas =
  'The links are kept as before, by triggers of which some may be new by now; the database’s own error is the cause of this one.'

/** What is somebody else's is not filled, and not dropped when it fails. */
async function unlessTaken(session: TreeSession, model: TreeModel): Promise<void> {
  for (const name of sideTables(model)) {
    if ((await tableOf(session, model, name)) === undefined) continue
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
  const failure = 'The tree could not be uninstalled'
  const work = { statements: uninstalling(model), undo: [] }
  await plainly(session, () => whole(session, model, failure, () => run(session, model, failure, work), left))
}

/** A table by its name, beside that of the links. */
const tableOf = (session: TreeSession, model: TreeModel, name: string) =>
  findTable(session, qualifiedName({ ...model, links: { ...model.links, name } }))

/** How it is made sure that nobody else installs these links, or takes them away, until it is done. */
interface Turn {
  take(session: TreeSession, model: TreeModel): Promise<unknown>
  done(session: TreeSession, model: TreeModel): Promise<unknown>
  failed(session: TreeSession, model: TreeModel): Promise<unknown>
}

/** Where DDL may be in a transaction. */
const transaction = {
  done: (session: TreeSession) => session.run('COMMIT'),
  failed: (session: TreeSession) => session.run('ROLLBACK'),
}

/** What each statement of MariaDB’s leaves is seen by others, who would take it for what a killed install left. */
const turnName = `CONCAT('pillion ', SHA1(CONCAT(database(), '.', ?)))`
const release = (session: TreeSession, { links }: TreeModel) =>
  session.run(`DO RELEASE_LOCK(${turnName})`, [links.name])

const turns: { readonly [dialect in TreeDialect]: Turn } = {
  postgres: {
    ...transaction,
    async take(session, model) {
      await session.run('BEGIN')
      const { table } = treeText(model)
      const [[nodes = null] = []] = await session.run('SELECT to_regclass($1)::text', [table])
      // what is left of a tree whose nodes are gone can be taken away
      if (nodes !== null) await session.run(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`)
    },
  },
  mariadb: {
    async take(session, { links }) {
      const [[taken] = []] = await session.run(`SELECT GET_LOCK(${turnName}, @@lock_wait_timeout)`, [links.name])
      if (taken !== '1') throw new Error(`another session installs ${links.name}, or takes it away`)
    },
    done: release,
    failed: release,
  },
  sqlite: { ...transaction, take: session => session.run('BEGIN IMMEDIATE') },
}

/** One at a time, whole or not at all. */
async function whole<T>(
  session: TreeSession,
  model: TreeModel,
  failure: string,
  work: () => Promise<T>,
  otherwise = 'Nothing of it is left; the database’s own error is the cause of this one.',
): Promise<T> {
  const turn = turns[session.dialect]
  try {
    await turn.take(session, model)
    const result = await work()
    await turn.done(session, model)
    return result
  } catch (error) {
    await turn.failed(session, model).catch(() => {})
    throw isPillionError(error) ? error : refused(failure, error, hintFor(error, otherwise))
  }
}

const refused = (failure: string, cause: unknown, hint: string): PillionError =>
  new PillionError('TREE_REFUSED', `${failure}: ${messageOf(cause)}`, { cause, hint })

/** What no transaction takes back is undone by hand. */
async function run(session: TreeSession, model: TreeModel, failure: string, work: Work): Promise<void> {
  const { statements, undo } = work
  let done = 0
  try {
    for (const sql of statements) {
      await session.run(sql)
      done += 1
    }
  } catch (error) {
    if (work.left !== undefined) {
      await session.run(session.dialect === 'mariadb' ? 'UNLOCK TABLES' : 'ROLLBACK').catch(() => {})
      throw refused(failure, error, hintFor(error, work.left))
    }
    // what has done nothing does not wait for others to undo it
    if (session.dialect !== 'mariadb' || done === 0) throw error
    for (const sql of ['UNLOCK TABLES', ...undo]) await session.run(sql).catch(() => {})
    const left = await leftOf(session, model, undo)
    throw left === undefined ? error : refused(failure, error, left)
  }
}

/** What could not be undone, for lack of rights or of a connection. */
async function leftOf(session: TreeSession, model: TreeModel, undo: readonly string[]): Promise<string | undefined> {
  for (const sql of undo.filter(each => each.startsWith('DROP TABLE')))
    try {
      await session.run(sql)
    } catch (error) {
      // who may not drop a table is refused where there is none, too
      if (!(await isThere(session, model).catch(() => true))) return undefined
      return `What was begun could not be taken away (${messageOf(error)}): as the table’s owner, run pillion tree ddl --down.`
    }
  return undefined
}

/** Is any of its tables? */
async function isThere(session: TreeSession, model: TreeModel): Promise<boolean> {
  for (const name of [model.links.name, ...sideTables(model)])
    if ((await tableOf(session, model, name)) !== undefined) return true
  return false
}

function hintFor(error: unknown, otherwise: string): string {
  const { code, errno, hint } = error as { readonly code?: unknown; readonly errno?: unknown; readonly hint?: unknown }
  if (code === '42501' || errno === 1142 || errno === 1044 || errno === 1419)
    return 'The role of this connection needs the rights of the table’s owner: to create tables, functions and triggers.'
  // a foreign key keeps TRUNCATE from the nodes
  if (errno === 1005)
    return 'The table of the nodes is to be in InnoDB and in no partitions: no foreign key leads to another.'
  return typeof hint === 'string' ? hint : otherwise
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}
