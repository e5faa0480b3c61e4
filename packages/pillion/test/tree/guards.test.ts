/**
 * One guard each: what it keeps off is brought about, by barriers of two sessions where it takes two.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { innodbTransactions } from '../../../../test/support/innodb.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import { installTree, loadTree, readTreeTable, rebuildTree, treeModel, verifyTree } from '../../src/tree/index.js'
import type { TreeSession } from '../../src/tree/session.js'
import { engines, type TestSession } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'
import { waiting } from './support/waiting.js'

let tree: Planted
afterEach(() => tree.drop())

const rows = 'insert into node values (1, null), (2, 1), (3, 1), (4, 2), (5, 3), (6, 4)'
const unchecked = ['create table node (id bigint primary key, parent_id bigint)', rows]

/** Runs it as a role of the test's own, which may do what `rights` say. */
async function asRole(rights: readonly string[], work: () => Promise<void>): Promise<void> {
  const { session } = tree
  const role = `pillion_guest_${(await session.run('select pg_backend_pid()'))[0]?.[0]}`
  await session.run(`create role ${role}`)
  try {
    for (const right of rights) await session.run(right.replaceAll('$role', role))
    await session.run(`set role ${role}`)
    await work()
  } finally {
    await session.run('rollback')
    await session.run('reset role')
    await session.run(`drop owned by ${role} cascade`)
    await session.run(`drop role ${role}`)
  }
}

/** Runs `work` in a session of its own beside `first`, which commits once that waits for it. */
async function behind(first: readonly string[], work: (other: TestSession) => Promise<unknown>): Promise<unknown> {
  const { session } = tree
  const other = await tree.ground.session()
  try {
    const waits = await waiting(other, session)
    await session.run('begin')
    for (const each of first) await session.run(each)
    let over = false
    const ended = work(other).then(
      () => (over = true),
      (error: unknown) => {
        over = true
        return error
      },
    )
    await waitFor(async () => expect(over || (await waits())).toBe(true))
    expect(over, 'it did not wait').toBe(false)
    await session.run('commit')
    return await ended
  } finally {
    await other.close()
  }
}

/** A session that something comes between, before the first statement that is such. */
function interrupted(session: TestSession, such: (text: string) => boolean, work: () => Promise<void>): TreeSession {
  let done = false
  return {
    dialect: session.dialect,
    async run(text, values) {
      if (!done && such(text)) {
        done = true
        await work()
      }
      return session.run(text, values)
    },
  }
}

