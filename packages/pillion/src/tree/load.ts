/**
 * Many nodes at once: rows in batches, no trigger in between, the links in one go at the end.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { orChanged } from './changed.js'
import { deeply, expectedLinks, of } from './closure.js'
import { barePostgres, fillPostgres, freelyPostgres } from './ddl/postgres.js'
import { fillSqlite } from './ddl/sqlite.js'
import { interruptedLoad } from './load-state.js'
import { readably } from './mode.js'
import type { TreeModel } from './model.js'
import { mendLinks } from './rebuild.js'
import { refused } from './refusal.js'
import type { TreeSession } from './session.js'
import { unlessGone } from './there.js'
import { letters, list, same, tail, treeText } from './text.js'

/** How to load. */
export interface LoadOptions {
  /** The columns of each row, in order. */
  readonly columns: readonly string[]
  /** Rows a statement, and a transaction: 1,000 by default. */
  readonly batch?: number
  /** Told after each batch, and when the links are begun and done. */
  readonly onProgress?: (progress: LoadProgress) => void
  /** Stops after the batch under way; loading the same rows again goes on from there. */
  readonly signal?: AbortSignal
}

/** How far a load has come. */
export interface LoadProgress {
  /** `resumed` where an interrupted load goes on: its rows are not brought again. */
  readonly step: 'resumed' | 'rows' | 'links' | 'done'
  /** All that are in the table by now, those of an interrupted load too. */
  readonly rows: number
}

type Rows = AsyncIterable<readonly (string | null)[]> | Iterable<readonly (string | null)[]>

/** Placeholders that a statement may have. */
const most = { postgres: 65_000, mariadb: 65_000, sqlite: 32_000 } as const

/**
 * Inserts rows into the table of nodes, parents before their children or beside them in one batch, then makes the links.
 * Every batch is committed with the number of rows so far: a load that was interrupted is named by {@link verifyTree}, and
 * goes on where it stopped when it is given the same rows again. {@link rebuildTree} of the whole ends it, and links what it
 * brought. One load at a time. Memory holds one batch.
 *
 * ```ts
 * await loadTree(session, model, [['1', null, 'world'], ['2', '1', 'Europe']], { columns: ['id', 'parent_id', 'name'] })   // 2
 * ```
 *
 * @returns how many rows were inserted by this call
 * @throws CANCELLED when `signal` is aborted
 * @throws TREE_INVALID when the table has no such column
 * @throws TREE_KEY_MISSING when a row has no key, which SQLite lets be
 * @throws TREE_REFUSED when the rows make no tree, are not those of the interrupted load, or another load is under way
 */
export async function loadTree(
  session: TreeSession,
  model: TreeModel,
  rows: Rows,
  options: LoadOptions,
): Promise<number> {
  return readably(session, () => loadReadably(session, model, rows, options))
}

async function loadReadably(
  session: TreeSession,
  model: TreeModel,
  rows: Rows,
  { columns, batch = 1_000, onProgress = () => {}, signal }: LoadOptions,
): Promise<number> {
  const size = Math.max(1, Math.min(batch, Math.floor(most[session.dialect] / Math.max(1, columns.length))))
  const found = await unlessGone(session, model, columns)
  const before = await begin(session, model)
  let done = before
  if (before > 0) onProgress({ step: 'resumed', rows: before })
  try {
    for await (const some of batches(rows, before, size)) {
      await insert(session, model, columns, some, done)
      done += some.length
      onProgress({ step: 'rows', rows: done })
      if (signal?.aborted)
        throw new PillionError('CANCELLED', `The load was stopped after ${done} rows.`, {
          cause: signal.reason,
          hint: 'Load the same rows again to go on from there.',
        })
    }
    onProgress({ step: 'links', rows: done })
    await link(session, model, done)
    onProgress({ step: 'done', rows: done })
    return done - before
  } catch (error) {
    throw orChanged(error, model, found)
  } finally {
    await session.run(quiet[session.dialect].end).catch(() => {})
    // what brought nothing leaves nothing
    if (done === 0) await session.run(`DELETE FROM ${treeText(model).own('load')} WHERE n = 0`).catch(() => {})
  }
}

