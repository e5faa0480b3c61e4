/**
 * Links made right again, by what the pointers say.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { orChanged } from './changed.js'
import { of, wrongLinks } from './closure.js'
import { recount } from './counts.js'
import { mendAnchors } from './ddl/mariadb/anchors.js'
import { plainly } from './mode.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { unlessGone } from './there.js'
import { letters, list, same, tail, type TreeText, treeText } from './text.js'

/** What a rebuild did. */
export interface Rebuilt {
  readonly added: number
  readonly removed: number
  readonly corrected: number
}

/** What to rebuild. */
export interface RebuildOptions {
  /** Only what is below this node, itself too: its key as text. */
  readonly below?: readonly string[]
}

/**
 * Finds every wrong link and mends it, in one transaction; the right ones are not touched. Counts are counted again, all of them. Readers go on, writers of the
 * tree's structure wait until it is done. A load that was
 * interrupted is over when the whole is rebuilt. Nodes that no root is above get no links: {@link verifyTree} names them.
 *
 * ```ts
 * await rebuildTree(session, model, { below: ['17'] })   // { added: 2, removed: 0, corrected: 0 }
 * ```
 *
 * @throws TREE_REFUSED when the node to begin at is not there, or the table or a column of the tree has another name or type by now
 */
export async function rebuildTree(
  session: TreeSession,
  model: TreeModel,
  options: RebuildOptions = {},
): Promise<Rebuilt> {
  return plainly(session, () => rebuildPlainly(session, model, options))
}

async function rebuildPlainly(session: TreeSession, model: TreeModel, options: RebuildOptions): Promise<Rebuilt> {
  const t = treeText(model)
  const found = await unlessGone(session, model)
  for (const sql of beginnings(session, t)) await session.run(sql)
  try {
    const rebuilt = await mendLinks(session, model, options)
    for (const sql of options.below === undefined && session.dialect === 'mariadb' ? mendAnchors(model) : [])
      await session.run(sql)
    // every row that it brought is linked
    if (options.below === undefined) await session.run(`DELETE FROM ${t.own('load')}`)
    await session.run('COMMIT')
    return rebuilt
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {})
    throw orChanged(error, model, found)
  }
}

/** In a transaction in which nobody else writes. */
export async function mendLinks(session: TreeSession, model: TreeModel, { below }: RebuildOptions): Promise<Rebuilt> {
  const t = treeText(model)
  await session.run(`${dropping(session)} IF EXISTS ${own(session)}pillion_wrong`)
  await session.run(findWrong(model))
  if (below !== undefined) await narrow(session, model, below)
  const rebuilt = await mend(session, model, t)
  for (const sql of model.counts ? [...countsAlone(session, t), ...recount(model)] : []) await session.run(sql)
  await session.run(`${dropping(session)} ${own(session)}pillion_wrong`)
  return rebuilt
}

/** Whoever changes the structure waits. */
function beginnings({ dialect }: TreeSession, t: TreeText): readonly string[] {
  if (dialect === 'sqlite') return ['BEGIN IMMEDIATE']
  // CREATE … SELECT shares the locks of all that it reads: of the nodes, too
  if (dialect === 'mariadb') return ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION']
  return [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    // what is not seen would be taken for gone
    'SET LOCAL row_security = off',
    `LOCK TABLE ${t.links} IN SHARE ROW EXCLUSIVE MODE`,
    `SET LOCAL pillion.tree = 'rebuild'`,
  ]
}

/** Where a session's own tables are, and no one else's of the same name. */
const own = ({ dialect }: TreeSession): string => ({ postgres: 'pg_temp.', mariadb: '', sqlite: 'temp.' })[dialect]

/** Nobody adds counts up meanwhile. */
const countsAlone = ({ dialect }: TreeSession, t: TreeText): readonly string[] =>
  dialect === 'postgres' ? [`LOCK TABLE ${t.counts}, ${t.deltas} IN SHARE ROW EXCLUSIVE MODE`] : []

/** MariaDB would commit what is under way, and let go of its locks, were it not told that the table is temporary. */
const dropping = ({ dialect }: TreeSession): string => (dialect === 'mariadb' ? 'DROP TEMPORARY TABLE' : 'DROP TABLE')

/** Every wrong link, in a table of the session's own. */
function findWrong(model: TreeModel): string {
  const names = list(letters('_k', model), tail(model, letters('_p', model)), '_wanted', '_found')
  const select = wrongLinks(model).replace(
    'MAX(w._wanted), MAX(w._found)',
    'MAX(w._wanted) AS _wanted, MAX(w._found) AS _found',
  )
  const create = 'CREATE TEMPORARY TABLE pillion_wrong AS'
  const deep = /^SET STATEMENT .*? FOR /.exec(select)?.[0] ?? ''
  return `${deep}${create} SELECT ${names} FROM (${select.slice(deep.length)}) AS found`
}

