/**
 * Loads that go wrong: rows that make no tree, rows of another file, two at once.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import { describeFault, loadTree, rebuildTree, verifyTree } from '../../src/tree/index.js'
import { engines } from './support/engines.js'
import { grow, type Planted } from './support/planted.js'

let tree: Planted
afterEach(() => tree.drop())

const table = 'create table node (id bigint primary key, parent_id bigint)'
const columns = ['id', 'parent_id']
const count = async () => Number((await tree.session.run('select count(*) from node'))[0]?.[0])
const row = (id: number): readonly (string | null)[] => [String(id), null]
const told = async () => (await verifyTree(tree.session, tree.model)).map(describeFault)

describe.each(engines())('on $name', engine => {
  test.each([
    ['a circle', ['3', '2'], ['2', '3']],
    ['a missing parent', ['3', '2'], ['2', '9']],
  ])('%s ends it, and can be mended', async (_, ...wrong) => {
    tree = await grow(engine, [table])
    const { session, model } = tree
    const rows = [['1', null], ...wrong]
    await expect(loadTree(session, model, rows, { columns })).rejects.toThrow(/no tree/)
    expect(await told()).toContain('load: interrupted after 3 rows; run it again to go on')
    await session.run('update node set parent_id = 1 where id = 2')
    await session.run('insert into node values (4, 3)')
    await loadTree(session, model, rows, { columns })
    await tree.check()
    expect(await told()).toEqual([])
  })

  test('a column that the table has not is told of, of no rows, too', async () => {
    tree = await grow(engine, [table])
    const { session, model } = tree
    await expect(loadTree(session, model, [], { columns: [...columns, 'title'] })).rejects.toMatchObject({
      code: 'TREE_INVALID',
      message: expect.stringContaining('The table node has no column title.'),
    })
    expect(await told()).toEqual([])
  })

  const key = ', foreign key (parent_id) references node (id) on delete cascade'
  test.each(['', key])('what others write below its rows before it goes on is linked as it is by then%s', async key => {
    tree = await grow(
      engine,
      [table.replace(/\)$/, `${key})`), 'insert into node values (1, null), (2, null), (3, null), (4, 3)'],
      { counts: true },
    )
    const { session, model } = tree
    const rows = [
      ['10', '1'],
      ['11', '10'],
      ['12', '1'],
    ]
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const halfway = loadTree(session, model, rows, { columns, batch: 2, signal: stop.signal, onProgress })
    await expect(halfway).rejects.toMatchObject({ code: 'CANCELLED' })
    for (const sql of [
      'update node set parent_id = 11 where id = 3',
      'update node set parent_id = 1 where id = 11',
      'update node set parent_id = 2 where id = 10',
      'insert into node values (5, 4)',
    ])
      await session.run(sql).catch(() => {})
    expect(await loadTree(session, model, rows, { columns, batch: 2 })).toBe(1)
    await tree.check()
    expect(await told()).toEqual([])
  })

  test('a node that goes before what was hung below it is linked leaves no tree, and is told', async () => {
    tree = await grow(engine, [table, 'insert into node values (1, null), (3, null)'])
    const { session, model } = tree
    const rows = [
      ['10', '1'],
      ['11', '1'],
    ]
    const stop = new AbortController()
    const onProgress = () => stop.abort()
    const halfway = loadTree(session, model, rows, { columns, batch: 1, signal: stop.signal, onProgress })
    await expect(halfway).rejects.toMatchObject({ code: 'CANCELLED' })
    for (const sql of ['update node set parent_id = 10 where id = 3', 'delete from node where id = 10'])
      await session.run(sql).catch(() => {})
    const lost =
      (await session.run('select 1 from node where parent_id = 10')).length > 0 &&
      (await session.run('select 1 from node where id = 10')).length === 0
    const ended = loadTree(session, model, rows, { columns, batch: 1 }).then(String, error => error.code)
    expect(await ended).toBe(lost ? 'TREE_REFUSED' : '1')
    if (lost) {
      await session.run('update node set parent_id = 1 where id = 3')
      await loadTree(session, model, rows, { columns, batch: 1 })
    }
    await tree.check()
    expect(await told()).toEqual([])
  })

  test('rows that are not those of the interrupted load are not passed over', async () => {
    tree = await grow(engine, [table])
    const { session, model } = tree
    const stop = new AbortController()
    const first = Array.from({ length: 20 }, (_, i) => row(100 + i))
    const halfway = loadTree(session, model, first, {
      columns,
      batch: 10,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(halfway).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(loadTree(session, model, [row(1)], { columns })).rejects.toMatchObject({ code: 'TREE_REFUSED' })
    const steps: string[] = []
    await loadTree(session, model, first, { columns, onProgress: ({ step, rows }) => steps.push(`${step} ${rows}`) })
    expect(steps).toEqual(['resumed 10', 'rows 20', 'links 20', 'done 20'])
    expect(await count()).toBe(20)
    await tree.check()
  })

  test('rebuilding all ends one that nobody goes on with', async () => {
    tree = await grow(engine, [table])
    const { session, model } = tree
    await expect(
      (async () => {
        async function* rows() {
          yield ['1', null]
          yield ['2', '1']
          throw new Error('the file ends')
        }
        await loadTree(session, model, rows(), { columns, batch: 1 })
      })(),
    ).rejects.toThrow('the file ends')
    await rebuildTree(session, model)
    expect(await told()).toEqual([])
    expect(await loadTree(session, model, [row(7)], { columns })).toBe(1)
    await tree.check()
  })

  test('two at once: one is refused, and no row is taken for the other’s', async () => {
    tree = await grow(engine, [table])
    const { ground, session, model } = tree
    const other = await ground.session()
    let second: unknown
    async function* rows() {
      for (let i = 0; i < 10; i++) yield row(100 + i)
      second = await loadTree(
        other,
        model,
        Array.from({ length: 20 }, (_, i) => row(200 + i)),
        { columns, batch: 5 },
      )
      for (let i = 10; i < 20; i++) yield row(100 + i)
    }
    await expect(loadTree(session, model, rows(), { columns, batch: 5 })).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('10 rows'),
    })
    expect(second).toBe(10)
    expect(await count()).toBe(20)
    await other.close()
    await tree.check()
  })

  test.runIf(engine.dialect === 'mariadb')(
    'what goes with a row that has no links yet leaves none when they are made',
    async () => {
      tree = await grow(
        engine,
        [
          table.replace(/\)$/, ', foreign key (parent_id) references node (id) on delete cascade)'),
          'insert into node values (1, null), (2, null), (3, null), (4, 3)',
        ],
        { counts: true },
      )
      const { session, model } = tree
      const stop = new AbortController()
      const rows = [
        ['10', '1'],
        ['11', '10'],
        ['12', '1'],
      ]
      const halfway = loadTree(session, model, rows, {
        columns,
        batch: 2,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      })
      await expect(halfway).rejects.toMatchObject({ code: 'CANCELLED' })
      for (const sql of ['update node set parent_id = 11 where id = 3', 'delete from node where id = 10'])
        await session.run(sql)
      expect(await told()).toContain('extra: 4 is not below 3')
      await loadTree(session, model, rows, { columns })
      expect(await told()).toEqual([])
      await tree.check()
      expect(await count()).toBe(3)
    },
  )
})
