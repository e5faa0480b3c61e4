/**
 * Where a foreign key may be put off, a node and its parent come by transactions of their own that do not see each other.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { installDdl, uninstallDdl } from '../../src/tree/ddl.js'
import { readTreeTable, treeModel, verifyTree } from '../../src/tree/index.js'
import { retryable } from '../../src/retry/retryable.js'
import { type Engine, engines, type TestSession } from './support/engines.js'
import { grow, type Planted, plant, type Plot, run } from './support/planted.js'

const seconds = Number(process.env['PILLION_STRESS_SECONDS'] ?? 5)

let tree: Planted
afterEach(() => tree.drop())

const simple =
  'create table node (id bigint primary key, parent_id bigint references node (id) deferrable initially deferred)'
const rows = 'insert into node values (1, null), (2, 1), (3, 1), (4, 2), (5, 3)'

/** Sessions of the test's own, closed after it. */
async function with3(
  work: (...sessions: readonly [TestSession, TestSession, TestSession]) => Promise<void>,
): Promise<void> {
  const sessions = [await tree.ground.session(), await tree.ground.session(), await tree.ground.session()] as const
  try {
    await work(...sessions)
  } finally {
    for (const each of sessions) await each.close()
  }
}

async function all(session: TestSession, ...statements: readonly string[]): Promise<void> {
  for (const each of statements) await session.run(each)
}

/** Thirty nodes, each below one of a lower number, and as many moves, in any order: most are hung below what is not there yet. */
function disorder(): string[] {
  const below = (n: number): number => 1 + Math.floor(Math.random() * n)
  const nodes = Array.from({ length: 30 }, (_, i) => i + 2)
  const comings = nodes.map(id => `insert into node values (${id}, ${below(id - 1)})`)
  const moves = nodes.map(id => `update node set parent_id = ${id} where id in (${below(31)}, ${below(31)})`)
  return [...comings, ...moves].toSorted(() => Math.random() - 0.5)
}

/** Six writers bring all of it, what fails at another time again; and anew. Says what is wrong after each time. */
async function sixWriters(engine: Engine, ddl: NonNullable<Plot['ddl']> = each => each): Promise<readonly string[]> {
  tree = await plant(engine, { deferred: true, onDelete: 'no action', ddl })
  const sessions = await Promise.all(Array.from({ length: 6 }, () => tree.ground.session()))
  const faults: string[] = []
  let done = 0
  const until = performance.now() + seconds * 1_000
  const write = async (session: TestSession, texts: string[]): Promise<void> => {
    // on links that are wrong some may never come
    while (texts.length > 0 && performance.now() < until + 1_000) {
      const text = texts.shift()!
      try {
        await all(session, 'begin', text, 'select pg_sleep(random() * 0.01)', 'commit')
        done++
      } catch (error) {
        await session.run('rollback')
        const { code } = error as { readonly code?: string }
        if (code === '23503' || retryable(error)) texts.push(text)
        // a circle
        else if (code !== '23514') faults.push(String(error))
      }
    }
  }
  try {
    // pointers may run in circles where links are wrong, and what follows them too
    for (const each of sessions) await all(each, `set deadlock_timeout = '20ms'`, `set statement_timeout = '5s'`)
    while (performance.now() < until) {
      await tree.session.run('truncate node cascade')
      await tree.session.run('insert into node values (1, null)')
      const texts = disorder()
      await Promise.all(sessions.map(each => write(each, texts)))
      faults.push(...(await tree.faults()))
    }
    process.stderr.write(`${engine.name}, keys put off, ${seconds} s: ${done} done, ${faults.length} faults\n`)
    return faults
  } finally {
    for (const each of sessions) await each.close()
  }
}

