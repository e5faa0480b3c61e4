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

  // postgres.js gave its answer to what came next, and it had none for ever
  test('one that is stopped behind its savepoint has an answer, and so has what comes next', async () => {
    const host = postgresHost(sql)
    const controller = new AbortController()
    await sql.begin(async tx => {
      const { signal } = controller
      const ours = codeOf(host.run(tx, statement('select pg_sleep(60)'), { savepoint: true, signal }))
      // sent by then, and no answer is read
      await new Promise(setImmediate)
      controller.abort()
      expect(await ours).toBe('CANCELLED')
      expect(await codeOf(host.run(tx, ping, {}))).toBe('fulfilled')
    })
    expect(await codeOf(host.run(undefined, ping, {}))).toBe('fulfilled')
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

  test.each([
    ['none', {}],
    ['of values', { value: { from: () => 'transformed' } }],
  ])(
    'a statement that comes again has the same cells, and the application its own of the same text: transforms %s',
    async (_, transform) => {
      const parsed = { from: [1082, 23, 1007], to: 0, serialize: String, parse: () => 'parsed' }
      const one = postgres(database.url, { max: 1, types: { parsed } as never, transform, onnotice: () => {} })
      const host = postgresHost(one)
      const text = `select 1 as n, date '2026-01-02' as day, null::date as none, array[1, 2] as list, 'é'::text as word, 2.50 as exact`
      const kept = { ...statement(text), name: 'kept' }
      const cells = [['1', '2026-01-02', null, '{1,2}', 'é', '2.50']]
      const tagged = Object.assign([text], { raw: [text] })
      const [theirs] = await one(tagged)
      expect((await host.run(undefined, kept, {})).rows).toEqual(cells)
      const again = host.run(undefined, kept, {})
      expect((await again).rows).toEqual(cells)
      expect((await again).fields).toMatchObject([{ name: 'n' }, { name: 'day' }, {}, {}, {}, { name: 'exact' }])
      expect(await one.begin(async tx => (await host.run(tx, kept, { savepoint: true })).rows)).toEqual(cells)
      expect([...(await one(tagged))]).toEqual([theirs])
      expect(Object.values(theirs ?? {})[0]).toMatch(/parsed|transformed/)
      await one.end()
    },
  )

  test('a statement whose columns have other types by now is read as it is by now', async () => {
    const one = postgres(database.url, { max: 1, onnotice: () => {} })
    const host = postgresHost(one)
    await one`create table turned (x int)`
    await one`insert into turned values (1)`
    const kept = { ...statement('select * from turned'), name: 'kept' }
    for (let i = 0; i < 2; i++) expect((await host.run(undefined, kept, {})).rows).toEqual([['1']])
    await one`alter table turned alter x type date using date '2026-01-02', add y int`
    for (let i = 0; i < 3; i++) expect((await host.run(undefined, kept, {})).rows).toEqual([['2026-01-02', null]])
    await one.end()
  })

  test('one whose rows are transformed is refused, and so is what is no postgres.js', () => {
    const transformed = postgres(database.url, { transform: { row: { from: row => row } } })
    expect(() => postgresHost(transformed)).toThrow(/HOST_SHAPE.*transform\.row\.from/)
    expect(() => postgresHost({} as never)).toThrow('HOST_UNKNOWN')
  })
})
