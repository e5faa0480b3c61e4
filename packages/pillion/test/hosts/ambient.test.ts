import { TransactionHost } from '@nestjs-cls/transactional'
import Sqlite from 'better-sqlite3'
import knexOf, { type Knex } from 'knex'
import { ClsServiceManager } from 'nestjs-cls'
import { type Handle, type Kind, pillion } from 'pillion'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ambientSlot, fromTransactionHost, withAmbient } from '../../src/hosts/ambient.js'
import { betterSqlite3Host } from '../../src/hosts/better-sqlite3.js'
import { knexHost } from '../../src/hosts/knex.js'
import type { Host, SyncHost } from '../../src/run/host.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { allOf } from '../support/all-of.js'
import { conforms } from './conforms.js'
import { onPg } from './grounds.js'
import { transactionHostOf, withNest } from './fixtures/ambient.js'

conforms(withNest, onPg, ['knex', '@nestjs-cls/transactional'])

describe('a slot', () => {
  const count = statement('select count(*) from note')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let knex: Knex
  const slot = ambientSlot<Knex.Transaction>()
  let host: Host
  beforeAll(async () => {
    database = await createDatabase()
    knex = knexOf({ client: 'pg', connection: database.url })
    await knex.raw('create table note (id int)')
    host = withAmbient(knexHost(knex), slot.current)
  })
  afterAll(async () => {
    await knex.destroy()
    await database.drop()
  })
  const notes = async (): Promise<unknown> => (await host.run(undefined, count, {})).rows[0]?.[0]

  test('lends what its request holds, to streams too, and to nobody else', async () => {
    await slot.scope(async () => {
      const trx = await knex.transaction()
      const release = slot.hold(trx)
      await trx.raw('insert into note values (1)')
      expect(await notes()).toBe('1')
      for await (const rows of host.stream(undefined, count, { batch: 1 })) expect(rows).toEqual([['1']])
      expect(await slot.scope(notes)).toBe('0')
      release()
      expect(await notes()).toBe('0')
      await trx.rollback()
    })
    expect(await notes()).toBe('0')
  })

  test('beside one of pillion/transaction: which is meant is asked, and never guessed', async () => {
    const db = await pillion<{ note: Handle<Kind, never, 'joined'> }>(host)
    const rows = db.from(db.tables.note)
    await slot.scope(() =>
      transactions(knex).run(async t => {
        await t.orm('note').insert({ id: 7 })
        const trx = await knex.transaction()
        const release = slot.hold(trx)
        expect(await codeOf(rows.count())).toBe('TRANSACTION_AMBIGUOUS')
        expect(await rows.on(t).count()).toBe(1)
        expect(await rows.on(trx).count()).toBe(0)
        release()
        const releaseOwn = slot.hold(t.orm)
        expect(await rows.count()).toBe(1)
        releaseOwn()
        await trx.rollback()
        await t.orm('note').delete()
      }),
    )
  })

  test('lends it to a stream where that is made, wherever it is read', async () => {
    const db = await pillion<{ note: Handle<Kind, never, 'joined'> }>(host)
    const made = (): AsyncIterable<unknown> => db.from(db.tables.note).stream()
    const outside = made()
    const trx = await knex.transaction()
    const { inside, late } = await slot.scope(async () => {
      const release = slot.hold(trx)
      await trx.raw('insert into note values (1)')
      expect(await allOf(outside)).toEqual([])
      const streams = { inside: made(), late: made() }
      release()
      return streams
    })
    expect(await allOf(inside)).toEqual([{ id: 1 }])
    await trx.rollback()
    expect(await codeOf(allOf(late))).toBe('TRANSACTION_FINISHED')
  })

  test('never guesses', async () => {
    expect(() => slot.hold(undefined as never)).toThrow(/TRANSACTION_AMBIGUOUS.*no request/)
    await slot.scope(async () => {
      const [a, b] = [await knex.transaction(), await knex.transaction()]
      const releases = [slot.hold(a), slot.hold(b)]
      expect(await codeOf(host.run(undefined, count, {}))).toBe('TRANSACTION_AMBIGUOUS')
      expect(await codeOf(host.run(a, count, {}))).toBe('fulfilled')
      for (const release of releases) release()
      const twice = withAmbient(
        knexHost(knex),
        () => a,
        () => b,
      )
      expect(await codeOf(twice.run(undefined, count, {}))).toBe('TRANSACTION_AMBIGUOUS')
      const alike = withAmbient(
        knexHost(knex),
        () => a,
        () => a,
        () => null,
      )
      expect(await codeOf(alike.run(undefined, count, {}))).toBe('fulfilled')
      await a.rollback()
      await b.rollback()
    })
  })

  test('holds what is held twice until both have let go of it', async () => {
    await slot.scope(async () => {
      const trx = await knex.transaction()
      const [release, releaseInner] = [slot.hold(trx), slot.hold(trx)]
      await trx.raw('insert into note values (1)')
      releaseInner()
      releaseInner()
      expect(await notes()).toBe('1')
      release()
      expect(await notes()).toBe('0')
      await trx.rollback()
    })
  })

  test('that holds a transaction which is over is refused, and does not fall back to the pool', async () => {
    await slot.scope(async () => {
      const trx = await knex.transaction()
      slot.hold(trx)
      await trx.commit()
      expect(await codeOf(host.run(undefined, count, {}))).toBe('TRANSACTION_FINISHED')
    })
  })
})

