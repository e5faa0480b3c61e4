import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresHost } from '../../src/hosts/postgres.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { conforms } from './conforms.js'
import { onPostgres } from './grounds.js'
import { drizzleOnPostgresJs, postgresJs, postgresOn } from './fixtures/postgres.js'

conforms(postgresJs, onPostgres, ['postgres'])
conforms(drizzleOnPostgresJs, onPostgres, ['drizzle-orm', 'postgres'])

describe('postgres.js alone', () => {
  const ping = statement('select 1')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let sql: postgres.Sql
  beforeAll(async () => {
    database = await createDatabase()
    sql = postgresOn(database.url)
  })
  afterAll(async () => {
    await sql.end()
    await database.drop()
  })

  test('a transaction that began before the host was made is not known', async () => {
    const early = postgresOn(database.url)
    await early.begin(async tx => {
      expect(await codeOf(postgresHost(early).run(tx, ping, {}))).toBe('TRANSACTION_FOREIGN')
    })
    await early.end()
  })

  test('a stream left open does not keep postgres.js from ending a transaction', async () => {
    const host = postgresHost(sql)
    const open = await sql.begin(async tx => {
      const rows = host.stream(tx, statement('select generate_series(1, 1000)'), { batch: 10 })[Symbol.asyncIterator]()
      await rows.next()
      return { rows }
    })
    expect(await codeOf(open.rows.next())).toBe('TRANSACTION_FINISHED')
  })

  test('a failure of ours that is caught fails the transaction, as one of postgres.js does', async () => {
    const host = postgresHost(sql)
    const failing = sql.begin(async tx => {
      expect(await codeOf(host.run(tx, statement('select * from missing'), {}))).toBe('STATEMENT_FAILED')
    })
    await expect(failing).rejects.toMatchObject({ code: '42P01' })
  })

  // postgres.js counts the rows of a batch on its connection, and goes on counting after a failure
  test('a stream that fails or is stopped leaves the host’s next result whole, and is whole after a failure of the host’s', async () => {
    const one = postgres(database.url, { max: 1, onnotice: () => {} })
    const host = postgresHost(one)
    const failing = 'select 1 / (x - 5) from generate_series(1, 100) x'
    const collected = async (text: string, signal?: AbortSignal): Promise<readonly unknown[]> => {
      const rows: unknown[] = []
      for await (const batch of host.stream(undefined, statement(text), {
        batch: 50,
        ...(signal === undefined ? {} : { signal }),
      })) {
        rows.push(...batch)
      }
      return rows
    }
    expect(await codeOf(collected(failing))).toBe('STATEMENT_FAILED')
    expect([...(await one`select 1 as n`)]).toEqual([{ n: 1 }])
    const slow = 'select pg_sleep(0.02) from generate_series(1, 1000)'
    expect(await codeOf(collected(slow, AbortSignal.timeout(200)))).toBe('CANCELLED')
    expect([...(await one`select 1 as n`)]).toEqual([{ n: 1 }])
    await expect(one.unsafe(failing)).rejects.toMatchObject({ code: '22012' })
    expect(await collected('select x from generate_series(1, 3) x')).toEqual([['1'], ['2'], ['3']])
    await one.end()
  })

  test('begin takes options and gives what the callback gives, promises in an array too', async () => {
    postgresHost(sql)
    expect(await sql.begin('read only', tx => [tx`select 1 as a`, tx`select 2 as a`])).toMatchObject([
      [{ a: 1 }],
      [{ a: 2 }],
    ])
    await expect(sql.begin('read only', tx => tx`create table never ()`)).rejects.toMatchObject({ code: '25006' })
  })

  test('one whose rows are transformed is refused, and so is what is no postgres.js', () => {
    const transformed = postgres(database.url, { transform: { row: { from: row => row } } })
    expect(() => postgresHost(transformed)).toThrow(/HOST_SHAPE.*transform\.row\.from/)
    expect(() => postgresHost({} as never)).toThrow('HOST_UNKNOWN')
  })
})
