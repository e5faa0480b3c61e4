/**
 * The events of transactions that MikroORM's subscribers listen to, and savepoints of its own around and inside of pillion's.
 */
import { defineConfig as mariadbConfig, MikroORM as MariadbOrm } from '@mikro-orm/mariadb'
import { EntitySchema, type EventSubscriber, type TransactionEventArgs } from '@mikro-orm/core'
import { defineConfig as postgresConfig, type EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { defineConfig as sqliteConfig, MikroORM as SqliteOrm } from '@mikro-orm/sqlite'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mysqlGrounds } from '../hosts/mysql-observer.js'
import { mysqlServers, postgres, type Server, sqlite, type Stage } from './servers.js'
import { failureIn } from './suite.js'

const Item = new EntitySchema<{ n: number }>({
  name: 'Item',
  tableName: 'item',
  properties: { n: { type: 'integer', primary: true } },
})

type Open = (url: string, options: object) => Promise<MikroORM>

const hosts: Readonly<Record<string, readonly [Server, Open]>> = {
  PostgreSQL: [postgres, (clientUrl, rest) => MikroORM.init(postgresConfig({ clientUrl, ...rest }) as never)],
  ...Object.fromEntries(
    mysqlGrounds().map(({ name }) => [
      name,
      [
        mysqlServers[name],
        (clientUrl: string, rest: object) => MariadbOrm.init(mariadbConfig({ clientUrl, ...rest }) as never),
      ],
    ]),
  ),
  SQLite: [
    sqlite,
    async (dbName, rest) => (await SqliteOrm.init(sqliteConfig({ dbName, ...rest }) as never)) as unknown as MikroORM,
  ],
}

const listened = [
  'beforeTransactionStart',
  'afterTransactionStart',
  'beforeTransactionCommit',
  'afterTransactionCommit',
  'beforeTransactionRollback',
  'afterTransactionRollback',
  'beforeFlush',
  'afterFlush',
  'afterCreate',
] as const

type Listened = (typeof listened)[number]
type Hear = (args: TransactionEventArgs) => unknown

