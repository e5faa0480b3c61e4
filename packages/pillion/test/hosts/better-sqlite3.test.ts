/**
 * What riding on SQLite in the process is beside what the suite asks of every host.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { betterSqlite3Host } from '../../src/hosts/better-sqlite3.js'
import type { Statement, SyncHost, WireRow } from '../../src/run/host.js'
import { conforms } from './conforms.js'
import { onSqlite } from './grounds.js'
import { betterSqlite3 } from './fixtures/better-sqlite3.js'

conforms(betterSqlite3, onSqlite, ['better-sqlite3'])

const big = 9_007_199_254_740_993n
const select = (text: string, ...values: Statement['values']): Statement => ({ text, values })
const count = select('select count(*) from note')
const numbers = select(
  'with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000) select i from n',
)

let folder: string
let database: Sqlite.Database
let host: SyncHost
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-sqlite-'))
  database = new Sqlite(join(folder, 'a.db'), { timeout: 1 })
  database.exec(`create table note (id integer primary key, body text not null, n integer, x real, b blob)`)
  database.exec(`insert into note values (1, 'one', ${big}, 0.1, x'00ff'), (2, 'two', null, 2, null)`)
  host = betterSqlite3Host(database)
})
afterEach(async () => {
  database.close()
  await rm(folder, { recursive: true })
})

const codeOf = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { readonly code?: string }).code
  }
  return 'done'
}

describe('cells', () => {
  test('come by position, exact, whatever the database has for defaults', () => {
    const rows = [
      [1n, big, 0.1, new Uint8Array([0, 255]), 1n],
      [2n, null, 2, null, 2n],
    ]
    const read = () => host.runSync(undefined, select('select id, n, x, b, id from note order by id')).rows
    const plain = (found: readonly WireRow[]) =>
      found.map(row => row.map(each => (ArrayBuffer.isView(each) ? new Uint8Array(each) : each)))
    expect(plain(read())).toEqual(rows)
    database.defaultSafeIntegers(true)
    expect(plain(read())).toEqual(rows)
    database.defaultSafeIntegers(false)
    expect(database.prepare('select n from note where id = 1').get()).toEqual({ n: Number(big) })
  })

  test('have names that stay right when the schema changes under a prepared statement', () => {
    const all = select('select * from note where id = ?', 1n)
    expect(host.runSync(undefined, all).fields).toHaveLength(5)
    database.exec('alter table note rename column body to said; alter table note add more text')
    const { fields, rows } = host.runSync(undefined, all)
    expect(fields.map(field => field.name)).toEqual(['id', 'said', 'n', 'x', 'b', 'more'])
    expect(rows[0]).toHaveLength(6)
  })
})

describe('only what reads is run', () => {
  const writes = [
    "insert into note values (3, 'x', 1, 1, null)",
    "insert into note values (3, 'x', 1, 1, null) returning id",
    'delete from note returning id',
    'with gone as (select 1) delete from note returning id',
    'begin',
    'savepoint s',
    'pragma user_version = 3',
    'pragma journal_mode = memory',
    'create table other (a)',
    "attach ':memory:' as other",
    'vacuum',
    'select 1; delete from note',
  ]
  test.each(writes)('%s', text => {
    const outcome = codeOf(() => host.runSync(undefined, select(text)))
    expect(['SQL_NOT_SELECT', 'STATEMENT_FAILED']).toContain(outcome)
    expect(codeOf(() => [...host.iterateSync(undefined, select(text))])).toBe(outcome)
    expect(host.runSync(undefined, count).rows).toEqual([[2n]])
    expect(database.inTransaction).toBe(false)
  })

  test('the driver itself runs them: negative control', () => {
    expect(database.prepare('delete from note where id = 2 returning id').all()).toEqual([{ id: 2 }])
  })
})

describe('in a transaction', () => {
  test('ours runs where it is called, the awaited kind too', async () => {
    const later: Promise<unknown>[] = []
    database.transaction(() => {
      database.exec('delete from note')
      expect(host.runSync(database, count).rows).toEqual([[0n]])
      const { signal } = new AbortController()
      later.push(host.run(database, count, {}), host.run(undefined, count, { signal, timeout: 1000 }))
      database.exec("insert into note (body) values ('three')")
    })()
    for (const outcome of later) expect(await outcome).toMatchObject({ rows: [[0n]] })
  })

  test('that is none, or another database’s, it is refused', async () => {
    const other = new Sqlite(':memory:')
    expect(codeOf(() => host.runSync(database, count))).toBe('TRANSACTION_FINISHED')
    expect(codeOf(() => host.runSync(other, count))).toBe('TRANSACTION_FOREIGN')
    expect(codeOf(() => host.runSync({}, count))).toBe('HOST_UNKNOWN')
    await expect(host.run(database, count, {})).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
    other.close()
  })

  test('a statement of ours that fails leaves it as it was', () => {
    database.transaction(() => {
      database.exec('delete from note where id = 1')
      expect(codeOf(() => host.runSync(database, select('select * from missing')))).toBe('STATEMENT_FAILED')
      expect(host.runSync(database, count).rows).toEqual([[1n]])
    })()
    expect(host.runSync(undefined, count).rows).toEqual([[1n]])
  })
})

describe('failures', () => {
  test('another connection is writing', () => {
    const other = new Sqlite(join(folder, 'a.db'))
    other.exec('begin exclusive')
    try {
      host.runSync(undefined, count)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'STATEMENT_FAILED',
        summary: 'database is locked (SQLITE_BUSY)',
        hint: expect.stringContaining('busy timeout'),
        cause: { code: 'SQLITE_BUSY' },
      })
    } finally {
      other.close()
    }
  })

  test('no table: the hint is to reflect; no bound value is told', () => {
    const failing = select("select json_extract('{', ?) from missing", 'tell-nobody')
    expect(() => host.runSync(undefined, failing)).toThrow(/no such table: missing[^]*reflect again/)
    const quoting = select('select json_extract(?, ?)', '{}', 'tell-nobody')
    expect(() => host.runSync(undefined, quoting)).toThrow(/STATEMENT_FAILED(?![^]*tell-nobody)/)
    expect(() => database.prepare(quoting.text).all('{}', 'tell-nobody')).toThrow('tell-nobody')
  })

  test('the database was closed', async () => {
    const closed = new Sqlite(':memory:')
    const gone = betterSqlite3Host(closed)
    gone.runSync(undefined, select('select 1'))
    closed.close()
    expect(codeOf(() => gone.runSync(undefined, select('select 1')))).toBe('CONNECTION_UNAVAILABLE')
    expect(codeOf(() => gone.runSync(closed, select('select 1')))).toBe('TRANSACTION_FINISHED')
    await expect(gone.run(undefined, select('select 1'), {})).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' })
  })

  test('a signal that is aborted before sends nothing', async () => {
    const prepared: string[] = []
    const watched = betterSqlite3Host({
      open: true,
      inTransaction: false,
      prepare: sql => {
        prepared.push(sql)
        return database.prepare(sql)
      },
    })
    const aborted = watched.run(undefined, count, { signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(prepared).toEqual([])
    await watched.run(undefined, count, {})
    await watched.run(undefined, count, {})
    expect(prepared).toEqual([count.text])
  })
})

describe('streams', () => {
  const collect = async (options: object, batch = 300) => {
    const sizes: number[] = []
    for await (const rows of host.stream(undefined, numbers, { batch, ...options })) sizes.push(rows.length)
    return sizes
  }

  test('give batches, and end', async () => {
    expect(await collect({})).toEqual([300, 300, 300, 100])
    expect(await collect({}, 500)).toEqual([500, 500])
    database.exec('delete from note')
  })

  test('however the loop ends, the host may write again', async () => {
    const write = () => database.exec('delete from note where id = 1')
    for await (const rows of host.stream(undefined, numbers, { batch: 2 })) {
      expect(rows).toEqual([[1n], [2n]])
      expect(write).toThrow('busy executing a query')
      break
    }
    write()
    const thrown = (async () => {
      for await (const _ of host.stream(undefined, numbers, { batch: 2 })) throw new Error('mine')
    })()
    await expect(thrown).rejects.toThrow('mine')
    write()
    for (const row of host.iterateSync(undefined, numbers)) {
      expect(row).toEqual([1n])
      break
    }
    write()
  })

  test('others of ours run beside one, also of the same text', async () => {
    let seen = 0
    for await (const rows of host.stream(undefined, numbers, { batch: 500 })) {
      seen += rows.length
      expect(host.runSync(undefined, numbers).rows).toHaveLength(1000)
      expect([...host.iterateSync(undefined, numbers)]).toHaveLength(1000)
    }
    expect(seen).toBe(1000)
  })

  test('an abort between batches ends one, and so does the end of the transaction, at once', async () => {
    for (const option of ['signal', 'ending'] as const) {
      const controller = new AbortController()
      const iterator = host
        .stream(undefined, numbers, { batch: 10, [option]: controller.signal })
        [Symbol.asyncIterator]()
      await iterator.next()
      controller.abort(new Error('over'))
      database.exec('delete from note where id = 1')
      await expect(iterator.next()).rejects.toThrow(option === 'signal' ? 'CANCELLED' : 'over')
    }
  })
})
