/**
 * SQLite stores any value in any column. What a column gives is the same by itself, in a list and in the first row of a relation: the
 * value, or a refusal at all three.
 */
import Sqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { type Database, first, isPillionError, list, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'

const types = [
  'INTEGER',
  'BIGINT',
  'REAL',
  'NUMERIC',
  'DECIMAL(10, 2)',
  'BOOLEAN',
  'DATETIME',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'JSON',
  'TEXT',
  'VARCHAR(10)',
  'BLOB',
  '',
  'UUID',
]

const cells = [
  'null',
  '0',
  '1',
  '-1',
  '9223372036854775807',
  '-9223372036854775808',
  '9007199254740993',
  '0.1',
  '-0.0',
  '1e15',
  '0.30000000000000004',
  '123456789.123456789',
  `''`,
  `'abc'`,
  `'a"b\\c'`,
  `'1'`,
  `'1.50'`,
  `' 1'`,
  `'null'`,
  `'true'`,
  `'é😀' || char(10, 9)`,
  `'a' || char(0) || 'b'`,
  `x''`,

  `x'00ff'`,
  `x'00112233445566778899aabbccddeeff'`,
  `'2020-01-01'`,
  `'2020-01-01 00:00:00'`,
  `'2020-01-01T00:00:00.123Z'`,
  `'{"a": 1.0}'`,
  `'[1, 12345678901234567890]'`,
  '1577836800000',
  'char(8232, 1)',
  `'00112233-4455-6677-8899-aabbccddeeff'`,
  `'10:00:00'`,
]

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const database = new Sqlite(':memory:')
afterAll(() => void database.close())

const refused = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    expect(isPillionError(error) && error.code).toMatch(/^(DECODE|STATEMENT)_FAILED$/)
    return 'refused'
  }
}

database.exec('create table owner (id integer primary key); insert into owner values (1)')
types.forEach((type, at) => {
  const rows = cells.map((cell, id) => `(${id}, 1, ${cell}, ${cell})`).join()
  database.exec(
    `create table held${at} (id integer primary key, owner_id int not null references owner, v ${type}, "v?" ${type})`,
  )
  database.exec(`insert into held${at} values ${rows}`)
})
const db: Database<Any> = pillionSync(betterSqlite3Host(database))

// a question mark in a name stands for no value
const columns = types.flatMap((type, at) => [
  { type, at, name: 'v' },
  { type, at, name: 'v?' },
])

test.each(columns)('what a column $name of type $type holds', ({ at, name }) => {
  const { owner } = db.tables
  const held = db.tables[`held${at}`]
  const relation = owner[`held${at}`]
  cells.forEach((cell, id) => {
    const where = (each: Any) => each.id.eq(id)
    const alone = refused(() => (db.from(held).where(where(held)).select({ v: held.v }).oneSync() as Any).v)
    expect(
      refused(
        () =>
          (
            db
              .from(held)
              .where(where(held))
              .select({ v: held[name] } as Any)
              .oneSync() as Any
          ).v,
      ),
      `${cell} by itself`,
    ).toEqual(alone)
    const listed = list(relation, (each: Any) => ({ v: each[name] }), { where })
    const one = first(relation, { where, orderBy: (each: Any) => each.id.asc() } as Any) as Any
    const inside = refused(
      () =>
        (
          db
            .from(owner)
            .select({ all: listed } as Any)
            .oneSync() as Any
        ).all[0].v,
    )
    expect(inside, `${cell} in a list`).toEqual(alone)
    expect(
      refused(() => (db.from(owner).select({ v: one[name] }).oneSync() as Any).v),
      `${cell} of the first`,
    ).toEqual(alone)
  })
})
