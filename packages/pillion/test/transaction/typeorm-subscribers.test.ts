/**
 * TypeORM's subscribers in pillion's transactions: what they fail with is theirs and not the server's, and the manager that they are
 * handed is that of the innermost scope.
 */
import { isPillionError } from 'pillion'
import { transactions } from 'pillion/transaction'
import { EntitySchema, type EntitySubscriberInterface, type TransactionCommitEvent } from 'typeorm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { failureIn } from './suite.js'
import { setStage, sites } from './typeorm-stage.js'

interface Item {
  readonly n: number
}

const Item = new EntitySchema<Item>({
  name: 'Item',
  tableName: 'item',
  columns: { n: { type: Number, primary: true } },
})

function depthOf(runner: object): number {
  return (runner as { readonly transactionDepth: number }).transactionDepth
}

describe.each(Object.entries(sites))('Subscribers of TypeORM on %s', (_, place) => {
  const site = setStage(place, [Item])
  const { rows } = site
  afterEach(() => void site.dataSource.subscribers.splice(0))

  const subscribed = (subscriber: EntitySubscriberInterface): void => void site.dataSource.subscribers.push(subscriber)
  /** A connection is free, and the next transaction is one of its own. */
  const worksOn = async (): Promise<void> => {
    site.dataSource.subscribers.splice(0)
    const before = await rows()
    await failureIn(
      transactions(site.dataSource).run(async t => {
        await t.orm.insert(Item, { n: 99 })
        throw new Error('lost')
      }),
    )
    expect(await rows()).toEqual(before)
    await transactions(site.dataSource).run(t => t.orm.insert(Item, { n: 100 }))
    expect(await rows()).toEqual([...before, 100])
  }

  /** What would be the server's answer, if COMMIT had failed with it. */
  const answers = {
    'a serialization failure': { code: '40001', errno: 1213 },
    'a violation': { code: '23505', errno: 1062 },
    'an error of its own': {},
  }

  test.each(Object.entries(answers))('afterTransactionCommit fails with %s: it is committed, once', async (_, said) => {
    const failing = Object.assign(new Error('late'), said)
    const heard: string[] = []
    subscribed({
      afterTransactionCommit: async () => {
        heard.push('subscriber')
        throw failing
      },
    })
    const running = transactions(site.dataSource).run({ retry: true }, async t => {
      heard.push('work')
      t.afterCommit(() => heard.push('afterCommit'))
      t.afterRollback(() => heard.push('afterRollback'))
      await t.orm.query(`insert into item values (${heard.filter(what => what === 'work').length})`)
    })
    expect(await failureIn(running)).toMatchObject({ code: 'HOOK_FAILED', cause: failing })
    expect(heard).toEqual(['work', 'subscriber', 'afterCommit'])
    expect(await rows()).toEqual([1])
    await worksOn()
  })

  test('beforeTransactionCommit fails: it is rolled back, with that error', async () => {
    const veto = new Error('veto')
    const heard: string[] = []
    subscribed({
      beforeTransactionCommit: () => Promise.reject(veto),
      afterTransactionCommit: () => void heard.push('committed'),
      afterTransactionRollback: () => void heard.push('rolled back'),
    })
    const running = transactions(site.dataSource).run(async t => {
      t.afterRollback(() => heard.push('afterRollback'))
      await t.orm.insert(Item, { n: 1 })
    })
    expect(await failureIn(running)).toBe(veto)
    expect(heard).toEqual(['rolled back', 'afterRollback'])
    expect(await rows()).toEqual([])
    await worksOn()
  })

  test('beforeTransactionCommit writes by its manager, once for each transaction', async () => {
    const seen: unknown[] = []
    subscribed({
      async beforeTransactionCommit({ manager, queryRunner }) {
        seen.push(queryRunner.isTransactionActive, depthOf(queryRunner))
        await manager.insert(Item, { n: 50 })
        expect(transactions(site.dataSource).current()?.isTransaction).toBe(true)
      },
    })
    const tx = transactions(site.dataSource)
    await tx.run(async t => {
      await t.orm.insert(Item, { n: 1 })
      await tx.run({ mode: 'nested' }, n => n.orm.insert(Item, { n: 2 }))
    })
    expect(seen).toEqual([true, 1])
    expect(await rows()).toEqual([1, 2, 50])
    await worksOn()
  })

  test('afterTransactionCommit finds the connection free, and its manager writes outside', async () => {
    const seen: unknown[] = []
    const write = async ({ manager, queryRunner }: TransactionCommitEvent): Promise<void> => {
      site.dataSource.subscribers.splice(0)
      seen.push(queryRunner.isTransactionActive, depthOf(queryRunner), await rows())
      await manager.insert(Item, { n: 2 })
    }
    subscribed({ afterTransactionCommit: write })
    await transactions(site.dataSource).run(t => t.orm.query('insert into item values (1)'))
    expect(seen).toEqual([false, 0, [1]])
    expect(await rows()).toEqual([1, 2])
    await worksOn()
  })

  test('a subscriber of an entity writes where the innermost scope is, which may have been followed by none', async () => {
    subscribed({
      listenTo: () => 'Item',
      async afterInsert({ manager, entity }) {
        const { n } = entity as Item
        if (n < 10) await manager.query(`insert into item values (${10 + n})`)
      },
    })
    const tx = transactions(site.dataSource)
    await tx.run(async t => {
      await t.orm.insert(Item, { n: 1 })
      await tx.run({ mode: 'nested' }, async n => {
        await n.orm.insert(Item, { n: 2 })
        await tx.run({ mode: 'nested' }, deep => deep.orm.insert(Item, { n: 3 }))
        await n.orm.insert(Item, { n: 4 })
      })
      await t.orm.insert(Item, { n: 5 })
      const lost = tx.run({ mode: 'nested' }, async n => {
        await n.orm.insert(Item, { n: 6 })
        throw new Error('lost')
      })
      await failureIn(lost)
      await t.orm.insert(Item, { n: 7 })
    })
    expect(await rows()).toEqual([1, 2, 3, 4, 5, 7, 11, 12, 13, 14, 15, 17])
    await worksOn()
  })

  test.skipIf(place !== sites['PostgreSQL'])(
    'a failure by its query runner that it caught: nothing is said to be committed',
    async () => {
      subscribed({
        beforeTransactionCommit: async ({ queryRunner }) => void (await failureIn(queryRunner.query('select 1 / 0'))),
      })
      const failed = await failureIn(transactions(site.dataSource).run(t => t.orm.query('insert into item values (1)')))
      expect(failed).toMatchObject({ code: 'ROLLBACK_ONLY' })
      expect(await rows()).toEqual([])
      await worksOn()
    },
  )

  test('beforeTransactionStart fails of one of TypeORM’s own inside: what is around is rolled back as any other', async () => {
    const heard: string[] = []
    subscribed({
      beforeTransactionStart: ({ queryRunner }) => {
        if (depthOf(queryRunner) > 0) throw new Error('subscriber')
      },
      afterTransactionRollback: () => void heard.push('rolled back'),
    })
    const t = await transactions(site.dataSource).begin()
    await t.orm.insert(Item, { n: 1 })
    expect(await failureIn(t.orm.transaction(async () => {}))).toMatchObject({ message: 'subscriber' })
    await t.rollback()
    expect(heard).toEqual(['rolled back'])
    expect(await rows()).toEqual([])
    await worksOn()
  })

  test.each([['COMMIT'], ['ROLLBACK']])(
    'the logger fails of ROLLBACK, and of %s: what was written goes, and nothing is left open',
    async end => {
      const { logger } = site.dataSource
      const logged = vi.spyOn(logger, 'logQuery').mockImplementation(query => {
        if (query === 'ROLLBACK' || query === end) throw new Error('logger')
      })
      const running = transactions(site.dataSource).run(async t => {
        await t.orm.insert(Item, { n: 1 })
        if (end === 'ROLLBACK') throw new Error('work')
      })
      const { message } = await failureIn(running)
      logged.mockRestore()
      expect(message).toMatch(
        end === 'COMMIT' ? /^COMMIT_UNKNOWN: COMMIT of the transaction begun at .*: logger$/m : /^work$/,
      )
      expect(await rows()).toEqual([])
      await worksOn()
    },
  )

  test.each(['beforeTransactionRollback', 'afterTransactionRollback', 'afterTransactionStart'] as const)(
    '%s fails: nothing of it is there, and nothing is left open',
    async event => {
      subscribed({ [event]: () => Promise.reject(new Error('subscriber')) })
      const failed = await failureIn(
        transactions(site.dataSource).run(async t => {
          await t.orm.insert(Item, { n: 1 })
          throw new Error('work')
        }),
      )
      expect(isPillionError(failed) ? failed.cause : failed).toMatchObject({ message: expect.any(String) })
      expect(await rows()).toEqual([])
      await worksOn()
    },
  )
})
