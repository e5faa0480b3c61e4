import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import * as types from '../../src/schema/base-types.js'
import { codecOf } from '../../src/schema/codec.js'
import { mysqlCodecOf } from '../../src/schema/codec/mysql.js'
import type { CompositeType, DataType, DomainType, EnumType, RangeType } from '../../src/schema/model.js'

const { arrayOf, sqlName } = types

const mood: EnumType = {
  kind: 'enum',
  schema: 'odd "schema"',
  name: 'Mood',
  labels: ['sad', 'o,k', 'it\'s "so\\so"', ''],
}
const pair: CompositeType = {
  kind: 'composite',
  schema: 'public',
  name: 'pair',
  fields: [
    { name: 'a', type: types.int4 },
    { name: '__proto__', type: types.text },
    { name: 'moods', type: arrayOf(mood) },
  ],
}
const nested: CompositeType = {
  kind: 'composite',
  schema: 'public',
  name: 'nested',
  fields: [
    { name: 'pair', type: pair },
    { name: 'when', type: types.timestamptz },
  ],
}
const positive: DomainType = { kind: 'domain', schema: 'public', name: 'positive', base: types.int4, notNull: false }
const range = (name: string, subtype: DataType, schema = 'pg_catalog'): RangeType => ({
  kind: 'range',
  schema,
  name,
  subtype,
})
const int4range = range('int4range', types.int4)
const numrange = range('numrange', types.numeric)
const tstzrange = range('tstzrange', types.timestamptz)
const textrange = range('textrange', types.text, 'public')
const nummultirange: RangeType = {
  kind: 'multirange',
  schema: 'pg_catalog',
  name: 'nummultirange',
  subtype: types.numeric,
}

let database: { url: string; drop(): Promise<void> }
let client: pg.Client

beforeAll(async () => {
  database = await createDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  await client.query(`
    create schema "odd ""schema""";
    create type "odd ""schema"""."Mood" as enum ('sad', 'o,k', 'it''s "so\\so"', '');
    create type pair as (a int, "__proto__" text, moods "odd ""schema"""."Mood"[]);
    create type nested as (pair pair, "when" timestamptz);
    create domain positive as int check (value > 0);
    create type textrange as range (subtype = text, collation = "C");
  `)
})

afterAll(async () => {
  await client?.end()
  await database?.drop()
})

/** The text of one cell, as it came over the wire. */
async function cell(sql: string, ...values: (string | null)[]): Promise<string> {
  const config = {
    text: sql,
    values,
    rowMode: 'array' as const,
    types: { getTypeParser: () => (value: string) => value },
  }
  const { rows } = await client.query(config)
  return (rows as [[string]])[0][0]
}

const roundTrip = async (type: DataType, value: unknown): Promise<unknown> => {
  const codec = codecOf(type)
  expect(codec.accepts(value)).toBe(true)
  return codec.decode(await cell(`select $1::${sqlName(type)}`, codec.encode(value)))
}

