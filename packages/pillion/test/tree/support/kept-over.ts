import { installTree, loadTree, readTreeTable, treeModel, treeSession, uninstallTree, verifyTree } from 'pillion/tree'
import { expect } from 'vitest'

/** A tree is kept over a driver's own connection from its install to its end. */
export async function keptOver(connection: object): Promise<void> {
  const session = treeSession(connection)
  // a key that no number holds
  const big = '9007199254740993'
  await session.run('create table node (id bigint primary key, parent_id bigint)')
  expect(await session.run('insert into node values (1, null), (2, 1)')).toEqual([])
  const table = await readTreeTable(session, 'node')
  const model = treeModel(session.dialect, table, { parent: 'parent_id', closure: 'link' })
  expect(await installTree(session, model)).toBe(true)
  await loadTree(session, model, [[big, '2']], { columns: ['id', 'parent_id'] })
  expect(await verifyTree(session, model)).toEqual([])
  const above = await session.run('select ancestor_id from link where node_id > 2 order by distance')
  expect(above).toEqual([[big], ['2'], ['1']])
  await uninstallTree(session, model)
  await expect(session.run('select 1 from link')).rejects.toThrow()
}
