/**
 * Values that only types of MySQL's and MariaDB's own have, at the root and in a list, by either connector: what is read is what a
 * condition finds again and what a page goes on from.
 */
import mariadb from 'mariadb'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bool,
  cast,
  coalesce,
  derived,
  fn,
  int4,
  jsonAgg,
  list,
  max,
  min,
  pillion,
  sql,
  text,
  timestamptz,
  union,
  value,
  type Database,
  type Host,
} from 'pillion'
import { mariadbHost } from 'pillion/mariadb'
import { mysql2Host } from 'pillion/mysql2'
import { mysqlGrounds } from '../hosts/mysql-observer.js'

const tables = `
set sql_mode = '';
create table owner (id int primary key);
create table odd (
  id int primary key, owner_id int not null references owner (id),
  padded int(8) zerofill, made year, bits bit(12), flag tinyint(1), single float,
  lasting time(6), shorter time(2), wall datetime(6), at timestamp null, beside timestamp null,
  state enum('a\\\\b', 'c''d', 'e\\nf', 'g'), flags set('x', 'b', 'a'));
insert into owner values (1);
insert into odd values
  (1, 1, 42, 0, b'101', 1, 0.1, '100:00:00.5', '-00:00:00.05', '2020-02-03 01:02:03', null, '2020-01-01', 'a\\\\b', 'a'),
  (2, 1, 7, 2026, b'1', 0, 3.4e38, '00:00:00', '00:00:00', '2020-02-03 01:02:03.1', null, '2020-01-02', 'e\\nf', 'x,b'),
  (3, 1, null, 1901, null, null, -0.3333333333, '-00:00:00.000001', '838:59:59', '2020-02-03', null, null, 'c''d', 'b'),
  (4, 1, 0, null, b'0', null, 16777216, null, null, null, null, null, 'g', ''),
  (5, 1, null, null, null, null, null, null, null, null, null, null, null, null)`

/** Of each type the ends of what it holds, and what stands where a number of 32 or 53 bits would end. */
const ends: readonly (readonly [type: string, ...values: (string | number)[]])[] = [
  ['tinyint', -128, -1, 0, 127],
  ['tinyint unsigned', 0, 128, 255],
  ['smallint', -32768, -1, 255, 256, 32767],
  ['smallint unsigned', 32768, 65535],
  ['mediumint', -8388608, -1, 8388607],
  ['mediumint unsigned', 0, 16777215],
  ['int', -2147483648, -1, 65536, 2147483647],
  ['int unsigned', 2147483648, 4294967295],
  ['bigint', '-9223372036854775808', '-9007199254740993', '-9007199254740992', '-9007199254740991', -4294967297],
  ['bigint', -4294967296, -4294967295, -1, 0, 4294967295, 4294967296, '9007199254740993', '9223372036854775807'],
  ['bigint unsigned', 0, 4294967296, '9007199254740993', '9223372036854775808', '18446744073709551615'],
  ['year', 1901, 2155],
  ['date', '1000-01-01', '1999-10-09', '2026-01-31', '9999-12-31', '0000-00-00', '2026-00-00'],
  ['datetime', '1000-01-01 00:00:00', '2026-11-28 09:08:07', '9999-12-31 23:59:59', '0000-00-00 00:00:00'],
  ['datetime(6)', '2026-11-28 00:00:00.000001', '9999-12-31 23:59:59.999999', '0000-00-00 00:00:00.000000'],
  ['char(40)', '', 'x'.repeat(12), 'é'.repeat(16), 'x'.repeat(40)],
]

const hosts = {
  mysql2(url: string) {
    const pool = mysql.createPool({ uri: url })
    return { host: mysql2Host(pool), end: () => pool.end() }
  },
  mariadb(url: string) {
    const pool = mariadb.createPool(url.replace('mysql:', 'mariadb:'))
    return { host: mariadbHost(pool), end: () => pool.end() }
  },
} satisfies Record<string, (url: string) => { host: Host; end(): Promise<void> }>

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const pairs = mysqlGrounds().flatMap(({ name, create }) =>
  Object.entries(hosts).map(([host, open]) => ({ name, create, host, open })),
)

