import BetterSqlite from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { retryable } from '../../src/retry/retryable.js'
import { withRetry } from '../../src/retry/with-retry.js'

const failure = (more: object): Error => Object.assign(new Error('no'), more)

describe('retryable', () => {
  test.each([
    ['a serialization failure', { code: '40001' }],
    ['a deadlock of PostgreSQL', { code: '40P01' }],
    ['a deadlock of MariaDB', { errno: 1213, code: 'ER_LOCK_DEADLOCK', sqlState: '40001' }],
    ['a lock not had in time', { errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT', sqlState: 'HY000' }],
    ['a row changed since the snapshot', { errno: 1020, code: 'ER_CHECKREAD' }],
    ['a signal of a trigger', { errno: 1644, sqlState: '40001' }],
    ['SQLite, busy', { code: 'SQLITE_BUSY' }],
    ['SQLite, busy with a snapshot', { code: 'SQLITE_BUSY_SNAPSHOT' }],
    ['node:sqlite, busy', { code: 'ERR_SQLITE_ERROR', errcode: 517 }],
    ['Prisma’s conflict', { code: 'P2034' }],
    ['Prisma’s raw query', { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40P01' } } } }],
    ['Sequelize', { parent: failure({ code: '40001' }) }],
    ['TypeORM', { driverError: failure({ errno: 1213 }) }],
    ['Objection', { nativeError: failure({ code: '40001' }) }],
    ['what lies two causes deep', { cause: failure({ cause: failure({ code: '40001' }) }) }],
  ])('%s', (_, more) => {
    expect(retryable(failure(more))).toBe(true)
  })

  test.each([
    ['a unique violation', failure({ code: '23505' })],
    [
      'a syntax error of MariaDB, nor a trigger that Galera has read but half: it stays so until it is flushed',
      failure({ errno: 1064, sqlState: '42000' }),
    ],
    ['an errno that is SQLite’s busy elsewhere', failure({ errno: 5, code: 'EIO' })],
    ['a constraint of SQLite', failure({ code: 'SQLITE_CONSTRAINT' })],
    ['node:sqlite, locked', failure({ code: 'ERR_SQLITE_ERROR', errcode: 6 })],
    ['nothing', undefined],
    ['a word', '40001'],
  ])('but not %s', (_, error) => {
    expect(retryable(error)).toBe(false)
  })

  test('nor an error that is its own cause', () => {
    const error = failure({})
    Object.assign(error, { cause: error })
    expect(retryable(error)).toBe(false)
  })

  test('nor an error that may not be looked at', () => {
    const error = Object.defineProperty(failure({}), 'code', {
      get() {
        throw new Error('of the getter')
      },
    })
    expect(retryable(error)).toBe(false)
  })

  test('a real SQLite that is busy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pillion-retry-'))
    const [one, two] = [0, 1].map(() => new BetterSqlite(join(folder, 'db'), { timeout: 0 }))
    one?.exec('CREATE TABLE a (b); BEGIN IMMEDIATE')
    let thrown: unknown
    try {
      two?.exec('BEGIN IMMEDIATE')
    } catch (error) {
      thrown = error
    }
    one?.close()
    two?.close()
    rmSync(folder, { recursive: true })
    expect(retryable(thrown)).toBe(true)
  })
})

describe('withRetry', () => {
  const quick = { baseDelay: 1 }

  test('runs again until it succeeds, and says which run it is', async () => {
    const seen: number[] = []
    const given = await withRetry(async attempt => {
      seen.push(attempt)
      if (attempt < 4) throw failure({ code: '40001' })
      return 'done'
    }, quick)
    expect([given, seen]).toEqual(['done', [1, 2, 3, 4]])
  })

  test('gives up with the last error', async () => {
    const run = async (attempt: number): Promise<never> => {
      throw failure({ code: '40001', attempt })
    }
    await expect(withRetry(run, { ...quick, attempts: 3 })).rejects.toMatchObject({ code: '40001', attempt: 3 })
  })

  test.each([{ attempts: Number.NaN }, { attempts: 0 }, { baseDelay: Number.NaN }, { baseDelay: -1 }])(
    'does not run at all by %o, which would never end or never begin',
    async options => {
      let runs = 0
      const run = async (): Promise<never> => {
        if (++runs > 3) throw new Error('it goes on')
        throw failure({ code: '40001' })
      }
      await expect(withRetry(run, { ...quick, ...options })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
      expect(runs).toBe(0)
    },
  )

  test('does not run again what that cannot cure', async () => {
    let runs = 0
    const run = async (): Promise<never> => {
      runs++
      throw failure({ code: '23505' })
    }
    await expect(withRetry(run, quick)).rejects.toMatchObject({ code: '23505' })
    expect(runs).toBe(1)
  })

  test('stops waiting when it is told to', async () => {
    const stop = new AbortController()
    const run = async (): Promise<never> => {
      queueMicrotask(() => stop.abort(new Error('enough')))
      throw failure({ code: '40001' })
    }
    await expect(withRetry(run, { baseDelay: 1e9, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
      cause: { message: 'enough' },
    })
  })

  test.each([{ aborted: false }, { addEventListener: () => {} }, new EventTarget(), 'x', null])(
    'does not run under %o, which is no signal and would be taken for one that is aborted',
    async signal => {
      let runs = 0
      const run = async (): Promise<never> => {
        runs++
        throw failure({ code: '40001' })
      }
      await expect(withRetry(run, { ...quick, signal: signal as never })).rejects.toMatchObject({
        code: 'QUERY_INVALID',
      })
      expect(runs).toBe(0)
    },
  )

  test('begins nothing under a signal that is aborted', async () => {
    let runs = 0
    const run = async (): Promise<number> => ++runs
    await expect(withRetry(run, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(runs).toBe(0)
  })

  describe('on PostgreSQL', () => {
    let database: Database
    let pool: Pool

    beforeAll(async () => {
      database = await createDatabase()
      pool = new Pool({ connectionString: database.url })
      await pool.query('CREATE TABLE counter (n int NOT NULL); INSERT INTO counter VALUES (0)')
    })

    afterAll(async () => {
      await pool.end()
      await database.drop()
    })

    test('gets eight serializable writers of one row through, which some of them cannot without', async () => {
      const add = async (seen: () => unknown = () => {}): Promise<void> => {
        const client = await pool.connect()
        try {
          await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE')
          const { rows } = await client.query('SELECT n FROM counter')
          await seen()
          await client.query('UPDATE counter SET n = $1', [rows[0].n + 1])
          await client.query('COMMIT')
        } catch (error) {
          await client.query('ROLLBACK')
          throw error
        } finally {
          client.release()
        }
      }
      const all = allOf(8)
      const once = await Promise.allSettled(Array.from({ length: 8 }, () => add(all)))
      expect(once.filter(each => each.status === 'fulfilled')).toHaveLength(1)
      await Promise.all(Array.from({ length: 8 }, () => withRetry(() => add(), { attempts: 100 })))
      const { rows } = await pool.query('SELECT n FROM counter')
      expect(rows).toEqual([{ n: 9 }])
    })
  })
})

/** What each of `n` waits for: that all have come so far. */
function allOf(n: number): () => Promise<void> {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => (open = resolve))
  let missing = n
  return () => {
    if (--missing === 0) open()
    return opened
  }
}
