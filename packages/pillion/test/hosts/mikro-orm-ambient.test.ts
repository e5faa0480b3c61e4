/** The transaction that MikroORM has around the code: whose it is, and until when. */
import { setTimeout as wait } from 'node:timers/promises'
import { RequestContext, TransactionPropagation } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { MikroORM as SqliteOrm, defineConfig as sqliteConfig } from '@mikro-orm/sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mikroOrmHost } from '../../src/hosts/mikro-orm.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { mikroOrmOn, NoteEntity } from './fixtures/mikro-orm.js'
import { observe } from './postgres-observer.js'

const count = statement('select count(*) from note')
const create = 'create table note (id int primary key, body text not null)'

describe('the ambient transaction of MikroORM', () => {
  const databases: Awaited<ReturnType<typeof createDatabase>>[] = []
  let [one, other] = [] as unknown as [MikroORM, MikroORM]
  beforeAll(async () => {
    for (let i = 0; i < 2; i++) {
      const database = await createDatabase()
      databases.push(database)
      const observer = await observe(database.url)
      await observer.rows(create)
      await observer.close()
    }
    ;[one, other] = (await Promise.all(databases.map(({ url }) => mikroOrmOn(url)))) as [MikroORM, MikroORM]
  })
  afterAll(async () => {
    await Promise.all([one, other].map(orm => orm?.close()))
    for (const database of databases) await database.drop()
  })
  beforeEach(async () => {
    for (const orm of [one, other]) await orm.em.fork().nativeDelete(NoteEntity, {})
  })

  const counted = async (orm: MikroORM): Promise<unknown> =>
    (await mikroOrmHost(orm).run(undefined, count, {})).rows[0]?.[0]

  test('is not that of another database, whose manager bears the same name', async () => {
    // inside of the other's transaction MikroORM itself would fork the other
    const fork = other.em.fork()
    await one.em.transactional(async em => {
      await em.insert(NoteEntity, { id: 1, body: 'one' })
      expect(await counted(one)).toBe('1')
      expect(await codeOf(counted(other))).toBe('TRANSACTION_FOREIGN')
      await fork.transactional(async inner => {
        expect(await codeOf(counted(one))).toBe('TRANSACTION_FOREIGN')
        expect(Number((await mikroOrmHost(other).run(inner, count, {})).rows[0]?.[0])).toBe(0)
      })
      expect(await counted(one)).toBe('1')
    })
    expect(await counted(other)).toBe('0')
  })

  test('is refused to what was started inside and runs after the end', async () => {
    let late: Promise<string | undefined> = Promise.resolve(undefined)
    await one.em.transactional(async em => {
      await em.insert(NoteEntity, { id: 1, body: 'one' })
      late = wait(50).then(() => codeOf(counted(one)))
    })
    expect(await late).toBe('TRANSACTION_FINISHED')
  })

  test('nests, stands aside for independent ones, and comes back', async () => {
    await one.em.transactional(async em => {
      await em.insert(NoteEntity, { id: 1, body: 'outer' })
      await one.em.transactional(async inner => {
        await inner.insert(NoteEntity, { id: 2, body: 'inner' })
        expect(await counted(one)).toBe('2')
      })
      const separate = { propagation: TransactionPropagation.REQUIRES_NEW }
      await one.em.transactional(async () => expect(await counted(one)).toBe('0'), separate)
      const none = { propagation: TransactionPropagation.NOT_SUPPORTED }
      await one.em.transactional(async () => expect(await counted(one)).toBe('0'), none)
      expect(await Promise.all([1, 2, 3].map(() => counted(one)))).toEqual(['2', '2', '2'])
    })
  })

  test('two at once see their own rows only', async () => {
    const seen = await Promise.all(
      [1, 2, 3, 4].map(n =>
        one.em
          .transactional(async em => {
            for (let i = 0; i < n; i++) await em.insert(NoteEntity, { id: n * 10 + i, body: 'own' })
            await wait(20)
            const found = await counted(one)
            throw Object.assign(new Error('rollback'), { found })
          })
          .catch(error => error.found),
      ),
    )
    expect(seen).toEqual(['1', '2', '3', '4'])
  })

  test('of a request goes on to be none after its end', async () => {
    await RequestContext.create(one.em, async () => {
      await one.em.transactional(em => em.insert(NoteEntity, { id: 1, body: 'one' }))
      expect(await counted(one)).toBe('1')
    })
  })
})

test('a transaction on one file of SQLite is none on another', async () => {
  const files = await Promise.all(
    [1, 2].map(() => SqliteOrm.init(sqliteConfig({ dbName: ':memory:', entities: [NoteEntity] }) as never)),
  )
  const [one, other] = files as [SqliteOrm, SqliteOrm]
  for (const orm of files) await orm.em.fork().execute(create)
  await one.em.transactional(async () => {
    expect(await codeOf(mikroOrmHost(other).run(undefined, count, {}))).toBe('TRANSACTION_FOREIGN')
  })
  for (const orm of files) await orm.close()
})
