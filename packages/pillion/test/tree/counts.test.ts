/**
 * Numbers of descendants: of rows that were there before, after a restore, and when they went wrong.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { describeFault, rebuildTree, verifyTree } from '../../src/tree/index.js'
import { engines } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'

let tree: Planted
afterEach(() => tree.drop())

const table = [
  'create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id) on delete cascade)',
  'insert into node (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2), (5, 3), (6, 4)',
]

describe.each(engines())('on $name', engine => {
  test('rows that are there are counted when the tree is installed', async () => {
    tree = await grow(engine, table, { counts: true })
    await tree.check()
    expect(await tree.session.run('select ancestor_id, n from node_ancestry_link_count order by ancestor_id')).toEqual([
      ['1', '5'],
      ['2', '2'],
      ['3', '1'],
      ['4', '1'],
    ])
    await tree.session.run('insert into node values (7, 6)')
    await tree.session.run('delete from node where id = 2')
    await tree.check()
  })

  test('verify names a count that is wrong, and rebuild mends it', async () => {
    tree = await grow(engine, table, { counts: true })
    const { session, model } = tree
    expect(await verifyTree(session, model)).toEqual([])
    await session.run('insert into node values (7, 5)')
    await session.run('update node_ancestry_link_count set n = n + 2 where ancestor_id = 4')
    await session.run('delete from node_ancestry_link_count where ancestor_id = 2')
    const faults = await verifyTree(session, model)
    expect(faults.map(describeFault).toSorted()).toEqual([
      'count: 2 has 2 below it, not 0',
      'count: 4 has 1 below it, not 3',
    ])
    await rebuildTree(session, model)
    expect(await verifyTree(session, model)).toEqual([])
    await tree.check()
  })

  test.runIf(engine.dialect === 'postgres')('a restore of data alone counts nothing twice', async () => {
    tree = await grow(engine, table, { counts: true })
    const { session, model } = tree
    await session.run('insert into node values (7, 6)')
    const tables = ['node', 'node_ancestry_link', 'node_ancestry_link_count', 'node_ancestry_link_delta']
    for (const each of tables) await session.run(`create temporary table dump_${each} as table ${each}`)
    await session.run('truncate node')
    for (const each of tables) await session.run(`insert into ${each} select * from dump_${each}`)
    expect(await verifyTree(session, model)).toEqual([])
    await session.run('select node_ancestry_link_roll_up()')
    await tree.check()
    expect(await session.run('select count(*) from node_ancestry_link_delta')).toEqual([['0']])
  })
})
