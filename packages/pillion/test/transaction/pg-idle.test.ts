// What is made for a transaction is made while the server is asked to begin it: so BEGIN is sent before `run` has returned.
import type { Socket } from 'node:net'
import { Pool, type PoolClient } from 'pg'
import { transactions } from 'pillion/transaction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'

let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database?.drop())

async function poolWithOneIdle(): Promise<Pool> {
  const pool = new Pool({ connectionString: database.url, max: 1 })
  await pool.query('select 1')
  expect(pool.idleCount).toBe(1)
  return pool
}

/** The client that it hands out next; it is back by then. */
async function lent(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect()
  client.release()
  return client
}

function connectionOf(client: PoolClient): { readonly stream: Socket } {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
}

test('an idle connection is taken at once', async () => {
  const pool = await poolWithOneIdle()
  const { stream } = connectionOf(await lent(pool))
  const before = stream.bytesWritten
  const running = transactions(pool).run(t => t.orm.query('select 1 as n'))
  expect(pool.idleCount).toBe(0)
  expect(stream.bytesWritten).toBeGreaterThan(before)
  expect((await running).rows).toEqual([{ n: 1 }])
  expect([pool.idleCount, pool.waitingCount]).toEqual([1, 0])
  await pool.end()
})

test('and nobody who waits for it already is overtaken', async () => {
  const pool = await poolWithOneIdle()
  const order: string[] = []
  const first = pool.connect().then(client => {
    order.push('a client')
    client.release()
  })
  const second = transactions(pool).run(async () => void order.push('a transaction'))
  expect([pool.idleCount, pool.waitingCount]).toEqual([1, 2])
  await Promise.all([first, second])
  expect(order).toEqual(['a client', 'a transaction'])
  await pool.end()
})

test('where the connection has broken meanwhile the work is not begun', async () => {
  const pool = await poolWithOneIdle()
  pool.on('error', () => {})
  const client = await lent(pool)
  client.on('error', () => {})
  let isBegun = false
  const running = transactions(pool).run(async () => void (isBegun = true))
  connectionOf(client).stream.destroy()
  await expect(running).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(isBegun).toBe(false)
  expect(pool.totalCount).toBe(0)
  await pool.end()
})
