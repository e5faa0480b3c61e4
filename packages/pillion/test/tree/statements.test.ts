import { afterEach, describe, expect, test } from 'vitest'
import { uninstallDdl } from '../../src/tree/ddl.js'
import { engines } from './support/engines.js'
import { grow, type Planted, type Plot, plant, run } from './support/planted.js'

let tree: Planted
afterEach(() => tree.drop())

const start = [
  'insert into node (id, parent_id) values (1, null)',
  'insert into node (id, parent_id) values (2, 1), (3, 1), (4, 2), (5, 3)',
]

/** Each statement, with the links compared after each. */
async function each(...statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    await tree.session.run(sql)
    await tree.check()
  }
}

/** A statement that is refused, and of which nothing is left. */
async function refused(sql: string, why: RegExp): Promise<void> {
  const rows = await tree.session.run('select id, parent_id from node order by id')
  await expect(tree.session.run(sql), sql).rejects.toThrow(why)
  expect(await tree.session.run('select id, parent_id from node order by id')).toEqual(rows)
  await tree.check()
}

describe.each(engines())('on $name', engine => {
  const whole = engine.dialect !== 'mariadb'
  const counts: Plot = { options: { counts: true } }
  const plots: readonly (readonly [string, Plot])[] = [
    ['a key that cascades', counts],
    ['a key that does not', { ...counts, onDelete: 'no action' }],
    ['a key that sets NULL', { ...counts, onDelete: 'set null' }],
    ['no key', { ...counts, onDelete: 'none' }],
    ...(whole ? [['a deferred key', { ...counts, deferred: true }] as const] : []),
    ['keys on the links', { options: { foreignKeys: true } }],
    ['keys on the links and counts', { options: { foreignKeys: true, counts: true } }],
  ]

  test.each(plots)('rows come, move and go, over %s', async (_, plot) => {
    tree = await plant(engine, plot)
    await each(
      ...start,
      'update node set parent_id = 3 where id = 4',
      'update node set parent_id = null where id = 3',
      'update node set parent_id = 2 where id = 3',
      `update node set name = 'x'`,
      `update node set name = 'y' where id = 3`,
      'update node set parent_id = 1 where id in (3, 4, 5)',
      'delete from node where id = 5',
      'insert into node (id, parent_id) values (6, null), (7, null), (8, 6)',
      'update node set parent_id = 3 where id in (6, 7)',
      ...(whole || !plot.options?.foreignKeys ? ['update node set id = 80 where id = 8'] : []),
      ...(whole && plot.onDelete !== 'none' ? ['update node set id = 30 where id = 3'] : []),
      'delete from node where id in (80, 8, 7)',
    )
  })

  test.each(plots)('what makes no tree is refused whole, over %s', async (_, plot) => {
    tree = await plant(engine, plot)
    await each(...start)
    const why = /below itself|FOREIGN KEY|foreign key/
    await refused('update node set parent_id = 2 where id = 2', why)
    await refused('update node set parent_id = 4 where id = 2', why)
    await refused('update node set parent_id = 4 where id = 1', why)
    await refused('insert into node (id, parent_id) values (9, 9)', why)
    await refused('insert into node (id, parent_id) values (8, null), (9, 99)', /missing|FOREIGN KEY|foreign key/)
    await refused(
      'insert into node (id, parent_id) values (8, 9), (9, 8)',
      /missing|below itself|FOREIGN KEY|foreign key/,
    )
    await refused('update node set parent_id = 99 where id = 2', /missing|FOREIGN KEY|foreign key/)
    if (whole) await refused('update node set parent_id = case id when 2 then 3 else 2 end where id in (2, 3)', why)
    if (plot.onDelete === 'no action' || plot.onDelete === 'none')
      await refused('delete from node where id = 2', /missing|children|FOREIGN KEY|foreign key/)
  })

  test.runIf(whole).each(plots)('rows of one statement come in any order, over %s', async (_, plot) => {
    tree = await plant(engine, plot)
    await each(
      ...start,
      'insert into node (id, parent_id) values (11, 10), (10, 4), (13, 12), (12, 11)',
      'update node set parent_id = case id when 3 then 1 when 2 then 3 end where id in (2, 3)',
      'update node set parent_id = case id when 2 then 1 when 3 then 2 end where id in (2, 3)',
      'update node set parent_id = case id when 10 then 1 when 2 then 12 when 4 then null when 11 then 4 end where id in (2, 4, 10, 11)',
      'delete from node where id in (11, 12, 13, 2, 3, 5)',
      'insert into node (id, parent_id) values (11, 10), (12, 11)',
      'update node set id = 100 where id = 12',
    )
  })

  test.runIf(engine.dialect === 'mariadb')('rows come in any order where foreign keys are not looked at', async () => {
    tree = await plant(engine, { onDelete: 'none' })
    await each(...start, 'set foreign_key_checks = 0')
    await tree.session.run('insert into node (id, parent_id) values (11, 10), (13, 12), (12, 11), (10, 4)')
    await tree.check()
  })

  test.runIf(engine.dialect === 'mariadb')(
    'a swap in one statement has an order in which each step is a tree',
    async () => {
      tree = await plant(engine)
      await each(...start)
      const swap = 'update node set parent_id = case id when 3 then 1 when 2 then 3 end where id in (2, 3)'
      await each('update node set parent_id = 2 where id = 3')
      await refused(swap, /below itself/)
      await each(`${swap} order by id desc`)
    },
  )

  test.runIf(engine.dialect === 'sqlite').each(plots)(
    'with foreign keys off, over %s, each row must leave a tree',
    async (_, plot) => {
      tree = await plant(engine, plot)
      await tree.session.run('pragma foreign_keys = off')
      await each(...start, 'update node set parent_id = 3 where id = 4', 'delete from node where id = 4')
      const why = /foreign_keys off|below itself/
      await refused('update node set parent_id = 5 where id = 3', why)
      await refused('insert into node (id, parent_id) values (9, 99)', why)
      await refused('delete from node where id = 3', why)
      await refused('update node set parent_id = case id when 2 then 5 else 2 end where id in (2, 3)', why)
    },
  )

  test.runIf(engine.dialect === 'postgres')('statements within statements', async () => {
    tree = await plant(engine, counts)
    await each(
      ...start,
      'with a as (insert into node (id, parent_id) values (50, 4)) insert into node (id, parent_id) values (51, 50)',
      'with u as (update node set parent_id = null where id = 4) insert into node (id, parent_id) values (60, 4)',
      'with i as (insert into node (id, parent_id) values (70, 5)) update node set parent_id = 70 where id = 4',
      'with d as (delete from node where id = 70) update node set parent_id = 2 where parent_id = 70',
      'insert into node (id, parent_id) values (4, 1), (71, 60) on conflict (id) do update set parent_id = excluded.parent_id',
      'update node set id = id + 1000, parent_id = parent_id + 1000',
      'merge into node using (values (1004, 1003), (1080, 1004)) as v (id, parent_id) on node.id = v.id when matched then update set parent_id = v.parent_id when not matched then insert (id, parent_id) values (v.id, v.parent_id)',
    )
  })

  test.runIf(engine.dialect === 'postgres').each(plots)(
    'a circle of rows that come apart in one statement is refused as one, over %s',
    async (_, plot) => {
      tree = await plant(engine, plot)
      await each(...start)
      for (const sql of [
        'with a as (insert into node (id, parent_id) values (50, 51)), b as (insert into node (id, parent_id) values (51, 50)) update node set parent_id = 50 where id = 4',
        'with a as (insert into node (id, parent_id) values (50, 51)), b as (insert into node (id, parent_id) values (51, 50)), c as (insert into node (id, parent_id) values (52, 51)) update node set parent_id = 52 where id = 4',
      ])
        await refused(sql, /TREE_CYCLE/)
    },
  )

  test.runIf(engine.dialect === 'postgres')(
    'a circle that is there until a cascade of the same statement comes to it is refused',
    async () => {
      tree = await plant(engine, counts)
      await each(...start, 'insert into node (id, parent_id) values (6, 4)')
      await refused(
        'with d as (delete from node where id = 2) update node set parent_id = case id when 1 then 6 end where id in (1, 3)',
        /TREE_CYCLE/,
      )
      await refused(
        'merge into node using (values (2, null), (1, 6), (3, null)) as v (id, to_id) on node.id = v.id when matched and v.id = 2 then delete when matched then update set parent_id = v.to_id',
        /TREE_CYCLE/,
      )
    },
  )

  test.runIf(engine.dialect === 'postgres')('a key that one row gives up and another takes is refused', async () => {
    tree = await plant(engine, { ...counts, onDelete: 'no action' })
    await each(...start)
    const why = /gives no key to another row in one statement/
    for (const sql of [
      'insert into node (id, parent_id) values (2, 1), (2, 5) on conflict (id) do update set id = 9',
      'merge into node using (values (5, null), (4, 5)) as v (id, to_id) on node.id = v.id when matched and v.to_id is null then delete when matched then update set id = v.to_id',
      'merge into node using (values (5, null), (4, 3)) as v (id, to_id) on node.id = v.id when matched and v.to_id is null then delete when matched then update set id = 5, parent_id = v.to_id',
    ])
      await refused(sql, why)
    await each('delete from node where id = 5', 'update node set id = 5 where id = 4')
  })

  const keyed = { options: { foreignKeys: true } }
  const cascading: readonly (readonly [string, Plot])[] = [
    ['a key that cascades', counts],
    ['a key that cascades, with keys on the links', keyed],
    ['a key that cascades, with keys on the links and counts', { options: { ...keyed.options, counts: true } }],
    ['a key that sets NULL, with keys on the links', { ...keyed, onDelete: 'set null' }],
  ]
  const hung = [
    'with a as (delete from node where id = 1) update node set parent_id = 4 where id = 5',
    'with a as (delete from node where id = 1) update node set parent_id = case id when 5 then 4 else 5 end where id in (5, 3)',
    'with a as (delete from node where id = 1) insert into node (id, parent_id) values (9, 4)',
    'with a as (delete from node where id = 1) insert into node (id, parent_id) values (10, 9), (9, 4)',
    'merge into node using (values (1, null), (5, 4)) as v (id, to_id) on node.id = v.id when matched and v.to_id is null then delete when matched then update set parent_id = v.to_id',
  ]
  test
    .runIf(engine.dialect === 'postgres')
    .each(cascading.flatMap(([over, plot]) => hung.map(sql => [over, sql, plot] as const)))(
    'what is above goes by the same statement, over %s: %s',
    async (_, sql, plot) => {
      tree = await plant(engine, plot)
      await each(...start, sql)
    },
  )

  test
    .runIf(engine.dialect === 'postgres')
    .each([
      'with a as (update node set id = id + 9) update node set parent_id = case id when 4 then 2 end where id in (4)',
      'with a as (delete from node where id = 1), b as (insert into node (id, parent_id) values (1, 1)) insert into node (id, parent_id) values (2, null), (1, null) on conflict (id) do update set id = excluded.id + 9',
    ])('a row that is told of twice in one statement is one: %s', async sql => {
    tree = await plant(engine, counts)
    await each(...start, sql)
  })

  test.runIf(engine.dialect === 'postgres').each(['', ', foreign key (parent_id) references node on update cascade'])(
    'a row that MERGE moves to another partition is refused, for no trigger is told of it%s',
    async references => {
      tree = await grow(engine, [
        `create table node (id bigint primary key, parent_id bigint${references}) partition by range (id)`,
        'create table node_low partition of node for values from (0) to (100)',
        'create table node_high partition of node default',
      ])
      await each(
        ...start,
        'update node set id = 500 where id = 5',
        'update node set id = 501, parent_id = 2 where id = 500',
      )
      const merged = (from: number, set: string) =>
        `merge into node using (values (${from})) as v (id) on node.id = v.id when matched then update set ${set}`
      await refused(merged(4, 'id = 400'), /MERGE tells no trigger/)
      await refused(merged(501, 'id = 5, parent_id = 4'), /MERGE tells no trigger/)
      await refused(
        `${merged(4, 'id = 400')} when not matched then insert values (v.id, null)`,
        /MERGE tells no trigger/,
      )
      await each(merged(4, 'id = 40'), merged(40, 'parent_id = 1'), merged(501, 'id = 502'))
      for (const sql of uninstallDdl(tree.model)) await tree.session.run(sql)
      await tree.session.run('update node set id = 400 where id = 40')
      expect(await tree.session.run(`select proname from pg_proc where proname like 'node_ancestry%'`)).toEqual([])
    },
  )

  test.runIf(engine.dialect === 'postgres')(
    'a row trigger that inserts a child before its parent is linked',
    async () => {
      tree = await plant(engine, counts)
      await tree.session.run(`create function sprout() returns trigger language plpgsql as $$ begin
      if new.id < 10 then insert into node (id, parent_id) values (new.id + 10, new.id); end if; return null; end $$`)
      await tree.session.run('create trigger sprout after insert on node for each row execute function sprout()')
      await each(...start, 'update node set parent_id = 5 where id = 2')
    },
  )

  test.runIf(engine.dialect === 'postgres')('TRUNCATE empties the links', async () => {
    tree = await plant(engine, counts)
    await each(...start, 'truncate node', ...start)
  })

  test.runIf(engine.dialect === 'postgres')('TRUNCATE empties the links that have foreign keys', async () => {
    tree = await plant(engine, { options: { counts: true, foreignKeys: true } })
    await each(...start, 'truncate node cascade', ...start, 'truncate node, node_ancestry_link', ...start)
  })

  test.runIf(engine.dialect === 'mariadb')('TRUNCATE, which fires no trigger, is refused', async () => {
    tree = await plant(engine)
    await each(...start)
    await refused('truncate node', /foreign key/)
  })

  test.runIf(engine.dialect === 'postgres')('links written by hand are passed over, or refused', async () => {
    tree = await plant(engine)
    await each(...start, 'insert into node_ancestry_link (node_id, ancestor_id, distance) values (1, 5, 3)')
    await refused('delete from node_ancestry_link', /kept by triggers/)
    await refused('update node_ancestry_link set distance = 4', /kept by triggers/)
  })

  // by looking at all that wait for each row, this took minutes: it ends in time, or it does not
  test.runIf(whole)(
    'a chain of many comes in one statement, children first and in any order',
    async () => {
      tree = await plant(engine)
      const ids = Array.from({ length: 700 }, (_, i) => 700 - i)
      for (const order of [ids, ids.toSorted((a, b) => ((a * 7919) % 701) - ((b * 7919) % 701))]) {
        await each('delete from node')
        await each(
          `insert into node (id, parent_id) values ${order.map(id => `(${id}, ${id > 1 ? id - 1 : 'null'})`).join(', ')}`,
        )
      }
    },
    120_000,
  )

  test('a deep subtree goes in one statement', async () => {
    tree = await plant(engine, counts)
    const depth = engine.dialect === 'sqlite' ? 1_100 : 60
    const rows = Array.from({ length: depth }, (_, i) => `(${i + 2}, ${i + 1})`)
    await tree.session.run('insert into node (id, parent_id) values (1, null)')
    await tree.session.run(`insert into node (id, parent_id) values ${rows.join(', ')}`)
    await tree.session.run('delete from node where id = 3')
    await tree.check()
    expect(await tree.session.run('select count(*) from node')).toEqual([['2']])
  }, 60_000)

  test('installing again changes nothing, and uninstalling leaves nothing', async () => {
    let again: readonly string[] = []
    tree = await plant(engine, { ...counts, ddl: statements => (again = statements) })
    await each(...start)
    await run(tree.session, again)
    await tree.check()
    await each('update node set parent_id = 3 where id = 4')
    for (const sql of [...uninstallDdl(tree.model), ...uninstallDdl(tree.model)]) await tree.session.run(sql)
    await tree.session.run('insert into node (id, parent_id) values (9, 1)')
    await tree.session.run('delete from node')
    expect(await tree.session.run(left[engine.dialect])).toEqual([])
  })

  test.each(['uuid', 'text'])('keys are of type %s', async type => {
    const sqlType = engine.dialect === 'mariadb' && type === 'text' ? 'varchar(64)' : type
    tree = await plant(engine, { type: sqlType, onDelete: 'no action' })
    const id = (n: number): string =>
      type === 'uuid' ? `'00000000-0000-0000-0000-00000000000${n}'` : `'it''s ${n}, “ü”'`
    await each(
      `insert into node (id, parent_id) values (${id(1)}, null)`,
      `insert into node (id, parent_id) values (${id(2)}, ${id(1)}), (${id(3)}, ${id(2)})`,
      `update node set parent_id = ${id(1)} where id = ${id(3)}`,
      `update node set parent_id = ${id(3)} where id = ${id(2)}`,
      `delete from node where id = ${id(2)}`,
    )
  })
})

const left = {
  postgres: `select proname from pg_proc where pronamespace = 'public'::regnamespace union all select tgname from pg_trigger where not tgisinternal
    union all select relname from pg_class where relnamespace = 'public'::regnamespace and relname not in ('node', 'node_pkey')`,
  mariadb: `select trigger_name from information_schema.triggers where trigger_schema = database() union all
    select table_name from information_schema.tables where table_schema = database() and table_name <> 'node' union all
    select constraint_name from information_schema.referential_constraints where constraint_schema = database() and constraint_name like '%anchor%'`,
  sqlite: `select name from sqlite_master where name not in ('node', 'sqlite_autoindex_node_1')`,
} as const
