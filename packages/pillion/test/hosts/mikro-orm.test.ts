import { RequestContext } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import type pg from 'pg'
import { type Handle, type Kind, pillion } from 'pillion'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mikroOrmHost } from '../../src/hosts/mikro-orm.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { allOf } from '../support/all-of.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { mikroOrm, mikroOrmOn, NoteEntity, poolOf, mikroOrmOnSqlite } from './fixtures/mikro-orm.js'
import { observe } from './postgres-observer.js'

conforms(mikroOrm, onPg, ['@mikro-orm/postgresql'])
conforms(mikroOrmOnSqlite, onSqlite, ['@mikro-orm/sqlite', 'better-sqlite3'])

describe('MikroORM alone', () => {
  const ping = statement('select 1')
  const count = statement('select count(*) from note')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let orm: MikroORM
  beforeAll(async () => {
    database = await createDatabase()
    const observer = await observe(database.url)
    await observer.rows('create table note (id int primary key, body text not null)')
    await observer.rows(`create view seen as select coalesce(current_setting('app.tenant', true), '') as tenant`)
    await observer.close()
    orm = await mikroOrmOn(database.url)
  })
  afterAll(async () => {
    await orm.close()
    await database.drop()
  })

  test('a fork on which begin was called is a transaction, and only that fork', async () => {
    const host = mikroOrmHost(orm)
    const fork = orm.em.fork()
    expect(await codeOf(host.run(fork, ping, {}))).toBe('TRANSACTION_FINISHED')
    await fork.begin()
    fork.persist(fork.create(NoteEntity, { id: 1, body: 'fork' }))
    await fork.flush()
    expect((await host.run(fork, count, {})).rows).toEqual([['1']])
    expect((await host.run(undefined, count, {})).rows).toEqual([['0']])
    await fork.rollback()
    expect(await codeOf(host.run(fork, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test("a request's entity manager lends its transaction", async () => {
    const host = mikroOrmHost(orm.em)
    await RequestContext.create(orm.em, async () => {
      const em = orm.em
      await em
        .transactional(async inner => {
          inner.persist(inner.create(NoteEntity, { id: 2, body: 'request' }))
          await inner.flush()
          expect((await host.run(undefined, count, {})).rows).toEqual([['1']])
          throw new Error('rollback')
        })
        .catch(error => expect(error.message).toBe('rollback'))
      expect((await host.run(undefined, count, {})).rows).toEqual([['0']])
    })
  })

  describe.each(['connection', 'transaction'])('with sessionContext by %s', strategy => {
    const tenant = statement(`select coalesce(current_setting('app.tenant', true), '')`)
    let scoped: MikroORM
    let pool: pg.Pool
    beforeAll(async () => {
      scoped = await mikroOrmOn(database.url, { sessionContext: strategy, pool: { min: 0, max: 1 } })
      pool = await poolOf(scoped)
    })
    afterAll(() => scoped.close())

    const as = <T>(name: string | undefined, work: () => Promise<T>): Promise<T> => {
      const em = scoped.em.fork()
      if (name !== undefined) em.setSessionContext({ variables: { 'app.tenant': name } })
      return RequestContext.create(em, work)
    }

    test('ours has the context of its request, and never that of the one before', async () => {
      const host = mikroOrmHost(scoped)
      const read = async (): Promise<unknown> => (await host.run(undefined, tenant, {})).rows[0]?.[0]
      expect(await as('a', read)).toBe('a')
      expect(await as(undefined, read)).toBe('')
      expect(await as('b', read)).toBe('b')
      expect(await read()).toBe('')
      expect(await as('c', () => scoped.em.transactional(read))).toBe('c')
      expect(await as(undefined, read)).toBe('')
    })

    test('a stream has it, and the transaction, of where it is made', async () => {
      const db = await pillion<{ seen: Handle<Kind, never, 'joined'> }>(mikroOrmHost(scoped))
      const made = async () => db.from(db.tables.seen).stream()
      const { streams } = await as('a', async () => ({ streams: [await made(), await made()] }))
      for (const stream of streams) expect(await as('b', () => allOf(stream))).toEqual([{ tenant: 'a' }])
      const late: AsyncIterable<unknown>[] = []
      await as('c', () => scoped.em.transactional(async () => void late.push(await made())))
      expect(await codeOf(allOf(late[0] as AsyncIterable<unknown>))).toBe('TRANSACTION_FINISHED')
    })

    test.runIf(strategy === 'connection')('control: the pool itself hands on what was set', async () => {
      const host = mikroOrmHost(scoped)
      await as('left behind', () => host.run(undefined, tenant, {}))
      const { rows } = await pool.query(tenant.text)
      expect(Object.values(rows[0])).toEqual(['left behind'])
    })
  })

  test('what is no MikroORM is refused', () => {
    expect(() => mikroOrmHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => mikroOrmHost({ getTransactionContext() {} })).toThrow(/HOST_SHAPE.*\n.*MikroORM 7/)
  })
})
