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
})