const characters = fc.oneof(
  fc.constantFrom('"', '\\', ',', '{', '}', '(', ')', "'", ' ', 'NULL', ';', '[', ']', '\n', 'é', '🏍'),
  fc.string({ unit: 'binary', maxLength: 1 }).map(text => text.replaceAll('\0', '')),
)
const anyText = fc.array(characters, { maxLength: 8 }).map(parts => parts.join(''))
const anyInt4 = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 })
const anyInstant = fc.date({
  min: new Date('-004000-01-01T00:00:00Z'),
  max: new Date('+200000-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(999_999))
  .map(([whole, rest]) => `${whole}.${String(rest).padStart(6, '0')}`)
const anyDay = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(day => day.toISOString().slice(0, 10))
const anyClock = fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999)).map(([h, m, s, f]) => {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(h)}:${two(m)}:${two(s)}${f === 0 ? '' : `.${String(f).padStart(6, '0').replace(/0+$/, '')}`}`
})
const anyMood = fc.constantFrom(...mood.labels)
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 })
const anyPair = fc
  .tuple(orNull(anyInt4), orNull(anyText), orNull(fc.array(orNull(anyMood), { maxLength: 3 })))
  .map(([a, proto, moods]) =>
    Object.fromEntries<unknown>([
      ['a', a],
      ['__proto__', proto],
      ['moods', moods],
    ]),
  )
const anyRange = <T>(bound: fc.Arbitrary<T>, order: (a: T, b: T) => number) =>
  fc.oneof(
    fc.constant({ empty: true as const }),
    fc
      .tuple(orNull(bound), orNull(bound), fc.boolean(), fc.boolean())
      .filter(([a, b]) => a === null || b === null || order(a, b) < 0)
      .map(([lower, upper, low, high]) => ({
        empty: false as const,
        lower,
        lowerInclusive: low && lower !== null,
        upper,
        upperInclusive: high && upper !== null,
      })),
  )
// JSON has no negative zero.
const anyDocument = fc
  .jsonValue()
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)
  .filter(value => value !== null)
const bySize = (a: number | Date, b: number | Date): number => Number(a) - Number(b)
// 'C' collation sorts by bytes.
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const matrix = <T>(element: fc.Arbitrary<T>) =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
    fc.array(fc.array(orNull(element), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )

const everyType: readonly (readonly [label: string, type: DataType, value: fc.Arbitrary<unknown>])[] = [
  ['int2', types.int2, fc.integer({ min: -32_768, max: 32_767 })],
  ['int4', types.int4, anyInt4],
  ['oid', types.oid, fc.integer({ min: 0, max: 4_294_967_295 })],
  ['int8', types.int8, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [
    'float4',
    types.float4,
    fc.oneof(
      fc.integer({ min: -99_999, max: 99_999 }).map(n => n / 8),
      fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, -0),
    ),
  ],
  ['float8', types.float8, fc.double()],
  ['numeric', types.numeric, fc.oneof(anyDecimal, fc.constantFrom('NaN'))],
  ['bool', types.bool, fc.boolean()],
  ['text', types.text, anyText],
  ['varchar', types.varchar, anyText],
  ['bpchar', types.bpchar, anyText],
  ['"char"', { kind: 'base', name: 'char' }, fc.constantFrom('a', '"', '')],
  ['bit', types.bit, fc.constantFrom('101', '0', '11111111111')],
  ['uuid', types.uuid, fc.uuid()],
  ['inet', types.inet, fc.ipV4()],
  ['bytea', types.bytea, fc.uint8Array({ maxLength: 40 })],
  ['date', types.date, fc.oneof(anyDay, fc.constantFrom('infinity', '0044-03-15 BC', '12345-01-01'))],
  ['time', types.time, anyClock],
  [
    'timestamp',
    types.timestamp,
    fc.oneof(
      fc.tuple(anyDay, anyClock).map(parts => parts.join(' ')),
      fc.constantFrom('-infinity', '0044-03-15 10:00:00 BC'),
    ),
  ],
  ['timestamptz', types.timestamptz, anyInstant],
  ['json', types.json, anyDocument],
  ['jsonb', types.jsonb, anyDocument],
  ['an enumeration', mood, anyMood],
  ['a domain', positive, fc.integer({ min: 1, max: 99 })],
  ['int4[]', arrayOf(types.int4), fc.array(orNull(anyInt4))],
  ['text[]', arrayOf(types.text), fc.array(orNull(anyText))],
  ['text[][]', arrayOf(arrayOf(types.text)), matrix(anyText)],
  ['jsonb[]', arrayOf(types.jsonb), fc.array(orNull(fc.constantFrom<unknown>([1, [2]], { a: '"{' }, 'NULL', 5)))],
  ['timestamptz[]', arrayOf(types.timestamptz), fc.array(orNull(anyInstant))],
  ['bytea[]', arrayOf(types.bytea), fc.array(orNull(fc.uint8Array({ maxLength: 5 })))],
  ['an array of enumerations', arrayOf(mood), fc.array(orNull(anyMood))],
  ['box[]', arrayOf({ kind: 'base', name: 'box' }), fc.array(orNull(fc.constantFrom('(2,2),(1,1)', '(4,4),(0,0)')))],
  ['a row', pair, anyPair],
  ['a row in a row', nested, fc.record({ pair: orNull(anyPair), when: orNull(anyInstant) })],
  ['an array of rows', arrayOf(pair), fc.array(orNull(anyPair), { maxLength: 3 })],
  ['numrange', numrange, anyRange(fc.integer().map(String), (a, b) => Number(a) - Number(b))],
  ['tstzrange', tstzrange, anyRange(anyInstant, bySize)],
  ['a range of text', textrange, anyRange(anyText, byBytes)],
  ['an array of ranges', arrayOf(tstzrange), fc.array(orNull(anyRange(anyInstant, bySize)), { maxLength: 3 })],
  [
    'a multirange',
    nummultirange,
    fc.constantFrom(
      [],
      [
        { empty: false, lower: '1', lowerInclusive: true, upper: '2', upperInclusive: false },
        { empty: false, lower: '3.5', lowerInclusive: false, upper: null, upperInclusive: false },
      ],
    ),
  ],
]

describe('a value goes to the server and comes back the same', () => {
  it.each(everyType)('%s', async (_label, type, value) => {
    await fc.assert(
      fc.asyncProperty(value, async given => {
        expect(await roundTrip(type, given)).toEqual(given)
      }),
      { numRuns: 60 },
    )
  })
})

describe('what the server prints', () => {
  const decoded = async (type: DataType, sql: string): Promise<unknown> =>
    codecOf(type).decode(await cell(`select ${sql}`))

  it('reads numbers as numbers only where none loses a digit', async () => {
    expect(await decoded(types.int8, '9007199254740993::int8')).toBe(9_007_199_254_740_993n)
    expect(await decoded(types.numeric, '0.10::numeric')).toBe('0.10')
    expect(await decoded(types.float8, "'NaN'::float8")).toBe(Number.NaN)
    expect(await decoded(types.float8, "'-Infinity'::float8")).toBe(Number.NEGATIVE_INFINITY)
    expect(await decoded(types.float8, "'-0'::float8")).toBe(-0)
    expect(await decoded(types.money, "'12.50'::money::numeric")).toBe('12.50')
  })

  it('reads both forms of a boolean', async () => {
    expect(await decoded(types.bool, 'true')).toBe(true)
    expect(await decoded(types.bool, 'true::text')).toBe(true)
    expect(await decoded(types.bool, 'false::text')).toBe(false)
  })

  it.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Europe/Amsterdam', 'Pacific/Apia'])(
    'reads one instant the same in every time zone: %s',
    async zone => {
      await client.query(`set time zone '${zone}'`)
      for (const instant of ['2026-11-23 15:24:53.123999+00', '1969-12-31 23:59:59.9999+00', '1850-06-01 12:00:00+00'])
        expect(await decoded(types.timestamptz, `'${instant}'::timestamptz`)).toEqual(
          new Date(
            instant
              .replace(' ', 'T')
              .replace(/(\.\d{3})\d*/, '$1')
              .replace('+00', 'Z'),
          ),
        )
      expect(await decoded(types.timestamptz, "'0044-03-15 12:00:00+00 BC'::timestamptz")).toEqual(
        new Date('-000043-03-15T12:00:00Z'),
      )
      expect(await decoded(types.timestamptz, "'0050-01-01 00:00:00+00'::timestamptz")).toEqual(
        new Date('0050-01-01T00:00:00Z'),
      )
      await client.query('reset time zone')
    },
  )

  it('refuses an infinite instant, for a Date has none', async () => {
    await expect(decoded(types.timestamptz, "'infinity'::timestamptz")).rejects.toMatchObject({ code: 'DECODE_FAILED' })
    expect(await decoded(types.timestamp, "'infinity'::timestamp")).toBe('infinity')
  })

  it('refuses what is no number in a column that was one when it was reflected', () => {
    for (const type of [types.int2, types.int4, types.float4, types.float8]) {
      for (const found of ['x', '2026-11-23 00:00:00', 't']) {
        expect(() => codecOf(type).decode(found)).toThrow(/DECODE_FAILED.*\n.*refresh/)
        expect(() => mysqlCodecOf(type).decode(found)).toThrow(/DECODE_FAILED.*\n.*refresh/)
      }
      expect(codecOf(type).decode('7')).toBe(7)
      expect(mysqlCodecOf(type).decode(7)).toBe(7)
    }
    for (const found of ['x', '2026-11-23 00:00:00', '1.5']) {
      expect(() => codecOf(types.int8).decode(found)).toThrow(/DECODE_FAILED.*\n.*refresh/)
      expect(() => mysqlCodecOf(types.int8).decode(found)).toThrow(/DECODE_FAILED.*\n.*refresh/)
    }
    for (const digits of ['0', '-7', '999999999999999', '9007199254740993', '-9223372036854775808']) {
      expect(codecOf(types.int8).decode(digits)).toBe(BigInt(digits))
      expect(mysqlCodecOf(types.int8).decode(digits)).toBe(BigInt(digits))
    }
    expect(codecOf(types.float8).decode('NaN')).toBeNaN()
  })

  it('refuses dates that are not in ISO form, naming DateStyle', async () => {
    for (const style of ['SQL', 'German', 'Postgres']) {
      await client.query(`set DateStyle = '${style}'`)
      for (const type of [types.date, types.timestamp, types.timestamptz])
        await expect(decoded(type, `'2026-11-23'::${type.name}`)).rejects.toThrow(/DECODE_FAILED.*\n.*DateStyle/)
    }
    await client.query('reset DateStyle')
    expect(await decoded(types.date, "'2026-11-23'::date")).toBe('2026-11-23')
  })

  describe('intervals', () => {
    const spans = [
      '1 year 2 mons -3 days 04:05:06.789',
      '-1 year 2 mons',
      '-1 mon +3 days',
      '-1 day -4 hours',
      '-1 day +4 hours',
      '-00:00:01',
      '200:00:00',
      '0',
    ]
    const styles = ['postgres', 'postgres_verbose', 'iso_8601', 'sql_standard']
    afterAll(() => client.query('reset IntervalStyle'))

    const parts = async (span: string, values: readonly unknown[] = []): Promise<unknown> => {
      const all = ['year', 'month', 'day', 'epoch'].map(part => `extract(${part} from ${span}::interval) as ${part}`)
      return (await client.query(`select ${all.join(', ')}`, [...values])).rows
    }

    it.each(['postgres', 'postgres_verbose', 'iso_8601'])(
      'printed as %s are read back as the same by all',
      async style => {
        for (const span of spans) {
          await client.query('set IntervalStyle = postgres')
          const exact = await parts(`'${span}'`)
          await client.query(`set IntervalStyle = ${style}`)
          const text = await decoded(types.interval, `'${span}'::interval`)
          for (const other of styles) {
            await client.query(`set IntervalStyle = ${other}`)
            expect([span, other, await parts('$1', [text])]).toEqual([span, other, exact])
          }
        }
      },
    )

    it('in sql_standard are refused, naming IntervalStyle', async () => {
      await client.query('set IntervalStyle = sql_standard')
      for (const span of ['1 year 2 mons', '-1 day -4 hours', '3 days', '0', '1 mon 1 day', '04:05:06'])
        await expect(decoded(types.interval, `'${span}'::interval`)).rejects.toThrow(/DECODE_FAILED.*\n.*IntervalStyle/)
    })
  })

  it('reads bytea in both output forms', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    for (const form of ['escape', 'hex']) {
      await client.query(`set bytea_output = ${form}`)
      expect(await decoded(types.bytea, `'\\x${Buffer.from(bytes).toString('hex')}'::bytea`)).toEqual(bytes)
    }
    await client.query('reset bytea_output')
  })

  it('gives bytes a buffer of their own', () => {
    const bytes = codecOf(types.bytea).decode('\\x0102') as Uint8Array
    expect(bytes.buffer.byteLength).toBe(2)
    expect(() => codecOf(types.bytea).decode('\\x01zz')).toThrow(/DECODE_FAILED/)
  })

  it('drops the lower bounds of arrays, and nests as deep as the text', async () => {
    expect(await decoded(arrayOf(types.int4), "'[0:2]={1,NULL,3}'::int[]")).toEqual([1, null, 3])
    expect(await decoded(arrayOf(types.int4), "'[-1:0][3:4]={{1,2},{3,4}}'::int[]")).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(await decoded(arrayOf(types.text), "array['NULL', null, '']")).toEqual(['NULL', null, ''])
    expect(await decoded(arrayOf(arrayOf(types.int4)), "'{}'::int[]")).toEqual([])
  })

  it('refuses a damaged array or row', () => {
    for (const damaged of ['{1', '{"a', '1,2', ''])
      expect(() => codecOf(arrayOf(types.text)).decode(damaged)).toThrow(/DECODE_FAILED/)
    for (const damaged of ['(1', '(1,2)', '(1,2,3,4)', '1,2,3'])
      expect(() => codecOf(pair).decode(damaged)).toThrow(/DECODE_FAILED/)
    expect(codecOf(pair).decode('(1,2,)')).toEqual(
      Object.fromEntries<unknown>([
        ['a', 1],
        ['__proto__', '2'],
        ['moods', null],
      ]),
    )
  })

  it('reads types it does not know as text', async () => {
    expect(await decoded({ kind: 'base', schema: 'public', name: 'hstore' }, "'a=>1'::text")).toBe('a=>1')
    expect(await decoded({ kind: 'base', name: 'point' }, "'(1,2)'::point")).toBe('(1,2)')
    expect(await decoded(types.tsvector, "'a b'::tsvector")).toBe("'a' 'b'")
  })
})

describe("where the driver's own parsers mean the same", () => {
  const valuesOf = new Map(everyType.map(([label, , value]) => [label, value]))
  const shared: readonly (readonly [label: string, type: DataType, oid: number])[] = [
    ['int2', types.int2, 21],
    ['int4', types.int4, 23],
    ['oid', types.oid, 26],
    ['float4', types.float4, 700],
    ['float8', types.float8, 701],
    ['bool', types.bool, 16],
    ['text', types.text, 25],
    ['numeric', types.numeric, 1700],
    ['bytea', types.bytea, 17],
    ['timestamptz', types.timestamptz, 1184],
    ['jsonb', types.jsonb, 3802],
    ['int4[]', arrayOf(types.int4), 1007],
    ['text[]', arrayOf(types.text), 1009],
    ['text[][]', arrayOf(arrayOf(types.text)), 1009],
  ]

  it.each(shared)('%s decodes to the same value', async (label, type, oid) => {
    const codec = codecOf(type)
    const parse: (text: string) => unknown = pg.types.getTypeParser(oid, 'text')
    await fc.assert(
      fc.asyncProperty(valuesOf.get(label) as fc.Arbitrary<unknown>, async given => {
        const text = await cell(`select $1::${sqlName(type)}`, codec.encode(given))
        const theirs = parse(text)
        expect(codec.decode(text)).toEqual(Buffer.isBuffer(theirs) ? new Uint8Array(theirs) : theirs)
      }),
      { numRuns: 40 },
    )
  })
})

describe('in a JSON document', () => {
  it.each(everyType)('%s is exact: native, or cast to text', async (_label, type, value) => {
    const codec = codecOf(type)
    await fc.assert(
      fc.asyncProperty(value, async given => {
        const cast = codec.json === 'text' ? '::text' : ''
        const document = await cell(`select jsonb_build_array(($1::${sqlName(type)})${cast})`, codec.encode(given))
        const [inside] = JSON.parse(document) as [unknown]
        const found = codec.json === 'text' ? codec.decode(inside as string) : inside
        expect(found).toEqual(codec.decode(await cell(`select $1::${sqlName(type)}`, codec.encode(given))))
      }),
      { numRuns: 15 },
    )
  })
})

describe('accepts', () => {
  const cases: readonly (readonly [
    label: string,
    type: DataType,
    good: readonly unknown[],
    bad: readonly unknown[],
  ])[] = [
    ['int4', types.int4, [0, -2_147_483_648, 2_147_483_647], [1.5, 2_147_483_648, '1', 1n, Number.NaN, true]],
    ['int2', types.int2, [32_767], [32_768, '1']],
    ['int8', types.int8, [1n, 5, 2n ** 63n - 1n], [2n ** 63n, 2 ** 60, 1.5, '1']],
    ['numeric', types.numeric, ['1.50', '-.5', '1e9', 'NaN', 1.5, 10n], ['', 'one', '1,5', true, new Date()]],
    ['float8', types.float8, [1.5, Number.NaN, Number.POSITIVE_INFINITY], ['1.5', 1n]],
    ['bool', types.bool, [true, false], [1, 'true']],
    ['text', types.text, ['', 'a', '🏍'], [1, 'a\0b', 'half \ud83c', Symbol('a'), {}]],
    ['uuid', types.uuid, ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], ['a0eebc99', '']],
    [
      'timestamptz',
      types.timestamptz,
      [new Date(0), '2026-11-23T10:00:00Z', '2026-11-23 10:00:00.123456+05:30', 'infinity'],
      [new Date(Number.NaN), '2026-11-23 10:00', '2026-11-23', 0],
    ],
    ['timestamp', types.timestamp, ['2026-11-23 10:00:00', '2026-11-23'], [new Date(0), '2026-11-23T10:00:00Z', 'now']],
    ['date', types.date, ['2026-11-23', '0044-03-15 BC'], [new Date(0), '2026-11-23 10:00', 'today']],
    ['time', types.time, ['10:00', '10:00:00.5'], ['10', '10:00+02']],
    ['timetz', types.timetz, ['10:00+02', '10:00:00Z'], ['10:00']],
    ['bytea', types.bytea, [new Uint8Array(2), Buffer.from('a')], ['\\x00', [1], new Uint16Array(1)]],
    ['jsonb', types.jsonb, [1, 'a', [], { a: null }, false], [undefined, () => 1, 1n, Number.NaN, { a: Number.NaN }]],
    ['an enumeration', mood, ['sad', ''], ['happy', 'constructor', 1]],
    ['int4[]', arrayOf(types.int4), [[], [1, null]], [1, ['1'], [[1]], [undefined]]],
    ['int4[][]', arrayOf(arrayOf(types.int4)), [[], [[1], [null]]], [[1], [[1], [2, 3]], [[]], [null]]],
    ['a row', pair, [{}, { a: 1 }, { a: null, moods: ['sad'] }], [[], { b: 1 }, { a: 'x' }, 'x']],
    [
      'int4range',
      int4range,
      [{ empty: true }, { empty: false, lower: 1, lowerInclusive: true, upper: null, upperInclusive: false }],
      [
        {},
        '[1,2)',
        { empty: false, lower: '1', lowerInclusive: true, upper: null, upperInclusive: false },
        { empty: false, lower: 1, lowerInclusive: true, upperInclusive: false },
      ],
    ],
  ]

  it.each(cases)('%s', (_label, type, good, bad) => {
    const { accepts } = codecOf(type)
    expect(good.filter(value => !accepts(value))).toEqual([])
    expect(bad.filter(value => accepts(value))).toEqual([])
  })

  it('refuses a circular document', () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(codecOf(types.jsonb).accepts(circle)).toBe(false)
  })
})

describe('types', () => {
  it('prints TypeScript', () => {
    expect(codecOf(types.int8).ts).toBe('bigint')
    expect(codecOf(mood).ts).toBe(`'sad' | 'o,k' | 'it\\'s "so\\\\so"' | ''`)
    expect(codecOf(arrayOf(arrayOf(types.int4))).ts).toBe('(number | null)[][]')
    expect(codecOf(positive).ts).toBe('number')
    expect(codecOf(tstzrange).ts).toBe('p.Range<Date>')
    expect(codecOf(nummultirange).ts).toBe('p.Range<string>[]')
    expect(codecOf(pair).ts).toContain(`{ a: number | null; '__proto__': string | null; moods: (`)
  })

  it('prints casts', () => {
    expect(sqlName(arrayOf(mood))).toBe('"odd ""schema"""."Mood"[]')
    expect(sqlName(positive)).toBe('int4')
    expect(sqlName({ kind: 'base', name: 'numeric', modifier: '10,2' })).toBe('numeric')
    expect(sqlName(types.bit)).toBe('"bit"')
  })

  it('tells types apart by the catalogue', () => {
    expect(types.sameType(types.numeric, { kind: 'base', name: 'numeric', modifier: '10,2' })).toBe(true)
    expect(types.sameType(arrayOf(types.int4), arrayOf(arrayOf(types.int4)))).toBe(true)
    expect(types.sameType(types.int4, positive)).toBe(false)
    expect(types.sameType(mood, { ...mood, schema: 'public' })).toBe(false)
    expect(types.sameType(arrayOf(types.int4), types.int4)).toBe(false)
  })

  it('makes one codec a type', () => {
    expect(codecOf(pair)).toBe(codecOf(pair))
    expect(Object.isFrozen(codecOf(pair))).toBe(true)
  })
})