describe.each(pairs)('values of $name by $host', ({ name, create, open }) => {
  let database: Awaited<ReturnType<typeof create>>
  let execute: (sql: string) => Promise<unknown>
  let db: Database<Any>
  let end: () => Promise<void>
  const closing: (() => Promise<void>)[] = []

  beforeAll(async () => {
    database = await create()
    const observer = await mysql.createConnection({ uri: database.url, multipleStatements: true })
    closing.push(() => observer.end())
    execute = sql => observer.query(sql)
    await execute(tables)
    const opened = open(database.url)
    end = opened.end
    db = await pillion(opened.host)
  })
  afterAll(async () => {
    await end?.()
    for (const close of closing) await close()
    await database?.drop()
  })

  const read = async (column: string): Promise<unknown[]> => {
    const { odd } = db.tables
    return (await db.from(odd).select({ x: odd[column] }).orderBy(odd.id.asc()).all()).map(({ x }: Any) => x)
  }
  const listed = async (column: string): Promise<unknown[]> => {
    const { owner } = db.tables
    const of = list(owner.odds, (odd: Any) => ({ x: odd[column] }), { orderBy: (odd: Any) => odd.id.asc() })
    const { inside } = (await db
      .from(owner)
      .select({ inside: of } as Any)
      .one()) as Any
    return inside.map(({ x }: Any) => x)
  }

  it.each([
    ['padded', [42, 7, null, 0, null]],
    ['made', [0, 2026, 1901, null, null]],
    ['bits', ['000000000101', '000000000001', null, '000000000000', null]],
    ['flag', [true, false, null, null, null]],
    ['single', [0.1, 3.4e38, -0.33333334, 16777216, null]],
    ['lasting', ['100:00:00.500000', '00:00:00.000000', '-00:00:00.000001', null, null]],
    ['shorter', ['-00:00:00.05', '00:00:00.00', '838:59:59.00', null, null]],
    ['wall', ['2020-02-03 01:02:03.000000', '2020-02-03 01:02:03.100000', '2020-02-03 00:00:00.000000', null, null]],
    ['state', ['a\\b', 'e\nf', "c'd", 'g', null]],
    ['flags', ['a', 'x,b', 'b', '', null]],
  ])('%s is read alike in a row and in a list, and found again by what was read', async (column, expected) => {
    expect(await read(column)).toEqual(expected)
    expect(await listed(column)).toEqual(expected)
    const { odd } = db.tables
    for (const [at, each] of expected.entries()) {
      if (each === null) continue
      const found = await db.from(odd).where(odd[column].eq(each)).select({ id: odd.id }).all()
      expect(found, String(each)).toContainEqual({ id: at + 1 })
    }
  })

  it.each(ends)('the ends of %s are read as the server prints them', async (type, ...values) => {
    await execute(
      `set sql_mode = ''; drop table if exists ends; create table ends (id int primary key auto_increment, x ${type})`,
    )
    await execute(`insert into ends (x) values (null), ${values.map(each => `('${each}')`)}`)
    const { database } = await db.refresh()
    const all = database.tables.ends
    const rows: Any = await database
      .from(all)
      .select({ x: all.x, said: cast(all.x, text) })
      .orderBy(all.id.asc())
      .all()
    const said = rows.map((row: Any) => row.said)
    expect(said).toEqual([null, ...values.map(String)])
    expect(rows.map(({ x }: Any) => (x === null ? null : String(x)))).toEqual(said)
    const isWide = String(type).startsWith('bigint')
    expect(rows.slice(1).every(({ x }: Any) => (typeof x === 'bigint') === isWide)).toBe(true)
  })

  it.each(['padded', 'made', 'bits', 'single', 'lasting', 'wall', 'state', 'flags'])(
    'pages by %s lose no row, up or down',
    async column => {
      const { odd } = db.tables
      for (const key of [odd[column].asc(), odd[column].desc()]) {
        const query = db.from(odd).select({ id: odd.id }).orderBy(key)
        const ids: number[] = []
        for (let after: string | null = null, pages = 0; pages < 5; pages++) {
          const page: Any = await query.page({ size: 1, after })
          ids.push(...page.rows.map(({ id }: Any) => id))
          after = page.next
        }
        expect(ids.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
        expect(ids).toEqual((await query.orderBy(odd.id.asc()).all()).map(({ id }: Any) => id))
      }
    },
  )

  it('texts of any character set are those texts in a list and in jsonAgg, beside each other too', async () => {
    await execute(`
      drop table if exists spoken;
      create table spoken (id int primary key, owner_id int not null references owner (id),
        western varchar(20) character set latin1, cyrillic text character set cp1251, wide varchar(20) character set ucs2,
        kind enum('café', 'x') character set latin1, kinds set('é', 'y') character set latin1, usual varchar(20) character set utf8mb4);
      insert into spoken values (1, 1, 'José "ÿ"', 'Привет', 'žluťoučký', 'café', 'é,y', '😀'), (2, 1, 'Ã©x', null, '', null, '', 'é')`)
    const { database } = await db.refresh()
    const { owner, spoken } = database.tables
    const of = (each: Any): Any => ({
      western: each.western,
      cyrillic: each.cyrillic,
      wide: each.wide,
      kind: each.kind,
      kinds: each.kinds,
      usual: each.usual,
    })
    const expected = [
      { western: 'José "ÿ"', cyrillic: 'Привет', wide: 'žluťoučký', kind: 'café', kinds: 'é,y', usual: '😀' },
      { western: 'Ã©x', cyrillic: null, wide: '', kind: null, kinds: '', usual: 'é' },
    ]
    expect(await database.from(spoken).select(of(spoken)).orderBy(spoken.id.asc()).all()).toEqual(expected)
    const listed = list(database.tables.owner.spokens, of, { orderBy: (each: Any) => each.id.asc() })
    const rows: Any = await database
      .from(owner)
      .select({ listed } as Any)
      .all()
    expect(rows).toEqual([{ listed: expected }])
    for (const column of Object.keys(expected[0] as object)) {
      const [row]: Any = await database
        .from(spoken)
        .select({ all: jsonAgg(spoken[column]) })
        .all()
      expect(row.all).toEqual(expect.arrayContaining(expected.map(each => (each as Any)[column])))
    }
  })

  it('bits are those bits also where a function gives them, and in jsonAgg', async () => {
    await execute(`
      drop table if exists switches;
      create table switches (id int primary key, few bit(8), many bit(64));
      insert into switches values (1, b'10000001', ~0), (2, b'00000001', 1), (3, null, null)`)
    const { database } = await db.refresh()
    const { switches } = database.tables
    const [high, low, wide] = ['10000001', '00000001', '1'.repeat(64)]
    const all = database.from(switches)
    expect(
      await all.select({ most: max(switches.few), least: min(switches.few), wide: max(switches.many) }).all(),
    ).toEqual([{ most: high, least: low, wide }])
    const each = all.orderBy(switches.id.asc())
    const either: Any = coalesce(switches.few, switches.few)
    expect(await each.select({ either, itself: switches.few }).all()).toEqual(
      [high, low, null].map(bits => ({ either: bits, itself: bits })),
    )
    const both: Any = union(all.select({ few: switches.few }), all.select({ few: either })).orderBy('few')
    expect(await both.all()).toEqual([null, low, high].map(few => ({ few })))
    const [row]: Any = await all.select({ bits: jsonAgg(switches.few) }).all()
    expect(row.bits).toEqual(expect.arrayContaining([high, low, null]))
    const most = derived('most', all.select({ few: max(switches.few) }).groupBy(switches.id))
    expect(
      await database
        .from(most)
        .orderBy((most as Any).few.desc())
        .all(),
    ).toEqual([high, low, null].map(few => ({ few })))
  })

  it('whole numbers with zeros in front are numbers in jsonAgg, too', async () => {
    const { odd } = db.tables
    const few = db.from(odd).where(odd.id.lte(2))
    const ordered = few.select({ padded: jsonAgg(odd.padded, { orderBy: [odd.id.asc()] }) })
    if (name === 'MySQL') await expect(ordered.all()).rejects.toThrow(/NOT_IN_DIALECT[^]*JSON_ARRAYAGG/)
    else expect(await ordered.all()).toEqual([{ padded: [42, 7] }])
    const rows = await few.select({ padded: jsonAgg(odd.padded), made: jsonAgg(odd.made) }).all()
    expect(rows).toEqual([{ padded: expect.arrayContaining([42, 7]), made: expect.arrayContaining([0, 2026]) }])
  })

  it('a TINYINT(1) of 2 is no boolean, and says how it is read; a function is as true as the server takes it for', async () => {
    const { odd } = db.tables
    const two = db.from(odd).where(odd.id.eq(4))
    await execute('update odd set flag = 2 where id = 4')
    try {
      await expect(two.select({ x: odd.flag }).all()).rejects.toThrow(/DECODE_FAILED[^]*cast\(column, int4\)/)
      await expect(listed('flag')).rejects.toThrow('DECODE_FAILED')
      expect(await two.select({ x: cast(odd.flag, int4) }).all()).toEqual([{ x: 2 }])
      expect(await two.select({ x: fn('LOCATE', bool, value('b', text), value('ab', text)) }).all()).toEqual([
        { x: true },
      ])
    } finally {
      await execute('update odd set flag = null where id = 4')
    }
  })

  it('a document of JSON is found by what it is, and by no text that reads like it', async () => {
    const documents: Any[] = [1, '1', 'x', true, { a: 1 }, [1, 'x'], { a: 'é' }, 9007199254740991]
    const rows = documents.map((each, id) => `(${id}, '${JSON.stringify(each)}')`).join()
    await execute(`create table paper (id int primary key, doc json); insert into paper values ${rows}`)
    const { database: now } = await db.refresh()
    const { paper } = now.tables
    const found = async (condition: Any): Promise<Any[]> => {
      const read = now.from(paper).where(condition).select({ doc: paper.doc }).orderBy(paper.id.asc())
      return (await read.all()).map(({ doc }: Any) => doc)
    }
    for (const each of documents) {
      expect(await found(paper.doc.eq(each))).toEqual([each])
      expect(await found(paper.doc.in([each, 'none']))).toEqual([each])
      expect(await found(paper.doc.isNotDistinctFrom(each))).toEqual([each])
    }
    expect(await found(paper.doc.ne(1))).toEqual(documents.slice(1))
    expect(await found(paper.doc.json('a').eq(1))).toEqual([{ a: 1 }])
  })

  it('0000-00-00 of a TIMESTAMP is no moment, and not the first of 1970', async () => {
    const { odd } = db.tables
    const zero = db.from(odd).where(odd.id.eq(1))
    await execute(`set sql_mode = ''; update odd set at = '0000-00-00 00:00:00' where id = 1`)
    try {
      await expect(zero.select({ x: odd.at }).all()).rejects.toThrow(/DECODE_FAILED[^]*0000-00-00/)
      await expect(listed('at')).rejects.toThrow('DECODE_FAILED')
      const said = sql(timestamptz)`IF('?' = '', NULL, ${odd.at})`
      await expect(zero.select({ x: said } as Any).all()).rejects.toThrow('DECODE_FAILED')
      expect(await zero.select({ x: cast(odd.at, text) }).all()).toEqual([{ x: '0000-00-00 00:00:00' }])
      const ordered = db.from(odd).where(odd.at.isNotNull()).select({ id: odd.id }).orderBy(odd.at.asc())
      expect((await ordered.page({ size: 5 })).rows).toEqual([{ id: 1 }])
    } finally {
      await execute('update odd set at = null where id = 1')
    }
    expect(await read('beside')).toEqual([new Date('2020-01-01'), new Date('2020-01-02'), null, null, null])
  })

  it('moments of a set operation are sorted as such, and not as words', async () => {
    const { odd } = db.tables
    const when = (id: number): Any => db.from(odd).where(odd.id.eq(id)).select({ at: odd.beside })
    await execute(
      `update odd set beside = '2001-09-09 00:00:00' where id = 4; update odd set beside = '1999-01-01' where id = 5`,
    )
    try {
      const rows: Any = await union(union(when(1), when(4)), when(5))
        .orderBy('at')
        .all()
      expect(rows).toEqual(['1999-01-01', '2001-09-09', '2020-01-01'].map(day => ({ at: new Date(day) })))
    } finally {
      await execute('update odd set beside = null where id in (4, 5)')
    }
  })

  it('the first moment of 1970 is one where a value says so', async () => {
    const { odd } = db.tables
    const rows = await db
      .from(odd)
      .where(odd.id.eq(1))
      .select({ x: value(new Date(0)) })
      .all()
    expect(rows).toEqual([{ x: new Date(0) }])
  })

  it('the first moment of 1970 is one where an expression gives it, also beside a column', async () => {
    const { odd } = db.tables
    const since: Any = fn('FROM_UNIXTIME', timestamptz, odd.padded)
    const first = db.from(odd).where(odd.id.eq(4)).select({ at: since })
    expect(await first.all()).toEqual([{ at: new Date(0) }])
    const column = db.from(odd).where(odd.id.eq(1)).select({ at: odd.beside })
    const both: Any = await union(column, first).orderBy('at').all()
    expect(both).toEqual([{ at: new Date(0) }, { at: new Date('2020-01-01') }])
    const sorted = db.from(odd).where(odd.padded.isNotNull()).select({ id: odd.id }).orderBy(since.asc(), odd.id.asc())
    const { rows, next } = await sorted.page({ size: 1 })
    expect(rows).toEqual([{ id: 4 }])
    expect((await sorted.page({ size: 5, after: next })).rows).toEqual([{ id: 2 }, { id: 1 }])
  })
})
