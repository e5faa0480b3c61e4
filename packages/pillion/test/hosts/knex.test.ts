import knexOf from 'knex'
import { Model } from 'objection'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { knexHost } from '../../src/hosts/knex.js'
import { objectionHost } from '../../src/hosts/objection.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { knex as fixture, Note, objection, knexOnSqlite, objectionOnSqlite } from './fixtures/knex.js'

conforms(fixture, onPg, ['knex'])
conforms(objection, onPg, ['objection'])
conforms(knexOnSqlite, onSqlite, ['knex', 'better-sqlite3'])
conforms(objectionOnSqlite, onSqlite, ['objection', 'better-sqlite3'])

describe('Knex alone', () => {
  const ping = statement('select txid_current_if_assigned() is not null')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let knex: ReturnType<typeof knexOf>
  beforeAll(async () => {
    database = await createDatabase()
    knex = knexOf({ client: 'pg', connection: database.url, pool: { max: 2 } })
  })
  afterAll(async () => {
    await knex.destroy()
    await database.drop()
  })

  test('a nested transaction that is over is refused though its connection is still in one', async () => {
    const host = knexHost(knex)
    await knex.transaction(async trx => {
      const inner = await trx.transaction()
      expect(await codeOf(host.run(inner, ping, {}))).toBe('fulfilled')
      await inner.commit()
      expect(await codeOf(host.run(inner, ping, {}))).toBe('TRANSACTION_FINISHED')
      expect(await codeOf(host.run(trx, ping, {}))).toBe('fulfilled')
    })
  })

  test('a host made of a transaction is in it, and ends with it', async () => {
    const trx = await knex.transaction()
    const host = knexHost(trx)
    await trx.raw('create table only_here ()')
    expect(await codeOf(host.run(undefined, statement('select from only_here'), {}))).toBe('fulfilled')
    await trx.rollback()
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('control: Knex itself lends the connection of a transaction that is over', async () => {
    const trx = await knex.transaction()
    await trx.commit()
    const client = await trx.client.acquireConnection()
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    expect(await codeOf(knexHost(knex).run(trx, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('a model class bound to a transaction stands for it', async () => {
    const host = objectionHost(Note.bindKnex(knex))
    const trx = await knex.transaction()
    const bound = Note.bindTransaction(trx)
    await trx.raw('create table only_here ()')
    expect(await codeOf(host.run(bound, statement('select from only_here'), {}))).toBe('fulfilled')
    await trx.rollback()
    expect(await codeOf(host.run(bound, ping, {}))).toBe('TRANSACTION_FINISHED')
  })

  test('what is no Knex, or on a driver that is not known, is refused', () => {
    expect(() => knexHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => objectionHost(class extends Model {} as never)).toThrow('HOST_UNKNOWN')
    expect(() =>
      knexHost({ client: { ...knex.client, driverName: 'oracledb', acquireConnection() {}, releaseConnection() {} } }),
    ).toThrow(/HOST_SHAPE.*oracledb/)
  })
})
