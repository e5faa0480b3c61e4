import assert from 'node:assert/strict'
import {
  asleep,
  bodies,
  codeOf,
  rested,
  rolledBack,
  type Scene,
  type Stage,
  sendsNothing,
  sleepers,
  texts,
  unlessAsserted,
  untilAwake,
  untilRested,
} from '../stage.js'
import { statement } from '../statement.js'

/** The server has stopped, and the connections are back. */
async function stopped(stage: Stage): Promise<void> {
  await untilAwake(stage)
  await untilRested(stage)
}

export const interruptions: readonly Scene[] = [
  {
    name: 'a signal that is already aborted sends nothing',
    needs: ['root'],
    async play({ mount, words }) {
      await sendsNothing(mount, async () => {
        const error = await mount.host
          .run(undefined, words.backendId, { signal: AbortSignal.abort('why') })
          .catch(error => error)
        assert.equal(error.code, 'CANCELLED')
        assert.equal(error.cause, 'why')
        assert.equal(error.sql, words.backendId.text)
      })
    },
  },
  {
    name: 'nor does it in a transaction',
    needs: ['transaction'],
    async play({ mount, words }) {
      await mount.transaction(async ({ target }) => {
        await sendsNothing(mount, async () =>
          assert.equal(
            await codeOf(mount.host.run(target, words.backendId, { signal: AbortSignal.abort() })),
            'CANCELLED',
          ),
        )
        assert.equal(await codeOf(mount.host.run(target, words.backendId, {})), 'fulfilled')
      })
    },
  },
  {
    name: 'an abort stops the work in the server and leaves the host usable',
    needs: ['cancel', 'second session'],
    async play(stage) {
      const { outcome, abort } = await asleep(stage, undefined)
      abort()
      assert.equal(await outcome, 'CANCELLED')
      await stopped(stage)
      assert.deepEqual(texts(await stage.mount.host.run(undefined, statement('select 6'), {})), [['6']])
      rested(stage)
    },
  },
  {
    name: 'a timeout does too',
    needs: ['cancel', 'second session'],
    async play(stage) {
      const { mount, words } = stage
      assert.equal(await codeOf(mount.host.run(undefined, words.sleep, { timeout: 20 })), 'TIMED_OUT')
      await stopped(stage)
      assert.deepEqual(texts(await mount.host.run(undefined, statement('select 7'), { timeout: 20_000 })), [['7']])
    },
  },
  {
    name: "neither sends anything but the statement over the host's connection",
    needs: ['cancel', 'wire', 'second session'],
    async play(stage) {
      const { mount, words } = stage
      await mount.host.run(undefined, words.backendId, {})
      mount.wire?.clear()
      const { outcome, abort } = await asleep(stage, undefined)
      abort()
      assert.equal(await outcome, 'CANCELLED')
      assert.deepEqual(mount.wire?.texts, [words.sleep.text])
      await stopped(stage)
    },
  },
  {
    name: 'with a savepoint the transaction survives its own being stopped',
    needs: ['cancel', 'savepoint', 'transaction', 'second session'],
    async play(stage) {
      const { mount } = stage
      await rolledBack(mount, async ({ target, execute }) => {
        await execute(`insert into note (body) values ('survivor')`)
        const { outcome, abort } = await asleep(stage, target, { savepoint: true })
        abort()
        assert.equal(await outcome, 'CANCELLED')
        assert.deepEqual(texts(await mount.host.run(target, bodies, {})), [['survivor']])
      })
    },
  },
  {
    name: 'one that waits its turn is answered at once, and is never sent',
    needs: ['cancel', 'wire', 'transaction', 'second session'],
    async play(stage) {
      const { mount } = stage
      await mount
        .transaction(async ({ target }) => {
          const first = await asleep(stage, target)
          const controller = new AbortController()
          const second = codeOf(mount.host.run(target, statement('select 777'), { signal: controller.signal }))
          const third = codeOf(mount.host.run(target, statement('select 778'), { timeout: 1 }))
          controller.abort()
          assert.equal(await second, 'CANCELLED')
          assert.equal(await third, 'TIMED_OUT')
          assert.ok((await sleepers(stage)) > 0)
          first.abort()
          assert.equal(await first.outcome, 'CANCELLED')
          throw new Error('rollback')
        })
        .catch(unlessAsserted)
      assert.deepEqual(
        mount.wire?.texts.filter(text => /select 77/.test(text)),
        [],
      )
    },
  },
  {
    name: 'an abort that comes too late hits no later statement',
    needs: ['cancel'],
    async play({ mount, words }) {
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController()
        const racing = codeOf(mount.host.run(undefined, words.backendId, { signal: controller.signal }))
        for (let tick = 0; tick < i; tick++) await Promise.resolve()
        controller.abort()
        assert.match(await racing, /^(fulfilled|CANCELLED)$/)
        assert.equal(await codeOf(mount.host.run(undefined, words.numbers(1000), {})), 'fulfilled')
      }
    },
  },
]
