/**
 * Which keys a tree stands on: found in the database as they are, and refused where no tree can stand on them.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { rebuildTree, verifyTree } from '../../src/tree/index.js'
import { engines } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'

let tree: Planted | undefined
afterEach(async () => {
  await tree?.drop()
  tree = undefined
})

describe.each(engines())('on $name', engine => {
  const sqlite = engine.dialect === 'sqlite'
  const postgres = engine.dialect === 'postgres'

  // SQLite has no SET CONSTRAINTS
  const deferrals: readonly (readonly [string, readonly string[]])[] = [
    ['deferrable initially deferred', []],
    ...(postgres ? [['deferrable', ['set constraints all deferred']] as const] : []),
  ]
  test.runIf(engine.dialect !== 'mariadb').each(deferrals)(
    'children come before their parents while a key is put off: %s',
    async (when, first) => {
      tree = await grow(engine, [
        `create table node (id bigint primary key, parent_id bigint references node (id) ${when})`,
        'insert into node values (1, null), (2, 1)',
      ])
      const steps = [
        'insert into node values (4, 3)',
        'insert into node values (5, 4), (7, 6)',
        'insert into node values (3, 2)',
        'update node set parent_id = 5 where id = 7',
        'delete from node where id = 2',
        'insert into node values (2, null)',
      ]
      for (const sql of ['begin', ...first, ...steps, 'commit']) await tree.session.run(sql)
      await tree.check()
      for (const sql of ['begin', ...first, 'insert into node values (9, 8)']) await tree.session.run(sql)
      await expect(tree.session.run('commit')).rejects.toThrow(/foreign key|FOREIGN KEY/)
      if (!postgres) await tree.session.run('rollback')
      await tree.check()
    },
  )

  test('links point to nodes in the order of their key, wherever the scope is in it', async () => {
    const whole = 'id bigint, tenant bigint, parent_id bigint, primary key (id, tenant)'
    tree = await grow(
      engine,
      [`create table node (${whole}, foreign key (parent_id, tenant) references node (id, tenant))`],
      { parent: ['parent_id', 'tenant'], foreignKeys: true },
    )
    await tree.session.run('insert into node (id, tenant, parent_id) values (1, 1, null), (1, 2, null), (2, 1, 1)')
    await tree.session.run('insert into node (id, tenant, parent_id) values (2, 2, 1), (3, 1, 2)')
    await tree.session.run('update node set parent_id = 1 where id = 3')
    await tree.session.run('delete from node where id = 2')
    expect(await verifyTree(tree.session, tree.model)).toEqual([])
  })

  test.runIf(engine.dialect === 'mariadb').each(['timestamp(3)', 'timestamp(6)', 'datetime(3)'])(
    'keys of %s are moved and deleted as any other',
    async type => {
      const at = (n: number): string => `'202${n}-01-01 00:00:00.12${n}'`
      tree = await grow(engine, [
        `create table node (id ${type} not null default '2000-01-01' primary key, parent_id ${type} null)`,
        `insert into node values (${at(1)}, null), (${at(2)}, ${at(1)}), (${at(3)}, ${at(2)})`,
      ])
      for (const sql of [
        `insert into node values (${at(4)}, ${at(3)})`,
        `update node set parent_id = ${at(1)} where id = ${at(3)}`,
        `update node set id = ${at(5)} where id = ${at(4)}`,
        `update node set parent_id = null where id = ${at(3)}`,
        `delete from node where id = ${at(5)}`,
      ]) {
        await tree.session.run(sql)
        expect(await verifyTree(tree.session, tree.model), sql).toEqual([])
      }
    },
  )

  test.runIf(postgres)('a key that two rows may share for a while is refused', async () => {
    const node = (key: string) => [`create table node (id bigint, parent_id bigint, ${key})`]
    for (const key of ['primary key (id) deferrable', 'primary key (id) deferrable initially deferred'])
      await expect(grow(engine, node(key))).rejects.toMatchObject({
        code: 'TREE_INVALID',
        message: expect.stringContaining('deferrable'),
      })
  })

  test.runIf(!sqlite)('a key that may be NULL is refused', async () => {
    const table = (more: string) => [`create table node (id bigint ${more} unique, parent_id bigint)`]
    await expect(grow(engine, table(''), { key: ['id'] })).rejects.toMatchObject({
      code: 'TREE_INVALID',
      message: expect.stringContaining('The column id of the key of node may be NULL.'),
    })
    tree = await grow(engine, table('not null'), { key: ['id'] })
    await tree.check()
  })

  test.runIf(postgres)('keys that are arrays, of any length', async () => {
    tree = await grow(engine, [
      'create table node (id int[] primary key, parent_id int[] references node on delete cascade)',
    ])
    for (const sql of [
      `insert into node values ('{1}', null), ('{1,2}', '{1}'), ('{1,2,3}', '{1,2}'), ('{4}', null)`,
      `insert into node values ('{1,2,3,4}', '{1,2,3}'), ('{5}', '{4}')`,
      `update node set parent_id = '{5}' where id = '{1,2}'`,
      `update node set parent_id = '{1}' where id in ('{1,2}', '{5}')`,
      `delete from node where id = '{1,2,3}'`,
      `delete from node where id in ('{5}', '{1,2}')`,
    ]) {
      await tree.session.run(sql)
      expect(await verifyTree(tree.session, tree.model), sql).toEqual([])
    }
    await expect(tree.session.run(`update node set parent_id = '{1}'`)).rejects.toThrow(/TREE_CYCLE/)
  })

  test('a key that nothing keeps unique is refused; any that something does will do', async () => {
    const table = (more: string) =>
      `create table node (id bigint primary key, code varchar(9) not null, parent_id varchar(9)${more})`
    const by = { key: ['code'] }
    await expect(grow(engine, [table('')], by)).rejects.toMatchObject({
      code: 'TREE_INVALID',
      message: expect.stringContaining('unique'),
    })
    if (engine.dialect !== 'mariadb')
      await expect(
        grow(engine, [table(''), 'create unique index one on node (code, lower(code))'], by),
      ).rejects.toMatchObject({
        code: 'TREE_INVALID',
      })
    tree = await grow(engine, [table(''), 'create unique index one on node (code)'], by)
    await tree.session.run(`insert into node values (1, 'a', null), (2, 'b', 'a')`)
    expect(await tree.session.run('select count(*) from node_ancestry_link')).toEqual([['3']])
  })

  test.runIf(postgres).each([
    ['a collation', 'text collate "C"'],
    ['a collation that takes A for a', 'text collate ci'],
    ['a domain', 'names.code'],
    ['an enumeration', 'names."Kind"'],
  ])('keys of %s, in a schema that no search_path leads to', async (what, type) => {
    const sets = [
      'create schema names',
      `create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      `create domain names.code as varchar(9) collate "C"`,
      `create type names."Kind" as enum ('a', 'b', 'c', 'd')`,
    ]
    tree = await grow(
      engine,
      [
        ...sets,
        `create table node (id ${type} primary key, parent_id ${type} references node (id) on delete cascade)`,
        `insert into node values ('a', null), ('b', 'a')`,
      ],
      { counts: true },
    )
    const { session, model } = tree
    const A = what.includes('A for a') ? 'A' : 'a'
    for (const sql of [
      `insert into node values ('c', '${A}')`,
      `insert into node values ('d', 'c')`,
      `update node set parent_id = 'b' where id = 'd'`,
      `update node set parent_id = '${A}' where id in ('c', 'd')`,
      `update node set parent_id = 'b' where id = 'c'`,
    ]) {
      await session.run(sql)
      expect(await verifyTree(session, model), sql).toEqual([])
    }
    await expect(session.run(`update node set parent_id = 'c' where id = '${A}'`)).rejects.toThrow(/TREE_CYCLE/)
    await expect(session.run(`update node set parent_id = '${A}' where id = 'a'`)).rejects.toThrow(/TREE_CYCLE/)
    expect(
      await session.run('select node_id, ancestor_id from node_ancestry_link where distance = 1 order by 1'),
    ).toEqual([
      ['b', 'a'],
      ['c', 'b'],
      ['d', 'a'],
    ])
    await session.run(`delete from node where id = '${what.includes('A for a') ? 'B' : 'b'}'`)
    expect(await verifyTree(session, model)).toEqual([])
    expect(await session.run('select count(*) from node_ancestry_link')).toEqual([['3']])
  })

  test.runIf(sqlite).each([
    ['nocase', 'collate nocase', 'A', 'B'],
    ['rtrim', 'collate rtrim', 'a  ', 'b '],
  ])('keys that compare as %s says', async (_, collate, a, b) => {
    tree = await grow(
      engine,
      [
        `create table node (id text ${collate} primary key, parent_id text ${collate} references node (id) on delete cascade)`,
        `insert into node values ('a', null), ('b', '${a}')`,
      ],
      { counts: true, foreignKeys: true },
    )
    const { session, model } = tree
    for (const sql of [
      `insert into node values ('d', 'c'), ('c', '${b}')`,
      `update node set parent_id = '${b}' where id = 'd'`,
      `update node set id = '${a}' where id = 'a'`,
      `update node set parent_id = '${a}' where id = 'c'`,
      `insert into node values ('e', 'c')`,
      `delete from node where id = 'd'`,
    ]) {
      await session.run(sql)
      expect(await verifyTree(session, model), sql).toEqual([])
    }
    await expect(session.run(`update node set parent_id = '${b}' where id = 'a'`)).rejects.toThrow('FOREIGN KEY')
    await expect(session.run(`update node set parent_id = 'a' where id = '${a}'`)).rejects.toThrow(/TREE_CYCLE/)
    expect(await session.run('select count(*) from node_ancestry_link')).toEqual([['8']])
    await session.run('delete from node_ancestry_link where distance > 0')
    expect((await rebuildTree(session, model, { below: [a] })).added).toBe(4)
    expect(await verifyTree(session, model)).toEqual([])
    await session.run(`delete from node where id = '${a}'`)
    expect(await session.run('select 1 from node_ancestry_link')).toEqual([])
  })

  test.runIf(sqlite)('keys that compare in two ways are refused', async () => {
    for (const columns of [
      'id text collate nocase primary key, parent_id text',
      'id text, parent_id text, primary key (id collate nocase)',
    ])
      await expect(grow(engine, [`create table node (${columns})`])).rejects.toMatchObject({ code: 'TREE_INVALID' })
  })

  test.runIf(sqlite)('keys of any type stay what they are, in a STRICT table', async () => {
    tree = await grow(engine, [
      'create table node (id any primary key, parent_id any references node (id)) strict',
      `insert into node values ('7', null), ('007', null), (7, '007')`,
    ])
    await tree.session.run(`insert into node values ('x', 7), ('y', '7')`)
    expect(await verifyTree(tree.session, tree.model)).toEqual([])
    expect(
      await tree.session.run(
        `select node_id, quote(ancestor_id) from node_ancestry_link where distance = 1 order by node_id, 2`,
      ),
    ).toEqual([
      ['7', `'007'`],
      ['x', '7'],
      ['y', `'7'`],
    ])
  })

  test.runIf(sqlite)('a foreign key is the pointer’s own, however it is written', async () => {
    tree = await grow(engine, [
      'create table node (id integer primary key, parent_id integer, foreign key (PARENT_ID) references Node (ID) on delete cascade deferrable initially deferred)',
    ])
    expect(tree.model).toMatchObject({ pointer: 'deferred', onDelete: 'cascade' })
    for (const sql of ['begin', 'insert into node values (2, 1)', 'insert into node values (1, null)', 'commit'])
      await tree.session.run(sql)
    await tree.check()
    await tree.session.run('delete from node where id = 1')
    await tree.check()
  })

  test.runIf(postgres)('keys that an extension compares are refused', async () => {
    await expect(
      grow(engine, ['create extension citext', 'create table node (id citext primary key, parent_id citext)']),
    ).rejects.toMatchObject({ code: 'TREE_INVALID', message: expect.stringContaining('citext') })
  })

  test.runIf(engine.name === 'PostgreSQL 18')('a foreign key that is not enforced is none', async () => {
    tree = await grow(engine, [
      'create table node (id bigint primary key, parent_id bigint references node (id) not enforced)',
      'insert into node values (1, null)',
    ])
    await expect(tree.session.run('insert into node values (2, 9)')).rejects.toThrow(/TREE_PARENT_MISSING/)
    await tree.check()
  })
})
