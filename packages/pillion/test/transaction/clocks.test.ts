/**
 * Tests put clocks of their own in the place of the process's, and a machine's clock is set: a database knows of neither.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createPool } from 'mysql2/promise'
import { Pool } from 'pg'
import { type DerivedHandle, pillion, withRetry } from 'pillion'
import { mysql2Host } from 'pillion/mysql2'
import { pgHost } from 'pillion/pg'
import { transactions } from 'pillion/transaction'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'

let database: Database
let pool: Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 2 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})
afterEach(() => void vi.useRealTimers())

/** Takes every connection there is; what it gives lets go of them. */
async function taken(): Promise<() => Promise<void>> {
  const tx = transactions(pool)
  const holders = [await tx.begin(), await tx.begin()]
  return async () => {
    await Promise.all(holders.map(holder => holder.rollback()))
  }
}

const starved = { code: 'POOL_STARVED' }

describe('a clock that is set', () => {
  const hour = 3_600_000

  test('ahead ends no transaction before its time', async () => {
    const tx = transactions(pool)
    vi.useFakeTimers({ toFake: ['Date'] })
    const age = await tx.run({ timeout: hour / 2 }, async t => {
      await t.orm.query('select 1')
      vi.setSystemTime(Date.now() + hour)
      return tx.active()[0]?.age
    })
    expect(age).toBeLessThan(hour)
  })

  test('ahead ends no waiting before its time', async () => {
    const free = await taken()
    vi.useFakeTimers({ toFake: ['Date'] })
    const waiting = transactions(pool).run(async () => 'had its turn')
    waiting.catch(() => {})
    vi.setSystemTime(Date.now() + hour)
    // who waits is looked at meanwhile
    await pause(200)
    await free()
    expect(await waiting).toBe('had its turn')
  })

  test('back keeps nobody waiting', async () => {
    const free = await taken()
    vi.useFakeTimers({ toFake: ['Date'] })
    const waiting = transactions(pool).run({ acquireTimeout: 100 }, async () => {})
    vi.setSystemTime(Date.now() - hour)
    await expect(waiting).rejects.toMatchObject(starved)
    await free()
  })
})

describe("a test's own clocks, which stand still", () => {
  test('keep no statement and no transaction from its timeout', async () => {
    const db = await pillion(pgHost(pool))
    vi.useFakeTimers()
    const endless = db.sql`SELECT count(*) AS n FROM generate_series(1, 10000000000)`
    await expect(endless.all({ timeout: 50 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await expect(
      transactions(pool).run({ timeout: 50 }, t => t.orm.query('select pg_sleep(1000)')),
    ).rejects.toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
  })

  test('keep nobody waiting, then and afterwards', async () => {
    const free = await taken()
    const waited = () => transactions(pool).run({ acquireTimeout: 100 }, async () => {})
    vi.useFakeTimers()
    await expect(waited()).rejects.toMatchObject(starved)
    vi.useRealTimers()
    await expect(waited()).rejects.toMatchObject(starved)
    await free()
  })

  test('keep nothing from being run again', async () => {
    vi.useFakeTimers()
    const conflict = Object.assign(new Error('again'), { code: '40001' })
    expect(await withRetry(async run => (run < 3 ? Promise.reject(conflict) : run))).toBe(3)
  })

  test.skipIf(mariadbUrl() === undefined)('keep no statement and no stream of MariaDB from being stopped', async () => {
    const mariadb = await createMariadbDatabase()
    const two = createPool({ uri: mariadb.url, connectionLimit: 2 })
    await two.query('CREATE TABLE item (n int PRIMARY KEY)')
    await two.query('INSERT INTO item SELECT seq FROM seq_1_to_1000')
    const db = await pillion<{ item: DerivedHandle<{ n: number }> }>(mysql2Host(two))
    vi.useFakeTimers()
    const endless = db.sql`SELECT count(*) AS n FROM item a, item b, item c, item d`
    await expect(endless.all({ timeout: 50 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await transactions(two).run(async t => {
      await t.orm.query('DO 1')
      for await (const row of db.from(db.tables.item).stream({ batch: 1 })) if (row.n > 0) break
    })
    vi.useRealTimers()
    await two.end()
    await mariadb.drop()
  })
})
