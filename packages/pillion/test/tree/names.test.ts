/**
 * Tables and columns of any name, and names that are somebody else's.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import {
  adviseTree,
  installTree,
  loadTree,
  readTree,
  readTreeTable,
  rebuildTree,
  treeModel,
  treeStats,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import { engines, type Ground, type TestSession } from './support/engines.js'

let ground: Ground
let session: TestSession
afterEach(async () => {
  await session.close()
  await ground.drop()
})

describe.each(engines())('on $name', engine => {
  const mark = engine.dialect === 'mariadb' ? '`' : '"'
  const quoted = (name: string): string => mark + name.replaceAll(mark, mark + mark) + mark

  test.each([
    [`my "odd" table's`, 'sel\\ect', 'par"ent `x'],
    ['ORDER', 'SELECT', 'FROM'],
    ['é'.repeat(31), 'k'.repeat(60), 'p'.repeat(63)],
    ['a\\', '%5C', '%'],
    ['a.b', 'c.d', 'e; --'],
    [`x$&y$'`, 'key@on', 'ON @on'],
    ['$q$', '$pillion$', '$q1$ $pillion1$'],
    ['c', 'node_id', 'distance'],
    ['path', '_k1', '_far'],
    ['spot', 'place', 'followed'],
  ])('%s', async (table, key, parent) => {
    ground = await engine.open()
    session = await ground.session()
    await session.run(
      `create table ${quoted(table)} (${quoted(key)} bigint primary key, ${quoted(parent)} bigint, foreign key (${quoted(parent)}) references ${quoted(table)} (${quoted(key)}) on delete cascade)`,
    )
    await session.run(`insert into ${quoted(table)} values (1, null), (2, 1)`)
    const closure = `${table.slice(0, 22)}_'"\`\\`
    const model = treeModel(engine.dialect, await readTreeTable(session, table), { parent, closure, counts: true })
    await installTree(session, model)
    await session.run(`insert into ${quoted(table)} values (3, 2)`)
    await session.run(`update ${quoted(table)} set ${quoted(parent)} = 1 where ${quoted(key)} = 3`)
    await session.run(`delete from ${quoted(table)} where ${quoted(key)} = 2`)
    const found = await readTree(session, closure)
    expect(found).toEqual(model)
    expect(await verifyTree(session, found)).toEqual([])
    expect(await session.run(`select count(*) from ${quoted(closure)}`)).toEqual([['3']])
    expect(await installTree(session, model)).toBe(false)
    await rebuildTree(session, found)
    await uninstallTree(session, found)
    await expect(readTree(session, closure)).rejects.toMatchObject({ code: 'TREE_REFUSED' })
  })

  // what the statements call their own tables and rows
  const words = [
    'n',
    'c',
    'l',
    'd',
    'own',
    'reached',
    'made',
    'found',
    'down',
    'way',
    'free',
    'path',
    'moved',
    'segment',
  ]
  test.each(words)('tables called as the statements’ own: %s', async word => {
    ground = await engine.open()
    session = await ground.session()
    for (const [table, closure] of [
      [word, 'zz'],
      ['zz', word],
    ] as const) {
      await session.run(`create table ${table} (id bigint primary key, parent_id bigint)`)
      await session.run(`insert into ${table} values (1, null), (2, 1)`)
      const found = await readTreeTable(session, table)
      const model = treeModel(engine.dialect, found, { parent: 'parent_id', closure, counts: true })
      await installTree(session, model)
      for (const sql of [
        `insert into ${table} values (3, 2)`,
        `update ${table} set parent_id = 1 where id = 3`,
        `delete from ${table} where id = 2`,
      ])
        await session.run(sql)
      expect(await verifyTree(session, model), `${closure} of ${table}`).toEqual([])
      await rebuildTree(session, model)
      await rebuildTree(session, model, { below: ['1'] })
      await loadTree(session, model, [['4', '3']], { columns: ['id', 'parent_id'] })
      expect((await treeStats(session, model)).links).toBe(6)
      await adviseTree(session, model)
      expect(await verifyTree(session, model), `${closure} of ${table}`).toEqual([])
      await uninstallTree(session, model)
      await session.run(`drop table ${table}`)
    }
  })

  test.each(['_own', '_path', '_above', '_there', '_k1', '_done'])('a tenant and a key called %s', async name => {
    ground = await engine.open()
    session = await ground.session()
    const [tenant, key] = [name, `${name}_`]
    for (const [scope, its] of [
      [tenant, key],
      [key, tenant],
    ] as const) {
      await session.run(
        `create table node (${scope} bigint not null, ${its} bigint not null, up bigint, primary key (${scope}, ${its}), foreign key (${scope}, up) references node (${scope}, ${its}) on delete cascade)`,
      )
      const model = treeModel(engine.dialect, await readTreeTable(session, 'node'), {
        parent: [scope, 'up'],
        closure: 'link',
      })
      await installTree(session, model)
      await session.run('insert into node values (1, 1, null), (1, 2, 1), (1, 3, 2), (2, 1, null), (2, 2, 1)')
      for (const sql of [
        `update node set up = 1 where ${its} = 3`,
        `delete from node where ${scope} = 1 and ${its} = 2`,
        `update node set ${its} = 7 where ${scope} = 1 and ${its} = 3`,
      ]) {
        await session.run(sql)
        expect(await verifyTree(session, model), sql).toEqual([])
      }
      expect(await session.run(`select ${scope}, ${its} from node order by 1, 2`)).toEqual([
        ['1', '1'],
        ['1', '7'],
        ['2', '1'],
        ['2', '2'],
      ])
      await uninstallTree(session, model)
      await session.run('drop table node')
    }
  })

  test.runIf(engine.dialect === 'sqlite')('tables called as the rows of a trigger are refused', async () => {
    ground = await engine.open()
    session = await ground.session()
    await session.run('create table "New" (id bigint primary key, parent_id bigint)')
    const table = await readTreeTable(session, 'New')
    for (const [of, closure] of [
      [table, 'link'],
      [{ ...table, name: 'node' }, 'OLD'],
    ] as const)
      expect(() => treeModel('sqlite', of, { parent: 'parent_id', closure })).toThrow(
        expect.objectContaining({ code: 'TREE_INVALID', message: expect.stringMatching(/table called (New|OLD)/) }),
      )
  })

  test('columns called as the triggers’ own variables', async () => {
    ground = await engine.open()
    session = await ground.session()
    const names = ['path', '_k1', 'own', 'n']
    const columns = names.flatMap(name => [`${name} int not null`, `p_${name} int`])
    await session.run(`create table node (${columns.join(', ')}, primary key (${names.join(', ')}))`)
    const model = treeModel(engine.dialect, await readTreeTable(session, 'node'), {
      parent: names.map(name => `p_${name}`),
      closure: 'again_path',
    })
    await installTree(session, model)
    for (const sql of [
      'insert into node values (1, null, 1, null, 1, null, 1, null)',
      'insert into node values (10, 1, 20, 1, 30, 1, 40, 1)',
      'delete from node where n = 40',
      'insert into node values (1, 1, 2, 1, 3, 1, 4, 1), (5, 1, 6, 1, 7, 1, 8, 1)',
      'update node set p_path = 5, p__k1 = 6, p_own = 7, p_n = 8 where n = 4',
      'update node set path = 9, n = 9 where n = 4',
    ]) {
      await session.run(sql)
      expect(await verifyTree(session, model), sql).toEqual([])
    }
    expect(await session.run('select count(*) from again_path')).toEqual([['6']])
    await session.run('delete from node where n = 9')
    expect(await verifyTree(session, model)).toEqual([])
  })

  test.runIf(engine.dialect === 'sqlite')('a trigger of somebody else’s is not dropped', async () => {
    ground = await engine.open()
    session = await ground.session()
    await session.run('create table node (id bigint primary key, parent_id bigint)')
    await session.run('create table seen (id bigint)')
    const model = treeModel(engine.dialect, await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'x' })
    for (const [name, table] of [
      ['x_insert', 'node'],
      ['X_Update', 'seen'],
    ]) {
      await session.run(
        `create trigger ${name} after insert on ${table} begin insert into seen values (new.id + 100); end`,
      )
      await expect(installTree(session, model)).rejects.toMatchObject({
        code: 'TREE_REFUSED',
        message: expect.stringMatching(new RegExp(`trigger ${name} `, 'i')),
      })
      await session.run(`insert into ${table} (id) values (1)`)
      expect(await session.run('select id from seen where id > 100')).toEqual([['101']])
      await session.run(`drop trigger ${name}`)
      await session.run('delete from seen')
    }
    expect(await installTree(session, model)).toBe(true)
  })

  test('tables of somebody else’s are not filled, and not dropped', async () => {
    ground = await engine.open()
    session = await ground.session()
    await session.run('create table node (id bigint primary key, parent_id bigint)')
    await session.run(`insert into node values (1, null)`)
    for (let i = 2; i < 40; i++) await session.run(`insert into node values (${i}, ${i >> 1})`)
    const table = await readTreeTable(session, 'node')
    const model = treeModel(engine.dialect, table, { parent: 'parent_id', closure: 'x', counts: true })
    for (const name of ['x_load', 'x_count']) {
      await session.run(`create table ${name} (mine int)`)
      await session.run(`insert into ${name} values (7)`)
      await expect(installTree(session, model)).rejects.toMatchObject({
        code: 'TREE_REFUSED',
        message: expect.stringContaining(name),
      })
      expect(await session.run(`select mine from ${name}`)).toEqual([['7']])
      await session.run(`drop table ${name}`)
    }
    for (const name of ['pillion_links', 'pillion_wrong', 'pillion_below'])
      await session.run(`create table ${name} (mine int)`)
    expect((await adviseTree(session, model)).measured).not.toEqual([])
    await installTree(session, model)
    await rebuildTree(session, model, { below: ['2'] })
    for (const name of ['pillion_links', 'pillion_wrong', 'pillion_below'])
      expect(await session.run(`select mine from ${name}`)).toEqual([])
  })

  test.runIf(engine.dialect === 'postgres')('in any schema, whatever the search_path', async () => {
    ground = await engine.open()
    session = await ground.session()
    for (const schema of ['one', 'Two 2']) {
      await session.run(`create schema "${schema}"`)
      await session.run(
        `create table "${schema}".node (id bigint primary key, parent_id bigint references "${schema}".node on delete cascade)`,
      )
      await session.run(`insert into "${schema}".node values (1, null), (2, 1)`)
      const table = await readTreeTable(session, `"${schema}".node`)
      const options = { parent: 'parent_id', closure: 'link', counts: true }
      await installTree(session, treeModel('postgres', table, options))
    }
    // a search_path whose tables, functions and operators are none of the tree's
    await session.run('create schema trap')
    await session.run('create table trap.node (id bigint, parent_id bigint); create table trap.link (node_id bigint)')
    await session.run(`create function trap.never(bigint, bigint) returns boolean language sql as 'select false'`)
    await session.run('create operator trap.= (leftarg = bigint, rightarg = bigint, function = trap.never)')
    await session.run('set search_path = trap, pg_catalog')
    await session.run('insert into one.node values (3, 2), (4, 3)')
    await session.run('insert into one.node values (5, 4)')
    await session.run(`update one.node set parent_id = 1 where id operator(pg_catalog.>) 3`)
    await session.run('delete from one.node where id operator(pg_catalog.>=) 5')
    await session.run('set search_path = public')
    for (const closure of ['one.link', '"Two 2".link'])
      expect(await verifyTree(session, await readTree(session, closure))).toEqual([])
    expect(await session.run('select count(*) from one.link')).toEqual([['8']])
    await expect(readTree(session, 'link')).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('with its schema, where that is not on the search_path'),
    })
  })
})
