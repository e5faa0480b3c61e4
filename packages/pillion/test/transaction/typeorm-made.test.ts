/**
 * The query runner that TypeORM's manager shows in a transaction: who opened the transaction ends it, and keeps the connection.
 */
import { transactions } from 'pillion/transaction'
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm'
import { describe, expect, test } from 'vitest'
import { failureIn } from './suite.js'
import { onSqlite, setStage, sites } from './typeorm-stage.js'

const endings: Readonly<Record<string, (manager: EntityManager, runner: QueryRunner) => unknown>> = {
  release: (_, runner) => runner.release(),
  'release of its manager': manager => manager.release(),
  commitTransaction: (_, runner) => runner.commitTransaction(),
  rollbackTransaction: (_, runner) => runner.rollbackTransaction(),
  'the end of `await using`': (_, runner) => runner[Symbol.asyncDispose](),
}

describe.each(Object.entries(sites))('TypeORM on %s', (_, place) => {
  const site = setStage(place)
  const { rows, insert } = site

  test.each(Object.entries(endings))('%s is refused, and ends nothing', async (_, end) => {
    const t = await transactions(site.dataSource).begin()
    await insert(t.orm, 1)
    const refused = await failureIn(Promise.resolve().then(() => end(t.orm, t.orm.queryRunner!)))
    expect(refused).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    expect(await rows()).toEqual([])
    await insert(t.orm, 2)
    await t.rollback()
    await insert(site.dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })

  test('nested transactions of TypeORM go on working, at any depth', async () => {
    const tx = transactions(site.dataSource)
    await tx.run(async t => {
      await insert(t.orm, 1)
      await t.orm.transaction(async inner => {
        await insert(inner, 2)
        await failureIn(
          inner.transaction(async innermost => {
            await insert(innermost, 3)
            throw new Error('lost')
          }),
        )
      })
      await tx.run({ mode: 'nested' }, n => n.orm.transaction(inner => insert(inner, 4)))
      const runner = t.orm.queryRunner!
      await runner.startTransaction()
      await insert(t.orm, 5)
      await runner.rollbackTransaction()
      await runner.startTransaction()
      await insert(t.orm, 6)
      await runner.commitTransaction()
      expect(await failureIn(runner.commitTransaction())).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    })
    expect(await rows()).toEqual([1, 2, 4, 6])
  })

  test.skipIf(place === onSqlite)('a connection whose rollback fails is given to nobody else', async () => {
    const create = site.dataSource.createQueryRunner.bind(site.dataSource)
    const failing = new Error('not rolled back')
    site.dataSource.createQueryRunner = mode =>
      Object.assign(create(mode), { rollbackTransaction: () => Promise.reject(failing) })
    const t = await transactions(site.dataSource).begin()
    await insert(t.orm, 1)
    expect(await failureIn(t.rollback())).toBe(failing)
    site.dataSource.createQueryRunner = create
    await transactions(site.dataSource).run(async next => void (await insert(next.orm, 2)))
    expect(await rows()).toEqual([2])
  })

  test.skipIf(place === onSqlite)(
    'one that is open when the data source is destroyed: it is not left to who waits for its connection',
    async () => {
      const tx = transactions(site.dataSource)
      const t = await tx.begin()
      await insert(t.orm, 1)
      const waiting = tx.run({ acquireTimeout: 1_000 }, next => insert(next.orm, 2)).catch(() => {})
      await site.dataSource.destroy()
      await waiting
      await site.dataSource.initialize()
      expect(await failureIn(t.commit())).toMatchObject({ code: 'CONNECTION_LOST' })
      expect(await rows()).not.toContain(1)
    },
  )

  test('a nested one of pillion does not end the one of TypeORM around it', async () => {
    const tx = transactions(site.dataSource)
    await tx.run(async t => {
      await t.orm.queryRunner!.startTransaction()
      await tx.run({ mode: 'nested' }, async n => {
        await insert(n.orm, 1)
        const refused = await failureIn(n.orm.queryRunner!.rollbackTransaction())
        expect(refused).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
      })
      await t.orm.queryRunner!.commitTransaction()
    })
    expect(await rows()).toEqual([1])
  })

  test('one of TypeORM that is left open: the commit is refused, all of it is rolled back, the connection is free', async () => {
    const tx = transactions(site.dataSource)
    const running = tx.run(async t => {
      await insert(t.orm, 1)
      await t.orm.queryRunner!.startTransaction()
      await insert(t.orm, 2)
    })
    expect(await failureIn(running)).toMatchObject({ code: 'TRANSACTION_NESTED' })
    expect(await rows()).toEqual([])
    await insert(site.dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })

  test('one of TypeORM that is open at a rollback goes with it', async () => {
    const t = await transactions(site.dataSource).begin()
    await insert(t.orm, 1)
    await t.orm.queryRunner!.startTransaction()
    await insert(t.orm, 2)
    await t.rollback()
    await insert(site.dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })
})

const uninitialized: Readonly<Record<string, DataSourceOptions>> = {
  postgres: { type: 'postgres' },
  mysql: { type: 'mysql' },
  'better-sqlite3': { type: 'better-sqlite3', database: ':memory:' },
}

test.each(Object.entries(uninitialized))(
  'a data source that is not initialized has no connection to give: %s',
  async (_, options) => {
    const tx = transactions(new DataSource(options))
    expect(await failureIn(tx.run(async () => {}))).toMatchObject({ code: 'CONNECTION_UNAVAILABLE' })
    expect(await failureIn(tx.run(async () => {}))).toMatchObject({ code: 'CONNECTION_UNAVAILABLE' })
  },
)

/** Lets others go on that many times. */
async function passing(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve()
}

const owns: Readonly<Record<string, (dataSource: DataSource) => Promise<unknown>>> = {
  transaction: dataSource =>
    dataSource.transaction(async manager => {
      await manager.query('insert into item values (3)')
      await manager.query('insert into item values (4)')
    }),
  async startTransaction(dataSource) {
    const runner = dataSource.createQueryRunner()
    await runner.startTransaction()
    await runner.query('insert into item values (3)')
    await runner.commitTransaction()
  },
}

/** TypeORM’s own transaction. */
const late: Readonly<Record<string, (manager: EntityManager) => Promise<unknown>>> = {
  'manager.transaction': manager => manager.transaction(async () => {}),
  'queryRunner.startTransaction': manager => manager.queryRunner!.startTransaction(),
}

describe('A transaction of TypeORM’s own on SQLite’s one connection', () => {
  const site = setStage(onSqlite)
  const { rows, insert } = site

  test('one that is over in time is waited for, and both are kept apart', async () => {
    const tx = transactions(site.dataSource)
    let goOn = (): void => {}
    const held = new Promise<void>(resolve => (goOn = resolve))
    let own: Promise<void> | undefined
    await new Promise<void>(begun => {
      own = site.dataSource.transaction(async manager => {
        await insert(manager, 1)
        begun()
        await held
        await insert(manager, 2)
      })
    })
    const failing = failureIn(
      tx.run(async t => {
        await insert(t.orm, 3)
        throw new Error('lost')
      }),
    )
    const working = tx.run(t => insert(t.orm, 4))
    goOn()
    await Promise.all([own, failing, working])
    expect((await failing).message).toBe('lost')
    expect(await rows()).toEqual([1, 2, 4])
  })

  test.each(['committed', 'rolled back'])('one that goes on is left alone, and pillion’s is refused: %s', async end => {
    const tx = transactions(site.dataSource)
    const own = site.dataSource.transaction(async manager => {
      await insert(manager, 1)
      const refused = await failureIn(tx.run({ acquireTimeout: 1_000 }, t => insert(t.orm, 2)))
      expect(refused).toMatchObject({
        code: 'TRANSACTION_UNSUPPORTED',
        message: expect.stringContaining('TypeORM’s own'),
      })
      await insert(manager, 3)
      if (end === 'rolled back') throw new Error(end)
    })
    await own.catch(({ message }: Error) => expect(message).toBe(end))
    expect(await rows()).toEqual(end === 'committed' ? [1, 3] : [])
    await tx.run(t => insert(t.orm, 4))
    expect(await rows()).toContain(4)
  })

  test.each(Object.entries(late))(
    'one that is asked of a transaction that has ended is refused, and is in nobody’s way: %s',
    async (_, ask) => {
      const tx = transactions(site.dataSource)
      const ended = await tx.run(async t => t.orm)
      expect(await failureIn(ask(ended))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      expect(site.dataSource.createQueryRunner().isTransactionActive).toBe(false)
      await tx.run({ acquireTimeout: 1_000 }, t => insert(t.orm, 1))
      expect(await rows()).toEqual([1])
    },
  )

  describe.each(Object.entries(owns))('one by %s, whenever it begins beside pillion’s', (_, own) => {
    test.each(['commits', 'fails'])('does not come between: it %s, and what is told is so', async end => {
      const tx = transactions(site.dataSource)
      for (let turns = 0; turns < 40; turns++) {
        await site.dataSource.query('delete from item')
        const running = tx.run(async t => {
          await insert(t.orm, 1)
          await passing(5)
          await insert(t.orm, 2)
          if (end === 'fails') throw new Error('mine')
        })
        const [told] = await Promise.allSettled([running, passing(turns).then(() => own(site.dataSource))])
        const written = (await rows()).filter(n => Number(n) < 3)
        expect(written).toEqual(told.status === 'fulfilled' ? [1, 2] : [])
        await tx.run(() => {})
        expect(site.dataSource.createQueryRunner()).toMatchObject({ isTransactionActive: false, transactionDepth: 0 })
      }
    })
  })

  test('pillion’s that is open when the database is closed is told as lost: nothing was committed', async () => {
    const t = await transactions(site.dataSource).begin()
    await insert(t.orm, 1)
    await site.dataSource.destroy()
    await site.dataSource.initialize()
    expect(await failureIn(t.commit())).toMatchObject({ code: 'CONNECTION_LOST' })
    await transactions(site.dataSource).run(next => insert(next.orm, 2))
    expect(await rows()).toEqual([2])
  })

  test('one begun by a statement is left alone, too', async () => {
    const tx = transactions(site.dataSource)
    await site.dataSource.query('begin')
    await insert(site.dataSource.manager, 1)
    const refused = await failureIn(tx.run({ acquireTimeout: 1_000 }, t => insert(t.orm, 2)))
    expect(refused).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    await site.dataSource.query('commit')
    await tx.run(t => insert(t.orm, 3))
    expect(await rows()).toEqual([1, 3])
  })

  test('one that SQLite has ended by itself, which TypeORM takes for open, is in nobody’s way', async () => {
    await failureIn(
      site.dataSource.transaction(async manager => {
        await insert(manager, 1)
        await manager.query('insert or rollback into item values (1)')
      }),
    )
    await transactions(site.dataSource).run({ acquireTimeout: 1_000 }, t => insert(t.orm, 2))
    expect(await rows()).toEqual([2])
    const { isTransactionActive } = site.dataSource.createQueryRunner()
    expect(isTransactionActive).toBe(false)
  })
})
