/**
 * `sql_mode`, by which MariaDB reads SQL in other ways: under ORACLE it is another language, under EMPTY_STRING_IS_NULL no text equals
 * `''`, under STRICT_ALL_TABLES what is cut is refused. Triggers and routines keep the mode of whoever makes them.
 *
 * @module
 */
import type { TreeSession } from './session.js'

/** What the statements of trees are written for. */
export const plainMode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'

/** Under these our own statements say something else. */
const misread: ReadonlySet<string> = new Set(['ORACLE', 'EMPTY_STRING_IS_NULL'])

/** Statements for a client that is in any mode, and in the same behind them. */
export function inPlainMode(statements: readonly string[]): readonly string[] {
  return [
    `SET @pillion_sql_mode = @@sql_mode, sql_mode = '${plainMode}'`,
    ...statements,
    'SET sql_mode = @pillion_sql_mode',
  ]
}

/** Work that touches nothing but what is ours, in the mode that it is written for. */
export function plainly<T>(session: TreeSession, work: () => Promise<T>): Promise<T> {
  return inMode(session, () => plainMode, work)
}

/** Work that writes rows of others, as their mode has it, where that can be read. */
export function readably<T>(session: TreeSession, work: () => Promise<T>): Promise<T> {
  const kept = (mode: string): string =>
    mode
      .split(',')
      .filter(word => !misread.has(word))
      .join(',')
  return inMode(session, kept, work)
}

async function inMode<T>(session: TreeSession, of: (mode: string) => string, work: () => Promise<T>): Promise<T> {
  if (session.dialect !== 'mariadb') return work()
  const [[before = ''] = []] = await session.run('SELECT @@sql_mode')
  const mode = of(before ?? '')
  if (mode === before) return work()
  await session.run(`SET sql_mode = '${mode}'`)
  const back = (): Promise<unknown> => session.run(`SET sql_mode = '${before}'`)
  const done = await work().catch(async error => {
    // what went wrong first is what is to be told
    await back().catch(() => {})
    throw error
  })
  await back()
  return done
}