/** How a session tells the triggers that it loads; SQLite's see the row that says how far it has come. */
const quiet = {
  postgres: { begin: `SET pillion.tree = 'load'`, end: `SET pillion.tree = ''` },
  mariadb: { begin: `SET @pillion_tree = 'load'`, end: 'SET @pillion_tree = NULL' },
  sqlite: { begin: 'SELECT 1', end: 'SELECT 1' },
} as const

async function begin(session: TreeSession, model: TreeModel): Promise<number> {
  const load = treeText(model).own('load')
  if (session.dialect === 'mariadb') await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  const before = await inTransaction(session, async () => {
    if (session.dialect === 'postgres') await session.run(`LOCK TABLE ${load} IN EXCLUSIVE MODE`)
    const found = await interruptedLoad(session, model, alone(session))
    if (found === undefined) await session.run(`INSERT INTO ${load} (n) VALUES (0)`)
    return found ?? 0
  })
  await session.run(quiet[session.dialect].begin)
  return before
}

/** Nobody else reads so until the transaction is over. */
const alone = ({ dialect }: TreeSession): string => (dialect === 'sqlite' ? '' : ' FOR UPDATE')

/** Two who load at once would each take the other's rows for their own. */
async function unlessAnother(session: TreeSession, model: TreeModel, done: number): Promise<void> {
  if ((await interruptedLoad(session, model, alone(session))) === done) return
  throw new PillionError('TREE_REFUSED', `Another load into ${model.table} came between.`, {
    hint: `These ${done} rows are in the table. When the other load is done, load the rest.`,
  })
}

/** Rows in groups, without the first few. */
async function* batches<T>(rows: AsyncIterable<T> | Iterable<T>, skipped: number, size: number) {
  let at = 0
  let batch: T[] = []
  for await (const row of rows) {
    if (at++ < skipped) continue
    batch.push(row)
    if (batch.length === size) {
      yield batch
      batch = []
    }
  }
  if (at < skipped)
    throw new PillionError('TREE_REFUSED', `The interrupted load brought ${skipped} rows, and here are but ${at}.`, {
      hint: 'Load the same rows again to end it; or end it without the rest: pillion tree rebuild.',
    })
  if (batch.length > 0) yield batch
}

async function insert(
  session: TreeSession,
  model: TreeModel,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  done: number,
): Promise<void> {
  const t = treeText(model)
  const mark = (i: number): string => (session.dialect === 'postgres' ? `$${i + 1}` : '?')
  const values = rows.map((_, r) => `(${columns.map((_, c) => mark(r * columns.length + c)).join(', ')})`)
  await inTransaction(session, async () => {
    await unlessAnother(session, model, done)
    // a key that PostgreSQL makes by itself, ALWAYS even, is here that of the row: its parent is known by it
    const as = session.dialect === 'postgres' ? 'OVERRIDING SYSTEM VALUE ' : ''
    await session.run(
      `INSERT INTO ${t.table} (${list(columns.map(t.quote))}) ${as}VALUES ${values.join(', ')}`,
      rows.flatMap(row => columns.map((_, c) => row[c] ?? null)),
    )
    if (session.dialect === 'sqlite' && rows.some(row => lacksKey(row, columns, model)))
      await unlessKeyless(session, model)
    await session.run(`UPDATE ${t.own('load')} SET n = n + ${rows.length}`)
  })
}

/** Is it without a part of its key? SQLite may give it one by itself, and else lets it be NULL. */
function lacksKey(row: readonly (string | null)[], columns: readonly string[], { scope, key }: TreeModel): boolean {
  return [...scope, ...key].some(({ name }) => (row[columns.indexOf(name)] ?? null) === null)
}

/** No trigger looks. */
async function unlessKeyless(session: TreeSession, model: TreeModel): Promise<void> {
  const t = treeText(model)
  const missing = t.key().map(column => `${column} IS NULL`)
  const [row] = await session.run(`SELECT 1 FROM ${t.table} WHERE ${missing.join(' OR ')} LIMIT 1`)
  if (row !== undefined) throw refused('TREE_KEY_MISSING')
}

