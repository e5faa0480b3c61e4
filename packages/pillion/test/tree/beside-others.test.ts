/**
 * Triggers of the team's own beside those of a tree on PostgreSQL, and row security over both.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { rebuildTree, verifyTree } from '../../src/tree/index.js'
import { engines } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'

let tree: Planted
afterEach(() => tree.drop())

const keys = [
  ['a key that cascades', ', foreign key (parent_id) references node (id) on delete cascade'],
  ['a deferrable key', ', foreign key (parent_id) references node (id) deferrable'],
  ['no key', ''],
] as const

const node = (key: string): string => `create table node (id bigint primary key, parent_id bigint, name text${key})`
const rows = 'insert into node (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2), (5, 3), (6, 4)'

/** Each statement, with the links compared after each. */
async function each(...statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    await tree.session.run(sql)
    expect(await tree.faults(), sql).toEqual([])
  }
}

describe.each(engines().filter(({ dialect }) => dialect === 'postgres'))('on $name', engine => {
  test.each(keys)('a row trigger that hangs the row elsewhere, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run(`create function elsewhere() returns trigger language plpgsql as $$ begin
      if new.parent_id = 6 then update node set parent_id = 5 where id = new.id; end if; return null; end $$`)
    await tree.session.run(
      'create trigger elsewhere after insert or update on node for each row execute function elsewhere()',
    )
    await each(
      'insert into node (id, parent_id) values (7, 6)',
      'insert into node (id, parent_id) values (8, 6), (9, 8), (10, 6)',
      'update node set parent_id = 6 where id = 9',
      'update node set parent_id = 6 where id in (8, 10)',
      'update node set id = 80, parent_id = 6 where id = 10',
    )
    expect(await tree.session.run('select id from node where parent_id = 5 order by id')).toEqual(
      ['7', '8', '9', '80'].map(id => [id]),
    )
  })

  test.each(keys)('a row trigger that deletes the row, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run(`create function not_wanted() returns trigger language plpgsql as $$ begin
      if new.name = 'no' then delete from node where id = new.id; end if; return null; end $$`)
    await tree.session.run(
      'create trigger not_wanted after insert or update on node for each row execute function not_wanted()',
    )
    await each(
      `insert into node values (7, 6, 'no')`,
      `insert into node values (7, 6, 'no'), (8, 6, 'yes'), (9, 8, 'no')`,
      `update node set name = 'no', parent_id = 5 where id = 8`,
      `insert into node values (7, 6, 'yes'), (8, 6, 'yes')`,
      `update node set name = case id when 7 then 'no' end, parent_id = 5 where id in (7, 8)`,
    )
  })

  test.each(keys)('a row trigger that hangs children of who goes one higher, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run(`create function splice() returns trigger language plpgsql as $$ begin
      update node set parent_id = old.parent_id where parent_id = old.id; return old; end $$`)
    await tree.session.run('create trigger splice before delete on node for each row execute function splice()')
    await each('delete from node where id = 4', 'delete from node where id in (2, 5)')
  })

  test.each(keys)('a row trigger that hangs those above the row below it, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows, 'insert into node (id) values (7)'], { counts: true })
    await tree.session.run(`create function turn() returns trigger language plpgsql as $$ begin
      if new.parent_id is null then update node set parent_id = new.id where id in (1, 7) and id <> new.id; end if; return null; end $$`)
    await tree.session.run('create trigger a_turn after update on node for each row execute function turn()')
    await expect(tree.session.run('update node set parent_id = null where id = 2')).rejects.toThrow('TREE_CYCLE')
    await tree.check()
    await each('update node set parent_id = null where id = 7', 'delete from node')
  })

  test.each(keys)(
    'a row trigger that hangs a node below one that is below it by the links alone, over %s',
    async (_, key) => {
      const held = '(1, null), (2, 1), (3, 10), (4, 10), (6, 3), (10, null)'
      tree = await grow(engine, [node(key), `insert into node (id, parent_id) values ${held}`], { counts: true })
      await tree.session.run(`create function beside() returns trigger language plpgsql as $$ begin
      if new.id = 2 then update node set parent_id = 2 where id in (3, 4); end if;
      if new.id = 6 then update node set parent_id = 6 where id = 1; end if; return null; end $$`)
      await tree.session.run('create trigger a_beside after update on node for each row execute function beside()')
      // the links of 2 to 1 and of 6 to 3 are those of before yet, when 1 is hung below 6
      const sql = 'update node set parent_id = null where id in (2, 6)'
      await expect(tree.session.run(sql)).rejects.toThrow('TREE_CYCLE')
      await tree.check()
      await each('update node set parent_id = null where id = 2', 'update node set parent_id = null where id = 6')
    },
  )

  test.each([
    ...keys,
    ['a key that is put off', ', foreign key (parent_id) references node (id) deferrable initially deferred'] as const,
  ])('a publication of all tables hinders nothing, over %s', async (_, key) => {
    tree = await grow(engine, [node(key), rows], { counts: true })
    await tree.session.run('create publication everything for all tables')
    await each(
      'insert into node (id, parent_id) values (8, 6), (9, 8)',
      'update node set parent_id = 1 where id in (4, 5)',
      'update node set id = 90 where id = 9',
      'select node_ancestry_link_roll_up()',
      'delete from node where id = 90',
    )
    if (key.includes('initially')) {
      await tree.session.run('begin')
      await each('insert into node (id, parent_id) values (11, 1)')
      for (const sql of [
        'insert into node (id, parent_id) values (21, 20)',
        'insert into node (id, parent_id) values (20, 1)',
        'commit',
      ])
        await tree.session.run(sql)
      await tree.check()
    }
    await rebuildTree(tree.session, tree.model)
    expect(await verifyTree(tree.session, tree.model)).toEqual([])
  })

  test('row security hides no ancestor; where it would, writing, verifying and mending fail aloud', async () => {
    tree = await grow(engine, [node(keys[0][1]), rows])
    const { session, model } = tree
    const role = `pillion_owner_${(await session.run('select pg_backend_pid()'))[0]?.[0]}`
    await session.run(`create role ${role}`)
    try {
      await session.run(`grant all on schema public to ${role}`)
      for (const [of] of await session.run(
        `select format('table %s', oid::regclass) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
         union all select format('function %s', oid::regprocedure) from pg_proc where pronamespace = 'public'::regnamespace`,
      ))
        await session.run(`alter ${of} owner to ${role}`)
      await session.run('alter table node enable row level security')
      await session.run('create policy most on node using (id <> 1) with check (true)')
      await session.run(`set role ${role}`)
      // an owner is above it
      await each('update node set parent_id = case id when 3 then 2 else 6 end where id in (3, 5)')
      expect(await verifyTree(session, model)).toEqual([])
      await session.run('reset role')
      await session.run('alter table node force row level security')
      await session.run(`set role ${role}`)
      const why = /row-level security/
      await expect(session.run('update node set parent_id = 2 where id in (5, 6)')).rejects.toThrow(why)
      await expect(verifyTree(session, model)).rejects.toThrow(why)
      await expect(rebuildTree(session, model)).rejects.toThrow(why)
      await session.run('reset role')
      await tree.check()
    } finally {
      await session.run('reset role')
      await session.run(`drop owned by ${role} cascade`)
      await session.run(`drop role ${role}`)
    }
  })
})
