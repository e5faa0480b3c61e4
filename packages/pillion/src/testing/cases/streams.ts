import assert from 'node:assert/strict'
import type { WireField } from '../../run/host.js'
import {
  asleep,
  bodies,
  codeOf,
  collect,
  missing,
  rested,
  rolledBack,
  type Scene,
  sendsNothing,
  sleepers,
  texts,
  untilAsleep,
  untilAwake,
  untilRested,
  upTo,
} from '../stage.js'
import { statement } from '../statement.js'

export const streams: readonly Scene[] = [
  {
    name: 'every row comes once, in order, in batches',
    needs: ['stream'],
    async play(stage) {
      const { host } = stage.mount
      const sizes: number[] = []
      const all: unknown[] = []
      const told: unknown[] = []
      const described = (fields: readonly WireField[]): void => void told.push(fields)
      for await (const batch of host.stream(undefined, stage.words.numbers(1000), { batch: 300, described })) {
        sizes.push(batch.length)
        assert.equal(told.length, 1)
        all.push(...texts(batch).map(row => row[0]))
      }
      assert.deepEqual(sizes, [300, 300, 300, 100])
      assert.deepEqual(all, upTo(1000))
      assert.deepEqual(told, [(await host.run(undefined, stage.words.numbers(1), {})).fields])
      rested(stage)
    },
  },
  {
    name: 'a full last batch and no rows at all end as they should',
    needs: ['stream'],
    async play({ mount, words }) {
      assert.deepEqual(await collect(mount.host.stream(undefined, words.numbers(1000), { batch: 500 })), upTo(1000))
      assert.deepEqual(await collect(mount.host.stream(undefined, words.none, { batch: 5 })), [])
    },
  },
  {
    name: 'the server sends no more than was asked for',
    needs: ['cursor', 'stream'],
    async play(stage) {
      const { mount, words } = stage
      for await (const batch of mount.host.stream(undefined, words.numbers(100_000_000), { batch: 2 })) {
        assert.deepEqual(texts(batch), [['1'], ['2']])
        break
      }
      rested(stage)
      assert.equal(await codeOf(mount.host.run(undefined, words.backendId, {})), 'fulfilled')
    },
  },
  {
    name: 'a throw in the loop gives the connection back',
    needs: ['stream'],
    async play(stage) {
      const { mount, words } = stage
      const thrown = new Error('mine')
      const loop = async (): Promise<void> => {
        for await (const batch of mount.host.stream(undefined, words.numbers(1000), { batch: 10 })) {
          assert.equal(batch.length, 10)
          throw thrown
        }
      }
      await assert.rejects(loop(), error => error === thrown)
      rested(stage)
      assert.equal(await codeOf(mount.host.run(undefined, words.backendId, {})), 'fulfilled')
    },
  },
  {
    name: 'one that is never pulled borrows nothing',
    needs: ['stream'],
    async play(stage) {
      const { mount, words } = stage
      await sendsNothing(mount, async () => {
        const iterator = mount.host.stream(undefined, words.numbers(10), { batch: 10 })[Symbol.asyncIterator]()
        await iterator.return?.()
      })
      rested(stage)
    },
  },
  {
    name: 'an error at once or in the middle comes as ours',
    needs: ['stream'],
    async play(stage) {
      const { mount, words } = stage
      assert.equal(await codeOf(collect(mount.host.stream(undefined, missing, { batch: 5 }))), 'STATEMENT_FAILED')
      const middle = collect(mount.host.stream(undefined, words.failsInTheMiddle, { batch: 100 }))
      assert.equal(await codeOf(middle), 'STATEMENT_FAILED')
      rested(stage)
      assert.equal(await codeOf(mount.host.run(undefined, words.backendId, {})), 'fulfilled')
    },
  },
  {
    name: 'a signal that is already aborted, and one that is between batches, end it',
    needs: ['stream'],
    async play(stage) {
      const { mount, words } = stage
      await sendsNothing(mount, async () =>
        assert.equal(
          await codeOf(collect(mount.host.stream(undefined, words.none, { batch: 1, signal: AbortSignal.abort() }))),
          'CANCELLED',
        ),
      )
      const between = new AbortController()
      const iterator = mount.host
        .stream(undefined, words.numbers(1000), { batch: 10, signal: between.signal })
        [Symbol.asyncIterator]()
      await iterator.next()
      between.abort()
      assert.equal(await codeOf(iterator.next()), 'CANCELLED')
      await untilRested(stage)
      assert.equal(await codeOf(mount.host.run(undefined, words.backendId, {})), 'fulfilled')
    },
  },
  {
    name: 'an abort within a batch, or the clock, stops the work in the server',
    needs: ['cancel', 'stream', 'second session'],
    async play(stage) {
      const { mount, words } = stage
      const within = new AbortController()
      const stuck = codeOf(collect(mount.host.stream(undefined, words.sleep, { batch: 10, signal: within.signal })))
      await untilAsleep(stage)
      within.abort()
      assert.equal(await stuck, 'CANCELLED')
      await untilAwake(stage)
      const late = collect(mount.host.stream(undefined, words.sleep, { batch: 10, timeout: 20 }))
      assert.equal(await codeOf(late), 'TIMED_OUT')
      await untilAwake(stage)
      assert.equal(await codeOf(mount.host.run(undefined, words.backendId, {})), 'fulfilled')
    },
  },
  {
    name: 'in a transaction it sees what was written, others of ours wait for it, and the transaction goes on',
    needs: ['stream', 'transaction'],
    async play(stage) {
      const { mount } = stage
      await rolledBack(mount, async ({ target, execute }) => {
        for (let n = 0; n < 30; n++) await execute(`insert into note (body) values ('${n}')`)
        let queued: ReturnType<typeof mount.host.run> | undefined
        for await (const batch of mount.host.stream(target, bodies, { batch: 10 })) {
          assert.equal(batch.length, 10)
          if (queued !== undefined) break
          queued = mount.host.run(target, statement('select count(*) from note'), {})
        }
        assert.deepEqual(texts((await queued) ?? []), [['30']])
        await execute('select 1')
      })
      rested(stage)
    },
  },
  {
    name: 'a connection that the server ends between batches is lost',
    needs: ['cursor', 'terminate', 'stream', 'second session'],
    async play(stage) {
      const { words, another } = stage
      const numbers = words.numbers(1000)
      await another(async frail => {
        const iterator = frail.host.stream(undefined, numbers, { batch: 10 })[Symbol.asyncIterator]()
        await iterator.next()
        await stage.mount.observer.rows(words.terminateAfter(numbers.text))
        assert.equal(await codeOf(iterator.next()), 'CONNECTION_LOST')
        if (!stage.can('outside')) return
        await untilRested({ ...stage, mount: frail })
        assert.equal(await codeOf(frail.host.run(undefined, words.backendId, {})), 'fulfilled')
      })
    },
  },
  {
    name: 'control: a stream that nobody stops sleeps on',
    needs: ['cancel', 'second session'],
    async play(stage) {
      const { outcome, abort } = await asleep(stage, undefined)
      assert.ok((await sleepers(stage)) > 0)
      abort()
      assert.equal(await outcome, 'CANCELLED')
    },
  },
]