describe.each(engines().filter(({ dialect }) => dialect === 'postgres'))('on $name', engine => {
  test('who may write nodes needs no rights on the links', async () => {
    tree = await grow(engine, unchecked, { counts: true })
    await asRole(['grant select, insert, update, delete, truncate on node to $role'], async () => {
      for (const each of [
        'insert into node values (7, 6)',
        'insert into node values (8, 7), (9, 8)',
        'update node set parent_id = 5 where id = 7',
        'update node set parent_id = 1 where id in (8, 9)',
        'update node set id = 90 where id = 9',
        'delete from node where id = 90',
        'delete from node where id in (7, 8)',
      ])
        await tree.session.run(each)
      await expect(tree.session.run('select 1 from node_ancestry_link')).rejects.toThrow(/permission denied/)
    })
    await tree.check()
    await asRole(['grant truncate on node to $role'], async () => void (await tree.session.run('truncate node')))
    expect(await tree.session.run('select 1 from node_ancestry_link')).toEqual([])
  })

  test.each(['insert into node values (7, 6), (8, 6)', 'update node set parent_id = 6 where id in (3, 5)'])(
    'a parent that goes while it is waited for: %s',
    async text => {
      tree = await grow(engine, unchecked)
      expect(await behind(['delete from node where id = 6'], other => other.run(text))).toMatchObject({
        message: expect.stringContaining('TREE_PARENT_MISSING'),
      })
      await tree.check()
    },
  )

  test.each([
    'with gone as (delete from node where id in (5, 6) returning id) insert into node select id, 1 from gone',
    'with gone as (update node set id = id + 10 where id in (5, 6) returning id) insert into node select id - 10, 1 from gone',
  ])('a key that is given away in one statement: %s', async text => {
    tree = await grow(engine, unchecked)
    await expect(tree.session.run(text)).rejects.toThrow(/gives no key to another row/)
    await tree.check()
  })

  test('rows that row security hides are not left out by an install or a load', async () => {
    tree = await grow(engine, unchecked)
    const hidden = [
      'grant all on schema public to $role',
      'create table other (id bigint primary key, parent_id bigint)',
      'insert into other values (1, null), (2, null)',
      'alter table other owner to $role',
    ]
    await asRole(hidden, async () => {
      const { session } = tree
      const model = treeModel('postgres', await readTreeTable(session, 'other'), {
        parent: 'parent_id',
        closure: 'other_link',
      })
      const hide = ['alter table other enable row level security', 'alter table other force row level security']
      for (const each of hide) await session.run(each)
      await session.run('create policy most on other using (id <> 1) with check (true)')
      await expect(installTree(session, model)).rejects.toThrow(/row-level security/)
      await session.run('alter table other no force row level security')
      await installTree(session, model)
      await session.run('alter table other force row level security')
      await expect(loadTree(session, model, [['3', '2']], { columns: ['id', 'parent_id'] })).rejects.toThrow(
        /row-level security/,
      )
      await session.run('alter table other no force row level security')
      expect(await loadTree(session, model, [['3', '2']], { columns: ['id', 'parent_id'] })).toBe(0)
      expect(await verifyTree(session, model)).toEqual([])
    })
  })

  test('the lock of a root is touched by nobody who writes far below it', async () => {
    tree = await grow(engine, unchecked)
    const { session } = tree
    const lock = () =>
      session.run('select ctid, xmin, xmax from node_ancestry_link where node_id = 1 and ancestor_id = 1')
    const before = await lock()
    for (const each of [
      'insert into node values (7, 4)',
      'insert into node values (8, 4), (9, 8)',
      'update node set parent_id = 5 where id = 4',
      'update node set parent_id = 5 where id in (6, 9)',
      'delete from node where id = 7',
      'delete from node where id in (8, 9)',
    ])
      await session.run(each)
    expect(await lock()).toEqual(before)
    await session.run('insert into node values (10, 1)')
    expect(await lock()).not.toEqual(before)
    await tree.check()
  })

  test.each([
    ['a node far below', 'insert into node values (7, 6)'],
    ['another that is moved there', 'update node set parent_id = 6 where id = 5'],
  ])('who moves a node waits for %s', async (_, text) => {
    tree = await grow(engine, unchecked)
    expect(await behind([text], other => other.run('update node set parent_id = 3 where id = 2'))).toBe(true)
    await tree.check()
  })

  const leaving = [
    'create table node (id bigint primary key, parent_id bigint references node on delete set null)',
    rows,
  ]
  test.each([
    ['its children are roots then', leaving, 'delete from node where id = 2'],
    [
      'they are moved by the same statement',
      unchecked,
      'with moved as (update node set parent_id = 3 where id = 4) delete from node where id = 2',
    ],
    ['two at once', leaving, 'delete from node where id in (2, 3)'],
  ])('who deletes a node waits for who writes far below it: %s', async (_, table, text) => {
    tree = await grow(engine, table)
    expect(await behind(['insert into node values (7, 6)'], other => other.run(text))).toBe(true)
    await tree.check()
  })

  test.each([
    ['hung below it', 'insert into node values (7, 6), (8, 6)'],
    ['moved below it', 'update node set parent_id = 6 where id in (3, 5)'],
  ])('a node that went and came again is not moved by others while something is %s', async (_, text) => {
    tree = await grow(engine, unchecked)
    const [writing, moving] = [await tree.ground.session(), await tree.ground.session()]
    try {
      const isWaiting = [await waiting(writing, tree.session), await waiting(moving, tree.session)] as const
      const untilWaiting = (which: 0 | 1) => waitFor(async () => expect(await isWaiting[which]()).toBe(true))
      await tree.session.run('begin')
      await tree.session.run('delete from node where id = 6')
      await tree.session.run('insert into node values (6, 4)')
      await writing.run('begin')
      const written = writing.run(text)
      await untilWaiting(0)
      await tree.session.run('commit')
      await written
      const moved = moving.run('update node set parent_id = 1 where id = 6')
      await untilWaiting(1)
      await writing.run('commit')
      await moved
      await tree.check()
    } finally {
      await writing.close()
      await moving.close()
    }
  })

  test('below a parent that has come since the snapshot nothing is hung: a foreign key of partitions would let it', async () => {
    const parts = [
      'create table node (id bigint primary key, parent_id bigint references node) partition by range (id)',
      'create table node_all partition of node default',
      rows,
    ]
    tree = await grow(engine, parts)
    const other = await tree.ground.session()
    try {
      await other.run('begin isolation level repeatable read')
      await other.run('select 1 from node')
      await tree.session.run('insert into node values (7, 6)')
      await expect(other.run('insert into node values (8, 7)')).rejects.toMatchObject({ code: '40001' })
      await other.run('rollback')
      await tree.check()
    } finally {
      await other.close()
    }
  })

  test.each([
    ['rows come', 'repeatable read', {}, 'insert into node values (6, 3), (7, 3)'],
    ['a row comes', 'repeatable read', {}, 'insert into node values (6, 3)'],
    ['rows come', 'serializable', { isolation: 'serializable' as const }, 'insert into node values (6, 3), (7, 3)'],
    ['a row gets it', 'serializable', { isolation: 'serializable' as const }, 'update node set id = 6 where id = 5'],
  ])(
    'a key that another row had when the snapshot was taken is given to none: %s, %s',
    async (_, level, options, text) => {
      tree = await grow(engine, unchecked, options)
      const other = await tree.ground.session()
      try {
        await other.run(`set default_transaction_isolation = '${level}'`)
        if (level === 'serializable') await tree.session.run(`set default_transaction_isolation = '${level}'`)
        await other.run('begin')
        await other.run('select 1 from node')
        await tree.session.run('delete from node where id = 6')
        await expect(other.run(text)).rejects.toMatchObject({ code: '40001' })
        await other.run('rollback')
        await other.run(text)
        await tree.check()
      } finally {
        await other.close()
      }
    },
  )

  test('a rebuild waits for who writes', async () => {
    tree = await grow(engine, unchecked)
    await behind(['insert into node values (7, 6)'], other => rebuildTree(other, tree.model))
    await tree.check()
  })

  test('a load waits for who moves what it brings nodes below', async () => {
    tree = await grow(engine, unchecked)
    const load = (other: TestSession) => loadTree(other, tree.model, [['8', '4']], { columns: ['id', 'parent_id'] })
    expect(await behind(['update node set parent_id = 5 where id = 4'], load)).toBe(true)
    await tree.check()
  })

  test('a load waits for another that begins', async () => {
    tree = await grow(engine, unchecked)
    const begun = ['insert into node_ancestry_link_load values (0)']
    const load = (other: TestSession) => loadTree(other, tree.model, [['8', '4']], { columns: ['id', 'parent_id'] })
    expect(await behind(begun, load)).toBe(true)
    expect(await tree.session.run('select * from node_ancestry_link_load')).toEqual([])
    await tree.check()
  })

  test('counts are not counted again while they are added up', async () => {
    tree = await grow(engine, unchecked, { counts: true })
    await tree.session.run('delete from node_ancestry_link_count')
    await tree.session.run('insert into node values (7, 6), (8, 7)')
    expect(await behind(['select node_ancestry_link_roll_up()'], other => rebuildTree(other, tree.model))).toBe(true)
    await tree.check()
  })
})