describe.each(engines().filter(({ dialect }) => dialect === 'postgres'))('on $name', engine => {
  test.each([
    ['one comes', 'insert into node values (11, 10)'],
    ['several come', 'insert into node values (11, 10), (12, 11), (13, 10)'],
    ['one moves, with what is below it', 'update node set parent_id = 10 where id = 2'],
    ['several move', 'update node set parent_id = 10 where id in (2, 4)'],
    [
      'one comes, and moves',
      'with _ as (insert into node values (11, 5) returning 1) select * from _; update node set parent_id = 10 where id = 11',
    ],
    ['one changes its key', 'insert into node values (11, 10); update node set id = 12 where id = 11'],
    ['one comes, and goes', 'insert into node values (11, 10); delete from node where id = 11'],
    ['a key is put off by the transaction alone', 'insert into node values (11, 10)', 'deferrable'],
  ])('%s below a node that another transaction brings', async (_, text, when = 'deferrable initially deferred') => {
    tree = await grow(engine, [
      `create table node (id bigint primary key, parent_id bigint references node (id) on update cascade ${when})`,
      rows,
    ])
    await with3(async (bringing, hanging) => {
      await all(bringing, 'begin', 'insert into node values (10, 5)')
      await all(hanging, 'begin', 'set constraints all deferred', ...text.split('; '))
      await bringing.run('commit')
      await hanging.run('commit')
    })
    await tree.check()
  })

  test('each brings what the next one hangs something below', async () => {
    tree = await grow(engine, [simple, rows], { counts: true })
    await with3(async (first, second, third) => {
      await all(third, 'begin', 'insert into node values (12, 11), (13, 12)')
      await all(second, 'begin', 'insert into node values (11, 10)')
      await all(first, 'begin', 'insert into node values (10, 5)')
      await first.run('commit')
      await second.run('commit')
      await third.run('commit')
    })
    await tree.check()
  })

  test('what comes by an older snapshot below a node it does not see fails, and comes when it is done again', async () => {
    tree = await grow(engine, [
      `create table node (id bigint primary key, parent_id bigint references node deferrable initially deferred) partition by range (id)`,
      'create table node_all partition of node default',
      rows,
    ])
    await with3(async (bringing, hanging) => {
      const hang = ['begin isolation level repeatable read', 'insert into node values (11, 10)']
      await all(bringing, 'begin', 'insert into node values (10, 5)')
      await all(hanging, ...hang)
      await bringing.run('commit')
      await expect(hanging.run('commit')).rejects.toMatchObject({ code: '40001' })
      await tree.check()
      await all(hanging, ...hang, 'commit')
    })
    await tree.check()
  })

  test('of composite keys, in a tree of several', async () => {
    tree = await grow(
      engine,
      [
        `create table node (tenant int, id text, parent_id text, primary key (tenant, id),
          foreign key (tenant, parent_id) references node deferrable initially deferred)`,
        `insert into node values (1, 'a', null), (2, 'a', null)`,
      ],
      { parent: ['tenant', 'parent_id'] },
    )
    await with3(async (bringing, hanging) => {
      await all(bringing, 'begin', `insert into node values (2, 'b', 'a')`)
      await all(hanging, 'begin', `insert into node values (2, 'c', 'b'), (2, 'd', 'c')`)
      await bringing.run('commit')
      await hanging.run('commit')
    })
    expect(await verifyTree(tree.session, tree.model)).toEqual([])
  })

  test('a parent that never comes is told by its foreign key', async () => {
    tree = await grow(engine, [simple, rows])
    await all(tree.session, 'begin', 'insert into node values (11, 10)')
    await expect(tree.session.run('commit')).rejects.toMatchObject({ code: '23503', constraint: 'node_parent_id_fkey' })
    await tree.check()
  })

  test('what is written down is looked at once, and gone', async () => {
    tree = await grow(engine, [simple, rows])
    const late = 'select count(*) from node_ancestry_link_late'
    await all(
      tree.session,
      'begin',
      'insert into node values (11, 10)',
      'insert into node values (12, 10), (13, 11), (14, 5)',
    )
    expect(await tree.session.run(late)).toEqual([['2']])
    await all(tree.session, 'insert into node values (10, 5)', 'commit')
    expect(await tree.session.run(late)).toEqual([['0']])
    await tree.check()
  })

  const swap = 'update node set parent_id = case id when 4 then 1 else 4 end where id in (2, 4)'
  test.each([
    'insert into node values (11, 10), (10, 5)',
    swap,
    'update node set id = id + 100, parent_id = parent_id + 100',
    'update node set id = 100 where id = 1',
    'delete from node where id = 2',
  ])('where keys are looked at immediately, what was right is: %s', async text => {
    tree = await grow(engine, [
      'create table node (id bigint primary key, parent_id bigint references node (id) on update cascade on delete cascade deferrable)',
      rows,
    ])
    for (const first of ['set constraints all immediate', 'set constraints all deferred']) {
      await all(tree.session, 'begin', first, text)
      await tree.check()
      await tree.session.run('rollback')
    }
    for (const level of ['repeatable read', 'serializable'])
      await all(
        tree.session,
        `begin isolation level ${level}`,
        'set constraints all immediate',
        'insert into node values (11, 5)',
        'rollback',
      )
    // nothing is pending that a change of the table would have to wait for
    await all(tree.session, 'begin', text, 'alter table node add label text', 'commit')
    await tree.check()
  })

  test.each([['that a load has brought without links', `set pillion.tree = 'load'`, `set pillion.tree = ''`]])(
    'below a node %s',
    async (_, before, after) => {
      tree = await grow(engine, [simple, rows])
      await with3(async (bringing, hanging) => {
        await all(bringing, before, 'begin', 'insert into node values (10, 5)')
        await all(hanging, 'begin', 'insert into node values (11, 10)', 'update node set parent_id = 10 where id = 2')
        await all(bringing, 'commit', after)
        await hanging.run('commit')
      })
      await tree.check()
    },
  )

  test('below what came by a partition of its own', async () => {
    tree = await grow(engine, [
      'create table node (id bigint primary key, parent_id bigint references node deferrable initially deferred) partition by range (id)',
      'create table node_all partition of node default',
      rows,
    ])
    await all(
      tree.session,
      'insert into node_all values (50, null)',
      'insert into node_all values (51, 50)',
      'insert into node values (52, 50)',
    )
  })

  test('its foreign key is what fails, however the links are called', async () => {
    tree = await grow(engine, [simple, rows], { closure: '0 "Links"' })
    for (const end of ['set constraints all immediate', 'commit']) {
      await all(tree.session, 'begin', 'insert into node values (11, 10)')
      await expect(tree.session.run(end)).rejects.toMatchObject({ code: '23503', constraint: 'node_parent_id_fkey' })
      await tree.session.run('rollback')
    }
  })

  test('a key that is no longer put off leaves nothing behind', async () => {
    tree = await grow(engine, [simple, rows])
    const { session } = tree
    await session.run('alter table node alter constraint node_parent_id_fkey not deferrable')
    const model = treeModel('postgres', await readTreeTable(session, 'node'), {
      parent: 'parent_id',
      closure: 'node_ancestry_link',
    })
    await run(session, installDdl(model))
    await session.run('insert into node values (11, 5)')
    await tree.check()
    await run(session, uninstallDdl(model))
    await session.run('insert into node values (12, 5)')
    // an index that was there before is not ours
    expect(await session.run(`select relname from pg_class where relname like 'node_ancestry%'`)).toEqual([
      ['node_ancestry_link_children'],
    ])
    expect(await session.run(`select proname from pg_proc where proname like 'node_ancestry%'`)).toEqual([])
  })

  test.each([
    'delete from node where id = 2; update node set id = 2 where id = 5',
    'delete from node where id = 2; insert into node values (2, 3)',
    'update node set id = 20 where id = 2; update node set id = 2 where id = 5',
    'update node set id = 20 where id = 2; update node set id = case id when 5 then 2 else 6 end, parent_id = 1 where id in (3, 5)',
  ])('children of a key that another takes go with it: %s', async text => {
    tree = await grow(engine, [simple, rows])
    await all(tree.session, 'begin', ...text.split('; '))
    await tree.check()
    await tree.session.run('commit')
    await tree.check()
  })

  test('an install of before, without what looks at the end, is told of', async () => {
    tree = await grow(engine, [simple, rows])
    await tree.session.run('drop trigger node_ancestry_link_commit on node_ancestry_link_late')
    expect(await verifyTree(tree.session, tree.model)).toMatchObject([{ kind: 'trigger' }])
  })

  test(
    'six writers leave the links right',
    async () => {
      expect(await sixWriters(engine)).toEqual([])
    },
    seconds * 1_000 + 60_000,
  )

  test(
    'six writers leave them wrong where nothing is looked at in the end',
    async () => {
      const without = (ddl: readonly string[]) => ddl.filter(each => !each.startsWith('CREATE CONSTRAINT TRIGGER'))
      expect(await sixWriters(engine, without)).not.toEqual([])
    },
    seconds * 1_000 + 60_000,
  )
})
