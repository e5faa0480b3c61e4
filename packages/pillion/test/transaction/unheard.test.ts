/**
 * Kysely listens to no connection of `pg` that it has out of its pool: what became of it used to end the process, and now is told of by
 * the transaction. Vitest fails for whatever nobody has heard.
 */
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { Kysely as Kysely29, PostgresDialect as PostgresDialect29 } from 'kysely-29'
import { Pool, type PoolClient } from 'pg'
import { type Handle, transactions } from 'pillion/transaction'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'

let database: Database
let pool: Pool
let observer: Pool
beforeAll(async () => {
  database = await createDatabase()
  observer = new Pool({ connectionString: database.url, max: 1 })
})
afterAll(async () => {
  await observer?.end()
  await database?.drop()
})
beforeEach(() => {
  pool = new Pool({ connectionString: database.url, max: 1 })
  pool.on('error', () => {})
})

/** What a pool has handed to Kysely, in the order in which that was asked. */
interface Sent {
  readonly texts: unknown[]
  readonly pool: PostgresPool
}

function watched(): Sent {
  const texts: unknown[] = []
  const seen = new WeakSet<PoolClient>()
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect()
    if (!seen.has(client)) {
      const { query } = client
      client.query = ((...args: never[]) => {
        texts.push(args[0])
        return Reflect.apply(query, client, args)
      }) as typeof query
    }
    seen.add(client)
    return client
  }
  return { texts, pool: { connect, end: () => pool.end() } as never }
}

type Root = Kysely<unknown>

const versions: Readonly<Record<string, (pool: PostgresPool) => Root>> = {
  '0.28': given => new Kysely({ dialect: new PostgresDialect({ pool: given }) }),
  '0.29': given => new Kysely29({ dialect: new PostgresDialect29({ pool: given as never }) }) as never,
}

async function pidIn(t: Handle<Root>): Promise<number> {
  const { rows } = await t.orm.executeQuery<{ pid: number }>({
    ...t.orm.selectNoFrom(() => []).compile(),
    sql: 'select pg_backend_pid() as pid',
  })
  return rows[0]!.pid
}

async function terminated(pid: number): Promise<void> {
  await observer.query('select pg_terminate_backend($1)', [pid])
  await waitFor(async () => {
    const { rowCount } = await observer.query('select from pg_stat_activity where pid = $1', [pid])
    expect(rowCount).toBe(0)
  })
}

/** Has the pool's client heard that its socket is closed? */
async function heard(): Promise<void> {
  const [client] = (pool as unknown as { readonly _clients: readonly { readonly _ended?: boolean }[] })._clients
  await waitFor(() => expect(client?._ended ?? true).toBe(true))
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: { readonly code?: unknown }) => error.code,
  )

describe.each(Object.keys(versions))('Kysely %s', version => {
  const made = versions[version]!

  test('a session that the server ends while nothing is under way is told of at the end', async () => {
    const kysely = made(pool)
    const tx = transactions(kysely)
    for (const how of ['commit', 'rollback'] as const) {
      const t = await tx.begin()
      await terminated(await pidIn(t))
      await heard()
      expect(await code(t[how]())).toBe(how === 'commit' ? 'CONNECTION_LOST' : undefined)
      expect([pool.totalCount, pool.waitingCount]).toEqual([0, 0])
    }
    await kysely.destroy()
  })

  test('before its first statement, too; and inside of one', async () => {
    const kysely = made(pool)
    const tx = transactions(kysely)
    const pid = await tx.run(t => pidIn(t as never))
    const idle = await tx.begin()
    await terminated(pid)
    await heard()
    expect(await code(idle.commit())).toBe('CONNECTION_LOST')
    const busy = await tx.begin()
    const next = await pidIn(busy)
    const sleeping = code(
      busy.orm.executeQuery({ ...busy.orm.selectNoFrom(() => []).compile(), sql: 'select pg_sleep(60)' }),
    )
    await terminated(next)
    expect(await sleeping).toBe('57P01')
    expect(await code(busy.commit())).toBe('CONNECTION_LOST')
    expect(pool.totalCount).toBe(0)
    await kysely.destroy()
  })

  test('a connection is asked for by what is never sent, once, and who listens of their own goes on hearing', async () => {
    const told: unknown[] = []
    pool.on('connect', client => client.on('error', error => told.push(error)))
    const { texts, pool: given } = watched()
    const kysely = made(given)
    const tx = transactions(kysely)
    for (let i = 0; i < 3; i++) await tx.run(t => pidIn(t as never))
    const asked = texts.filter(text => typeof text !== 'string')
    expect(asked.map(String)).toEqual(['-- pillion looks which connection this is'])
    const t = await tx.begin()
    await terminated(await pidIn(t))
    await heard()
    expect(told.length).toBeGreaterThan(0)
    expect(await code(t.commit())).toBe('CONNECTION_LOST')
    await kysely.destroy()
  })
})

test('outside of transactions of pillion the connection is as it was', async () => {
  const kysely = versions['0.28']!(pool)
  const pid = await transactions(kysely).run(t => pidIn(t as never))
  const client = await pool.connect()
  const told: unknown[] = []
  client.on('error', error => told.push(error))
  const emitted: unknown[] = []
  const { connection } = client as unknown as { readonly connection: { on(event: string, on: () => void): void } }
  connection.on('end', () => emitted.push('end'))
  await terminated(pid)
  await heard()
  expect([emitted, told.length > 0]).toEqual([['end'], true])
  client.release(true)
  await kysely.destroy()
})

test('a driver that is not Kysely’s own is asked nothing', async () => {
  const { texts, pool: given } = watched()
  const dialect = new PostgresDialect({ pool: given })
  const driver = dialect.createDriver()
  /** As other people write them: all by name. */
  class Connection {
    readonly inner: { executeQuery(query: never): Promise<never>; streamQuery(...args: never[]): never }
    constructor(inner: never) {
      this.inner = inner
    }
    executeQuery(query: never): Promise<never> {
      return this.inner.executeQuery(query)
    }
    streamQuery(...args: never[]): never {
      return this.inner.streamQuery(...args)
    }
  }
  const theirs = {
    init: () => driver.init(),
    acquireConnection: async () => new Connection((await driver.acquireConnection()) as never),
    beginTransaction: (connection: Connection, settings: never) =>
      driver.beginTransaction(connection.inner as never, settings),
    commitTransaction: (connection: Connection) => driver.commitTransaction(connection.inner as never),
    rollbackTransaction: (connection: Connection) => driver.rollbackTransaction(connection.inner as never),
    releaseConnection: (connection: Connection) => driver.releaseConnection(connection.inner as never),
    destroy: () => driver.destroy(),
  }
  const kysely: Root = new Kysely({
    dialect: {
      createDriver: () => theirs as never,
      createAdapter: () => dialect.createAdapter(),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createIntrospector: db => dialect.createIntrospector(db),
    },
  })
  await transactions(kysely).run(t => pidIn(t as never))
  expect(texts).toEqual(['begin', 'select pg_backend_pid() as pid', 'commit'])
  await kysely.destroy()
})
