import { createNamespace } from 'cls-hooked'
import { type Handle, type Kind, pillion } from 'pillion'
import { Sequelize } from 'sequelize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sequelizeHost } from '../../src/hosts/sequelize.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { allOf } from '../support/all-of.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import {
  namespace,
  sequelize as fixture,
  sequelizeOn,
  sequelizeWithCls,
  sequelizeOnSqlite,
} from './fixtures/sequelize.js'

conforms(fixture, onPg, ['sequelize'])
conforms(sequelizeWithCls, onPg, ['sequelize'])
conforms(sequelizeOnSqlite, onSqlite, ['sequelize', 'sqlite3'])

describe('Sequelize alone', () => {
  const ping = statement('select 1')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let sequelize: Sequelize
  let other: Sequelize
  beforeAll(async () => {
    database = await createDatabase()
    sequelize = sequelizeOn(database.url)
    other = sequelizeOn(database.url)
    await sequelize.query('create table ambient (n int)')
  })
  afterAll(async () => {
    await sequelize.close()
    await other.close()
    await database.drop()
  })
  const rows = async (host = sequelizeHost(sequelize), target?: unknown): Promise<unknown> =>
    (await host.run(target, statement('select count(*) from ambient'), {})).rows[0]?.[0]

  test('an unmanaged transaction is one from its beginning to its end', async () => {
    const host = sequelizeHost(sequelize)
    const transaction = await sequelize.transaction()
    await sequelize.query('insert into ambient values (1)', { transaction })
    expect(await rows(host, transaction)).toBe('1')
    await transaction.rollback()
    expect(await codeOf(host.run(transaction, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('a nested one ends with the one around it', async () => {
    const host = sequelizeHost(sequelize)
    const outer = await sequelize.transaction()
    const inner = await sequelize.transaction({ transaction: outer })
    expect(await codeOf(host.run(inner, ping, {}))).toBe('fulfilled')
    await outer.rollback()
    expect(await codeOf(host.run(inner, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('the time zone and the search path of the session are kept', async () => {
    const zoned = new Sequelize(database.url, {
      logging: false,
      timezone: 'Asia/Kolkata',
      dialectOptions: { prependSearchPath: true },
    })
    const setting = async (name: string, target?: unknown): Promise<unknown> =>
      (await sequelizeHost(zoned).run(target, statement(`select current_setting('${name}')`), {})).rows[0]?.[0]
    expect(await setting('TimeZone')).toBe('Asia/Kolkata')
    await zoned.transaction(async transaction => {
      await zoned.query('select 1', { transaction, searchPath: 'tenant' } as object)
      expect(await setting('search_path', transaction)).toBe('tenant')
    })
    await zoned.close()
  })

  describe('with CLS', () => {
    beforeAll(() => void Sequelize.useCLS(namespace as never))

    test('the managed transaction of this instance is joined, and only by those inside it', async () => {
      const inside = sequelize.transaction(async () => {
        await sequelize.query('insert into ambient values (1)')
        expect(await rows()).toBe('1')
        throw new Error('rollback')
      })
      const [outside] = await Promise.all([rows(), expect(inside).rejects.toThrow('rollback')])
      expect(outside).toBe('0')
    })

    test('a stream is in the one around where it is made, wherever it is read', async () => {
      const db = await pillion<{ ambient: Handle<Kind, never, 'joined'> }>(sequelizeHost(sequelize))
      const streams: AsyncIterable<unknown>[] = []
      const made = (): unknown => streams.push(db.from(db.tables.ambient).stream())
      made()
      const transaction = sequelize.transaction(async () => {
        await sequelize.query('insert into ambient values (1)')
        made()
        expect(await allOf(streams[0] as AsyncIterable<unknown>)).toEqual([])
        throw new Error('rollback')
      })
      await expect(transaction).rejects.toThrow('rollback')
      expect(await codeOf(allOf(streams[1] as AsyncIterable<unknown>))).toBe('TRANSACTION_FINISHED')
    })

    test('where it does not, the transaction of another instance is a reason for refusal, and no root', async () => {
      const code = await other.transaction(async () => {
        const refused = codeOf(sequelizeHost(sequelize).run(undefined, ping, {}))
        namespace.set('transaction', null)
        expect(await rows()).toBe('0')
        return refused
      })
      expect(code).toBe('TRANSACTION_AMBIGUOUS')
    })

    test('the one of this instance is found inside of another instance’s, where the namespace tells what is around', async () => {
      Sequelize.useCLS(createNamespace('nested'))
      const both = sequelize.transaction(async () => {
        await sequelize.query('insert into ambient values (1)')
        await other.transaction(async () => {
          expect(await rows()).toBe('1')
          expect(await rows(sequelizeHost(other))).toBe('0')
        })
        throw new Error('rollback')
      })
      await expect(both).rejects.toThrow('rollback')
      await other.transaction(async () => expect(await rows()).toBe('0'))
      Sequelize.useCLS(namespace as never)
    })

    test('what goes on after the end is on the root, as Sequelize itself is, for nothing of it is left in the namespace', async () => {
      Sequelize.useCLS(createNamespace('after'))
      let end = (): void => {}
      const ended = new Promise<void>(resolve => (end = resolve))
      let late: Promise<readonly unknown[]> = Promise.resolve([])
      const inside = sequelize.transaction(async transaction => {
        await sequelize.query('insert into ambient values (1)')
        const explicit = (): Promise<unknown> => codeOf(sequelizeHost(sequelize).run(transaction, ping, {}))
        const own = async (): Promise<unknown> => (await sequelize.query('select count(*)::text as n from ambient'))[0]
        late = ended.then(async () => [await rows(), await own(), await explicit()])
        throw new Error('rollback')
      })
      await expect(inside).rejects.toThrow('rollback')
      end()
      expect(await late).toEqual(['0', [{ n: '0' }], 'TRANSACTION_FINISHED'])
      Sequelize.useCLS(namespace as never)
    })

    test('control: Sequelize itself takes the other instance into it', async () => {
      await other
        .transaction(async () => {
          await other.query('insert into ambient values (1)')
          const [found] = await sequelize.query('select count(*)::int as n from ambient')
          expect(found).toEqual([{ n: 1 }])
          throw new Error('rollback')
        })
        .catch(() => {})
    })

    test('what is started inside and runs after the end is refused', async () => {
      let late: () => Promise<string> = async () => 'never'
      await sequelize.transaction(async () => {
        const transaction = namespace.get('transaction')
        late = () =>
          namespace.run(async () => {
            namespace.set('transaction', transaction)
            return codeOf(sequelizeHost(sequelize).run(undefined, ping, {}))
          })
      })
      expect(await late()).toBe('TRANSACTION_FINISHED')
    })
  })

  test('what is no Sequelize, or on a dialect that is not known, is refused', () => {
    expect(() => sequelizeHost({} as never)).toThrow('HOST_UNKNOWN')
    const odd = Object.create(sequelize, { getDialect: { value: () => 'db2' } })
    expect(() => sequelizeHost(odd)).toThrow(/HOST_SHAPE.*db2/)
  })
})
