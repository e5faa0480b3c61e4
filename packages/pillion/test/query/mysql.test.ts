/**
 * What MySQL and MariaDB do in a way of their own, on the real servers: exactness beyond doubles, time zones, lists beyond its
 * limits, places of NULLs, enumerations, every type as a key of pages.
 */
import type { Pool } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  concat,
  cte,
  count,
  type Database,
  dateTrunc,
  derived,
  extract,
  first,
  greatest,
  int4,
  list,
  max,
  param,
  type PillionError,
  sql,
  startsWith,
  stringAgg,
  substring,
  sum,
  union,
  unionAll,
  value,
} from 'pillion'
import { describeOnMysql, numbersTo } from '../hosts/mysql-observer.js'
import { type Opened, openedOnMysql } from './opened-on-mysql.js'

const tables = `
create table parent (id bigint primary key, name varchar(20) not null);
create table thing (
  id bigint primary key, parent_id bigint references parent (id), amount decimal(30, 10), ratio double, single float,
  at timestamp(6) null, wall datetime(6), day date, lasting time(6), flag boolean, raw varbinary(16),
  state enum('open', 'held', 'closed'), word varchar(40) collate utf8mb4_bin, doc json, bits bit(5));
insert into parent values (9007199254740993, 'p'), (9007199254740994, 'q');
insert into thing values
  (9007199254740993, 9007199254740993, 12345678901234567890.0000000001, 0.1, 0.1, from_unixtime(1774747800.123456),
   '2026-03-29 02:30:00.000001', '2026-03-29', '-101:02:03.000004', true, x'00ff', 'held', 'a', '{"n": 9007199254740993}', b'10101'),
  (9007199254740994, 9007199254740993, 12345678901234567890.0000000002, 0.2, 0.2, from_unixtime(1774747800.123457),
   '2026-03-29 02:30:00.000002', '2026-03-30', '00:00:00', false, x'01', 'open', 'B', '[1, null]', b'1'),
  (9007199254740995, 9007199254740993, null, null, null, null, null, null, null, null, null, null, null, null, null),
  (9007199254740996, null, -1, 1e300, 3e38, from_unixtime(1), '0001-01-01', '9999-12-31', '838:59:59', true, x'', 'closed',
   'a', '"x"', b'0')`

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describeOnMysql(({ name, create }) => {
  let pool: Pool
  let db: Database<Any>
  let opened: Opened
  beforeAll(async () => {
    // no time zone of a session may matter
    opened = await openedOnMysql(create, `set time_zone = '+09:30'; ${tables}`)
    ;({ pool, db } = opened)
  })
  afterAll(() => opened.close())

  it('numbers beyond a double are told apart, alone and in lists of values', async () => {
    const { thing } = db.tables
    const ids = (condition: Any) =>
      db.from(thing).where(condition).select({ id: thing.id }).orderBy(thing.id.asc()).all()
    expect(await ids(thing.id.eq(9007199254740993n))).toEqual([{ id: 9007199254740993n }])
    expect(await ids(thing.id.in([9007199254740994n, 1n, 2n]))).toEqual([{ id: 9007199254740994n }])
    expect(await ids(thing.amount.eq('12345678901234567890.0000000002'))).toEqual([{ id: 9007199254740994n }])
    expect(await ids(thing.amount.in(['12345678901234567890.0000000001']))).toEqual([{ id: 9007199254740993n }])
    const following = thing.amount.plus('0.0000000001')
    expect(await ids(following.eq('12345678901234567890.0000000002'))).toEqual([{ id: 9007199254740993n }])
    expect(await ids(thing.id.in([]))).toEqual([])
    expect(await ids(thing.id.notIn([]))).toHaveLength(4)
  })

  it('a long list is found as it is: to fill it up would be more placeholders than there can be', async () => {
    const { thing } = db.tables
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => BigInt(i))
    const found = (n: number) =>
      db
        .from(thing)
        .where(thing.id.in(upTo(n)))
        .count()
    expect(await found(32_769)).toBe(await found(1_000))
    expect(await found(65_535)).toBe(await found(1_000))
    await expect(found(65_536)).rejects.toThrow(/error 1390.*\n.*65,535/)
  })

  it('an error shows a bound list by a placeholder, and none of its values', async () => {
    const { thing } = db.tables
    const found = db.from(thing).where(thing.word.in(['tell-nobody', 'tell-none']), sql(int4)`nonesuch()`.eq(1))
    const error: PillionError = await found.all().catch(thrown => thrown)
    expect(error.code).toBe('STATEMENT_FAILED')
    expect(error.sql).toContain('`thing`.`word` IN (?)')
    expect(error.message).not.toContain('tell-no')
  })

  it('nested lists keep every digit, microsecond and byte', async () => {
    const { parent } = db.tables
    const [row]: Any[] = await db
      .from(parent)
      .where(parent.id.eq(9007199254740993n))
      .select({ things: list(parent.things, (t: Any): Any => t, { orderBy: (t: Any) => t.id.asc() }) })
      .all()
    expect(row.things[0]).toEqual({
      id: 9007199254740993n,
      parent_id: 9007199254740993n,
      amount: '12345678901234567890.0000000001',
      ratio: 0.1,
      single: 0.1,
      at: new Date('2026-03-29T01:30:00.123Z'),
      wall: '2026-03-29 02:30:00.000001',
      day: '2026-03-29',
      lasting: '-101:02:03.000004',
      flag: true,
      raw: Uint8Array.of(0, 255),
      state: 'held',
      word: 'a',
      doc: { n: 9007199254740992 },
      bits: '10101',
    })
    expect(Object.values(row.things[2]).filter(cell => cell !== null)).toHaveLength(2)
    const flat = await db.from(db.tables.thing).orderBy(db.tables.thing.id.asc()).limit(1).one()
    expect(flat).toEqual(row.things[0])
  })

  it.each(['amount', 'ratio', 'single', 'at', 'wall', 'day', 'lasting', 'flag', 'raw', 'state', 'word', 'bits', 'id'])(
    'pages over %s give every row once, up and down, NULLs at either end',
    async key => {
      const { thing } = db.tables
      for (const nulls of ['first', 'last'] as const) {
        for (const way of ['asc', 'desc'] as const) {
          const query = db.from(thing).select({ id: thing.id }).orderBy(thing[key][way]({ nulls }))
          const seen: unknown[] = []
          let after: string | null = null
          do {
            const page: Any = await query.page({ size: 1, after })
            seen.push(...page.rows.map((row: Any) => row.id))
            after = page.next
          } while (after !== null)
          const whole = await query.orderBy(thing.id.asc()).all()
          expect(seen).toEqual(whole.map((row: Any) => row.id))
        }
      }
    },
  )

  it('the labels of an enumeration compare by their place, and are the least and the greatest by it', async () => {
    const { thing } = db.tables
    const states = await db
      .from(thing)
      .where(thing.state.gt('open'))
      .select({ state: thing.state })
      .orderBy(thing.state.asc())
      .all()
    expect(states).toEqual([{ state: 'held' }, { state: 'closed' }])
    expect(
      await db
        .from(thing)
        .select({ last: max(thing.state) })
        .one(),
    ).toEqual({ last: 'closed' })
    // control: to the server they are words
    const [rows] = await pool.query(`select count(*) as n from thing where state > 'open'`)
    expect(rows).toEqual([{ n: 0 }])
  })

  it('labels of an enumeration that come out of a set operation are sorted by their place, too', async () => {
    const { thing } = db.tables
    const of = (condition: Any) => db.from(thing).where(condition).select({ state: thing.state, id: thing.id })
    const states = async (query: Any) => (await query.all()).map(({ state }: Any) => state)
    const both = union(of(thing.id.gt(9007199254740994n)), of(thing.id.lte(9007199254740994n)))
    expect(await states(both.orderBy('state'))).toEqual([null, 'open', 'held', 'closed'])
    expect(await states(both.orderBy('state', 'desc', { nulls: 'first' }))).toEqual([null, 'closed', 'held', 'open'])
    const two = derived('two', both.orderBy('state', 'desc').limit(2))
    expect((await states(db.from(two).select({ state: two.state }))).toSorted()).toEqual(['closed', 'held'])
    // control: to the server they are words
    const [rows] = await pool.query(`(select state from thing) union (select state from thing) order by state`)
    expect((rows as Any[]).map(({ state }) => state)).toEqual([null, 'closed', 'held', 'open'])
  })

  it('a list longer than the server would keep is whole', async () => {
    await pool.query(`create table long_list (id int primary key, parent_id bigint references parent (id), body text);
      insert into long_list select n, 9007199254740994, repeat('x', 1000) from (${numbersTo(3_000)}) numbers`)
    const { database: now } = await db.refresh()
    const { parent } = now.tables as Any
    const [row] = (await now
      .from(parent)
      .where(parent.id.eq(9007199254740994n))
      .select({ bodies: list(parent.long_lists, (e: Any) => e.body) } as Any)
      .all()) as Any[]
    expect(row.bodies).toHaveLength(3000)
    // control: by itself MariaDB cuts it
    const [[cut]] = (await pool.query(`select length(json_arrayagg(body)) as length from long_list`)) as Any
    expect(cut.length < 3_000_000).toBe(name === 'MariaDB')
  })

  it('words put together are whole also behind WITH and in a set operation, whatever names look like', async () => {
    await pool.query(`create table \`a SELECT b\` (id int primary key, body text);
      insert into \`a SELECT b\` select n, repeat('x', 1000) from (select 1 as n union select 2 union select 3) numbers`)
    const { database: now } = await db.refresh()
    const long = (now.tables as Any)['a SELECT b']
    const gathered = () => now.from(long).select({ words: stringAgg(long.body, ',') } as Any) as Any
    const both = cte('a ``SELECT b', gathered())
    const whole = { words: Array.from({ length: 3 }, () => 'x'.repeat(1000)).join(',') }
    expect(
      await now
        .from(both)
        .select({ words: (both as Any).words })
        .all(),
    ).toEqual([whole])
    expect(await unionAll(gathered(), gathered()).all()).toEqual([whole, whole])
    // control: by itself the server cuts it, or MySQL alone
    const [[cut]] = (await pool.query('select length(group_concat(body)) as length from `a SELECT b`')) as Any
    expect(cut.length < 3_002).toBe(name === 'MySQL')
    await pool.query('drop table `a SELECT b`')
    await db.refresh()
  })

  it('functions and operators mean what they mean elsewhere', async () => {
    const { thing } = db.tables
    const row = await db
      .from(thing)
      .where(thing.id.eq(9007199254740993n))
      .select({
        joined: concat(thing.word, '-', thing.word),
        piece: substring(value('abcdef'), 0, 3),
        begins: startsWith(value('abc'), 'ab'),
        most: greatest(thing.single, 7),
        halves: value(7).dividedBy(2),
        year: extract('year', thing.day),
        dow: extract('dow', thing.day),
        epoch: extract('epoch', thing.at),
        month: dateTrunc('month', thing.day),
        next: thing.id.plus(1n),
        odd: thing.word.isDistinctFrom('z'),
      } as Any)
      .one()
    expect(row).toEqual({
      joined: 'a-a',
      piece: 'ab',
      begins: true,
      most: 7,
      halves: 3,
      year: 2026,
      dow: 0,
      epoch: 1774747800.123456,
      month: '2026-03-01',
      next: 9007199254740994n,
      odd: true,
    })
  })

  it('moments are found by instants, whatever the time zone of the session', async () => {
    const { thing } = db.tables
    const at = param<Date>('at')
    const query = db.from(thing).where(thing.at.lt(at)).select({ id: thing.id }).orderBy(thing.id.asc())
    expect(await query.all(at.is(new Date('2026-03-29T01:30:00.124Z')))).toHaveLength(3)
    expect(await query.all(at.is(new Date('2026-03-29T01:30:00.123Z')))).toEqual([{ id: 9007199254740996n }])
    // far outside of what a timestamp holds
    expect(await query.all(at.is(new Date('1800-01-01T00:00:00Z')))).toEqual([])
    expect(await query.all(at.is(new Date('2900-01-01T00:00:00Z')))).toHaveLength(3)
    expect(
      await db.sql`select count(*) as n from thing where at < ${new Date('2026-03-29T01:30:00.124Z')}`.all(),
    ).toEqual([{ n: 3n }])
  })

  it('first takes one row by its key; aggregates, VALUES, explain and string_agg are there', async () => {
    const { parent, thing } = db.tables
    const latest: Any = first(parent.things, { orderBy: (t: Any) => t.id.desc() })
    expect(
      await db.from(parent).select({ name: parent.name, latest: latest.id }).orderBy(parent.id.asc()).all(),
    ).toEqual([
      { name: 'p', latest: 9007199254740995n },
      { name: 'q', latest: null },
    ])
    expect(
      await db
        .from(parent)
        .select({ n: count(parent.things), all: sum(parent.things, (t: Any) => t.id) })
        .limit(1)
        .one(),
    ).toEqual({
      n: 3,
      all: 27021597764222982n,
    })
    expect(
      await db
        .from(thing)
        .select({ words: stringAgg(thing.word, `'\\`, { orderBy: [thing.id.asc()] }) })
        .one(),
    ).toEqual({
      words: `a'\\B'\\a`,
    })
    expect(
      JSON.stringify(
        await db
          .from(parent)
          .select({ l: list(parent.things, (t: Any) => t.id) })
          .explain(),
      ),
    ).toContain({ MariaDB: 'query_block', MySQL: 'query_plan' }[name])
  })

  it('what a column could not hold is refused before it is sent', async () => {
    const { thing } = db.tables
    const refused = async (condition: () => Any) =>
      expect(async () => db.from(thing).where(condition()).all()).rejects.toThrow('VALUE_TYPE')
    await refused(() => thing.amount.eq('NaN'))
    await refused(() => thing.amount.eq('1e40'))
    await refused(() => thing.day.eq('2026-02-30'))
    await refused(() => thing.ratio.eq(Number.POSITIVE_INFINITY))
  })

  it('what it lacks is an error that names it', async () => {
    const { thing } = db.tables
    expect(() => db.from(thing).distinctOn(thing.word).toSQL()).toThrow(
      new RegExp(`NOT_IN_DIALECT.*${name}.*DISTINCT ON`, 's'),
    )
    expect(() => db.from(thing).where(thing.doc.contains('{}')).toSQL()).toThrow('NOT_IN_DIALECT')
  })
})
