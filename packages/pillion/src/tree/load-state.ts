/**
 * How far a load has come: what an interrupted one leaves behind.
 *
 * @module
 */
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { treeText } from './text.js'

/** The rows that an unfinished load has brought, or nothing where there is none. */
export async function interruptedLoad(session: TreeSession, model: TreeModel, lock = ''): Promise<number | undefined> {
  const [row] = await session.run(`SELECT n FROM ${treeText(model).own('load')}${lock}`)
  return row === undefined ? undefined : Number(row[0])
}