/** All links that are not there yet, and none that should not be. Writers of the structure wait. */
async function link(session: TreeSession, model: TreeModel, done: number): Promise<void> {
  const t = treeText(model)
  // what is read is locked, and nobody moves it meanwhile
  if (session.dialect === 'mariadb') await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  await inTransaction(session, async () => {
    await unlessAnother(session, model, done)
    if (session.dialect === 'postgres') {
      await session.run('SET LOCAL row_security = off')
      await session.run(`LOCK TABLE ${t.links} IN ACCESS EXCLUSIVE MODE`)
    }
    const [first] = await session.run(`SELECT 1 FROM ${t.links} LIMIT 1`)
    if (session.dialect === 'postgres') {
      for (const sql of first === undefined ? barePostgres(model) : []) await session.run(sql)
      for (const sql of freelyPostgres(model, fillPostgres(model))) await session.run(sql)
    } else if (session.dialect === 'mariadb') await linkMariadb(session, model)
    else if (first === undefined) await session.run(fillSqlite(model, t))
    // what others moved below rows that were not linked yet may have links that are wrong by now
    else await mendLinks(session, model, {})
    await unlessLost(session, model)
    await session.run(`DELETE FROM ${t.own('load')}`)
  })
}

/**
 * Some of the links that were there may be of rows that are gone: below a row that has none yet the engine's own cascade takes
 * rows, and tells no trigger. There are too many then, or what they say is too far.
 */
async function linkMariadb(session: TreeSession, model: TreeModel): Promise<void> {
  await session.run(fillFromRoots(model))
  const [found] = await session.run(sumOfLinks(model))
  const [wanted] = await session.run(sumOfPaths(model))
  if (String(found) !== String(wanted)) await mendLinks(session, model, {})
}

/** How many links there are, and all of their distances. */
function sumOfLinks(model: TreeModel): string {
  const t = treeText(model)
  return `SELECT COUNT(*), COALESCE(SUM(l.${t.distance}), 0) FROM ${t.links} AS l`
}

/** The same of the pointers, from the depths of the nodes alone. */
function sumOfPaths(model: TreeModel): string {
  const t = treeText(model)
  const k = letters('_k', model)
  return `${deeply(model)}WITH RECURSIVE _reached (${list(k)}, _far) AS (
  SELECT ${list(t.key('n'))}, CAST(0 AS int) FROM ${t.table} AS n WHERE ${t.isRoot('n')}
  UNION ALL SELECT ${list(t.key('n'))}, r._far + 1 FROM _reached AS r JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('r', k))}
) SELECT COALESCE(SUM(r._far + 1), 0), COALESCE(SUM(r._far * (r._far + 1) DIV 2), 0) FROM _reached AS r`
}

/** From the roots down, which ends where pointers run in circles. */
function fillFromRoots(model: TreeModel): string {
  const t = treeText(model)
  const [k, a] = [letters('_k', model), tail(model, letters('_p', model))]
  const columns = list(of('m', k), of('m', a))
  return `${deeply(model)}INSERT IGNORE INTO ${t.links} (${list(t.node(), tail(model, t.ancestor()), t.distance)})
WITH RECURSIVE ${expectedLinks(model)}
SELECT ${columns}, m._far FROM _made AS m ORDER BY ${columns}`
}

async function unlessLost(session: TreeSession, model: TreeModel): Promise<void> {
  const t = treeText(model)
  const linked = `SELECT 1 FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('n'))} AND ${same(t.ancestor('l'), t.key('n'))}`
  const [lost] = await session.run(
    `SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE NOT EXISTS (${linked}) LIMIT 1`,
  )
  if (lost === undefined) return
  throw new PillionError('TREE_REFUSED', `The rows make no tree: node ${lost.join(', ')} has no path to a root.`, {
    hint: 'It is below itself, or its parent is missing. Mend it in the table, and load the same rows again to make the links.',
  })
}

async function inTransaction<T>(session: TreeSession, work: () => Promise<T>): Promise<T> {
  await session.run(session.dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN')
  try {
    const result = await work()
    await session.run('COMMIT')
    return result
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {})
    throw error
  }
}
