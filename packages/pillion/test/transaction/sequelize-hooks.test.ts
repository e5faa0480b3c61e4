/**
 * `afterCommit` of Sequelize's own: what is left for the time after COMMIT has no say in whether there was one.
 */
import { transactions } from 'pillion/transaction'
import { DataTypes, Sequelize, type Transaction } from 'sequelize'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mysqlGrounds, optionsOf } from '../hosts/mysql-observer.js'
import { mysqlServers, postgres, type Server, sqlite3Server, type Stage } from './servers.js'
import { failureIn } from './suite.js'

const hosts: Readonly<Record<string, readonly [Server, (url: string) => Sequelize]>> = {
  PostgreSQL: [postgres, url => new Sequelize(url, { logging: false, pool: { max: 2 } })],
  ...Object.fromEntries(
    mysqlGrounds().map(({ name }) => [
      name,
      [
        mysqlServers[name],
        (url: string) => {
          const { user: username, ...rest } = optionsOf(url)
          return new Sequelize({ ...rest, username, dialect: 'mysql', logging: false, pool: { max: 2 } })
        },
      ],
    ]),
  ),
  SQLite: [sqlite3Server, storage => new Sequelize({ dialect: 'sqlite', storage, logging: false })],
}

describe.each(Object.entries(hosts))('a hook of Sequelize on %s', (_, [server, open]) => {
  let stage: Stage
  let sequelize: Sequelize
  const told: string[] = []
  beforeAll(async () => {
    stage = await server.open()
    await stage.read('create table item (n int primary key)')
    sequelize = open(stage.url)
  })
  afterAll(async () => {
    await sequelize.close()
    await stage.close()
  })
  beforeEach(async () => {
    told.length = 0
    await stage.read('delete from item')
  })

  const item = () =>
    sequelize.define(
      'item',
      { n: { type: DataTypes.INTEGER, primaryKey: true } },
      { tableName: 'item', timestamps: false },
    )
  const insert = (t: { readonly orm: object }, n: number): Promise<unknown> =>
    item().create({ n }, { transaction: t.orm as Transaction })
  const afterCommit = (t: { readonly orm: object }, hook: (given: Transaction) => unknown): void =>
    (t.orm as Transaction).afterCommit(hook as never)
  const rows = async (): Promise<unknown[]> => (await stage.read('select n from item order by n')).map(({ n }) => n)
  const tell = (word: string) => () => void told.push(word)

  const failures: Readonly<Record<string, () => unknown>> = {
    'an error of its own': () => {
      throw new Error('mine')
    },
    'a unique violation': () => item().create({ n: 1 }),
    'what asks for the whole again': () => {
      throw Object.assign(new Error('again'), { code: '40001', errno: 1213, sqlState: '40001' })
    },
    'an error of pillion’s': () => transactions(sequelize).run({ mode: 'mandatory' }, async () => {}),
  }

  test.each(Object.entries(failures))('that fails by %s: it was committed, once', async (_name, fail) => {
    let runs = 0
    const outcome = transactions(sequelize).run({ retry: true }, async t => {
      runs++
      t.afterRollback(tell('rolled back'))
      await insert(t, 1)
      afterCommit(t, tell('first'))
      afterCommit(t, fail)
      afterCommit(t, tell('last'))
      t.afterCommit(tell('committed'))
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'HOOK_FAILED' })
    expect(runs).toBe(1)
    expect(told).toEqual(['first', 'last', 'committed'])
    expect(await rows()).toEqual([1])
  })

  test('is given the transaction, and finds it ended and its connection given back', async () => {
    const tx = transactions(sequelize)
    await tx.run(async t => {
      await insert(t, 1)
      afterCommit(t, async given => {
        expect(given).toBe(t.orm)
        expect(await failureIn(insert(t, 2))).toMatchObject({ message: expect.stringMatching(/TRANSACTION_FINISHED/) })
        await tx.run({ acquireTimeout: 5_000 }, inner => insert(inner, 3))
      })
    })
    expect(await rows()).toEqual([1, 3])
  })

  test('of a nested scope runs when the outermost is committed, and not where the nested one was rolled back', async () => {
    const tx = transactions(sequelize)
    await tx.run(async t => {
      await insert(t, 1)
      const lost = tx.run({ mode: 'nested' }, async inner => {
        await insert(inner, 2)
        afterCommit(inner, tell('of the lost one'))
        throw new Error('lost')
      })
      expect(await failureIn(lost)).toMatchObject({ message: 'lost' })
      await tx.run({ mode: 'nested' }, async inner => {
        await insert(inner, 3)
        afterCommit(inner, tell('of the kept one'))
      })
      expect(told).toEqual([])
    })
    expect(told).toEqual(['of the kept one'])
    expect(await rows()).toEqual([1, 3])
  })

  test('of what was rolled back does not run, and none is taken after the end', async () => {
    const t = await transactions(sequelize).begin()
    afterCommit(t, tell('never'))
    expect(() => afterCommit(t, 'no function' as never)).toThrow('"fn" must be a function')
    await t.rollback()
    expect(() => afterCommit(t, tell('late'))).toThrow(/TRANSACTION_FINISHED/)
    expect(told).toEqual([])
  })
})
