/** A server that ends, with all of its sessions, under transactions: each is told, and nothing is left open or out of the pool. */
import { startPostgres } from '@pillion/postgres'
import { Pool, type PoolClient } from 'pg'
import { transactions } from 'pillion/transaction'
import { expect, test } from 'vitest'
import { waitFor } from '../../../../test/support/wait-for.js'
import { codeIn, failureIn } from './suite.js'

test.each(['SIGINT', 'SIGQUIT'] as const)('by %s', async signal => {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.url, max: 5 })
  pool.on('error', () => {})
  const tx = transactions(pool)
  const { rows } = await pool.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`)
  const idle = await tx.begin()
  await idle.orm.query('select pg_current_xact_id()')
  const heard = new Promise<unknown>(resolve => void (idle.orm as unknown as PoolClient).once('end', resolve))
  const failing = failureIn(tx.run(t => t.orm.query('select pg_sleep(100)')))
  const caught = codeIn(tx.run(async t => void (await t.orm.query('select pg_sleep(100)').catch(() => {}))))
  await waitFor(() => expect(tx.active().map(({ inFlight }) => inFlight)).toEqual([0, 1, 1]))
  process.kill(Number(rows[0]!.file.split('\n')[0]), signal)
  expect((await failing).message).toMatch(/terminat/)
  expect(await caught).toBe('CONNECTION_LOST')
  await waitFor(async () => expect(await codeIn(tx.run(async () => {}))).toBe('CONNECTION_UNAVAILABLE'))
  // before that a COMMIT is sent, and nobody knows what becomes of it
  await heard
  expect(await codeIn(idle.commit())).toBe('CONNECTION_LOST')
  expect(tx.active()).toEqual([])
  expect(pool.idleCount).toBe(pool.totalCount)
  await pool.end()
  await server.stop()
})
