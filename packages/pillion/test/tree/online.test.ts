/**
 * What is done to a tree while others write it: links mended, counts added up.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { withRetry } from '../../src/retry/with-retry.js'
import { rebuildTree } from '../../src/tree/rebuild.js'
import { engines, type TestSession } from './support/engines.js'
import { type Planted, plant } from './support/planted.js'
import { whileWritten } from './support/writers.js'

const nodes = Array.from({ length: 200 }, (_, i) => `(${i + 1}, ${i === 0 ? 'null' : Math.floor((i + 1) / 2)})`)

describe.each(engines())('while four write on $name', engine => {
  let tree: Planted

  afterEach(() => tree.drop())

  test('links that are wrong are mended, and stay right', async () => {
    tree = await plant(engine, { options: { counts: true } })
    await tree.session.run(`insert into node (id, parent_id) values ${nodes.join(', ')}`)
    // behind the triggers' backs; were links missing, moves into a circle would not be refused until they are mended
    if (engine.dialect === 'postgres') await tree.session.run(`set pillion.tree = 'rebuild'`)
    await tree.session.run('update node_ancestry_link set distance = distance + 1 where node_id > 100 and distance > 1')
    expect((await tree.faults()).length).toBeGreaterThan(100)

    const written = await whileWritten(tree, engine, async session => {
      for (let n = 0; n < 3; n++) {
        await sleep(50)
        await withRetry(() => rebuildTree(session, tree.model), { attempts: 100 })
      }
      await sleep(100)
    })
    expect(written).toBeGreaterThan(10)
    await tree.check()
  }, 60_000)

  test.skipIf(engine.dialect === 'sqlite')(
    'counts are exact at any time, and when they are added up',
    async () => {
      tree = await plant(engine, { options: { counts: true } })
      await tree.session.run(`insert into node (id, parent_id) values ${nodes.join(', ')}`)
      await rollUp(tree.session)
      // later the writers may have left no node below another
      expect((await tree.session.run('select count(*) from node_ancestry_link_count'))[0]?.[0]).not.toBe('0')
      const other = await tree.ground.session()
      const written = await whileWritten(tree, engine, async session => {
        for (let n = 0; n < 200; n++) await Promise.all([rollUp(session), rollUp(other)])
      })
      await other.close()
      expect(written).toBeGreaterThan(10)
      await tree.check()
      await rollUp(tree.session)
      await tree.check()
      expect(await tree.session.run('select count(*) from node_ancestry_link_delta')).toEqual([['0']])
    },
    60_000,
  )

  test.runIf(engine.dialect === 'mariadb')('counts are not added up inside of a transaction', async () => {
    tree = await plant(engine, { options: { counts: true } })
    await tree.session.run('start transaction')
    await tree.session.run('insert into node (id, parent_id) values (1, null), (2, 1)')
    await expect(rollUp(tree.session)).rejects.toThrow(/outside of any/)
    await tree.session.run('rollback')
    expect(await tree.session.run('select count(*) from node')).toEqual([['0']])
  })
})

async function rollUp(session: TestSession): Promise<void> {
  const call = session.dialect === 'postgres' ? 'select' : 'call'
  await withRetry(() => session.run(`${call} node_ancestry_link_roll_up()`), { attempts: 1_000, baseDelay: 1 })
}
