/**
 * The suite sees what is wrong with a host: each of these is a real one, spoilt in one way.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Host } from '../../src/run/host.js'
import { capabilities, conformance, type Fixture, type Mount } from '../../src/testing/index.js'
import { openStage, until } from '../../src/testing/stage.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { drizzleOnPool } from '../hosts/fixtures/drizzle.js'
import { pgPool } from '../hosts/fixtures/pg.js'

let database: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

/** The capabilities whose cases a spoilt host fails, of those that are looked at. */
async function failed(
  fixture: Fixture,
  looked: readonly string[],
  spoil: (host: Host, mount: Mount) => Partial<Host>,
): Promise<string[]> {
  const spoilt: Fixture = {
    ...fixture,
    async open(url) {
      const mount = await fixture.open(url)
      return { ...mount, host: { ...mount.host, ...spoil(mount.host, mount) } }
    },
  }
  const ground = await createDatabase()
  const { cases, close } = conformance(spoilt, ground.url)
  const found = new Set<string>()
  for (const { capability, lacking, run } of cases) {
    if (lacking !== undefined || !looked.includes(capability)) continue
    await run().catch(() => found.add(capability))
  }
  await close()
  await ground.drop()
  return [...found].toSorted()
}

describe('a host is found out that', () => {
  test('runs everything on the pool', async () => {
    const looked = ['root', 'transaction', 'finished', 'foreign', 'savepoint']
    const spoilt = await failed(drizzleOnPool, looked, host => ({
      run: (_target, statement, options) => host.run(undefined, statement, options),
      stream: (_target, statement, options) => host.stream(undefined, statement, options),
    }))
    expect(spoilt).toEqual(['finished', 'foreign', 'root', 'savepoint', 'transaction'])
  })

  test('falls back to the pool where a transaction has ended', async () => {
    const spoilt = await failed(drizzleOnPool, ['root', 'transaction', 'finished', 'own handle'], host => ({
      run: (target, statement, options) =>
        host.run(target, statement, options).catch(error => {
          if (error.code !== 'TRANSACTION_FINISHED') throw error
          return host.run(undefined, statement, options)
        }),
    }))
    expect(spoilt).toEqual(['finished', 'own handle', 'transaction'])
  })

  test('sends something of its own', async () => {
    const ping = { text: 'select 1', values: [] }
    const spoilt = await failed(pgPool, ['root', 'wire', 'counters'], host => ({
      async run(target, statement, options) {
        await host.run(target, ping, {})
        return host.run(target, statement, options)
      },
    }))
    expect(spoilt).toEqual(['root', 'wire'])
  })

  test('keeps a connection longer than it must', async () => {
    const pools = new WeakMap<object, pg.Pool>()
    const spoilt = await failed(
      {
        ...pgPool,
        async open(url) {
          const mount = await pgPool.open(url)
          const pool = new pg.Pool({ connectionString: url })
          pools.set(mount.host, pool)
          const counters = () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount })
          return { ...mount, pool: counters, close: async () => (await mount.close(), pool.end()) }
        },
      },
      ['root', 'counters'],
      host => ({
        async run(target, statement, options) {
          const client = await pools.get(host)?.connect()
          const result = await host.run(target, statement, options).finally(() => {
            void client?.query('select pg_sleep(0.1)').finally(() => client.release())
          })
          return result
        },
      }),
    )
    expect(spoilt).toEqual(['counters'])
  })

  test('ignores a signal, a savepoint and the size of batches', async () => {
    const spoilt = await failed(pgPool, ['root', 'savepoint', 'stream', 'transaction'], host => ({
      run: (target, statement) => host.run(target, statement, {}),
      async *stream(target, statement) {
        yield (await host.run(target, statement, {})).rows
      },
    }))
    expect(spoilt).toEqual(['root', 'savepoint', 'stream', 'transaction'])
  })

  test("reads with the driver's parsers", async () => {
    const spoilt = await failed(pgPool, ['parsers', 'root'], host => ({
      async run(target, { text, values }, options) {
        const result = await host.run(target, { text, values }, options)
        const oids: Record<string, number> = { int8: 20, numeric: 1700, timestamptz: 1184, jsonb: 3802 }
        const read = (cell: unknown, at: number): unknown => {
          const type = result.fields[at]?.type
          const oid = type?.kind === 'base' ? oids[type.name] : undefined
          return cell === null || oid === undefined ? cell : String(pg.types.getTypeParser(oid)(cell as string))
        }
        return { ...result, rows: result.rows.map(row => row.map(read)) as never }
      },
    }))
    expect(spoilt).toEqual(['parsers'])
  })
})

test('a case that waits in vain says for what, and how the pool stands', async () => {
  const stage = await openStage(pgPool, database.url)
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const waiting = until(stage, 'the last train', async () => {
      vi.advanceTimersByTime(1000)
      return false
    })
    await expect(waiting).rejects.toThrow('waited in vain for the last train; the pool: 0 in all, 0 idle, 0 waiting')
  } finally {
    vi.useRealTimers()
    await stage.mount.close()
    await stage.mount.observer.close()
  }
})

test('every capability is one that some case speaks for', () => {
  const { cases } = conformance(pgPool, 'postgres://nowhere')
  expect(new Set(cases.map(each => each.capability))).toEqual(new Set(Object.keys(capabilities)))
})

test('what a fixture lacks is said of each case that would need it', () => {
  const { cases } = conformance({ ...pgPool, lacks: { transaction: 'none here' } }, 'postgres://nowhere')
  const skipped = cases.filter(each => each.lacking !== undefined)
  expect(skipped.length).toBeGreaterThan(10)
  for (const { lacking } of skipped) expect(lacking).toEqual({ capability: 'transaction', reason: 'none here' })
  expect(cases.filter(each => each.lacking === undefined).map(each => each.capability)).toContain('root')
})
