/**
 * What an application has told the entity manager that is current, by a RequestContext say, holds in pillion's transactions: filters,
 * which keep tenants apart, and the schema.
 */
import { RequestContext } from '@mikro-orm/core'
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres, type Stage } from './servers.js'

const Item = defineEntity({
  name: 'Item',
  tableName: 'item',
  filters: { upTo: { name: 'upTo', cond: ({ n }: { n: number }) => ({ n: { $lte: n } }), default: true } },
  properties: { n: p.integer().primary() },
})

describe('a transaction of pillion’s on MikroORM', () => {
  let stage: Stage
  let orm: MikroORM
  beforeAll(async () => {
    stage = await postgres.open()
    await stage.read('create table item (n int primary key)')
    await stage.read('insert into item values (1), (2), (3)')
    await stage.read('create schema other')
    await stage.read('create table other.item (n int primary key)')
    await stage.read('insert into other.item values (4)')
    orm = await MikroORM.init({ clientUrl: stage.url, entities: [Item] })
  })
  afterAll(async () => {
    await orm.close()
    await stage.close()
  })

  const found = async (em: object): Promise<readonly number[]> =>
    (await (em as MikroORM['em']).find(Item, {}, { orderBy: { n: 1 } })).map(({ n }) => n)
  /** What MikroORM finds in a transaction of its own is the control. */
  const alike = async (expected: readonly number[]): Promise<void> => {
    const tx = transactions(orm)
    expect(await orm.em.transactional(em => found(em))).toEqual(expected)
    expect(await tx.run(t => found(t.orm))).toEqual(expected)
    expect(await tx.run(() => tx.run({ mode: 'nested' }, n => found(n.orm)))).toEqual(expected)
  }

  test('filters as the request does', async () => {
    const em = orm.em.fork()
    em.setFilterParams('upTo', { n: 2 })
    em.addFilter({ name: 'not 1', cond: { n: { $ne: 1 } } })
    await RequestContext.create(em, () => alike([2]))
    // and the next request finds nothing of it
    const next = orm.em.fork()
    next.setFilterParams('upTo', { n: 3 })
    await RequestContext.create(next, () => alike([1, 2, 3]))
  })

  test('is in the schema of the request', async () => {
    const em = orm.em.fork({ schema: 'other' })
    em.setFilterParams('upTo', { n: 9 })
    await RequestContext.create(em, () => alike([4]))
  })

  test('has a nested one filter as the one around it has come to', async () => {
    const tx = transactions(orm)
    await tx.run(async t => {
      const em = t.orm as MikroORM['em']
      em.setFilterParams('upTo', { n: 1 })
      expect(await em.transactional(inner => found(inner))).toEqual([1])
      expect(await tx.run({ mode: 'nested' }, n => found(n.orm))).toEqual([1])
    })
  })

  test('works over a dialect of Kysely’s of the application’s own making', async () => {
    const pool = new Pool({ connectionString: stage.url, max: 1 })
    const own = await MikroORM.init({
      dbName: new URL(stage.url).pathname.slice(1),
      entities: [Item],
      driverOptions: new PostgresDialect({ pool }),
    })
    const tx = transactions(own)
    await tx.run(t => (t.orm as MikroORM['em']).execute('insert into item values (5)'))
    const failing = tx.run(async t => {
      await (t.orm as MikroORM['em']).execute('insert into item values (6)')
      throw new Error('mine')
    })
    await expect(failing).rejects.toThrow('mine')
    expect(await stage.read('delete from item where n > 4 returning n')).toEqual([{ n: 5 }])
    await own.close()
  })
})
