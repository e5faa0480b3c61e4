/**
 * The tables as they are made: by TypeORM, and the links of the departments by pillion.
 *
 * @module
 */
import { installTree, readTreeTable, type TreeSession, treeModel } from 'pillion/tree'
import type { Engine } from '../engine/engine.js'
import { sourceOf } from './source.js'

/** Makes the tables in an empty database. */
export async function createTables(engine: Engine, url: string): Promise<void> {
  const source = await sourceOf(engine, url, { synchronize: true }).initialize()
  await source.destroy()
  const session = await engine.session(url)
  try {
    await keepDepartments(session)
  } finally {
    await session.close()
  }
}

/** From now on a table holds, of every department, all that it is below, whoever writes departments. */
async function keepDepartments(session: TreeSession): Promise<void> {
  const department = await readTreeTable(session, 'department')
  const model = treeModel(session.dialect, department, { parent: 'parent_id', closure: 'department_link' })
  await installTree(session, model)
}