describe('@nestjs-cls/transactional with connections by name', () => {
  const names = ['one', 'two'] as const
  let opened: readonly { readonly nest: TransactionHost<unknown>; readonly host: Host; close(): Promise<void> }[]
  beforeAll(async () => {
    opened = await Promise.all(
      names.map(async name => {
        const database = await createDatabase()
        const knex = knexOf({ client: 'pg', connection: database.url })
        await knex.raw('create table note (id int)')
        const host = withAmbient(
          knexHost(knex),
          fromTransactionHost(() => TransactionHost.getInstance(name)),
        )
        return { nest: transactionHostOf(knex, name), host, close: () => knex.destroy().then(database.drop) }
      }),
    )
  })
  afterAll(() => Promise.all(opened.map(({ close }) => close())))

  const insert = (at: number) => (opened[at]!.nest.tx as Knex).raw('insert into note values (1)')
  const counts = () =>
    Promise.all(
      opened.map(
        async ({ host }) => (await host.run(undefined, statement('select count(*) from note'), {})).rows[0]?.[0],
      ),
    )
  const giveUp = new Error('rolled back')
  const inside = (at: number, work: () => Promise<void>, ...how: string[]): Promise<void> =>
    (opened[at]!.nest.withTransaction as (...given: unknown[]) => Promise<void>)(...how, async () => {
      await work()
      throw giveUp
    }).catch(error => {
      if (error !== giveUp) throw error
    })

  test('each finds its own, one inside of the other', async () => {
    await ClsServiceManager.getClsService().run(async () => {
      await inside(0, async () => {
        await insert(0)
        expect(await counts()).toEqual(['1', '0'])
        await inside(1, async () => {
          await insert(1)
          await insert(1)
          expect(await counts()).toEqual(['1', '2'])
        })
        expect(await counts()).toEqual(['1', '0'])
      })
      expect(await counts()).toEqual(['0', '0'])
    })
  })

  test('a new one inside, and none on purpose', async () => {
    await ClsServiceManager.getClsService().run(() =>
      inside(0, async () => {
        await insert(0)
        await inside(0, async () => expect(await counts()).toEqual(['0', '0']), 'REQUIRES_NEW')
        await inside(0, async () => expect(await counts()).toEqual(['0', '0']), 'NOT_SUPPORTED')
        expect(await counts()).toEqual(['1', '0'])
      }),
    )
  })
})

test('what answers at once is in the transaction that a source finds, too', () => {
  const database = new Sqlite(':memory:')
  const host = withAmbient(betterSqlite3Host(database), () => database) as SyncHost
  const one = statement('select 1')
  expect(() => host.runSync(undefined, one)).toThrow('TRANSACTION_FINISHED')
  expect(() => [...host.iterateSync(undefined, one)]).toThrow('TRANSACTION_FINISHED')
  database.exec('begin')
  expect([...host.iterateSync(undefined, one)]).toEqual([[1n]])
  database.close()
})
