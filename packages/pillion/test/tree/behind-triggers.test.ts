/**
 * Rows that change, or do not, where no trigger looks: what the engines do by themselves.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { installTree, readTreeTable, rebuildTree, treeModel, verifyTree } from '../../src/tree/index.js'
import { engines } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'

let tree: Planted | undefined
afterEach(async () => {
  await tree?.drop()
  tree = undefined
})

const rows = `insert into node (id, parent_id, name) values (1, null, 'a'), (2, 1, 'b'), (3, 1, 'c'), (4, 2, 'd'), (5, 3, 'e'), (6, 4, 'f')`
const node = (key: string): string =>
  `create table node (id bigint primary key, parent_id bigint, name varchar(40) unique${key})`

const keys = [
  ['a key that cascades', ', foreign key (parent_id) references node (id) on delete cascade'],
  ['a key that does not', ', foreign key (parent_id) references node (id)'],
  ['no key', ''],
] as const

/** Each statement, which may be refused, with the links compared after each. */
async function each(...statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    await tree?.session.run(sql).catch(() => {})
    expect(await tree?.faults(), sql).toEqual([])
  }
}

const known = async () =>
  (await tree?.session.run('select id, parent_id from node order by id'))?.map(row => row.join('<'))

describe.each(engines().filter(({ dialect }) => dialect === 'mariadb'))('on $name', engine => {
  test.each(keys)(
    'what is refused within a function is not there when a handler passes over it, over %s',
    async (_, key) => {
      tree = await grow(engine, [node(key), rows], { counts: true })
      const before = await known()
      for (const sql of [
        'update node set parent_id = 6 where id = 2',
        'update node set parent_id = 2 where id = 2',
        'update node set parent_id = 99 where id = 3',
        'insert into node values (7, 7, null)',
        'insert into node values (7, 99, null)',
      ]) {
        await tree.session.run('drop function if exists quietly')
        await tree.session.run(
          `create function quietly() returns int modifies sql data begin declare exit handler for sqlexception return 0; ${sql}; return 1; end`,
        )
        expect(await tree.session.run('select quietly()'), sql).toEqual([['0']])
        expect(await tree.faults(), sql).toEqual([])
        expect(await known(), sql).toEqual(before)
      }
      await tree.session.run('insert into node values (7, 6, null) on duplicate key update parent_id = 1')
      await tree.session.run(
        'insert into node values (7, 7, null), (6, 99, null) on duplicate key update parent_id = 1',
      )
      await tree.check()
      expect(await known()).toEqual(before?.with(5, '6<1').concat('7<1'))
    },
  )

  test.each(keys)('what IGNORE leaves as it was keeps its links, over %s', async (_, key) => {
    const fact = 'create table fact (node_id bigint, foreign key (node_id) references node (id))'
    tree = await grow(engine, [node(key), fact, rows, 'insert into fact values (3), (6)'], { counts: true })
    const before = await known()
    await each(
      'update ignore node set parent_id = 99 where id = 2',
      'update ignore node set id = 5 where id = 6',
      'update ignore node set id = 50 where id = 2',
      `update ignore node set name = 'a', parent_id = 1 where id = 5`,
      'delete ignore from node where id = 6',
      `insert ignore into node values (7, 99, 'x'), (1, 2, 'y'), (8, 2, 'a')`,
    )
    expect(await known()).toEqual(before)
    await each(
      'insert into node values (7, 6, null)',
      'delete ignore from node where id = 5',
      'delete from node where id = 7',
    )
    expect(await known()).toEqual(before?.filter(row => row !== '5<3'))
  })

  test.each(
    keys.flatMap(key => [
      [key[0], '', key[1], {}] as const,
      [key[0], ', links with foreign keys', key[1], { foreignKeys: true }] as const,
    ]),
  )('what is below a row that IGNORE leaves stays, and keeps its links, over %s%s', async (_, __, key, options) => {
    const fact = 'create table fact (node_id bigint, foreign key (node_id) references node (id))'
    tree = await grow(engine, [node(key), fact, rows, 'insert into fact values (2)'], options)
    const before = await known()
    await each(
      'delete ignore from node where id = 2',
      'delete ignore n from node as n join fact on fact.node_id = n.id',
    )
    expect(await known()).toEqual(before)
    await each('delete from fact', 'delete from node where id = 6', 'delete from node where id = 2')
    const goes = key === '' || key.endsWith('(id)') ? [] : ['2<1', '4<2']
    expect(await known()).toEqual(before?.filter(row => ![...goes, '6<4'].includes(row)))
  })

  test.each([{}, { foreignKeys: true }, { counts: true }, { foreignKeys: true, counts: true }])(
    'facts that go with nodes go with a subtree of any depth, with %j',
    async options => {
      const facts = [
        'create table fact (id bigint primary key, foreign key (id) references node (id) on delete cascade)',
        'create table detail (id bigint, foreign key (id) references fact (id) on delete cascade)',
      ]
      tree = await grow(engine, [node(keys[0][1]), ...facts, 'insert into node values (1, null, null)'], options)
      for (const depth of [9, 11, 12, 16, 30]) {
        for (let id = 2; id <= depth; id++)
          for (const sql of [
            `insert into node values (${id}, ${id - 1}, null)`,
            `insert into fact values (${id})`,
            `insert into detail values (${id})`,
          ])
            await tree.session.run(sql)
        await tree.session.run('delete from node where id = 2')
        await tree.check()
        expect(await tree.session.run('select count(*) from detail')).toEqual([['0']])
        if (!('foreignKeys' in options))
          expect(await tree.session.run('select id from node_ancestry_link_anchor')).toEqual([['1']])
      }
    },
  )

  test.each(keys)(
    'rows that go and come again while foreign keys are off keep what is below them, over %s',
    async (_, key) => {
      tree = await grow(engine, [node(key), rows], { counts: true })
      await tree.session.run('set foreign_key_checks = 0')
      for (const sql of ['delete from node where id = 2', `insert into node values (2, 1, 'b')`])
        await tree.session.run(sql)
      await tree.check()
      await tree.session.run(`replace into node values (4, 2, 'd'), (3, 2, 'c')`)
      await tree.check()
      expect(await known()).toEqual(['1<', '2<1', '3<2', '4<2', '5<3', '6<4'])
      await tree.session.run('set foreign_key_checks = 1')
      await tree.session.run('insert into node values (7, 4, null)')
      await tree.check()
    },
  )

  const owned = (key: string, rule: string) => [
    'create table owner (id bigint primary key)',
    'insert into owner values (1), (2)',
    `create table node (id bigint primary key, parent_id bigint, owner_id bigint, foreign key (owner_id) references owner (id) ${rule}${key})`,
    'insert into node values (1, null, 1), (2, 1, 1), (3, 2, 2), (4, 3, 2), (5, 1, 2)',
  ]

  test('rows that go with those of another table leave no links', async () => {
    tree = await grow(engine, owned(keys[0][1], 'on delete cascade'))
    await tree.session.run('delete from owner where id = 2')
    await tree.check()
    expect(await known()).toEqual(['1<', '2<1'])
    await tree.session.run('insert into node values (3, 2, 1), (5, 3, 1)')
    await tree.session.run('delete from node where id = 2')
    await tree.check()
  })

  test('rebuilding all leaves an anchor for each node, and none for keys that are gone', async () => {
    const owner = 'create table owner (id bigint primary key)'
    const owned = ', owner bigint, foreign key (owner) references owner (id) on delete cascade'
    tree = await grow(engine, [owner, node(keys[0][1] + owned), rows])
    const { session, model } = tree
    for (const sql of [
      'insert into owner values (1)',
      'update node set owner = 1 where id = 3',
      'delete from owner',
      'delete from node where id = 4',
      'set foreign_key_checks = 0',
      'delete from node_ancestry_link_anchor where id = 2',
      'insert into node_ancestry_link_anchor values (40)',
      'insert into node values (41, 40, null, null)',
      'set foreign_key_checks = 1',
    ])
      await session.run(sql)
    await expect(session.run('insert into node (id, parent_id) values (7, 2)')).rejects.toMatchObject({ errno: 1452 })
    await rebuildTree(session, model)
    expect(await session.run('select id from node_ancestry_link_anchor order by id')).toEqual([
      ['1'],
      ['2'],
      ['40'],
      ['41'],
    ])
    expect(await known()).toEqual(['1<', '2<1', '41<40'])
    await session.run('delete from node where id = 41')
    await session.run('insert into node (id, parent_id) values (7, 2)')
    await tree.check()
  })

  test('rows that go by another tree’s pointer leave no links', async () => {
    tree = await grow(engine, [
      `create table node (id bigint primary key, parent_id bigint, boss_id bigint, foreign key (parent_id) references node (id) on delete cascade, foreign key (boss_id) references node (id) on delete cascade)`,
      'insert into node values (1, null, null), (2, 1, null), (3, 2, 1), (4, null, 3), (5, 4, 2), (6, 1, 5)',
    ])
    const { session } = tree
    const bosses = treeModel('mariadb', await readTreeTable(session, 'node'), {
      parent: 'boss_id',
      closure: 'boss_link',
    })
    await installTree(session, bosses)
    for (const sql of [
      'update node set parent_id = 6 where id = 4',
      'update node set boss_id = 4 where id = 2',
      'insert into node values (7, 5, 6)',
      'delete from node where id = 2',
      'insert into node values (2, 1, 1), (3, 2, 2)',
      'delete from node where id = 1',
    ]) {
      await session.run(sql)
      expect([await tree.faults(), await verifyTree(session, bosses)], sql).toEqual([[], []])
    }
    expect(await known()).toEqual([])
  })

  test('a subtree of one tree goes, with subtrees of another at its end that are as deep', async () => {
    const both = 'foreign key (parent_id) references node (id) on delete cascade'
    tree = await grow(engine, [
      `create table node (id bigint primary key, parent_id bigint, other bigint, ${both}, ${both.replace('parent_id', 'other')})`,
    ])
    const { session } = tree
    const table = await readTreeTable(session, 'node')
    const other = treeModel('mariadb', table, { parent: 'other', closure: 'other_link' })
    await installTree(session, other)
    for (let id = 1; id <= 9; id++) await session.run(`insert into node values (${id}, nullif(${id - 1}, 0), null)`)
    for (let id = 10; id <= 18; id++) await session.run(`insert into node values (${id}, null, ${id - 1})`)
    await session.run('delete from node where id = 1')
    expect(await session.run('select id from node')).toEqual([])
    await tree.check()
    expect(await verifyTree(session, other)).toEqual([])
  })

  test('what could not be kept right then is refused', async () => {
    const refused = { code: 'TREE_INVALID', message: expect.stringContaining('fires no trigger') }
    for (const key of [keys[2][1], `${keys[0][1].replace('cascade', 'set null')}`])
      await expect(grow(engine, owned(key, 'on delete cascade'))).rejects.toMatchObject(refused)
    await expect(grow(engine, owned(keys[0][1], 'on delete cascade'), { counts: true })).rejects.toMatchObject(refused)
    tree = await grow(engine, owned(keys[0][1], 'on update cascade'), { counts: true })
    expect(tree.model.foreignKeys).toBe(false)
  })

  const sites = (rule: string, more = '') => [
    'create table site (id bigint primary key)',
    'insert into site values (1), (2)',
    `create table node (site bigint, id bigint, psite bigint, pid bigint, primary key (site, id), foreign key (psite, pid) references node (site, id), foreign key (psite) references site (id) ${rule}${more})`,
    'insert into node values (1, 1, null, null), (1, 2, 1, 1)',
  ]

  test.each(['on delete set null', 'on update cascade', 'on update set null'])(
    'a foreign key that changes the pointer, and not the key, is refused: %s',
    async rule => {
      const refused = { code: 'TREE_INVALID', message: expect.stringContaining('changes the pointer') }
      const twice = [
        'create table ent (id bigint primary key)',
        'insert into ent values (1)',
        `create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id), foreign key (parent_id) references ent (id) ${rule})`,
        'insert into node values (1, null), (2, 1)',
      ]
      await expect(grow(engine, twice)).rejects.toMatchObject(refused)
      const parent = { parent: ['psite', 'pid'] }
      await expect(grow(engine, sites(rule), parent)).rejects.toMatchObject(refused)
      await expect(grow(engine, sites(rule), { ...parent, foreignKeys: false })).rejects.toMatchObject(refused)
    },
  )

  test('rows go by a second foreign key of the pointer’s and leave no links', async () => {
    tree = await grow(engine, [
      'create table ent (id bigint primary key)',
      'insert into ent values (1), (2), (3), (4)',
      `create table node (id bigint primary key, parent_id bigint${keys[0][1]}, foreign key (parent_id) references ent (id) on delete cascade)`,
      'insert into node values (1, null), (2, 1), (3, 2), (4, 3), (5, 1)',
    ])
    await tree.session.run('delete from ent where id = 2')
    await tree.check()
    expect(await known()).toEqual(['1<', '2<1', '5<1'])
    const again = treeModel('mariadb', await readTreeTable(tree.session, 'node'), {
      parent: 'parent_id',
      closure: 'node_ancestry_link',
    })
    expect(await installTree(tree.session, again)).toBe(false)
  })

  test('a scope that another foreign key would change stays as it is', async () => {
    tree = await grow(
      engine,
      [
        'create table tenant (id bigint primary key)',
        'insert into tenant values (1), (2)',
        `create table node (tenant bigint, id bigint, parent_id bigint, primary key (tenant, id), foreign key (tenant, parent_id) references node (tenant, id), foreign key (tenant) references tenant (id) on update cascade)`,
        'insert into node values (1, 1, null), (1, 2, 1), (2, 1, null)',
      ],
      { parent: ['tenant', 'parent_id'] },
    )
    for (const id of [1, 2]) {
      await expect(tree.session.run(`update tenant set id = 9 where id = ${id}`)).rejects.toThrow(/foreign key/)
      expect(await verifyTree(tree.session, tree.model)).toEqual([])
    }
  })

  test('a session that cuts what GROUP_CONCAT makes writes as any other', async () => {
    tree = await grow(engine, [node(keys[0][1]).replaceAll('bigint', 'varchar(90)'), rows])
    await tree.session.run('set group_concat_max_len = 4')
    const long = '9'.repeat(80)
    for (const sql of [
      `insert into node values ('${long}', 6, null)`,
      `insert into node values ('7', '${long}', null)`,
      `update node set parent_id = 3 where id = 4`,
      `delete from node where id = '${long}'`,
    ]) {
      await tree.session.run(sql)
      await tree.check()
    }
  })

  test.each(keys)('under LOCK TABLES links are kept as ever, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run('lock tables node write')
    const refused: unknown[] = []
    for (const sql of [
      'insert into node values (7, 6, null)',
      'update node set parent_id = 3 where id = 4',
      'delete from node where parent_id = 6',
    ])
      await tree.session.run(sql).catch(error => refused.push([sql.slice(0, 6), error.errno]))
    await tree.session.run('unlock tables')
    await tree.check()
    // MariaDB would open the table once more for a cascade from the anchors
    expect(refused).toEqual(key.includes('cascade') ? [['update', 1100]] : [])
  })

  test('rows that hang below each other come in no order', async () => {
    tree = await grow(engine, [node(keys[2][1]), rows])
    await tree.session.run('set foreign_key_checks = 0')
    await tree.session.run('insert into node values (12, 13, null)')
    await expect(tree.session.run('insert into node values (13, 12, null)')).rejects.toThrow(/TREE_CYCLE/)
    await tree.session.run('insert into node values (13, 1, null)')
    await tree.check()
  })

  test('an install that was killed half way is done again', async () => {
    tree = await grow(engine, [node(keys[0][1]), rows])
    await tree.session.run('drop trigger node_ancestry_link_delete')
    await tree.session.run('drop trigger node_ancestry_link_insert')
    expect(await installTree(tree.session, tree.model)).toBe(true)
    expect(await installTree(tree.session, tree.model)).toBe(false)
    await each('insert into node values (7, 6, null)', 'delete from node where id = 2')
  })
})

