/**
 * Many nodes at once: rows in batches, no trigger in between, the links in one go at the end.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { fillMariadb } from './ddl/mariadb.js'
import { barePostgres, fillPostgres } from './ddl/postgres.js'
import { fillSqlite } from './ddl/sqlite.js'
import { interruptedLoad } from './load-state.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { list, treeText } from './text.js'

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

export interface LoadProgress {
  readonly step: 'rows' | 'links' | 'done'
  /** All that are in the table by now, those of an interrupted load too. */
  readonly rows: number
}

/** Placeholders that a statement may have. */
const most = { postgres: 65_000, mariadb: 65_000, sqlite: 32_000 } as const

/**
 * Inserts rows into the table of nodes, parents before their children or beside them in one batch, then makes the links.
 * Every batch is committed with the number of rows so far: a load that was interrupted is named by {@link verifyTree}, and
 * goes on where it stopped when it is given the same rows again. Memory holds one batch.
 *
 * @returns how many rows were inserted by this call
 * @throws CANCELLED when `signal` is aborted
 */
export async function loadTree(
  session: TreeSession,
  model: TreeModel,
  rows: AsyncIterable<readonly (string | null)[]> | Iterable<readonly (string | null)[]>,
  { columns, batch = 1_000, onProgress = () => {}, signal }: LoadOptions,
): Promise<number> {
  const size = Math.max(1, Math.min(batch, Math.floor(most[session.dialect] / Math.max(1, columns.length))))
  const before = await begin(session, model)
  let done = before
  try {
    for await (const some of batches(rows, before, size)) {
      await insert(session, model, columns, some)
      done += some.length
      onProgress({ step: 'rows', rows: done })
      if (signal?.aborted)
        throw new PillionError('CANCELLED', `The load was stopped after ${done} rows.`, {
          cause: signal.reason,
          hint: 'Load the same rows again to go on from there.',
        })
    }
    onProgress({ step: 'links', rows: done })
    await link(session, model)
    onProgress({ step: 'done', rows: done })
    return done - before
  } finally {
    await session.run(quiet[session.dialect].end).catch(() => {})
  }
}

/** How a session tells the triggers that it loads; SQLite's see the row that says how far it has come. */
const quiet = {
  postgres: { begin: `SET pillion.tree = 'load'`, end: `SET pillion.tree = ''` },
  mariadb: { begin: `SET @pillion_tree = 'load'`, end: 'SET @pillion_tree = NULL' },
  sqlite: { begin: 'SELECT 1', end: 'SELECT 1' },
} as const

async function begin(session: TreeSession, model: TreeModel): Promise<number> {
  const before = await interruptedLoad(session, model)
  if (before === undefined) await session.run(`INSERT INTO ${treeText(model).own('load')} (n) VALUES (0)`)
  await session.run(quiet[session.dialect].begin)
  return before ?? 0
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
  if (batch.length > 0) yield batch
}

async function insert(
  session: TreeSession,
  model: TreeModel,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const t = treeText(model)
  const mark = (i: number): string => (session.dialect === 'postgres' ? `$${i + 1}` : '?')
  const values = rows.map((_, r) => `(${columns.map((_, c) => mark(r * columns.length + c)).join(', ')})`)
  await inTransaction(session, async () => {
    await session.run(
      `INSERT INTO ${t.table} (${list(columns.map(t.quote))}) VALUES ${values.join(', ')}`,
      rows.flatMap(row => columns.map((_, c) => row[c] ?? null)),
    )
    await session.run(`UPDATE ${t.own('load')} SET n = n + ${rows.length}`)
  })
}

/** All links that are not there yet. Writers of the structure wait. */
async function link(session: TreeSession, model: TreeModel): Promise<void> {
  const t = treeText(model)
  await inTransaction(session, async () => {
    if (session.dialect === 'postgres') {
      await session.run('SET LOCAL row_security = off')
      await session.run(`LOCK TABLE ${t.links} IN ACCESS EXCLUSIVE MODE`)
      const [first] = await session.run(`SELECT 1 FROM ${t.links} LIMIT 1`)
      for (const sql of first === undefined ? barePostgres(model) : []) await session.run(sql)
      for (const sql of fillPostgres(model)) await session.run(sql)
    } else await session.run(session.dialect === 'mariadb' ? fillMariadb(model, t) : fillSqlite(model, t))
    await session.run(`DELETE FROM ${t.own('load')}`)
  })
}

async function inTransaction(session: TreeSession, work: () => Promise<void>): Promise<void> {
  await session.run(session.dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN')
  try {
    await work()
    await session.run('COMMIT')
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {})
    throw error
  }
}
