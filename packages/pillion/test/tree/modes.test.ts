/**
 * The `sql_mode` of whoever installs a tree on MariaDB, and of whoever writes: triggers keep the one that they were made in.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  adviseTree,
  describeFault,
  installDdl,
  installTree,
  loadTree,
  readTree,
  readTreeTable,
  rebuildTree,
  type TreeModel,
  treeModel,
  treeStats,
  uninstallDdl,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import { engines, type Ground, type TestSession } from './support/engines.js'

const modes = [
  'ORACLE',
  'EMPTY_STRING_IS_NULL',
  'STRICT_ALL_TABLES',
  'TRADITIONAL',
  'ANSI',
  'NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
  'HIGH_NOT_PRECEDENCE,PAD_CHAR_TO_FULL_LENGTH,NO_UNSIGNED_SUBTRACTION',
  '',
]

const tables = {
  'that cascades':
    'create table node (id int primary key, parent_id int, foreign key (parent_id) references node (id) on delete cascade)',
  'without a foreign key': 'create table node (id varchar(9) primary key, parent_id varchar(9))',
}

describe.each(engines().filter(({ dialect }) => dialect === 'mariadb'))('on $name', engine => {
  let ground: Ground
  let session: TestSession
  beforeEach(async () => {
    ground = await engine.open()
    session = await ground.session()
  })
  afterEach(async () => {
    await session.close()
    await ground.drop()
  })

  const modeOf = async (): Promise<unknown> => (await session.run('select @@sql_mode'))[0]?.[0]
  const planned = async (): Promise<TreeModel> =>
    treeModel('mariadb', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'link', counts: true })
  const verified = async (): Promise<readonly string[]> =>
    (await verifyTree(session, await readTree(session, 'link'))).map(describeFault)

  const writes = async (): Promise<void> => {
    await session.run('insert into node values (3, 2), (4, 1)')
    await session.run('update node set parent_id = 4 where id = 2')
    await expect(session.run('update node set parent_id = 3 where id = 4')).rejects.toMatchObject({ errno: 4025 })
    await session.run('delete from node where id = 3')
  }

  describe.each(Object.entries(tables))('a table %s', (_, nodes) => {
    test.each(modes)('is kept whatever the mode, and leaves it: %j', async mode => {
      for (const sql of [nodes, 'insert into node values (1, null), (2, 1)', `set sql_mode = '${mode}'`])
        await session.run(sql)
      const before = await modeOf()
      await installTree(session, await planned())
      expect(await modeOf()).toBe(before)
      await writes()
      expect(await verified()).toEqual([])
      const model = await readTree(session, 'link')
      const rows = [
        ['5', null],
        ['6', '5'],
      ]
      expect(await loadTree(session, model, rows, { columns: ['id', 'parent_id'] })).toBe(2)
      await rebuildTree(session, model)
      await rebuildTree(session, model, { below: ['5'] })
      expect(await treeStats(session, model)).toMatchObject({ nodes: 5, lost: 0 })
      await adviseTree(session, model)
      expect(await verified()).toEqual([])
      await uninstallTree(session, model)
      expect(await session.run('show tables')).toHaveLength(1)
      expect(await modeOf()).toBe(before)
    })

    test.each(modes)('is kept by statements that a client runs in mode %j', async mode => {
      for (const sql of [nodes, 'insert into node values (1, null), (2, 1)', `set sql_mode = '${mode}'`])
        await session.run(sql)
      const [before, model] = [await modeOf(), await planned()]
      for (const sql of installDdl(model)) await session.run(sql)
      expect(await modeOf()).toBe(before)
      await writes()
      expect(await verified()).toEqual([])
      for (const sql of uninstallDdl(model)) await session.run(sql)
      expect(await modeOf()).toBe(before)
      expect(await session.run('show tables')).toHaveLength(1)
    })
  })

  test('a refused install leaves the mode', async () => {
    await session.run(tables['without a foreign key'])
    await session.run('insert into node values (1, 2)')
    await session.run(`set sql_mode = 'ORACLE'`)
    const before = await modeOf()
    await expect(installTree(session, await planned())).rejects.toMatchObject({ code: 'TREE_REFUSED' })
    expect(await modeOf()).toBe(before)
  })

  test('a trigger that was made in another mode is outdated, and is made again', async () => {
    await session.run(tables['that cascades'])
    const model = await planned()
    await installTree(session, model)
    const [made] = installDdl(model).filter(sql => sql.includes('TRIGGER `link_insert`'))
    await session.run(`set sql_mode = 'EMPTY_STRING_IS_NULL'`)
    await session.run(made ?? '')
    expect(await verified()).toEqual([
      'outdated: link_insert is not as this version of pillion makes it; install the tree again',
    ])
    expect(await installTree(session, model)).toBe(true)
    expect(await verified()).toEqual([])
  })

  test('loads rows as the mode of the session has them', async () => {
    await session.run('create table node (id int auto_increment primary key, parent_id int)')
    await installTree(session, await planned())
    await session.run(`set sql_mode = 'NO_AUTO_VALUE_ON_ZERO'`)
    await loadTree(session, await readTree(session, 'link'), [['0', null]], { columns: ['id', 'parent_id'] })
    expect(await session.run('select id from node')).toEqual([['0']])
  })
})