describe.each(engines())('on $name', engine => {
  test('what is verified is of one moment', async () => {
    tree = await grow(engine, unchecked)
    const { session, model } = tree
    if (engine.dialect === 'mariadb') await session.run('set session transaction isolation level read committed')
    const other = await tree.ground.session()
    try {
      const meanwhile = async (): Promise<void> => {
        await other.run('delete from node where id = 6')
        await other.run('insert into node_ancestry_link_load values (1)')
        if (engine.dialect === 'postgres') await other.run(`set pillion.tree = 'load'`)
        if (engine.dialect === 'mariadb') await other.run(`set @pillion_tree = 'load'`)
        await other.run('insert into node values (9, 1)')
      }
      const verifying = interrupted(session, text => text.includes('_reached'), meanwhile)
      expect(await verifyTree(verifying, model)).toEqual([])
      expect((await verifyTree(session, model)).map(({ kind }) => kind)).toEqual(['load', 'missing', 'missing'])
    } finally {
      await other.close()
    }
  })
})

describe.each(engines().filter(({ dialect }) => dialect === 'mariadb'))('on $name', engine => {
  test('who writes while links are mended waits', async () => {
    tree = await grow(engine, unchecked)
    const { session, model } = tree
    await session.run('update node_ancestry_link set distance = 7 where node_id = 6 and ancestor_id = 2')
    const other = await tree.ground.session()
    const watcher = await tree.ground.session()
    try {
      const [[id] = []] = await other.run('select connection_id()')
      const waits = async (): Promise<boolean> => {
        const [[, , status] = []] = await watcher.run('show engine innodb status')
        return innodbTransactions(String(status)).some(each => each.waits && each.session === Number(id))
      }
      let written: Promise<unknown> = Promise.resolve()
      const meanwhile = async (): Promise<void> => {
        written = other.run('insert into node values (7, 6)').catch((error: unknown) => error)
        await waitFor(async () => expect(await waits()).toBe(true))
      }
      const mending = interrupted(session, text => text.startsWith('DELETE l FROM pillion_wrong'), meanwhile)
      expect(await rebuildTree(mending, model)).toEqual({ added: 0, removed: 0, corrected: 1 })
      expect(await written).toEqual([])
      await tree.check()
    } finally {
      await other.close()
      await watcher.close()
    }
  })

  test('adding counts up waits for nobody', async () => {
    tree = await grow(engine, unchecked, { counts: true })
    const other = await tree.ground.session()
    try {
      await other.run('set session innodb_lock_wait_timeout = 1')
      await tree.session.run('begin')
      await tree.session.run('insert into node values (7, 6)')
      await other.run('call node_ancestry_link_roll_up()')
      await tree.session.run('commit')
      await tree.check()
    } finally {
      await other.close()
    }
  })
})
