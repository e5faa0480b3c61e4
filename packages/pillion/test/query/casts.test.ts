/**
 * A cast to every type that pillion knows, on every database: it runs there and reads as the type's own value, or it is
 * refused when the query is built, by the names of database and type.
 */
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  arrayOf,
  bool,
  cast,
  type Database,
  int4,
  nothing,
  pillion,
  pillionSync,
  text,
  timestamptz,
  value,
} from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { pgHost } from 'pillion/pg'
import type { DataType } from 'pillion/schema'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createMysqlDatabase, mysqlUrl } from '../../../../test/support/mysql.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { skipAloud } from '../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../test/support/sqlite.js'
import { mysql as mysqlDialect } from '../../src/compile/mysql.js'
import { scalars } from '../../src/schema/codec/scalar.js'
import { openedOnMysql } from './opened-on-mysql.js'
import { expectRefusal } from './refusal.js'

/** A text, and the value that it is cast to. */
type Sample = readonly [text: string, value: unknown]

/** Of each scalar; whichever has none here fails. */
const samples: Readonly<Record<string, Sample>> = {
  int2: ['-12', -12],
  int4: ['-12', -12],
  oid: ['12', 12],
  int8: ['-9007199254740993', -9007199254740993n],
  uint4: ['4294967295', 4294967295],
  uint8: ['18446744073709551615', 18446744073709551615n],
  int53: ['9007199254740991', 9007199254740991],
  float4: ['0.5', 0.5],
  float8: ['1e300', 1e300],
  numeric: ['1.5', expect.stringMatching(/^1\.50*$/)],
  money: ['1.5', '$1.50'],
  bool: ['false', false],
  text: ['é', 'é'],
  varchar: ['é', 'é'],
  bpchar: ['é', 'é'],
  name: ['é', 'é'],
  char: ['e', 'e'],
  xml: ['<a/>', '<a/>'],
  uuid: ['00000000-0000-0000-0000-00000000000A', '00000000-0000-0000-0000-00000000000a'],
  inet: ['::1', '::1'],
  cidr: ['10.0.0.0/8', '10.0.0.0/8'],
  macaddr: ['08002b010203', '08:00:2b:01:02:03'],
  macaddr8: ['08002b0102030405', '08:00:2b:01:02:03:04:05'],
  bit: ['101', '101'],
  varbit: ['101', '101'],
  bytea: ['ab', new Uint8Array([97, 98])],
  date: ['2026-03-29', '2026-03-29'],
  timestamp: ['2026-03-29 01:02:03', expect.stringMatching(/^2026-03-29 01:02:03(\.0+)?$/)],
  timestamptz: ['2026-03-29 01:02:03+02:00', new Date('2026-03-28T23:02:03Z')],
  time: ['01:02:03', expect.stringMatching(/^01:02:03(\.0+)?$/)],
  timetz: ['01:02:03+02', '01:02:03+02'],
  interval: ['1 day', '1 day'],
  json: ['{"a": 1}', { a: 1 }],
  jsonb: ['{"a": 1}', { a: 1 }],
  set: ['a,b', 'a,b'],
  any: ['a', 'a'],
}

const mood: DataType = { kind: 'enum', schema: 'public', name: 'mood', labels: ['sad', 'ok'] }
const pair: DataType = {
  kind: 'composite',
  schema: 'public',
  name: 'pair',
  fields: [
    { name: 'a', type: int4 },
    { name: 'b', type: text },
  ],
}
const span: DataType = { kind: 'range', schema: 'pg_catalog', name: 'int4range', subtype: int4 }

/** Of types that are made of others. */
const made: readonly (readonly [name: string, type: DataType, sample: Sample])[] = [
  ['mood', mood, ['ok', 'ok']],
  ['positive', { kind: 'domain', schema: 'public', name: 'positive', base: int4, notNull: false }, ['7', 7]],
  ['int4[]', arrayOf(int4), ['{1,NULL}', [1, null]]],
  ['mood[]', arrayOf(mood), ['{ok}', ['ok']]],
  ['uint4[]', arrayOf({ kind: 'base', name: 'uint4' }), ['{1}', [1]]],
  ['pair', pair, ['(1,x)', { a: 1, b: 'x' }]],
  ['int4range', span, ['[1,3)', expect.objectContaining({ lower: 1, upper: 3 })]],
  [
    'int4multirange',
    { kind: 'multirange', schema: 'pg_catalog', name: 'int4multirange', subtype: int4 },
    ['{[1,3)}', [expect.objectContaining({ lower: 1, upper: 3 })]],
  ],
  ['mysql time', { kind: 'base', schema: 'mysql', name: 'time' }, ['-101:02:03', expect.stringMatching(/^-101:02:03/)]],
]

const every = [
  ...[...scalars.keys()].map(name => [name, { kind: 'base', name } as DataType, samples[name]] as const),
  ...made,
]

/** Types of PostgreSQL's that no other database here has. */
const postgresOnly =
  'oid money xml uuid inet cidr macaddr macaddr8 bit varbit timetz interval set mood int4[] mood[] uint4[] pair int4range int4multirange'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

interface Opened {
  readonly db: Database<Any>
  close(): unknown
}

const table = 'create table one (id int primary key); insert into one values (1)'

async function onPostgres(): Promise<Opened> {
  const database = await createDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  pool.on('error', () => {})
  await pool.query(`${table}; create type mood as enum ('sad', 'ok'); create type pair as (a int, b text);
    create domain positive as int check (value > 0)`)
  return { db: await pillion(pgHost(pool)), close: () => pool.end().then(database.drop) }
}

const onMysqlFamily = (create: typeof createMariadbDatabase): Promise<Opened> =>
  openedOnMysql(create, `set time_zone = '+09:30'; ${table}`)

