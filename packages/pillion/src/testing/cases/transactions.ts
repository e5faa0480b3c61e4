import assert from 'node:assert/strict'
import type { HostTransaction } from '../fixture.js'
import { bodies, cell, rested, rolledBack, type Scene, sleepers, texts } from '../stage.js'
import { statement } from '../statement.js'

const [atOnce, rounds] = [200, 2]

export const transactions: readonly Scene[] = [
  {
    name: 'ours sees what the transaction wrote, and a rollback takes it away',
    needs: ['transaction'],
    async play({ mount }) {
      await rolledBack(mount, async ({ target, execute }) => {
        await execute(`insert into note (body) values ('uncommitted')`)
        assert.deepEqual(texts(await mount.host.run(target, bodies, {})), [['uncommitted']])
      })
      assert.deepEqual(texts(await mount.host.run(undefined, bodies, {})), [])
    },
  },
  {
    name: 'another session sees nothing of it',
    needs: ['second session', 'transaction'],
    async play({ mount }) {
      await rolledBack(mount, async ({ execute }) => {
        await execute(`insert into note (body) values ('uncommitted')`)
        assert.deepEqual(await mount.observer.rows(bodies.text), [])
      })
    },
  },
  {
    name: 'the root sees nothing of it',
    needs: ['outside', 'transaction'],
    async play({ mount }) {
      const [written, looked] = [gate(), gate()]
      const held = rolledBack(mount, async ({ target, execute }) => {
        await execute(`insert into note (body) values ('uncommitted')`)
        assert.deepEqual(texts(await mount.host.run(target, bodies, {})), [['uncommitted']])
        written.open()
        await looked.opened
      })
      await Promise.race([written.opened, held])
      // from here, not from inside: there the root may be the transaction that is current
      const found = texts(await mount.host.run(undefined, bodies, {}))
      looked.open()
      await held
      assert.deepEqual(found, [])
    },
  },
  {
    name: 'a nested rollback takes its own rows only',
    needs: ['nested', 'transaction'],
    async play(stage) {
      const { mount, words } = stage
      const undo = new Error('undo the inner one')
      await rolledBack(mount, async outer => {
        const nest = outer.nested ?? assert.fail('the fixture nests nothing')
        await outer.execute(`insert into note (body) values ('outer')`)
        const inner = nest(async ({ target, execute }: HostTransaction) => {
          await execute(`insert into note (body) values ('inner')`)
          assert.deepEqual(texts(await mount.host.run(target, bodies, {})), [['outer'], ['inner']])
          const [a, b] = await Promise.all([
            cell(mount, target, words.backendId),
            cell(mount, outer.target, words.backendId),
          ])
          assert.equal(a, b)
          throw undo
        })
        await assert.rejects(inner, error => error === undo)
        assert.deepEqual(texts(await mount.host.run(outer.target, bodies, {})), [['outer']])
      })
    },
  },
  {
    name: 'two hundred at once each keep one connection and see their own rows only',
    needs: ['concurrent', 'transaction'],
    async play(stage) {
      const { mount, words } = stage
      const mine = statement('select min(owner), max(owner), count(*) from tally')
      await Promise.all(
        Array.from({ length: atOnce }, (_, owner) =>
          rolledBack(mount, async ({ target, execute }) => {
            const sessions = new Set<unknown>()
            for (let n = 1; n <= rounds; n++) {
              await execute(`insert into tally values (${owner}, ${n})`)
              const [rows, session] = await Promise.all([
                mount.host.run(target, mine, {}),
                cell(mount, target, words.backendId),
              ])
              assert.deepEqual(texts(rows), [[String(owner), String(owner), String(n)]])
              sessions.add(session)
            }
            assert.equal(sessions.size, 1)
          }),
        ),
      )
      rested(stage)
    },
  },
  {
    name: 'the transaction that is open around the code is found, and by nobody outside of it',
    needs: ['ambient'],
    async play({ mount, can }) {
      const around = mount.ambient ?? assert.fail('the fixture has no ambient transaction')
      const undo = new Error('undo')
      const [written, looked] = [gate(), gate()]
      const inside = around(async ({ execute }) => {
        await execute(`insert into note (body) values ('ambient')`)
        assert.deepEqual(texts(await mount.host.run(undefined, bodies, {})), [['ambient']])
        written.open()
        await looked.opened
        throw undo
      })
      const failing = assert.rejects(inside, error => error === undo)
      await Promise.race([written.opened, failing])
      const found = can('outside') ? texts(await mount.host.run(undefined, bodies, {})) : []
      looked.open()
      await failing
      assert.deepEqual(found, [])
      assert.deepEqual(texts(await mount.host.run(undefined, bodies, {})), [])
    },
  },
  {
    name: 'what a transaction sets for itself is seen by ours there, and never by the next',
    needs: ['session variables', 'transaction'],
    async play({ mount, words }) {
      for (const tenant of ['a', 'b']) {
        await mount.transaction(async ({ target, execute }) => {
          assert.equal(await cell(mount, target, words.variable), '')
          await execute(words.setVariable(tenant))
          assert.equal(await cell(mount, target, words.variable), tenant)
        })
        assert.equal(await cell(mount, undefined, words.variable), '')
      }
    },
  },
  {
    name: 'control: nobody is asleep before anybody was sent there',
    needs: ['second session'],
    async play(stage) {
      assert.equal(await sleepers(stage), 0)
    },
  },
]

/** Holds those who await it until somebody opens it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}
