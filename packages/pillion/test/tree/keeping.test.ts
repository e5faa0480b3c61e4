import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  adviseTree,
  describeAdvice,
  describeFault,
  describeStats,
  installTree,
  loadTree,
  readTree,
  readTreeTable,
  rebuildTree,
  type TreeModel,
  treeModel,
  treeStats,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import { engines, type Ground, type TestSession } from './support/engines.js'

describe.each(engines())('on $name', engine => {
  let ground: Ground
  let session: TestSession
  let model: TreeModel

  const nodes = `create table node (id bigint primary key, parent_id bigint, name varchar(40), foreign key (parent_id) references node (id) on delete cascade)`
  const rows = 'insert into node (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2), (5, 3), (6, 4)'
  const all = (sql: string) => session.run(sql)
  const links = () => all('select node_id, ancestor_id, distance from node_ancestry_link order by 1, 2')
  /** Writes into the links by hand. */
  const tamper = async (...statements: readonly string[]): Promise<void> => {
    if (engine.dialect === 'postgres') await all(`set pillion.tree = 'rebuild'`)
    for (const sql of statements) await all(sql)
    if (engine.dialect === 'postgres') await all(`set pillion.tree = ''`)
  }
  /** A tree over the table as it is. */
  const plant = async (more: object = {}): Promise<TreeModel> => {
    model = treeModel(engine.dialect, await readTreeTable(session, 'node'), {
      parent: 'parent_id',
      closure: 'node_ancestry_link',
      ...more,
    })
    await installTree(session, model)
    return model
  }

  beforeEach(async () => {
    ground = await engine.open()
    session = await ground.session()
    await all(nodes)
  })
  afterEach(async () => {
    await session.close()
    await ground.drop()
  })

  test('a table that has rows is filled; the tree is found again by its links', async () => {
    await all(rows)
    await plant()
    expect(await verifyTree(session, model)).toEqual([])
    expect(await links()).toHaveLength(15)
    expect(await readTree(session, 'node_ancestry_link')).toEqual(model)
  })

  test('installing twice does nothing; otherwise is refused; uninstalling what is not there is told', async () => {
    await plant()
    expect(await installTree(session, model)).toBe(false)
    await expect(plant({ counts: true })).rejects.toMatchObject({ code: 'TREE_REFUSED' })
    await uninstallTree(session, model)
    await expect(readTree(session, 'node_ancestry_link')).rejects.toMatchObject({ code: 'TREE_REFUSED' })
    await uninstallTree(session, model)
    expect(await installTree(session, model)).toBe(true)
  })

  describe('nothing is left of what cannot be installed', () => {
    const left = async () => {
      const sql = {
        postgres: `select relname from pg_class where relnamespace = 'public'::regnamespace and relname like '%ancestry%' union all select proname from pg_proc where pronamespace = 'public'::regnamespace`,
        mariadb: 'show tables like "%ancestry%"',
        sqlite: `select name from sqlite_master where name like '%ancestry%'`,
      }
      return all(sql[engine.dialect])
    }
    const unchecked =
      engine.dialect === 'postgres'
        ? ['set session_replication_role = replica']
        : engine.dialect === 'mariadb'
          ? ['set foreign_key_checks = 0']
          : ['pragma foreign_keys = off']

    test.each([
      ['a cycle', 'insert into node (id, parent_id) values (1, null), (2, 3), (3, 2)'],
      ['a self parent', 'insert into node (id, parent_id) values (1, 1)'],
      ['a missing parent', 'insert into node (id, parent_id) values (1, 9)'],
    ])('%s', async (_, sql) => {
      for (const each of [...unchecked, sql]) await all(each)
      await expect(plant()).rejects.toMatchObject({
        code: 'TREE_REFUSED',
        message: expect.stringMatching(/no tree|CHECK constraint/),
      })
      expect(await left()).toEqual([])
    })

    test('a table of links that is something else', async () => {
      await all('create table node_ancestry_link (a int)')
      await expect(plant()).rejects.toMatchObject({
        code: 'TREE_REFUSED',
        message: expect.stringContaining('did not make it'),
      })
      expect(await left()).toHaveLength(1)
    })

    test.each([
      ['a table without a primary key', 'create table flat (id int, parent_id int)', 'flat', 'parent_id'],
      ['a pointer that is not there', '', 'node', 'above'],
      ['a pointer of another type', 'create table other (id int primary key, parent_id text)', 'other', 'parent_id'],
      [
        'a pointer that cannot be NULL',
        'create table other (id int primary key, parent_id int not null)',
        'other',
        'parent_id',
      ],
      ['a view', 'create view seen as select * from node', 'seen', 'parent_id'],
      ['no table', '', 'nothing', 'parent_id'],
    ])('%s', async (_, sql, name, parent) => {
      if (sql !== '') await all(sql)
      const made = async () =>
        treeModel(engine.dialect, await readTreeTable(session, name), { parent, closure: 'node_ancestry_link' })
      await expect(made()).rejects.toMatchObject({ code: 'TREE_INVALID', hint: expect.stringMatching(/\.$/) })
    })

    test.runIf(engine.dialect === 'postgres')('a role without the rights', async () => {
      await all(`do $$ begin create role pillion_reader; exception when duplicate_object then null; end $$`)
      await all('grant select, insert on node to pillion_reader; ')
      await all('set role pillion_reader')
      await expect(plant()).rejects.toMatchObject({ code: 'TREE_REFUSED', hint: expect.stringContaining('rights') })
      await all('reset role')
      expect(await left()).toEqual([])
    })
  })

  test.skipIf(engine.dialect === 'sqlite')('links that are there twice are named, and mended', async () => {
    await all(rows)
    await plant()
    const dropped = { postgres: 'constraint node_ancestry_link_pkey', mariadb: 'primary key', sqlite: '' }
    await tamper(
      `alter table node_ancestry_link drop ${dropped[engine.dialect]}`,
      'insert into node_ancestry_link (node_id, ancestor_id, distance) values (4, 1, 2), (4, 1, 1), (6, 6, 0), (6, 1, 4)',
    )
    expect((await verifyTree(session, model)).map(describeFault).toSorted()).toEqual([
      'distance: 6 is 3 below 1, not 4',
      'twice: 4 below 1; rebuild, and give the links their primary key',
      'twice: 6 below 6; rebuild, and give the links their primary key',
    ])
    expect(await rebuildTree(session, model)).toEqual({ added: 0, removed: 0, corrected: 3 })
    expect(await verifyTree(session, model)).toEqual([])
    expect(await links()).toHaveLength(15)
  })

  test('verify names every link that is missing, extra or wrong, and every node without a root', async () => {
    await all(rows)
    await plant()
    await tamper(
      'delete from node_ancestry_link where node_id = 6 and ancestor_id = 2',
      'insert into node_ancestry_link (node_id, ancestor_id, distance) values (5, 2, 2)',
      'update node_ancestry_link set distance = 7 where node_id = 6 and ancestor_id = 1',
    )
    const faults = await verifyTree(session, model)
    expect(faults.map(describeFault).toSorted()).toEqual([
      'distance: 6 is 3 below 1, not 7',
      'extra: 5 is not below 2',
      'missing: 6 is 2 below 2',
    ])
    expect(await rebuildTree(session, model)).toEqual({ added: 1, removed: 1, corrected: 1 })
    expect(await verifyTree(session, model)).toEqual([])
    expect(await rebuildTree(session, model)).toEqual({ added: 0, removed: 0, corrected: 0 })
  })

  test('rebuild of a subtree leaves the rest', async () => {
    await all(rows)
    await plant({ counts: true })
    await tamper(
      'delete from node_ancestry_link where distance > 0',
      'insert into node_ancestry_link (node_id, ancestor_id, distance) values (5, 4, 1)',
    )
    await rebuildTree(session, model, { below: ['4'] })
    const faults = await verifyTree(session, model)
    expect(faults.map(describeFault).toSorted()).toEqual([
      'missing: 2 is 1 below 1',
      'missing: 3 is 1 below 1',
      'missing: 5 is 1 below 3',
      'missing: 5 is 2 below 1',
    ])
  })

  test('a cycle made behind the triggers’ backs is named', async () => {
    await all(rows)
    await plant()
    const disable = {
      postgres: ['set session_replication_role = replica'],
      mariadb: ['drop trigger node_ancestry_link_look_again', 'drop trigger node_ancestry_link_update'],
      sqlite: ['drop trigger node_ancestry_link_update'],
    }
    for (const sql of [...disable[engine.dialect], 'update node set parent_id = 6 where id = 2']) await all(sql)
    const told = (await verifyTree(session, model)).map(describeFault)
    expect(told.filter(each => each.startsWith('cyclic')).toSorted()).toEqual([
      'cyclic: 2, below 6, has no root above it',
      'cyclic: 4, below 2, has no root above it',
      'cyclic: 6, below 4, has no root above it',
    ])
  })

  // a lock that is missing is not waited for without end
  test.runIf(engine.dialect === 'postgres')('a change that needs a lock which is not there is refused', async () => {
    await all(rows)
    await plant()
    await tamper('delete from node_ancestry_link where node_id = 4 and ancestor_id = 4')
    for (const sql of [
      'insert into node (id, parent_id) values (7, 4)',
      'insert into node (id, parent_id) values (7, 4), (8, 4)',
      'update node set parent_id = 4 where id = 5',
      'update node set parent_id = 3 where id = 2',
      'update node set parent_id = 3 where id in (2, 5)',
    ])
      await expect(all(sql), sql).rejects.toMatchObject({ code: 'XX001' })
    await rebuildTree(session, model)
    await all('update node set parent_id = 3 where id = 2')
    expect(await verifyTree(session, model)).toEqual([])
  })

  test('load brings rows and links, and goes on where it stopped', async () => {
    await plant()
    const source = Array.from({ length: 100 }, (_, i) => [
      String(i + 1),
      i === 0 ? null : String(Math.floor((i + 1) / 2)),
      `n${i}`,
    ])
    const stop = new AbortController()
    const options = { columns: ['id', 'parent_id', 'name'], batch: 30 }
    const load = loadTree(session, model, source, {
      ...options,
      signal: stop.signal,
      onProgress: ({ rows: n }) => n === 60 && stop.abort(),
    })
    await expect(load).rejects.toMatchObject({ code: 'CANCELLED' })
    const named = (await verifyTree(session, model)).filter(({ kind }) => kind === 'load')
    expect(named.map(describeFault)).toEqual(['load: interrupted after 60 rows; run it again to go on'])
    expect(await loadTree(session, model, source, options)).toBe(40)
    expect(await verifyTree(session, model)).toEqual([])
    await all('insert into node (id, parent_id) values (101, 100)')
    await all('update node set parent_id = 3 where id = 2')
    expect(await verifyTree(session, model)).toEqual([])
  })

  test('stats count depths and children', async () => {
    await all(rows)
    await plant()
    const stats = await treeStats(session, model)
    expect(stats).toEqual({
      nodes: 6,
      roots: 1,
      lost: 0,
      links: 15,
      linksPerNode: 2.5,
      depths: [
        { depth: 0, nodes: 1 },
        { depth: 1, nodes: 2 },
        { depth: 2, nodes: 2 },
        { depth: 3, nodes: 1 },
      ],
      fanOut: [
        { least: 0, most: 0, nodes: 2 },
        { least: 1, most: 1, nodes: 3 },
        { least: 2, most: 3, nodes: 1 },
      ],
    })
    expect(describeStats(stats, 4)).toContain('  0  ██    1')
  })

  test('stats count what is in circles and below nobody, and advise walks no circle', async () => {
    await all('create table loose (id bigint primary key, parent_id bigint)')
    await all('insert into loose values (1, null), (2, 3), (3, 2), (4, 9), (5, 4)')
    await all(`insert into loose values ${Array.from({ length: 40 }, (_, i) => `(${i + 10}, 2)`).join(', ')}`)
    const loose = treeModel(engine.dialect, await readTreeTable(session, 'loose'), {
      parent: 'parent_id',
      closure: 'l',
    })
    const stats = await treeStats(session, loose)
    expect(stats).toMatchObject({ nodes: 45, roots: 1, lost: 44, links: 1, linksPerNode: 1 })
    expect(stats.fanOut).toEqual([
      { least: 0, most: 0, nodes: 42 },
      { least: 1, most: 1, nodes: 2 },
      { least: 32, most: 63, nodes: 1 },
    ])
    expect(describeStats(stats)).toContain('44 nodes have no root above them')
    await expect(adviseTree(session, loose)).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      message: expect.stringContaining('44 nodes'),
    })
    await all('delete from loose where id > 1')
    expect(describeAdvice(await adviseTree(session, loose))).toMatch(/^1 nodes, .* nothing to measure/)
  })

  test('advise measures subtrees of the table, and leaves nothing', async () => {
    await all(`insert into node (id, parent_id) values (1, null)`)
    await all(
      `insert into node (id, parent_id) values ${Array.from({ length: 40 }, (_, i) => `(${i + 2}, ${Math.max(1, Math.floor((i + 2) / 3))})`).join(', ')}`,
    )
    model = treeModel(engine.dialect, await readTreeTable(session, 'node'), {
      parent: 'parent_id',
      closure: 'node_ancestry_link',
    })
    const { stats, measured, bytesPerNode } = await adviseTree(session, model)
    expect(stats.nodes).toBe(41)
    expect(measured.map(({ descendants }) => descendants)).toContain(40)
    expect(bytesPerNode).toBeGreaterThan(50)
  })

  test('a forest a tenant: keys of two columns, one of them in the pointer too', async () => {
    await all(
      `create table area (tenant int not null, id varchar(20) not null, parent_id varchar(20), primary key (tenant, id), foreign key (tenant, parent_id) references area (tenant, id) on delete cascade)`,
    )
    const tree = treeModel(engine.dialect, await readTreeTable(session, 'area'), {
      parent: ['tenant', 'parent_id'],
      closure: 'area_link',
      counts: true,
    })
    expect(tree.scope.map(({ name }) => name)).toEqual(['tenant'])
    await installTree(session, tree)
    for (const sql of [
      `insert into area values (1, 'a', null), (1, 'b', 'a'), (1, 'c', 'b'), (2, 'a', null), (2, 'b', 'a'), (2, 'c', 'a')`,
      `update area set parent_id = 'a' where id = 'c'`,
      `update area set parent_id = 'c' where id = 'b' and tenant = 1`,
      `update area set parent_id = null where id = 'c' and tenant = 2`,
      `delete from area where id = 'b' and tenant = 1`,
    ]) {
      await all(sql)
      expect(await verifyTree(session, tree), sql).toEqual([])
    }
    await expect(all(`update area set parent_id = 'b' where id = 'a' and tenant = 2`)).rejects.toThrow()
    expect(await all('select * from area_link where ancestor_id <> node_id order by 1, 2')).toEqual([
      ['1', 'c', 'a', '1'],
      ['2', 'b', 'a', '1'],
    ])
  })

  test.runIf(engine.dialect === 'mariadb')(
    'what is below a node is rebuilt without comparing each with each',
    async () => {
      await all(`insert into node (id, parent_id) select seq, if(seq = 1, null, seq div 10 + 1) from seq_1_to_1000`)
      await plant()
      await tamper('delete from node_ancestry_link where distance > 0')
      await all('flush status')
      expect((await rebuildTree(session, model, { below: ['1'] })).added).toBeGreaterThan(1_000)
      const [[, read] = []] = await all(`show session status like 'Handler_read_rnd_next'`)
      expect(Number(read)).toBeLessThan(100_000)
      expect(await verifyTree(session, model)).toEqual([])
    },
  )

  test('keys of several columns, and two trees over one table', async () => {
    await all(
      `create table part (kind varchar(9) not null, n int not null, above_kind varchar(9), above_n int, held_kind varchar(9), held_n int, primary key (kind, n))`,
    )
    const table = await readTreeTable(session, 'part')
    const trees = [
      treeModel(engine.dialect, table, { parent: ['above_kind', 'above_n'], closure: 'part_above' }),
      treeModel(engine.dialect, table, { parent: ['held_kind', 'held_n'], closure: `part_held_${'x'.repeat(50)}` }),
    ]
    for (const tree of trees) await installTree(session, tree)
    for (const sql of [
      `insert into part values ('a', 1, null, null, null, null)`,
      `insert into part values ('a', 2, 'a', 1, null, null)`,
      `insert into part values ('b', 1, 'a', 2, 'a', 1), ('b', 2, 'b', 1, 'b', 1)`,
      `update part set above_n = 1, held_kind = 'b', held_n = 2 where kind = 'b' and n = 1 and 1 = 0`,
      `update part set above_n = 1 where kind = 'b' and n = 1`,
      `update part set held_kind = null where kind = 'b' and n = 1`,
      `delete from part where kind = 'b' and n = 2`,
    ]) {
      await all(sql)
      for (const tree of trees) expect(await verifyTree(session, tree), sql).toEqual([])
    }
    await expect(all(`update part set above_kind = 'b', above_n = 1 where kind = 'a' and n = 1`)).rejects.toThrow(
      /below itself|FOREIGN KEY/,
    )
    for (const tree of trees) await uninstallTree(session, tree)
  })
})
