import assert from 'node:assert/strict'
import {
  bodies,
  codeOf,
  missing,
  rolledBack,
  type Scene,
  texts,
  unlessAsserted,
  untilAsleep,
  untilRested,
} from '../stage.js'
import { statement } from '../statement.js'

export const failures: readonly Scene[] = [
  {
    name: 'a failing statement spoils the transaction, and the next is told what would help',
    needs: ['aborting failures', 'transaction'],
    async play({ mount, words }) {
      await mount
        .transaction(async ({ target }) => {
          assert.equal(await codeOf(mount.host.run(target, missing, {})), 'STATEMENT_FAILED')
          const after = await mount.host.run(target, words.backendId, {}).catch(error => error)
          assert.equal(after.code, 'STATEMENT_FAILED')
          assert.match(after.hint, /savepoint/)
          throw new Error('rollback')
        })
        .then(() => assert.fail('the host has committed'), unlessAsserted)
    },
  },
  {
    name: 'with a savepoint it leaves the transaction usable, rows and all',
    needs: ['savepoint', 'transaction'],
    async play({ mount }) {
      await rolledBack(mount, async ({ target, execute }) => {
        await execute(`insert into note (body) values ('kept')`)
        assert.equal(await codeOf(mount.host.run(target, missing, { savepoint: true })), 'STATEMENT_FAILED')
        const found = await mount.host.run(target, bodies, { savepoint: true })
        assert.deepEqual(texts(found), [['kept']])
        assert.deepEqual(
          found.fields.map(field => field.name),
          ['body'],
        )
        await execute('select 1')
      })
    },
  },
  {
    name: 'and what the transaction wrote can be committed',
    needs: ['savepoint', 'transaction'],
    async play({ mount }) {
      await mount.transaction(async ({ target, execute }) => {
        await execute('insert into tally values (1000, 1)')
        assert.equal(await codeOf(mount.host.run(target, missing, { savepoint: true })), 'STATEMENT_FAILED')
      })
      const committed = await mount.observer.rows('select n from tally where owner = 1000')
      await mount.observer.rows('delete from tally where owner = 1000')
      assert.equal(committed.length, 1)
    },
  },
  {
    name: 'a savepoint outside a transaction is left out',
    needs: ['savepoint', 'wire'],
    async play({ mount }) {
      mount.wire?.clear()
      assert.deepEqual(texts(await mount.host.run(undefined, statement('select 4'), { savepoint: true })), [['4']])
      assert.deepEqual(mount.wire?.texts, ['select 4'])
    },
  },
  {
    name: 'the error has the SQL and the cause, and no bound value',
    needs: ['root'],
    async play({ mount, words }) {
      const secret = 'correct horse'
      const asked = words.failsOnValue(secret)
      const error = await mount.host.run(undefined, asked, {}).catch(error => error)
      assert.equal(error.code, 'STATEMENT_FAILED')
      assert.equal(error.sql, asked.text)
      assert.ok(error.cause !== undefined)
      assert.ok(!error.message.includes(secret), error.message)
    },
  },
  {
    name: 'a connection that the server ends under ours is lost, and the host recovers',
    needs: ['terminate', 'second session'],
    async play(stage) {
      const { words, another } = stage
      await another(async frail => {
        const failing = codeOf(frail.host.run(undefined, words.sleep, {}))
        await untilAsleep(stage)
        await stage.mount.observer.rows(words.terminateSleepers)
        assert.equal(await failing, 'CONNECTION_LOST')
        if (!stage.can('outside')) return
        assert.deepEqual(texts(await frail.host.run(undefined, statement('select 5'), {})), [['5']])
        await untilRested({ ...stage, mount: frail })
      })
    },
  },
]
