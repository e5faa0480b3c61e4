/**
 * What is told of transactions: to listeners, as warnings, and at the exit of the process.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import { type TransactionEvent, transactionChannel, transactions } from 'pillion/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'

let database: Awaited<ReturnType<typeof createDatabase>>
let pool: Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => {})
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

describe('events', () => {
  test('tell of each begin and end, with who and where', async () => {
    const told: TransactionEvent[] = []
    const listen = (event: unknown): void => void told.push(event as TransactionEvent)
    subscribe(transactionChannel, listen)
    try {
      const tx = transactions(pool)
      await tx.run({ name: 'first' }, () => tx.run({ mode: 'nested' }, async () => {}))
      await tx.run({ name: 'second' }, () => Promise.reject(new Error('no'))).catch(() => {})
      await waitFor(() => expect(told).toHaveLength(6))
    } finally {
      unsubscribe(transactionChannel, listen)
    }
    expect(told.map(({ type, name, mode }) => [type, name, mode])).toEqual([
      ['begun', 'first', 'required'],
      ['begun', undefined, 'nested'],
      ['committed', undefined, 'nested'],
      ['committed', 'first', 'required'],
      ['begun', 'second', 'required'],
      ['rolled back', 'second', 'required'],
    ])
    for (const { host, begun } of told) {
      expect(host).toBe('pg')
      expect(begun).toMatch(/report\.test\.ts:\d+:\d+/)
    }
  })
})

describe('warnings', () => {
  test('of a crowd that waits name each place once, with how many wait there', async () => {
    const tx = transactions(pool)
    const holders = [await tx.begin({ name: 'first' }), await tx.begin({ name: 'second' })]
    const crowd = await Promise.allSettled(
      Array.from({ length: 30 }, () => tx.run({ acquireTimeout: 50 }, async () => {})),
    )
    for (const t of holders) await t.rollback()
    const lines = String((crowd[0] as PromiseRejectedResult).reason).split('\n')
    expect(lines.filter(line => line.includes('waiting: '))).toEqual([
      expect.stringMatching(/report\.test\.ts:\d+:\d+, 30 of them, the longest for \d+ ms$/),
    ])
    expect(lines.filter(line => line.includes('holding: '))).toEqual([
      expect.stringContaining('the transaction "first" begun at'),
      expect.stringContaining('the transaction "second" begun at'),
    ])
  })

  test('come for a transaction that is open for long', async () => {
    const warned = once(process, 'warning')
    const t = await transactions(pool).begin({ name: 'long', warnAfter: 5 })
    const [warning] = (await warned) as [Error & { code: string }]
    await t.rollback()
    expect(warning).toMatchObject({ name: 'PillionWarning', code: 'PILLION_TRANSACTION_LONG' })
    expect(warning.message).toMatch(/"long" begun at .*report\.test\.ts:\d+:\d+/)
  })

  test('come for a nested one by its own warnAfter', async () => {
    const tx = transactions(pool)
    await tx.run(() =>
      tx.run({ mode: 'nested', name: 'inner', warnAfter: 5 }, async () => {
        const [warning] = (await once(process, 'warning')) as [Error]
        expect(warning.message).toContain('The nested transaction "inner"')
      }),
    )
  })
})

describe('waiting', () => {
  test('is seen at the transaction inside of which somebody waits', async () => {
    const tx = transactions(pool)
    const other = await tx.begin()
    await tx.run({ name: 'outer' }, async () => {
      const inner = tx.run({ mode: 'requires_new', name: 'inner' }, async () => {})
      try {
        await waitFor(() =>
          expect(tx.active().find(({ name }) => name === 'outer')?.waiting).toMatchObject([{ name: 'inner' }]),
        )
      } finally {
        await other.rollback()
        await inner
      }
    })
    expect(tx.active()).toEqual([])
  })
})

describe('a process that exits', () => {
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
  const index = fileURLToPath(new URL('../../dist/transaction/index.js', import.meta.url))
  const itself = "await t.orm.query('select 1'); t.orm.connection.stream.unref()"
  /** A process that ends with a transaction open. */
  const ending = (how: string): ChildProcessWithoutNullStreams => {
    const program = `
      import pg from 'pg'
      import { transactions } from ${JSON.stringify(index)}
      const pool = new pg.Pool({ connectionString: ${JSON.stringify(database.url)} })
      const tx = transactions(pool)
      await tx.run({ name: 'done' }, async () => {})
      const t = await tx.begin({ name: 'forgotten' })
      ${how}`
    return spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd })
  }

  test.each(['process.exit(0)', itself])('names what is open: %s', async how => {
    const run = ending(how)
    const [stderr, [code]] = await Promise.all([text(run.stderr), once(run, 'exit')])
    expect(stderr).toMatch(
      /^pillion: the transaction "forgotten" begun at .* was still open at exit: it is rolled back\.\n$/,
    )
    expect(code).toBe(0)
  })

  test('exits as it would have, where nobody is there to read that', async () => {
    const run = ending(itself)
    run.stderr.destroy()
    expect(await once(run, 'exit')).toEqual([0, null])
  })
})
