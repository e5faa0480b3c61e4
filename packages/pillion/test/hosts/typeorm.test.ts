import 'reflect-metadata'
import { type Handle, type Kind, pillion } from 'pillion'
import { transactions } from 'pillion/transaction'
import type { DataSource } from 'typeorm'
import {
  addTransactionalDataSource,
  deleteDataSourceByName,
  initializeTransactionalContext,
  Propagation,
  runInTransaction,
} from 'typeorm-transactional'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { typeormHost } from '../../src/hosts/typeorm.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { allOf } from '../support/all-of.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { dataSourceOn, typeorm, typeormOnSqlite, typeormTransactional } from './fixtures/typeorm.js'

conforms(typeorm, onPg, ['typeorm'])
conforms(typeormTransactional, onPg, ['typeorm', 'typeorm-transactional'])
conforms(typeormOnSqlite, onSqlite, ['typeorm', 'better-sqlite3'])

describe('a query runner', () => {
  const ping = statement('select txid_current_if_assigned() is not null')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let dataSource: DataSource
  beforeAll(async () => {
    database = await createDatabase()
    dataSource = (await dataSourceOn(database.url)).dataSource
  })
  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  test('is a transaction while one is open on it, and keeps no connection otherwise', async () => {
    const host = typeormHost(dataSource)
    const runner = dataSource.createQueryRunner()
    expect(await codeOf(host.run(runner, ping, {}))).toBe('TRANSACTION_FINISHED')
    expect((dataSource.driver as unknown as { connectedQueryRunners: unknown[] }).connectedQueryRunners).toEqual([])
    await runner.startTransaction()
    expect(await codeOf(host.run(runner, ping, {}))).toBe('fulfilled')
    expect(await codeOf(host.run(runner.manager, ping, {}))).toBe('fulfilled')
    await runner.commitTransaction()
    expect(await codeOf(host.run(runner, ping, {}))).toBe('TRANSACTION_FINISHED')
    await runner.release()
    expect(await codeOf(host.run(runner.manager, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('the data source itself and its manager are the root', async () => {
    const host = typeormHost(dataSource)
    expect(await codeOf(host.run(dataSource, ping, {}))).toBe('fulfilled')
    expect(await codeOf(host.run(dataSource.manager, ping, {}))).toBe('fulfilled')
  })

  test('what is no data source, or on a database that is not known, is refused', () => {
    expect(() => typeormHost({} as never)).toThrow('HOST_UNKNOWN')
    const odd = Object.create(dataSource, { options: { value: { type: 'sap' } } })
    expect(() => typeormHost(odd)).toThrow(/HOST_SHAPE.*sap/)
  })
})

describe('the ambient transaction of typeorm-transactional', () => {
  const count = statement('select count(*) from ambient')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let dataSource: DataSource
  beforeAll(async () => {
    database = await createDatabase()
    initializeTransactionalContext()
    dataSource = addTransactionalDataSource((await dataSourceOn(database.url)).dataSource)
    await dataSource.query('create table ambient (n int)')
  })
  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  test('is joined without being handed over, and only by those inside it', async () => {
    const host = typeormHost(dataSource)
    const rows = async (): Promise<unknown> => (await host.run(undefined, count, {})).rows[0]?.[0]
    const inside = runInTransaction(async () => {
      await dataSource.query('insert into ambient values (1)')
      expect(await rows()).toBe('1')
      await runInTransaction(async () => expect(await rows()).toBe('0'), { propagation: Propagation.REQUIRES_NEW })
      await runInTransaction(async () => expect(await rows()).toBe('0'), { propagation: Propagation.NOT_SUPPORTED })
      throw new Error('rollback')
    })
    expect(await rows()).toBe('0')
    await expect(inside).rejects.toThrow('rollback')
    expect(await rows()).toBe('0')
  })

  test('has the streams that are made in it, wherever they are read', async () => {
    const db = await pillion<{ ambient: Handle<Kind, never, 'joined'> }>(typeormHost(dataSource))
    const streams: AsyncIterable<unknown>[] = []
    const made = (): unknown => streams.push(db.from(db.tables.ambient).stream())
    made()
    const inside = runInTransaction(async () => {
      await dataSource.query('insert into ambient values (1)')
      made()
      expect(await allOf(streams[0] as AsyncIterable<unknown>)).toEqual([])
      throw new Error('rollback')
    })
    await expect(inside).rejects.toThrow('rollback')
    expect(await codeOf(allOf(streams[1] as AsyncIterable<unknown>))).toBe('TRANSACTION_FINISHED')
  })

  test('inside of one of pillion/transaction: which of the two a query means is asked, and never guessed', async () => {
    const db = await pillion<{ ambient: Handle<Kind, never, 'joined'> }>(typeormHost(dataSource))
    const rows = db.from(db.tables.ambient)
    await transactions(dataSource).run(async t => {
      await t.orm.query('insert into ambient values (2)')
      await runInTransaction(async () => {
        expect(await codeOf(rows.count())).toBe('TRANSACTION_AMBIGUOUS')
        expect(await codeOf(allOf(rows.stream()))).toBe('TRANSACTION_AMBIGUOUS')
        expect(await rows.on(t).count()).toBe(1)
        expect(await rows.on(dataSource.manager).count()).toBe(0)
      })
      expect(await rows.count()).toBe(1)
      await t.orm.query('delete from ambient')
    })
  })

  test('lets none of pillion/transaction begin inside, whose repositories it would keep', async () => {
    const tx = transactions(dataSource)
    const inside = runInTransaction(async () => {
      expect(await codeOf(tx.run(async t => t.orm.query('insert into ambient values (3)')))).toBe(
        'TRANSACTION_AMBIGUOUS',
      )
      expect(await codeOf(tx.begin())).toBe('TRANSACTION_AMBIGUOUS')
      expect(await codeOf(tx.run({ mode: 'supports' }, async () => {}))).toBe('fulfilled')
      throw new Error('rollback')
    })
    await expect(inside).rejects.toThrow('rollback')
    expect(await dataSource.query('select * from ambient')).toEqual([])
    await tx.run(async t => t.orm.query('select 1'))
  })

  test('of another data source that has taken its name since is refused', async () => {
    const [first, second] = [
      (await dataSourceOn(database.url)).dataSource,
      (await dataSourceOn(database.url)).dataSource,
    ]
    const connectionName = 'taken'
    addTransactionalDataSource({ name: connectionName, dataSource: first })
    deleteDataSourceByName(connectionName)
    addTransactionalDataSource({ name: connectionName, dataSource: second })
    await runInTransaction(
      async () => {
        expect(await codeOf(typeormHost(second).run(undefined, count, {}))).toBe('fulfilled')
        expect(await codeOf(typeormHost(first).run(undefined, count, {}))).toBe('TRANSACTION_FOREIGN')
        expect(await codeOf(typeormHost(first).run(first, count, {}))).toBe('TRANSACTION_FOREIGN')
      },
      { connectionName },
    )
    deleteDataSourceByName(connectionName)
    await first.destroy()
    await second.destroy()
  })
})