describe.each(engines().filter(({ dialect }) => dialect === 'sqlite'))('on $name', engine => {
  test.each(keys)('REPLACE takes no row that it meets by another key, and any by the same, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await each(`insert or replace into node values (5, 2, 'e')`)
    const before = await known()
    for (const sql of [
      `insert or replace into node values (9, 2, 'f')`,
      `update or replace node set name = 'f' where id = 1`,
    ]) {
      await expect(tree.session.run(sql), sql).rejects.toThrow('FOREIGN KEY')
      await tree.check()
    }
    expect(await known()).toEqual(before)
    await each(`replace into node values (6, null, 'f')`, `update node set id = 60, parent_id = 5 where id = 6`)
    await tree.session.run('pragma recursive_triggers = on')
    await tree.session.run(`insert or replace into node values (9, 2, 'f')`)
    await tree.check()
    expect(await known()).toContain('9<2')
  })

  test.each(keys)(
    'a key that is written by the names of the rowid is changed as by its own, over %s',
    async (_, key) => {
      tree = await grow(engine, [node(key).replaceAll('bigint', 'integer'), rows], { counts: true })
      for (const sql of [
        'update node set rowid = 60 where id = 6',
        'update node set _rowid_ = 50, parent_id = 60 where id = 5',
        `insert into node values (50, 1, 'x') on conflict (id) do update set oid = 51`,
      ])
        await tree.session.run(sql)
      await tree.check()
      expect(await known()).toEqual(['1<', '2<1', '3<1', '4<2', '51<60', '60<4'])
      await expect(tree.session.run('update or replace node set rowid = 1 where id = 51')).rejects.toThrow(
        /TREE_KEY_TAKEN/,
      )
    },
  )

  const uniques = [
    ['of some rows', 'create unique index u on node (name) where name is not null', `9, null, 'f'`],
    ['of an expression', 'create unique index u on node (lower(name))', `9, null, 'F'`],
    ['in another collation', 'create unique index u on node (name collate nocase)', `9, null, 'F'`],
    [
      'of the tree’s key, in another collation',
      'create unique index u on node (id collate nocase)',
      `'N6', null, null`,
    ],
  ] as const

  test.each(uniques)('REPLACE takes no row by a unique index %s', async (of, index, values) => {
    const written = [node('').replace(' unique', '').replaceAll('bigint', 'text'), rows, index]
    const named = written.map(sql =>
      sql.replace(/\((\d), (?:(\d)|null),/g, `('n$1', 'n$2',`).replaceAll(`'n',`, 'null,'),
    )
    tree = await grow(engine, named, { counts: true })
    const replace = `insert or replace into node values (${values})`
    await expect(tree.session.run(replace)).rejects.toThrow('FOREIGN KEY')
    await tree.check()
    if (of.includes('collation')) {
      await tree.session.run('pragma foreign_keys = off')
      await expect(tree.session.run(replace)).rejects.toThrow(/TREE_KEY_TAKEN/)
      await tree.check()
    }
  })

  test.each(['', ', rowid text', ', "ROWID" text, _rowid_ text'])(
    'REPLACE takes no row by its number, beside a key of text%s',
    async more => {
      const rowid = more === '' ? 'rowid' : 'oid'
      tree = await grow(engine, [
        `create table node (id text primary key, parent_id text references node${more})`,
        `insert into node (id, parent_id) values ('a', null), ('b', 'a')`,
      ])
      expect(tree.model.foreignKeys).toBe(false)
      for (const sql of [
        `insert or replace into node (${rowid}, id, parent_id) values (2, 'z', 'a')`,
        `update or replace node set ${rowid} = 2 where id = 'a'`,
      ]) {
        await expect(tree.session.run(sql)).rejects.toThrow(/TREE_KEY_TAKEN/)
        await tree.check()
      }
      for (const sql of [
        `insert or replace into node (id, parent_id) values ('c', 'b'), ('b', 'a')`,
        `insert or ignore into node (${rowid}, id, parent_id) values (1, 'y', 'a')`,
        `update or replace node set ${rowid} = 20 where id = 'c'`,
      ])
        await tree.session.run(sql)
      await tree.check()
      expect(await known()).toEqual(['a<', 'b<a', 'c<b'])
    },
  )

  test('a table without rowid has no such number', async () => {
    tree = await grow(engine, ['create table node (id text primary key, parent_id text references node) without rowid'])
    await tree.session.run(`insert or replace into node values ('a', null), ('b', 'a'), ('b', null)`)
    await tree.check()
  })

  test.each(keys)('what SQLite trusts of a schema is enough for the triggers, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run('pragma trusted_schema = off')
    for (const foreignKeys of ['on', 'off', 'on']) {
      await tree.session.run(`pragma foreign_keys = ${foreignKeys}`)
      for (const sql of [
        'insert into node values (7, 6, null)',
        'update node set parent_id = 1 where id = 7',
        'delete from node where id = 7',
      ])
        await tree.session.run(sql)
      await tree.check()
      await expect(tree.session.run('insert into node values (8, 9, null)')).rejects.toThrow(
        foreignKeys === 'on' ? 'FOREIGN KEY' : /TREE_PARENT_MISSING/,
      )
      await expect(tree.session.run('update node set parent_id = 6 where id = 2')).rejects.toThrow(
        foreignKeys === 'on' ? 'FOREIGN KEY' : /TREE_CYCLE/,
      )
      await tree.check()
    }
    await tree.session.run('insert into node values (8, 9, null), (9, 1, null)')
    await tree.check()
  })

  test('a key that REPLACE meets by INSERT takes the place of the other, and by UPDATE none', async () => {
    tree = await grow(engine, [node(keys[0][1]).replace(' unique', ''), rows], { counts: true })
    expect(tree.model.foreignKeys).toBe(false)
    await each('update or replace node set id = 6 where id = 5', 'insert or replace into node values (4, 5, null)')
    expect(await known()).toEqual(['1<', '2<1', '3<1', '4<5', '5<3'])
  })
})