async function onSqlite(): Promise<Opened> {
  const sqlite = new Sqlite(':memory:')
  sqlite.exec(table)
  return { db: pillionSync(betterSqlite3Host(sqlite)), close: () => sqlite.close() }
}

interface Ground {
  readonly name: string
  readonly lacking: boolean
  readonly refused: readonly string[]
  open(): Promise<Opened>
}

const lists = {
  postgres: 'uint4 uint8 int53 set any uint4[] mysql&time',
  mysqlFamily: `${postgresOnly} timestamptz any`,
  sqlite: `${postgresOnly} uint8 time mysql&time`,
}
const namesOf = (list: string): readonly string[] => list.split(' ').map(name => name.replace('&', ' '))

const grounds: readonly Ground[] = [
  { name: 'PostgreSQL', lacking: false, refused: namesOf(lists.postgres), open: onPostgres },
  {
    name: 'MariaDB',
    lacking: skipAloud('mariadb', mariadbUrl(), 'install mariadb-server'),
    refused: namesOf(lists.mysqlFamily),
    open: () => onMysqlFamily(createMariadbDatabase),
  },
  {
    name: 'MySQL',
    lacking: skipAloud('mysql', mysqlUrl(), 'npm run mysql'),
    refused: namesOf(lists.mysqlFamily),
    open: () => onMysqlFamily(createMysqlDatabase),
  },
  {
    name: 'SQLite',
    lacking: skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite'),
    refused: namesOf(lists.sqlite),
    open: onSqlite,
  },
]

describe.each(grounds)('on $name', ({ name: database, lacking, refused, open }) => {
  let opened: Opened
  beforeAll(async () => {
    if (!lacking) opened = await open()
  })
  afterAll(() => opened?.close())
  const asked = (selected: unknown) => opened.db.from(opened.db.tables.one).select({ x: selected } as Any) as Any

  test.skipIf(lacking).each(every)('a cast to %s', async (name, type, sample) => {
    expect(sample, 'a sample of the type').toBeDefined()
    const [from, to] = sample as Sample
    const query = asked(cast(value(from), type))
    if (refused.includes(name)) {
      const words = new RegExp(`^NOT_IN_DIALECT: ${database} does not have .*${(type as { name?: string }).name ?? ''}`)
      await expectRefusal(() => query.toSQL(), 'NOT_IN_DIALECT', words)
    } else {
      expect(await query.one()).toEqual({ x: to })
      expect(await asked(cast(nothing(text), type)).one()).toEqual({ x: null })
    }
  })

  test.skipIf(lacking)('a value is what it is, whatever the one before it was', async () => {
    expect(await asked(value(1)).one()).toEqual({ x: 1 })
    expect(await asked(value('x')).one()).toEqual({ x: 'x' })
    expect(await asked(value(1.5)).one()).toEqual({ x: 1.5 })
    expect(await asked(value('y')).one()).toEqual({ x: 'y' })
    const bytes = new Uint8Array([0xff, 0, 0x61])
    expect(await asked(value(bytes, { kind: 'base', name: 'bytea' })).one()).toEqual({ x: bytes })
    expect(await asked(value(true)).one()).toEqual({ x: true })
  })

  test.skipIf(lacking)('what is of a type already stays so', async () => {
    for (const [name, type] of every) {
      if (database === 'PostgreSQL' && refused.includes(name)) continue
      expect(await asked(nothing(type)).one(), name).toEqual({ x: null })
    }
  })

  test.skipIf(lacking)('a value of a type that no cast names is refused, too', async () => {
    const query = asked(value(5, { kind: 'base', name: 'uint4' }))
    if (database !== 'PostgreSQL') return expect(await query.one()).toEqual({ x: 5 })
    await expectRefusal(() => query.toSQL(), 'NOT_IN_DIALECT', /^NOT_IN_DIALECT: PostgreSQL does not have .* uint4/)
  })

  test.skipIf(lacking)('words for true and false are what they say', async () => {
    for (const [word, truth] of Object.entries({ t: true, TRUE: true, on: true, f: false, no: false, '0': false })) {
      expect(await asked(cast(value(word), bool)).one(), word).toEqual({ x: truth })
    }
  })
})

test('MySQL refuses what MariaDB does', () => {
  const refusedBy = every.flatMap(([name, type]) => (mysqlDialect.cast('x', type, text) === undefined ? [name] : []))
  expect(refusedBy.toSorted()).toEqual(namesOf(lists.mysqlFamily).toSorted())
  expect(mysqlDialect.cast('x', timestamptz, { kind: 'base', name: 'timestamp' })).toBe('CAST(x AS DATETIME(6))')
})

test('MySQL is told of a text that it is one, where nothing else says so', () => {
  const types: readonly DataType[] = [
    { kind: 'base', name: 'bytea' },
    text,
    { kind: 'base', name: 'uint8' },
    { kind: 'base', name: 'time' },
    int4,
    timestamptz,
  ]
  const printed = types.map(type => [mysqlDialect.typed('?', type), mysqlDialect.beside('?', type)])
  const moment = "CONVERT_TZ(CAST(? AS DATETIME(6)), '+00:00', @@session.time_zone)"
  expect(printed).toEqual([
    ['CAST(? AS BINARY)', '?'],
    ['CONCAT(?)', '?'],
    ['CAST(CONCAT(?) AS UNSIGNED)', 'CAST(CONCAT(?) AS UNSIGNED)'],
    ['CAST(CONCAT(?) AS TIME(6))', 'CAST(CONCAT(?) AS TIME(6))'],
    ['?', '?'],
    [moment, moment],
  ])
})