/** Keeps what is about nodes below one, and about links to one of them. */
async function narrow(session: TreeSession, model: TreeModel, below: readonly string[]): Promise<void> {
  const t = treeText(model)
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const marks = below.map((_, i) => (session.dialect === 'postgres' ? `$${i + 1}` : '?'))
  await session.run(`${dropping(session)} IF EXISTS ${own(session)}pillion_below`)
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  const columns = k.map((name, i) => `${name} ${types[i]}`)
  // each wrong link is looked up in it; an index of the links is longer, and fits
  const engine = session.dialect === 'mariadb' ? ' ENGINE=InnoDB' : ''
  await session.run(`CREATE TEMPORARY TABLE pillion_below (${list(columns)}, PRIMARY KEY (${list(k)}))${engine}`)
  await session.run(
    `INSERT INTO pillion_below WITH RECURSIVE _down (${list(k)}) AS (
  SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${same(t.key('n'), marks)}
  UNION SELECT ${list(t.key('n'))} FROM _down AS d JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('d', k))}
) SELECT ${list(k)} FROM _down`,
    below,
  )
  await unlessNobody(session, model)
  const inside = (names: readonly string[]): string =>
    `EXISTS (SELECT 1 FROM pillion_below AS b WHERE ${same(of('b', k), of('pillion_wrong', names))})`
  // one at a time: MariaDB opens a temporary table once a statement
  const ancestor = [...k.slice(0, model.scope.length), ...tail(model, a)]
  await session.run(`DELETE FROM pillion_wrong WHERE NOT ${inside(k)} AND _wanted IS NOT NULL`)
  await session.run(`UPDATE pillion_wrong SET _wanted = -1 WHERE _wanted IS NULL AND ${inside(k)}`)
  await session.run(`UPDATE pillion_wrong SET _wanted = -1 WHERE _wanted IS NULL AND ${inside(ancestor)}`)
  await session.run('DELETE FROM pillion_wrong WHERE _wanted IS NULL')
  await session.run('UPDATE pillion_wrong SET _wanted = NULL WHERE _wanted = -1')
  await session.run(`${dropping(session)} ${own(session)}pillion_below`)
}

/** Nothing to mend below a node that is not there would look as if all were well. */
async function unlessNobody(session: TreeSession, model: TreeModel): Promise<void> {
  const [first] = await session.run('SELECT 1 FROM pillion_below LIMIT 1')
  if (first !== undefined) return
  throw new PillionError('TREE_REFUSED', `There is no such node in ${model.table} to rebuild below.`, {
    hint: 'Links of nodes that are gone go when the whole is rebuilt.',
  })
}

async function mend(session: TreeSession, model: TreeModel, t: TreeText): Promise<Rebuilt> {
  const count = async (condition: string): Promise<number> =>
    Number((await session.run(`SELECT COUNT(*) FROM pillion_wrong WHERE ${condition}`))[0]?.[0])
  const removed = await count('_wanted IS NULL')
  const added = await count('_found IS NULL')
  const corrected = await count('_wanted IS NOT NULL AND _found IS NOT NULL')
  const [k, a] = [letters('_k', model), tail(model, letters('_p', model))]
  const links = list(t.node(), tail(model, t.ancestor()))
  const wrong = `EXISTS (SELECT 1 FROM pillion_wrong AS w WHERE ${same(of('w', [...k, ...a]), [...t.node(t.links), ...tail(model, t.ancestor(t.links))])} AND w._found IS NOT NULL)`
  if (removed + corrected > 0) {
    // from the few wrong ones to the many links, and not the other way round
    const sql =
      session.dialect === 'sqlite'
        ? `DELETE FROM ${t.links} WHERE (${links}) IN (SELECT ${list(k, a)} FROM pillion_wrong WHERE _found IS NOT NULL)`
        : session.dialect === 'mariadb'
          ? `DELETE l FROM pillion_wrong AS w JOIN ${t.links} AS l ON ${same(of('w', [...k, ...a]), [...t.node('l'), ...tail(model, t.ancestor('l'))])} WHERE w._found IS NOT NULL`
          : `DELETE FROM ${t.links} WHERE ${wrong}`
    await session.run(sql)
  }
  await session.run(
    `INSERT INTO ${t.links} (${links}, ${t.distance}) SELECT ${list(k, a)}, _wanted FROM pillion_wrong WHERE _wanted IS NOT NULL`,
  )
  return { added, removed, corrected }
}
