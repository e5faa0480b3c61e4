import { expect, it } from 'vitest'
import {
  abs,
  and,
  array,
  arrayAgg,
  arrayOf,
  avg,
  bool,
  cardinality,
  cast,
  ceil,
  coalesce,
  type Condition,
  concat,
  date,
  dateTrunc,
  exists,
  type Expr,
  extract,
  float8,
  floor,
  fn,
  greatest,
  int4,
  int8,
  json,
  jsonb,
  least,
  left,
  list,
  length,
  lower,
  none,
  not,
  nothing,
  now,
  nullif,
  numeric,
  or,
  type Out,
  replace,
  round,
  scalar,
  type Selection,
  some,
  sql,
  startsWith,
  substring,
  sum,
  text,
  timestamp,
  trim,
  upper,
  uuid,
  value,
  when,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  /** One row's worth of expressions. */
  async function one<F extends Selection>(fields: F): Promise<Out<F>> {
    const { interview } = at.db.tables
    return at.db.from(interview).where(interview.id.eq(1)).select(fields).one()
  }

  /** The interviews of which the conditions hold. */
  async function matching(...conditions: readonly Condition[]): Promise<readonly number[]> {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .where(...conditions)
      .select({ id: interview.id })
      .orderBy(interview.id.asc())
    return (await query.all()).map(row => row.id)
  }

  it('comparisons', async () => {
    const { interview: i } = at.db.tables
    expect(await matching(i.id.eq(2))).toEqual([2])
    expect(await matching(i.id.ne(2))).toEqual([1, 3, 4])
    expect(await matching(i.id.gt(3))).toEqual([4])
    expect(await matching(i.id.gte(3))).toEqual([3, 4])
    expect(await matching(i.id.lt(2))).toEqual([1])
    expect(await matching(i.id.lte(2))).toEqual([1, 2])
    expect(await matching(i.id.between(2, 3))).toEqual([2, 3])
    expect(await matching(i.id.in([4, 1, 1]))).toEqual([1, 4])
    expect(await matching(i.id.notIn([4, 1]))).toEqual([2, 3])
    expect(await matching(i.title.like('%c%'))).toEqual([3])
    expect(await matching(i.title.notLike('%e%'))).toEqual([2])
    expect(await matching(i.title.ilike('%E%'))).toEqual([1, 3, 4])
    expect(await matching(i.ownerId.eq(i.leadId))).toEqual([3])
  })

  it.skipIf(at.lacks('regular expressions'))('a regular expression', async () => {
    const { interview: i } = at.db.tables
    expect(await matching(i.title.matches('^[a-d]'))).toEqual([2, 3])
  })

  it('NULLs are as SQL has them', async () => {
    const { interview: i } = at.db.tables
    expect(await matching(i.leadId.isNull())).toEqual([2, 4])
    expect(await matching(i.leadId.isNotNull())).toEqual([1, 3])
    expect(await matching(i.leadId.ne(3))).toEqual([1])
    expect(await matching(not(i.leadId.eq(3)))).toEqual([1])
    expect(await matching(i.leadId.isDistinctFrom(3))).toEqual([1, 2, 4])
    expect(await matching(i.leadId.isNotDistinctFrom(i.leadId))).toEqual([1, 2, 3, 4])
    expect(await matching(i.leadId.isNotDistinctFrom(null))).toEqual([2, 4])
    expect(await matching(i.id.notIn(at.db.from(i).select({ lead: i.leadId })))).toEqual([])
  })

  it('and, or, not of any number', async () => {
    const { interview: i } = at.db.tables
    expect(await matching(and())).toEqual([1, 2, 3, 4])
    expect(await matching(or())).toEqual([])
    expect(await matching()).toEqual([1, 2, 3, 4])
    expect(await matching(not(or(i.id.eq(1), i.id.eq(2))))).toEqual([3, 4])
    expect(await matching(or(and(i.id.eq(1), i.ownerId.eq(1)), and(i.id.eq(3), i.ownerId.eq(1))))).toEqual([1])
    expect(await matching(or(i.id.eq(1)), and(i.ownerId.eq(1)))).toEqual([1])
    expect(await matching(not(not(i.id.eq(1))))).toEqual([1])
  })

  it('arithmetic keeps its order', async () => {
    const { interview: i } = at.db.tables
    expect(
      await one({
        a: i.id.plus(2).times(3),
        b: i.id.plus(i.id.times(3)),
        c: i.id.minus(i.id.minus(5)),
        d: value(7).dividedBy(2),
        e: value(7).modulo(4),
        f: value(2n).times(2n ** 61n),
        h: value(1.5).times(2),
      }),
    ).toEqual({ a: 9, b: 4, c: 5, d: 3, e: 3, f: 2n ** 62n, h: 3 })
  })

  it('arithmetic of two types is of the wider', async () => {
    const { interview: i } = at.db.tables
    const quarter = i.id.times(value(0.25))
    const total = scalar(at.db.from(i).select({ total: sum(quarter) }))
    expect(await one({ quarter, total })).toEqual({ quarter: 0.25, total: 2.5 })
    expect(await matching(quarter.gt(0.3))).toEqual([2, 3, 4])
    const huge = i.id.times(cast(value(2n ** 40n), int8) as unknown as Expr<number>)
    expect(await one({ huge })).toEqual({ huge: 2n ** 40n })
  })

  it('a product past what a number holds is no other number', async () => {
    const { interview: i } = at.db.tables
    const product = value(2_000_000_001).times(2_000_000_001)
    // PostgreSQL: integer out of range
    const code = /STATEMENT_FAILED|DECODE_FAILED/
    await expect(one({ product })).rejects.toThrow(code)
    const nested = at.db.from(i).select({ each: list(i.evaluations, e => ({ product: product.plus(e.userId) })) })
    await expect(nested.all()).rejects.toThrow(code)
    expect(await one({ product: i.id.times(2_000_000_000) })).toEqual({ product: 2_000_000_000 })
  })

  it.skipIf(at.lacks('intervals'))('a moment minus another is an interval', async () => {
    const { interview: i, evaluation } = at.db.tables
    expect(
      await one({
        days: i.heldOn.minus('2026-01-01'),
        time: i.createdAt.minus(new Date('2026-01-01T09:00:00Z')),
        wall: cast(i.heldOn, timestamp).minus('2026-01-01 12:00'),
      }),
    ).toEqual({ days: '31 days', time: '01:00:00.123456', wall: '30 days 12:00:00' })
    const made = i.createdAt
    const rows = await at.db
      .from(i)
      .select({ id: i.id, mean: avg(i.evaluations, e => e.createdAt.minus(made)) })
      .where(
        i.createdAt.minus(made).lt('1 day'),
        none(i.evaluations, e => e.createdAt.minus(made).gt('5 days')),
      )
      .orderBy(i.id.asc())
      .all()
    expect(rows).toEqual([
      { id: 1, mean: '3 days 25:59:59.876544' },
      { id: 4, mean: null },
    ])
    expect(
      at.db
        .from(evaluation)
        .select({ n: evaluation.createdAt.minus(evaluation.createdAt) })
        .toSQL().sql,
    ).toBe('SELECT ("evaluation"."created_at" - "evaluation"."created_at") AS "n" FROM "evaluation"')
  })

  it('texts', async () => {
    const { interview: i } = at.db.tables
    expect(
      await one({
        lower: lower(value('AB')),
        upper: upper(i.title),
        trim: trim(value('  x ')),
        length: length(value('é💥')),
        substring: substring(i.title, 2, 3),
        rest: substring(i.title, 7),
        replace: replace(i.title, 'en', 'EN'),
        concat: concat(i.title, '-', 7),
        joined: i.title.concat('!'),
        starts: startsWith(i.title, 'eng'),
      }),
    ).toEqual({
      lower: 'ab',
      upper: 'ENGINEER',
      trim: 'x',
      length: 2,
      substring: 'ngi',
      rest: 'er',
      replace: 'ENgineer',
      concat: 'engineer-7',
      joined: 'engineer!',
      starts: true,
    })
  })

  it.skipIf(at.lacks('letters beyond ASCII'))('lower and upper know letters beyond ASCII', async () => {
    expect(await one({ lower: lower(value('ÀB')), upper: upper(value('é')) })).toEqual({ lower: 'àb', upper: 'É' })
  })

  it('numbers', async () => {
    const { interview: i } = at.db.tables
    expect(
      await one({
        abs: abs(value(-3)),
        floor: floor(value(1.7)),
        ceil: ceil(i.budget),
        round: round(value(2.6)),
        digits: round(i.budget, 1),
        whole: floor(i.id),
        greatest: greatest(i.id, 5, 3),
        least: least(i.id, 5, -3),
      }),
    ).toEqual({ abs: 3, floor: 1, ceil: '1001', round: 3, digits: '1000.5', whole: 1, greatest: 5, least: -3 })
  })

  it('times', async () => {
    const { interview: i } = at.db.tables
    const row = await one({
      day: dateTrunc('day', i.createdAt),
      year: extract('year', i.createdAt),
      month: extract('month', i.heldOn),
      now: now(),
    })
    expect(row.year).toBe(2026)
    expect(row.month).toBe(2)
    expect(row.now).toBeInstanceOf(Date)
    expect(row.day).toBeInstanceOf(Date)
    await expectRefusal(() => dateTrunc("day', now()) --" as never, i.createdAt), 'QUERY_INVALID', /unit of time/)
    await expectRefusal(() => extract('century' as never, i.createdAt), 'QUERY_INVALID')
  })

  it('coalesce, nullif, case', async () => {
    const { interview: i } = at.db.tables
    const query = at.db
      .from(i)
      .select({
        lead: coalesce(i.leadId, i.ownerId, 0),
        notOne: nullif(i.id, 1),
        size: when(i.id.gt(3), 'large').when(i.id.gt(1), 'medium').otherwise('small'),
        open: when(i.status.eq('open'), i.id).end(),
        nested: when(i.id.eq(1), when(i.title.eq('engineer'), 10).otherwise(20)).otherwise(30),
      })
      .orderBy(i.id.asc())
    expect(await query.all()).toEqual([
      { lead: 2, notOne: null, size: 'small', open: 1, nested: 10 },
      { lead: 1, notOne: 2, size: 'medium', open: null, nested: 30 },
      { lead: 3, notOne: 3, size: 'medium', open: 3, nested: 30 },
      { lead: 4, notOne: 4, size: 'large', open: null, nested: 30 },
    ])
  })

  it('casts read as what they were cast to', async () => {
    const { interview: i } = at.db.tables
    expect(
      await one({
        text: cast(i.id, text),
        int8: cast(i.id, int8),
        numeric: cast(i.id, numeric),
        float: cast(i.budget, float8),
        bool: cast(value('t'), bool),
        date: cast(i.createdAt, date),
        nothing: nothing(timestamp),
      }),
    ).toEqual({
      text: '1',
      int8: 1n,
      numeric: '1',
      float: 1000.5,
      bool: true,
      date: '2026-01-01',
      nothing: null,
    })
  })

  it.skipIf(at.lacks('arrays'))('casts to what PostgreSQL alone has', async () => {
    expect(
      await one({
        uuid: cast(value('00000000-0000-0000-0000-00000000000A'), uuid),
        array: cast(value('{1,NULL,3}'), arrayOf(int4)),
      }),
    ).toEqual({ uuid: '00000000-0000-0000-0000-00000000000a', array: [1, null, 3] })
  })

  it('JSON members', async () => {
    const doc = cast(value('{"a": {"b": [1, {"c": "x"}], "n": null}, "k.e\\"y": 2, "0": "zero"}'), jsonb)
    expect(
      await one({
        deep: doc.jsonText('a', 'b', 1, 'c'),
        part: doc.json('a', 'b'),
        number: doc.json('a', 'b', 0),
        absent: doc.jsonText('a', 'x'),
        jsonNull: doc.json('a', 'n'),
        odd: doc.json('k.e"y'),
        textKey: doc.jsonText('0'),
      }),
    ).toEqual({
      deep: 'x',
      part: [1, { c: 'x' }],
      number: 1,
      absent: null,
      jsonNull: null,
      odd: 2,
      textKey: 'zero',
    })
    if (!at.lacks('arrays')) expect(await one({ has: doc.contains({ a: { b: [1] } } as never) })).toEqual({ has: true })
  })

  it.skipIf(at.lacks('arrays'))('arrays', async () => {
    const { interview: i } = at.db.tables
    const list = array(i.id, 2, i.leadId)
    expect(
      await one({
        list,
        n: cardinality(list),
        has: list.has(2),
        hasNot: list.has(7),
        contains: list.contains([1]),
        contained: list.containedBy([1, 2, 3]),
        overlaps: list.overlaps([9, 2]),
        texts: value(['a,"b"', 'NULL', '', '{}'], arrayOf(text)),
        dates: array(i.createdAt),
      }),
    ).toEqual({
      list: [1, 2, 2],
      n: 3,
      has: true,
      hasNot: false,
      contains: true,
      contained: true,
      overlaps: true,
      texts: ['a,"b"', 'NULL', '', '{}'],
      dates: [new Date('2026-01-01T10:00:00.123Z')],
    })
  })

  it('values of every plain kind travel as placeholders', async () => {
    const odd = `'; DROP TABLE tag; -- \\ "\n\t$1 💥`
    const query = {
      text: value(odd),
      int: value(-1),
      float: value(1.25),
      large: value(2 ** 40),
      bigint: value(2n ** 62n),
      bool: value(false),
      at: value(new Date('2026-01-01T00:00:00.001Z')),
      json: value({ a: [1, null, odd] }, json),
    }
    expect(await one(query)).toEqual({
      text: odd,
      int: -1,
      float: 1.25,
      large: 2 ** 40,
      bigint: 2n ** 62n,
      bool: false,
      at: new Date('2026-01-01T00:00:00.001Z'),
      json: { a: [1, null, odd] },
    })
    const { interview } = at.db.tables
    expect(at.db.from(interview).select(query).toSQL().sql).not.toContain('DROP')
  })

  it.skipIf(at.lacks('the words of PostgreSQL'))('functions by name, and only by a name', async () => {
    const { interview: i } = at.db.tables
    expect(await one({ md5: fn('md5', text, i.title), qualified: fn('pg_catalog.lower', text, 'ABC') })).toEqual({
      md5: '9d127ff383d595262c67036f50493133',
      qualified: 'abc',
    })
    for (const name of ['lower(', 'a b', 'x;y', '', 'a.b.c', '"x"', "f'"]) {
      const query = at.db.from(i).select({ x: fn(name, text, i.title) })
      await expectRefusal(() => query.all(), 'QUERY_INVALID', /function name/)
    }
  })

  it('fragments bring the joins of what they mention', async () => {
    const { interview: i } = at.db.tables
    const mine = left(i.evaluations, e => e.userId.eq(1))
    const total = sql(int4)`${i.id} + ${mine.rating}`
    const query = at.db
      .from(i)
      .select({ id: i.id, twice: total.times(2) })
      .orderBy(i.id.asc())
    expect((await query.all()).map(row => row.twice)).toEqual([20, 12, null, null])
    expect(await matching(sql<boolean>(bool)`${i.title} LIKE ${value('e%')}`)).toEqual([1])
    expect((await one({ t: sql`upper(${i.title})` })).t).toBe('ENGINEER')
    for (const given of [1, 'x', null, undefined, {}, i] as never[]) {
      await expectRefusal(() => sql`${given}`, 'QUERY_INVALID', /fragment/)
    }
  })

  it('an OR in a fragment loosens no condition beside it', async () => {
    const { interview: i } = at.db.tables
    const loose = sql<boolean>(bool)`true or ${i.id} = 1`
    expect(await matching(loose, i.id.eq(2))).toEqual([2])
    expect(await matching(i.id.eq(2), and(loose))).toEqual([2])
    expect(await matching(i.id.eq(2), or(or(loose)))).toEqual([2])
    expect(await matching(not(loose))).toEqual([])
    const mine = left(i.evaluations, e => [loose, e.userId.eq(1)])
    expect(await matching(mine.rating.gt(0))).toEqual([1, 2])
    const a = some(i.evaluations)
    expect(await matching(a.rating.gt(8), sql<boolean>(bool)`true or ${a.id} = 1`)).toEqual([1])
    const grouped = at.db.from(i).select({ id: i.id }).groupBy(i.id).having(loose, i.id.eq(3))
    expect(await grouped.all()).toEqual([{ id: 3 }])
    expect(await matching(exists(i.evaluations, e => [loose, e.rating.gt(8)]))).toEqual([1])
  })

  it.skipIf(at.lacks('arrays'))('aggregated expressions in expressions', async () => {
    const { interview: i } = at.db.tables
    const query = at.db
      .from(i)
      .select({ ids: arrayAgg(i.id.times(10), { orderBy: [i.id.desc()] }), odd: cardinality(arrayAgg(i.id)) })
    expect(await query.one()).toEqual({ ids: [40, 30, 20, 10], odd: 4 })
  })
})
