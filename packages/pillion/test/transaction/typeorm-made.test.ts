/**
 * The query runner that TypeORM's manager shows in a transaction: who opened the transaction ends it, and keeps the connection.
 */
import 'reflect-metadata'
import { transactions } from 'pillion/transaction'
import { DataSource, type DataSourceOptions, type EntityManager, type QueryRunner } from 'typeorm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mysqlGrounds } from '../hosts/mysql-observer.js'
import { mysqlServers, postgres, type Server, sqlite, type Stage } from './servers.js'
import { failureIn } from './suite.js'

const hosts: Readonly<Record<string, readonly [Server, (url: string) => DataSourceOptions]>> = {
  PostgreSQL: [postgres, url => ({ type: 'postgres', url, extra: { max: 1 } })],
  ...Object.fromEntries(
    mysqlGrounds().map(({ name }) => [name, [mysqlServers[name], url => ({ type: 'mysql', url, poolSize: 1 })]]),
  ),
  SQLite: [sqlite, database => ({ type: 'better-sqlite3', database })],
}

const endings: Readonly<Record<string, (manager: EntityManager, runner: QueryRunner) => unknown>> = {
  release: (_, runner) => runner.release(),
  'release of its manager': manager => manager.release(),
  commitTransaction: (_, runner) => runner.commitTransaction(),
  rollbackTransaction: (_, runner) => runner.rollbackTransaction(),
  'the end of `await using`': (_, runner) => runner[Symbol.asyncDispose](),
}

describe.each(Object.entries(hosts))('TypeORM on %s', (_, [server, options]) => {
  let stage: Stage
  let dataSource: DataSource
  beforeAll(async () => {
    stage = await server.open()
    await stage.read('create table item (n int primary key)')
    dataSource = await new DataSource(options(stage.url)).initialize()
  })
  afterAll(async () => {
    await dataSource.destroy()
    await stage.close()
  })
  beforeEach(async () => void (await stage.read('delete from item')))

  const rows = async (): Promise<unknown[]> => (await stage.read('select n from item order by n')).map(({ n }) => n)
  const insert = (manager: EntityManager, n: number): Promise<unknown> =>
    manager.query(`insert into item values (${n})`)

  test.each(Object.entries(endings))('%s is refused, and ends nothing', async (_, end) => {
    const t = await transactions(dataSource).begin()
    await insert(t.orm, 1)
    const refused = await failureIn(Promise.resolve().then(() => end(t.orm, t.orm.queryRunner!)))
    expect(refused).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    expect(await rows()).toEqual([])
    await insert(t.orm, 2)
    await t.rollback()
    await insert(dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })

  test('nested transactions of TypeORM go on working, at any depth', async () => {
    const tx = transactions(dataSource)
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

  test.skipIf(server === sqlite)('a connection whose rollback fails is given to nobody else', async () => {
    const create = dataSource.createQueryRunner.bind(dataSource)
    const failing = new Error('not rolled back')
    dataSource.createQueryRunner = mode =>
      Object.assign(create(mode), { rollbackTransaction: () => Promise.reject(failing) })
    const t = await transactions(dataSource).begin()
    await insert(t.orm, 1)
    expect(await failureIn(t.rollback())).toBe(failing)
    dataSource.createQueryRunner = create
    await transactions(dataSource).run(async next => void (await insert(next.orm, 2)))
    expect(await rows()).toEqual([2])
  })

  test('a nested one of pillion does not end the one of TypeORM around it', async () => {
    const tx = transactions(dataSource)
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
    const tx = transactions(dataSource)
    const running = tx.run(async t => {
      await insert(t.orm, 1)
      await t.orm.queryRunner!.startTransaction()
      await insert(t.orm, 2)
    })
    expect(await failureIn(running)).toMatchObject({ code: 'TRANSACTION_NESTED' })
    expect(await rows()).toEqual([])
    await insert(dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })

  test('one of TypeORM that is open at a rollback goes with it', async () => {
    const t = await transactions(dataSource).begin()
    await insert(t.orm, 1)
    await t.orm.queryRunner!.startTransaction()
    await insert(t.orm, 2)
    await t.rollback()
    await insert(dataSource.manager, 3)
    expect(await rows()).toEqual([3])
  })
})
