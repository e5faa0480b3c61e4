/**
 * Terminals that answer at once, where the database is in the process itself.
 */
import { readFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, from, param, PillionError, pillion, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { pgHost } from 'pillion/pg'
import { inFrame, type Leave, type Passage } from '../../src/run/ambient.js'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let sqlite: Sqlite.Database
let db: Database<DB>
beforeEach(async () => {
  sqlite = new Sqlite(':memory:')
  sqlite.exec(await readFile(new URL('../support/interviews.sqlite.sql', import.meta.url), 'utf8'))
  sqlite.exec(`insert into tag values (1, 'remote'), (2, 'senior'), (3, 'junior')`)
  db = pillionSync<DB>(betterSqlite3Host(sqlite), { names: 'camel' })
})

const tags = () => db.from(db.tables.tag).select({ id: db.tables.tag.id, label: db.tables.tag.label })

describe('every terminal has a synchronous twin that gives the same', () => {
  test('rows, the first, the only one, none', async () => {
    const { tag } = db.tables
    const sorted = tags().orderBy(tag.label.asc())
    const label = param<string>('label')
    const labelled = tags().where(tag.label.eq(label))
    expect(sorted.allSync()).toEqual(await sorted.all())
    expect(sorted.allSync().map(row => row.label)).toEqual(['junior', 'remote', 'senior'])
    expect(sorted.firstSync()).toEqual({ id: 3, label: 'junior' })
    expect(labelled.oneSync(label.is('remote'))).toEqual({ id: 1, label: 'remote' })
    expect(labelled.firstSync(label.is('none'))).toBeNull()
    expect(() => labelled.oneSync(label.is('none'))).toThrow(/NO_ROW/)
    expect(() => sorted.oneSync()).toThrow(/MANY_ROWS/)
    expect(() => labelled.allSync()).toThrow(/PARAM_UNBOUND/)
  })

  test('count, exists, pages, rows one by one, by hand', async () => {
    const { tag } = db.tables
    const sorted = tags().orderBy(tag.label.asc())
    expect([sorted.countSync(), sorted.existsSync(), sorted.where(tag.id.gt(9)).existsSync()]).toEqual([3, true, false])
    const first = sorted.pageSync({ size: 2 })
    expect(first).toEqual(await sorted.page({ size: 2 }))
    expect(sorted.pageSync({ size: 2, after: first.next }).rows).toEqual([{ id: 2, label: 'senior' }])
    expect([...sorted.iterateSync()]).toEqual(sorted.allSync())
    expect(db.sql<{ n: number }>`select count(*) as n from tag where id > ${1}`.allSync()).toEqual([{ n: 2 }])
    expect(db.sql<{ id: number; label: string }>`select * from tag where id = 1`.allSync()).toEqual([
      { id: 1, label: 'remote' },
    ])
  })

  test('the catalogue read at once is the one that is awaited', async () => {
    const awaited = await pillion<DB>(betterSqlite3Host(sqlite), { names: 'camel' })
    expect(db.catalog).toEqual(awaited.catalog)
    const given = pillionSync<DB>(betterSqlite3Host(sqlite), { catalog: db.catalog })
    expect(given.catalog).toBe(db.catalog)
  })
})

describe('inside a synchronous transaction', () => {
  test('rows that are not committed are seen, and go with it', () => {
    const undo = new Error('undo')
    const work = sqlite.transaction(() => {
      sqlite.exec(`insert into tag values (4, 'new')`)
      expect(tags().on(sqlite).countSync()).toBe(4)
      expect(db.on(sqlite).from(db.tables.tag).countSync()).toBe(4)
      throw undo
    })
    expect(work).toThrow(undo)
    expect(tags().countSync()).toBe(3)
    expect(() => tags().on(sqlite).countSync()).toThrow(/TRANSACTION_FINISHED/)
  })

  test('what is awaited is sent where it is called, though it answers when all is over', async () => {
    const asked: Promise<number>[] = []
    sqlite.transaction(() => {
      sqlite.exec('delete from tag')
      asked.push(tags().count(), tags().on(sqlite).count())
    })()
    sqlite.exec(`insert into tag values (1, 'late')`)
    expect(await Promise.all(asked)).toEqual([0, 0])
  })

  test('a loop that is left lets the transaction go on', () => {
    sqlite.transaction(() => {
      for (const _ of tags().iterateSync()) break
      sqlite.exec(`insert into tag values (4, 'new')`)
    })()
    expect(tags().countSync()).toBe(4)
  })
})

describe('in a transaction of pillion’s that is current', () => {
  const passage = (enter: () => Leave | Promise<Leave>): Passage => ({
    target: undefined,
    ending: new AbortController().signal,
    enter,
    suspect: () => () => {},
  })

  test('a statement is let in, and it is told how it ended', () => {
    const told: unknown[] = []
    const frame = passage(() => failure => told.push(failure ?? 'fine'))
    inFrame(sqlite, frame, () => {
      expect(tags().countSync()).toBe(3)
      expect([...tags().iterateSync()]).toHaveLength(3)
      expect(() => db.sql`select * from missing`.allSync()).toThrow(/no such table/)
    })
    expect(told).toEqual(['fine', 'fine', expect.objectContaining({ code: 'STATEMENT_FAILED' })])
  })

  test('that makes it wait, it is refused, and does not keep its place', async () => {
    const left: unknown[] = []
    const busy = passage(async () => failure => left.push(failure ?? 'left'))
    inFrame(sqlite, busy, () => expect(() => tags().countSync()).toThrow(/NOT_SYNCHRONOUS.*busy/))
    await Promise.resolve()
    expect(left).toEqual(['left'])
    const closed = passage(() => {
      throw new PillionError('TRANSACTION_FINISHED', 'It is over.')
    })
    inFrame(sqlite, closed, () => expect(() => tags().countSync()).toThrow(/TRANSACTION_FINISHED/))
  })
})

describe('elsewhere', () => {
  let interviews: Interviews
  beforeAll(async () => {
    interviews = await openInterviews()
  })
  afterAll(() => interviews.close())

  test('it is refused, and nothing is sent', () => {
    const { tag } = interviews.db.tables
    const query = interviews.db.from(tag)
    const refused = /NOT_SYNCHRONOUS.*the pg host has no answer at once/i
    expect(() => query.allSync()).toThrow(refused)
    expect(() => query.countSync()).toThrow(refused)
    expect(() => query.existsSync()).toThrow(refused)
    expect(() => query.pageSync({ size: 1 })).toThrow(refused)
    expect(() => query.iterateSync()).toThrow(refused)
    expect(() => interviews.db.sql`select 1`.allSync()).toThrow(refused)
    expect(() => from(tag).allSync()).toThrow(/NOT_ATTACHED/)
    // @ts-expect-error: the types tell such hosts apart already
    expect(() => pillionSync(pgHost(interviews.pool))).toThrow(refused)
  })
})
