import assert from 'node:assert/strict'
import { codeOf, missing, rested, type Scene, sent } from '../stage.js'
import { statement } from '../statement.js'

export const borrowing: readonly Scene[] = [
  {
    name: 'nothing but our SELECT goes over the wire, inside and outside',
    needs: ['wire', 'transaction'],
    async play({ mount }) {
      await mount.host.run(undefined, statement('select 1'), {})
      mount.wire?.clear()
      await mount.host.run(undefined, statement('select 2'), {})
      assert.deepEqual(sent(mount), ['select 2'])
      await mount.transaction(async ({ target, execute }) => {
        await execute('select 1')
        mount.wire?.clear()
        await mount.host.run(target, statement('select 3'), {})
        assert.deepEqual(sent(mount), ['select 3'])
      })
    },
  },
  {
    name: 'control: the wire is heard from the first connection on',
    needs: ['wire'],
    async play({ another }) {
      await another(async fresh => {
        await fresh.host.run(undefined, statement('select 8'), {})
        assert.ok(sent(fresh).includes('select 8'), `heard: ${sent(fresh).join()}`)
      })
    },
  },
  {
    name: 'the pool is as it was, also after a failure',
    needs: ['counters'],
    async play(stage) {
      const { mount, words } = stage
      const counters = () => mount.pool?.() ?? assert.fail('the fixture has no counters')
      await mount.host.run(undefined, words.backendId, {})
      const before = counters()
      await mount.host.run(undefined, words.backendId, {})
      assert.equal(await codeOf(mount.host.run(undefined, missing, {})), 'STATEMENT_FAILED')
      assert.deepEqual(counters(), before)
      rested(stage)
    },
  },
  {
    name: 'a host that was shut down is told as such',
    needs: ['shutdown'],
    async play({ fixture, words, another }) {
      await another(async closed => {
        await closed.host.run(undefined, words.backendId, {})
        await closed.close()
        const code = await codeOf(closed.host.run(undefined, words.backendId, {}))
        assert.ok(code === 'CONNECTION_UNAVAILABLE' || code === 'CONNECTION_LOST', `${fixture.name}: ${code}`)
      })
    },
  },
]
