/**
 * What InnoDB does to two transactions that want each other's rows: a deadlock (1213) takes back the whole of one, and a lock that
 * does not come in time (1205) one statement only.
 */
import { createPool as createMariadbPool } from 'mariadb'
import { type Connection, createConnection, createPool, type RowDataPacket } from 'mysql2/promise'
import { transactions } from 'pillion/transaction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import type { Database } from '../../../../test/support/postgres.js'
import { codeIn, failureIn, meeting } from './suite.js'

/** A connection of either driver. */
interface Querying {
  query(sql: string): Promise<unknown>
}

const drivers = {
  mysql2: (uri: string) => createPool({ uri, connectionLimit: 3 }),
  mariadb(url: string) {
    const { hostname, port, username, password, pathname } = new URL(url)
    return createMariadbPool({
      host: hostname,
      port: Number(port),
      user: username,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      connectionLimit: 3,
    })
  },
}

describe.runIf(mariadbUrl()).each(Object.entries(drivers))('InnoDB by %s', (_, open) => {
  let database: Database
  let observer: Connection
  let pool: { end(): Promise<void> }
  beforeAll(async () => {
    database = await createMariadbDatabase()
    observer = await createConnection(database.url)
    await observer.query('create table account (id int primary key, amount int not null)')
  })
  afterAll(async () => {
    await observer.end()
    await database.drop()
  })
  beforeEach(async () => {
    pool = open(database.url)
    await observer.query('replace into account values (1, 0), (2, 0)')
  })
  afterEach(() => pool.end())

  const amounts = async (): Promise<readonly number[]> =>
    (await observer.query<(RowDataPacket & { amount: number })[]>('select amount from account order by id'))[0].map(
      ({ amount }) => amount,
    )
  const add = (orm: unknown, id: number): Promise<unknown> =>
    (orm as Querying).query(`update account set amount = amount + 1 where id = ${id}`)
  const errnoOf = (error: unknown): unknown => (error as { readonly errno?: unknown }).errno

  test('a deadlock: the loser is run again, whole, and both are committed once', async () => {
    const tx = transactions(pool)
    const meet = meeting(2)
    let runs = 0
    const transfer = (from: number, to: number) =>
      tx.run({ retry: true }, async t => {
        const first = ++runs <= 2
        await add(t.orm, from)
        if (first) await meet()
        await add(t.orm, to)
      })
    await Promise.all([transfer(1, 2), transfer(2, 1)])
    expect(runs).toBe(3)
    expect(await amounts()).toEqual([2, 2])
  })

  test('a deadlock whose error is caught: nothing more is let in, and nothing is committed', async () => {
    const tx = transactions(pool)
    const meet = meeting(2)
    const late: Promise<string>[] = []
    const losing = (from: number, to: number) =>
      tx.run(async t => {
        await add(t.orm, from)
        await meet()
        await add(t.orm, to).catch(error => {
          expect(errnoOf(error)).toBe(1213)
          // outside of any transaction of the server's by now: it would be committed by itself
          late.push(codeIn(add(t.orm, from)))
        })
      })
    const outcomes = await Promise.allSettled([losing(1, 2), losing(2, 1)])
    expect(await Promise.all(late)).toEqual(['TRANSACTION_FINISHED'])
    const [reason] = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    expect(errnoOf(reason)).toBe(1213)
    expect(await amounts()).toEqual([1, 1])
  })

  describe('a lock that does not come in time', () => {
    const impatient = async (orm: unknown): Promise<unknown> => {
      await (orm as Querying).query('set session innodb_lock_wait_timeout = 1')
      return add(orm, 1)
    }

    test('is asked for again, by the whole', async () => {
      const tx = transactions(pool)
      const holder = await tx.begin()
      await add(holder.orm, 1)
      let runs = 0
      await tx.run({ retry: true }, async t => {
        if (++runs === 2) await holder.commit()
        await add(t.orm, 2)
        await impatient(t.orm)
      })
      expect(runs).toBe(2)
      expect(await amounts()).toEqual([2, 1])
    })

    test('takes back its statement only: what goes on may be committed', async () => {
      const tx = transactions(pool)
      const holder = await tx.begin()
      await add(holder.orm, 1)
      await tx.run(async t => {
        await add(t.orm, 2)
        expect(errnoOf(await failureIn(impatient(t.orm)))).toBe(1205)
        await add(t.orm, 2)
      })
      await holder.rollback()
      expect(await amounts()).toEqual([0, 2])
    })
  })
})