describe.each(Object.entries(hosts))('MikroORM on %s', (_, [server, open]) => {
  let stage: Stage
  let orm: MikroORM
  const told: string[] = []
  const heard: { [event in Listened]?: Hear } = {}
  beforeAll(async () => {
    stage = await server.open()
    await stage.read('create table item (n int primary key)')
    await stage.read('create table outbox (n int primary key)')
    const subscriber = Object.fromEntries(
      listened.map(event => [
        event,
        async (args: TransactionEventArgs) => {
          told.push(event)
          await heard[event]?.(args)
        },
      ]),
    ) as EventSubscriber
    orm = await open(stage.url, {
      entities: [Item],
      pool: { min: 0, max: 2 },
      subscribers: [subscriber],
      allowGlobalContext: true,
    })
  })
  afterAll(async () => {
    await orm.close()
    await stage.close()
  })
  beforeEach(async () => {
    told.length = 0
    for (const event of listened) delete heard[event]
    await stage.read('delete from item')
    await stage.read('delete from outbox')
  })

  const numbers = async (table: 'item' | 'outbox'): Promise<unknown[]> =>
    (await stage.read(`select n from ${table} order by n`)).map(({ n }) => n)
  const insert = (em: unknown, table: 'item' | 'outbox', n: number): Promise<unknown> =>
    (em as EntityManager).execute(`insert into ${table} values (${n})`)
  /** By the transaction that a subscriber is given. */
  const insertBy = ({ transaction }: TransactionEventArgs, n: number): Promise<unknown> =>
    orm.em.getConnection().execute(`insert into outbox values (${n})`, [], 'run', transaction)
  const persist = (em: unknown, n: number): void =>
    void (em as EntityManager).persist((em as EntityManager).create(Item, { n }))
  const mine = () => {
    throw new Error('mine')
  }
  const toldBy = async (work: () => Promise<unknown>): Promise<string[]> => {
    told.length = 0
    await work().catch(error => expect(error).toMatchObject({ message: 'mine' }))
    return [...told]
  }

  test('tells of a commit and of a rollback what MikroORM tells, as often', async () => {
    const tx = transactions(orm)
    const commits = await toldBy(() => orm.em.fork().transactional(async em => persist(em, 1)))
    expect(commits).toEqual([
      'beforeTransactionStart',
      'afterTransactionStart',
      'beforeFlush',
      'afterCreate',
      'afterFlush',
      'beforeTransactionCommit',
      'afterTransactionCommit',
    ])
    expect(await toldBy(() => tx.run(async t => persist(t.orm, 2)))).toEqual(commits)
    const failing = async (em: unknown): Promise<void> => {
      persist(em, 3)
      await (em as EntityManager).flush()
      mine()
    }
    const rollbacks = await toldBy(() => orm.em.fork().transactional(failing))
    expect(rollbacks.slice(-2)).toEqual(['beforeTransactionRollback', 'afterTransactionRollback'])
    expect(await toldBy(() => tx.run(t => failing(t.orm)))).toEqual(rollbacks)
    expect(await numbers('item')).toEqual([1, 2])
  })

  test('what subscribers write before the commit and after the begin is in the transaction', async () => {
    const tx = transactions(orm)
    heard.afterTransactionStart = async args => insertBy(args, 1)
    heard.beforeTransactionCommit = async args => {
      await insert(args.em, 'outbox', 2)
      await insertBy(args, 3)
      expect(tx.current()?.orm).toBe(args.em)
    }
    await tx.run(async t => {
      await insert(t.orm, 'item', 1)
      expect(await numbers('outbox')).toEqual([])
    })
    expect(await numbers('outbox')).toEqual([1, 2, 3])
    await stage.read('delete from outbox')
    const t = await tx.begin()
    await t.rollback()
    expect(await numbers('outbox')).toEqual([])
  })

  test('the transaction that a subscriber keeps is let in no more at the end', async () => {
    let kept: TransactionEventArgs | undefined
    heard.afterTransactionStart = args => void (kept = args)
    await transactions(orm).run(t => insert(t.orm, 'item', 1))
    expect(await failureIn(insertBy(kept!, 1))).toMatchObject({
      message: expect.stringMatching(/TRANSACTION_FINISHED/),
    })
    expect(await numbers('outbox')).toEqual([])
  })

  test.each(['beforeTransactionStart', 'afterTransactionStart', 'beforeTransactionCommit'] as const)(
    'a failure in %s is the failure of the transaction, and nothing is kept',
    async event => {
      const tx = transactions(orm)
      heard[event] = mine
      expect(await failureIn(tx.run(t => insert(t.orm, 'item', 1)))).toMatchObject({ message: 'mine' })
      delete heard[event]
      expect(await numbers('item')).toEqual([])
      await Promise.all([1, 2, 3].map(n => tx.run(t => insert(t.orm, 'item', n))))
      expect(await numbers('item')).toEqual([1, 2, 3])
    },
  )

  test('a failure in afterTransactionCommit is a hook’s: it was committed, and is not run again', async () => {
    const tx = transactions(orm)
    let runs = 0
    heard.afterTransactionCommit = () => {
      throw Object.assign(new Error('again'), { code: '40001', errno: 1213, sqlState: '40001' })
    }
    const outcome = tx.run({ retry: true }, async t => {
      runs++
      t.afterCommit(() => void told.push('committed'))
      await insert(t.orm, 'item', 1)
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'HOOK_FAILED' })
    expect([runs, told.at(-1), await numbers('item')]).toEqual([1, 'committed', [1]])
  })

  test('a failure at a rollback gives the connection back, and is not told in place of the first', async () => {
    const tx = transactions(orm)
    for (const event of ['beforeTransactionRollback', 'afterTransactionRollback'] as const) {
      heard[event] = () => {
        throw new Error('of the subscriber')
      }
      for (let round = 0; round < 3; round++) {
        const outcome = tx.run(async t => {
          await insert(t.orm, 'item', 1)
          mine()
        })
        expect(await failureIn(outcome)).toMatchObject({ message: 'mine' })
      }
      delete heard[event]
    }
    expect(await numbers('item')).toEqual([])
    expect(tx.active()).toEqual([])
  })

  test.skipIf(server.refusedAtCommit === undefined)(
    'a commit that is refused is a rollback to subscribers',
    async () => {
      await stage.read(server.tables.find(sql => sql.includes('create table strict'))!)
      const outcome = transactions(orm).run(t => (t.orm as unknown as EntityManager).execute(server.refusedAtCommit!))
      expect(await failureIn(outcome)).toMatchObject({ code: 'COMMIT_FAILED' })
      expect(told.slice(-3)).toEqual([
        'beforeTransactionCommit',
        'beforeTransactionRollback',
        'afterTransactionRollback',
      ])
    },
  )

  test('a nested transaction is part of its own inside, which goes on around it', async () => {
    const tx = transactions(orm)
    await tx.run(async t => {
      await (t.orm as unknown as EntityManager).transactional(async own => {
        await insert(own, 'item', 1)
        await tx.run({ mode: 'nested' }, async nested => {
          await insert(nested.orm, 'item', 2)
          const lost = (nested.orm as unknown as EntityManager).transactional(async inner => {
            await insert(inner, 'item', 3)
            mine()
          })
          expect(await failureIn(lost)).toMatchObject({ message: 'mine' })
        })
        await insert(own, 'item', 4)
      })
    })
    expect(await numbers('item')).toEqual([1, 2, 4])
  })
})
