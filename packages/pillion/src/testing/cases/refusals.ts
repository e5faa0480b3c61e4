import assert from 'node:assert/strict'
import {
  bodies,
  cell,
  codeOf,
  collect,
  rolledBack,
  type Scene,
  sendsNothing,
  sent,
  texts,
  unlessAsserted,
  until,
} from '../stage.js'

export const refusals: readonly Scene[] = [
  {
    name: 'one that has finished is refused before a byte is sent, also one that ours has never been in',
    needs: ['finished', 'transaction'],
    async play({ mount, words }) {
      const kept: unknown[] = []
      await mount.transaction(async ({ target }) => {
        await mount.host.run(target, words.backendId, {})
        kept.push(target)
      })
      await mount.transaction(async ({ target }) => void kept.push(target))
      await rolledBack(mount, async ({ target }) => void kept.push(target))
      for (const target of kept) {
        await sendsNothing(mount, async () => {
          assert.equal(await codeOf(mount.host.run(target, words.backendId, {})), 'TRANSACTION_FINISHED')
          assert.equal(await codeOf(collect(mount.host.stream(target, bodies, { batch: 1 }))), 'TRANSACTION_FINISHED')
        })
      }
    },
  },
  {
    name: 'one that has finished is refused although somebody else has its connection',
    needs: ['own handle', 'transaction'],
    async play(stage) {
      const { mount, words } = stage
      const kept = new Map<string | null | undefined, unknown>()
      const session = (target: unknown) => cell(mount, target, words.backendId)
      // the next transactions are on connections that earlier ones had: which, is the pool's affair
      await until(stage, 'a transaction on a connection that an earlier one had', () =>
        mount.transaction(async ({ target }) => {
          const mine = await session(target)
          const earlier = kept.get(mine)
          kept.set(mine, target)
          if (earlier === undefined) return false
          await sendsNothing(mount, async () => assert.equal(await codeOf(session(earlier)), 'TRANSACTION_FINISHED'))
          return true
        }),
      )
    },
  },
  {
    name: 'one that ends while ours waits its turn gets no more',
    needs: ['ended by text', 'transaction', 'wire', 'second session'],
    async play(stage) {
      const { mount, words } = stage
      let outcomes: Promise<string>[] = []
      await mount
        .transaction(async ({ target, execute }) => {
          await mount.host.run(target, words.backendId, {})
          mount.wire?.clear()
          const slow = codeOf(mount.host.run(target, words.nap, {}))
          await until(stage, `${words.nap.text} to go over the wire`, async () => sent(mount).includes(words.nap.text))
          const ended = execute('rollback').catch(() => {})
          outcomes = [slow, codeOf(mount.host.run(target, words.backendId, {}))]
          await ended
        })
        .catch(unlessAsserted)
      assert.deepEqual(await Promise.all(outcomes), ['fulfilled', 'TRANSACTION_FINISHED'])
    },
  },
  {
    name: 'ours that is under way when the transaction ends is in it, or refused',
    needs: ['transaction'],
    async play({ mount }) {
      let late: Promise<PromiseSettledResult<(string | null)[][]>[]> = Promise.resolve([])
      await mount
        .transaction(async ({ target, execute }) => {
          await execute(`insert into note (body) values ('late')`)
          late = Promise.allSettled([1, 2, 3].map(async () => texts(await mount.host.run(target, bodies, {}))))
          throw new Error('rollback')
        })
        .catch(() => {})
      for (const outcome of await late) {
        if (outcome.status === 'fulfilled') assert.deepEqual(outcome.value, [['late']])
        else assert.equal(outcome.reason?.code, 'TRANSACTION_FINISHED', outcome.reason?.stack)
      }
    },
  },
  {
    name: "another host's is refused before a byte is sent",
    needs: ['foreign', 'transaction'],
    async play({ mount, words, another }) {
      await another(other =>
        other.transaction(async ({ target }) => {
          await other.host.run(target, words.backendId, {})
          await sendsNothing(other, async () =>
            assert.equal(await codeOf(mount.host.run(target, words.backendId, {})), 'TRANSACTION_FOREIGN'),
          )
        }),
      )
    },
  },
  {
    name: 'what is no transaction is refused',
    needs: ['root'],
    async play({ mount, words }) {
      for (const target of [null, 1, 'tx', {}, () => {}]) {
        await sendsNothing(mount, async () =>
          assert.equal(await codeOf(mount.host.run(target, words.backendId, {})), 'HOST_UNKNOWN'),
        )
      }
    },
  },
]
