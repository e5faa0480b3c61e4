/**
 * The frame of a transaction is kept by whatever was made within, for as long as that is kept: of a transaction that is over no more is
 * kept than who it was.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Pool } from 'pg'
import { pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { type Transaction, transactions } from 'pillion/transaction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { failureIn } from './suite.js'

let database: Database
let pool: Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 2 })
  // whoever has a client connect is kept by it
  await pool.query('select 1')
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})

/** Is it gone? A driver may keep what it did last, and a WeakRef what it was made of until the end of the turn. */
async function isCollected(given: WeakRef<object>): Promise<boolean> {
  await pool.query('select 1')
  await new Promise(resolve => setImmediate(resolve))
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return given.deref() === undefined
}

/** Something that goes on in the frame of a transaction after its end, and what that transaction's work was given. */
interface Left {
  readonly given: WeakRef<object>
  /** Runs work in the frame. */
  within<T>(work: () => T): Promise<T>
}

async function leaving(hook?: () => void): Promise<Left> {
  const tx = transactions(pool)
  let go = (_work: () => unknown): void => {}
  return tx.run(async t => {
    if (hook !== undefined) t.afterCommit(hook)
    await t.orm.query('select 1')
    const asked = new Promise<() => unknown>(resolve => (go = resolve))
    const done = asked.then(work => work())
    return {
      given: new WeakRef(t.orm),
      within: work => {
        go(work)
        return done as never
      },
    }
  })
}

test('what the work was given is not kept, and nor is the connection', async () => {
  const left = await leaving()
  expect(await isCollected(left.given)).toBe(true)
  expect(await left.within(() => 'in its frame')).toBe('in its frame')
})

test('nor where hooks ran after the commit', async () => {
  let isRun = false
  const left = await leaving(() => void (isRun = true))
  expect(isRun).toBe(true)
  expect(await isCollected(left.given)).toBe(true)
  expect(await left.within(() => 'in its frame')).toBe('in its frame')
})

test('whoever asks for the current transaction then is told that it is over, and is given nothing else', async () => {
  const tx = transactions(pool)
  const db = await pillion(pgHost(pool))
  const left = await leaving()
  const current = (await left.within(() => tx.current())) as Transaction<unknown>
  expect(current).toMatchObject({ isTransaction: true, name: undefined })
  const told = {
    code: 'TRANSACTION_FINISHED',
    message: expect.stringMatching(/begun at .*let-go\.test\.ts.*committed at the end/s),
  }
  expect(() => current.orm).toThrow(expect.objectContaining(told))
  expect(() => current.afterCommit(() => {})).toThrow(expect.objectContaining(told))
  expect(await failureIn(db.on(current as never).sql`select 1 as n`.all())).toMatchObject(told)
  const again = await leaving()
  expect(await failureIn(again.within(() => tx.run(() => undefined)))).toMatchObject(told)
  expect([pool.idleCount, pool.waitingCount]).toEqual([pool.totalCount, 0])
})
