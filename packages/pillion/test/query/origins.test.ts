import { readFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import {
  type Database,
  from,
  left,
  or,
  type PillionError,
  pillion,
  pillionSync,
  some,
  sql,
  tables,
  text,
  timestamptz,
} from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { mysql2Host } from 'pillion/mysql2'
import { pgHost } from 'pillion/pg'
import { transactions } from 'pillion/transaction'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { skipAloud } from '../../../../test/support/skip.js'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'
import { expectRefusal, refusal } from './refusal.js'

const lacking = skipAloud('mariadb', mariadbUrl(), 'install mariadb-server')

let at: Interviews
let kept: Database<DB>
beforeAll(async () => {
  at = await openInterviews()
  kept = await pillion<DB>(pgHost(at.pool), { names: 'camel', origins: 'clause' })
})
afterAll(() => at.close())

/** The line of this file that a function begins on. */
function lineOf(origin: string | undefined): number {
  return Number(/origins\.test\.ts:(\d+):/.exec(origin ?? '')?.[1])
}
const here = () => lineOf(new Error().stack?.split('\n')[2])

it('R10: with origins, an error names the line of the condition, or else of the query', async () => {
  const { interview } = kept.tables
  const a = some(interview.evaluations)
  const [query, line] = [kept.from(interview), here()]
  const [mixed, mixedLine] = [query.where(or(a.rating.gt(8), interview.id.eq(1))), here()]
  expect(lineOf((await refusal(() => mixed.all())).origin)).toBe(mixedLine)
  expect(mixedLine).toBe(line + 1)

  const e = left(interview.evaluations)
  const [wide, wideLine] = [kept.from(interview).select({ rating: e.rating }), here()]
  expect(lineOf((await refusal(() => wide.all())).origin)).toBe(wideLine)
})

it('R10: without, it names the line that ran the query, or once that is sent, the one that awaits it', async () => {
  const { interview } = at.db.tables
  const e = left(interview.evaluations)
  const wide = at.db.from(interview).select({ rating: e.rating })
  const line = here()
  expect(lineOf((await refusal(() => wide.all())).origin)).toBe(line + 1)
  const divided = at.db.from(interview).select({ x: interview.id.dividedBy(0) })
  const ask = () => divided.all()
  const [error, awaited] = [await refusal(async () => await ask()), here()]
  expect(lineOf(error.origin)).toBe(awaited)
})

describe('R10: where nothing awaits it, an error names the line that first asked for a query of its shape', () => {
  const divided = ({ from: start, tables: { interview } }: Pick<Database<DB>, 'from' | 'tables'>) =>
    start(interview).select({ x: interview.id.dividedBy(0) })

  const asked = (db: Database<DB>): readonly Asked[] => {
    const q = divided(db)
    const { interview } = db.tables
    return [
      [() => q.all(), here()],
      [() => q.first(), here()],
      [() => q.one(), here()],
      [() => q.where(interview.id.dividedBy(0).eq(1)).count(), here()],
      [() => q.where(interview.id.dividedBy(0).eq(2)).exists(), here()],
      [() => divided(db).orderBy(interview.id.asc()).page({ size: 1 }), here()],
      [() => divided(db).offset(1).stream()[Symbol.asyncIterator]().next(), here()],
    ]
  }

  test('each terminal, outside of a transaction and in one', async () => {
    const db = await pillion<DB>(pgHost(at.pool), { names: 'camel' })
    for (const [ask, line] of asked(db)) {
      const error = await unawaited(ask)
      expect([error.code, lineOf(error.origin)]).toEqual(['STATEMENT_FAILED', line])
    }
    const fresh = await pillion<DB>(pgHost(at.pool), { names: 'camel' })
    await namedOnClient(client => asked(fresh.on(client)))
  })

  test('another query of the same shape is told by the first one’s line, unless its own awaits it', async () => {
    const db = await pillion<DB>(pgHost(at.pool), { names: 'camel' })
    const [first, line] = [() => divided(db).all(), here()]
    const second = () => divided(db).all()
    expect(lineOf((await unawaited(first)).origin)).toBe(line)
    expect(lineOf((await unawaited(second)).origin)).toBe(line)
    const [error, awaited] = [await refusal(async () => await second()), here()]
    expect(lineOf(error.origin)).toBe(awaited)
  })

  test('but not where no shapes are kept, for then each run would pay for it', async () => {
    const db = await pillion<DB>(pgHost(at.pool), { names: 'camel', shapes: 0 })
    expect((await unawaited(() => divided(db).all())).origin).toBeUndefined()
  })
})

describe('R10: with the places of calls, an error names the line that called the terminal', () => {
  let called: Database<DB>
  let sqlite: Sqlite.Database
  beforeAll(async () => {
    called = await pillion<DB>(pgHost(at.pool), { names: 'camel', origins: 'call' })
    sqlite = new Sqlite(':memory:')
    sqlite.exec(await readFile(new URL('../support/interviews.sqlite.sql', import.meta.url), 'utf8'))
  })
  afterAll(() => sqlite.close())

  /** Whoever awaits it, and where nobody does. */
  async function named([ask, line]: Asked): Promise<void> {
    for (const error of [await refusal(async () => await ask()), await unawaited(ask)]) {
      expect(error.code).toBe('STATEMENT_FAILED')
      expect(lineOf(error.origin)).toBe(line)
    }
  }

  /** A query of tags that its server refuses. */
  const refused = ({ from: start, tables: { tag } }: Pick<Database<DB>, 'from' | 'tables'>) =>
    start(tag).where(sql(text)`nonesuch(${tag.label})`.eq('x')).orderBy(tag.id.asc())

  const asked = (db: Database<DB>): readonly Asked[] => {
    const q = refused(db)
    return [
      [() => q.all(), here()],
      [() => q.first(), here()],
      [() => q.one(), here()],
      [() => q.count(), here()],
      [() => q.exists(), here()],
      [() => q.page({ size: 1 }), here()],
      [() => q.explain(), here()],
      [() => drained(q.stream()), here()],
      [() => db.sql`SELECT nonesuch(${1})`.all(), here()],
    ]
  }

  test('outside of a transaction', async () => {
    for (const each of asked(called)) await named(each)
  })

  test('on a transaction object', async () => {
    await namedOnClient(client => asked(called.on(client)))
  })

  test('in a transaction of ours, current and given', async () => {
    const tx = transactions(at.pool)
    for (const pick of asked(called).keys()) {
      const found: [PillionError, number][] = []
      await tx
        .run(async () => {
          const [ask, line] = asked(called)[pick] as Asked
          found.push([await unawaited(ask), line])
        })
        .catch(() => {})
      await tx
        .run(async t => {
          const [ask, line] = asked(called.on(t.orm))[pick] as Asked
          found.push([await refusal(async () => await ask()), line])
        })
        .catch(() => {})
      expect(found).toHaveLength(2)
      for (const [error, line] of found) {
        expect(error.code).toBe('STATEMENT_FAILED')
        expect(lineOf(error.origin)).toBe(line)
      }
    }
  })

  test('where the database answers at once, whatever is kept', async () => {
    const host = betterSqlite3Host(sqlite)
    for (const origins of ['call', 'none'] as const) {
      const db = pillionSync<DB>(host, { names: 'camel', origins })
      const q = refused(db)
      const atOnce: readonly Asked[] = [
        [() => q.allSync(), here()],
        [() => q.firstSync(), here()],
        [() => q.oneSync(), here()],
        [() => q.countSync(), here()],
        [() => q.existsSync(), here()],
        [() => q.pageSync({ size: 1 }), here()],
        [() => [...q.iterateSync()], here()],
        [() => db.sql`SELECT nonesuch(${1})`.allSync(), here()],
      ]
      for (const [ask, line] of atOnce) {
        const inside = await refusal(() => sqlite.transaction(() => ask())())
        expect([inside.code, lineOf(inside.origin)]).toEqual(['STATEMENT_FAILED', line])
        const outside = await refusal(ask)
        expect([outside.code, lineOf(outside.origin)]).toEqual(['STATEMENT_FAILED', line])
      }
    }
    for (const each of asked(pillionSync<DB>(host, { names: 'camel', origins: 'call' })).slice(0, 6)) await named(each)
  })

  test.skipIf(lacking)('on MariaDB', async () => {
    const database = await createMariadbDatabase()
    const pool = mysql.createPool(database.url)
    try {
      await pool.query('create table tag (id int primary key, label text not null)')
      const db = await pillion<DB>(mysql2Host(pool), { origins: 'call' })
      for (const each of asked(db)) await named(each)
    } finally {
      await pool.end()
      await database.drop()
    }
  })

  test('rows that are pulled elsewhere', async () => {
    const onSqlite = pillionSync<DB>(betterSqlite3Host(sqlite), { names: 'camel', origins: 'call' })
    const [rows, line] = [refused(onSqlite).iterateSync(), here()]
    expect(lineOf((await refusal(() => [...rows])).origin)).toBe(line)
    const [stream, streamLine] = [refused(called).stream(), here()]
    expect(lineOf((await refusal(() => drained(stream))).origin)).toBe(streamLine)
  })

  test('a row too few, a loss, a timeout, a value that is of no such type', async () => {
    const { tag } = called.tables
    const tags = called.from(tag)
    const all: readonly (readonly [string, ...Asked])[] = [
      ['NO_ROW', () => tags.where(tag.id.eq(-1)).one(), here()],
      ['MANY_ROWS', () => tags.one(), here()],
      ['TIMED_OUT', () => tags.select({ x: sql`pg_sleep(20)` }).all({ timeout: 20 }), here()],
      ['CONNECTION_LOST', () => tags.select({ x: sql`pg_terminate_backend(pg_backend_pid())` }).all(), here()],
      ['DECODE_FAILED', () => tags.select({ x: sql(timestamptz)`'infinity'::timestamptz` }).all(), here()],
    ]
    for (const [code, ask, line] of all) {
      for (const error of [await refusal(async () => await ask()), await unawaited(ask)]) {
        expect([error.code, lineOf(error.origin)]).toEqual([code, line])
      }
    }
  })

  test('the line of the query where that is known', async () => {
    const { tag } = called.tables
    const [constant, line] = [from(tag), here()]
    const failing = constant.where(sql(text)`nonesuch(${tag.label})`.eq('x')).on(called)
    expect(lineOf((await unawaited(() => failing.all())).origin)).toBe(line)
  })

  test('a kept query is compiled once', async () => {
    const { tag } = called.tables
    const q = called.from(tag)
    expect(await q.all()).toEqual(await at.db.from(tag).all())
    expect(q.prepared()).toBe(q.prepared())
  })
})

type Asked = readonly [ask: () => unknown, line: number]

/** What is thrown where no line awaits it. */
function unawaited(ask: () => unknown): Promise<PillionError> {
  return new Promise((resolve, reject) => {
    ;(ask() as Promise<unknown>).then(() => reject(new Error('Nothing was refused.')), resolve)
  })
}

/** Each in a transaction of its own on a client, where nobody awaits it. */
async function namedOnClient(askedOn: (client: PoolClient) => readonly Asked[]): Promise<void> {
  const client = await at.pool.connect()
  try {
    for (const [ask, line] of askedOn(client)) {
      await client.query('BEGIN')
      const error = await unawaited(ask)
      await client.query('ROLLBACK')
      expect([error.code, lineOf(error.origin)]).toEqual(['STATEMENT_FAILED', line])
    }
  } finally {
    client.release()
  }
}

async function drained(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const row of rows) found.push(row)
  return found
}

it('a relation to a table that was not reflected names it', async () => {
  const catalog = { ...at.db.catalog, tables: at.db.catalog.tables.filter(table => table.name !== 'user') }
  const { interview } = tables<DB>(catalog)
  await expectRefusal(() => interview.owner, 'TABLE_MISSING', /public\.user/)
  expect(interview.evaluations).toBeDefined()
})
