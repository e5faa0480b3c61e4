import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { left, list, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import Sqlite from 'better-sqlite3'

// as many as no loop reads: after some hundred rows the reader of a shape is made anew
const rows = 1200

let database: Sqlite.Database
beforeAll(() => {
  database = new Sqlite(':memory:')
  database.exec(`
    create table team (id integer primary key, name text not null);
    create table item (id integer primary key, label text, whole bigint not null, team_id integer references team);
    insert into team values (1, 'one'), (2, 'two');
    insert into item with recursive s (n) as (select 1 union all select n + 1 from s where n < ${rows})
      select n, iif(n % 3 = 0, null, 'row ' || n), n * 1000000007, nullif(n % 3, 0) from s;
  `)
})
afterAll(() => database.close())

const keys = ['plain', '__proto__', 'constructor', '0', 'with "quotes"', 'a\u2028b', '${x}', '*/ }']

it('reads every row of a statement alike, the first and those after many', () => {
  const db = pillionSync<{ item: object; team: object }>(betterSqlite3Host(database)) as never as Loose
  const { item } = db.tables
  const mine = left(item.team)
  const shape = { id: item.id, label: item.label, whole: item.whole, team: mine, nest: { label: item.label } }
  const read = db.from(item).select(shape).orderBy(item.id.asc()).allSync()
  expect(read).toEqual(
    Array.from({ length: rows }, (_, i) => {
      const id = i + 1
      const label = id % 3 === 0 ? null : `row ${id}`
      const team = id % 3 === 0 ? null : { id: id % 3, name: id % 3 === 1 ? 'one' : 'two' }
      return { id, label, whole: BigInt(id) * 1000000007n, team, nest: { label } }
    }),
  )
  expect(new Set(read.map((row: object) => Object.keys(row).join()))).toEqual(new Set(['id,label,whole,team,nest']))
})

it('reads lists of many rows', () => {
  const db = pillionSync<{ item: object; team: object }>(betterSqlite3Host(database)) as never as Loose
  const { team } = db.tables
  const items = list(team.items, (each: Loose) => ({ id: each.id, whole: each.whole }), {
    orderBy: (e: Loose) => e.id.asc(),
  })
  for (let i = 0; i < 3; i++) {
    const [first] = db.from(team).select({ items }).orderBy(team.id.asc()).allSync()
    const ids = Array.from({ length: rows / 3 }, (_, n) => 3 * n + 1)
    expect(first.items).toEqual(ids.map(id => ({ id, whole: BigInt(id) * 1000000007n })))
  }
})

it.each(keys)('keeps the key %j as it is', key => {
  const db = pillionSync<{ item: object }>(betterSqlite3Host(database)) as never as Loose
  const { item } = db.tables
  const read = db
    .from(item)
    .select({ [key]: item.id, other: item.label })
    .orderBy(item.id.asc())
    .allSync()
  for (const row of [read[0], read[rows - 1]]) {
    expect(Object.keys(row).toSorted()).toEqual([key, 'other'].toSorted())
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  }
  expect(Object.entries(read[rows - 1])).toContainEqual([key, rows])
})

it('reads them where no code may be made of text', async () => {
  const script = `
    import Sqlite from 'better-sqlite3'
    import { pillionSync } from 'pillion'
    import { betterSqlite3Host } from 'pillion/better-sqlite3'
    const database = new Sqlite(':memory:')
    database.exec('create table item (id integer primary key, label text)')
    database.exec('insert into item with recursive s (n) as (select 1 union all select n + 1 from s where n < ${rows}) select n, n from s')
    const db = pillionSync(betterSqlite3Host(database))
    const read = db.from(db.tables.item).allSync()
    console.log(JSON.stringify([read.length, read[0], read[${rows - 1}]]))
  `
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: import.meta.dirname })
  expect(JSON.parse(stdout)).toEqual([rows, { id: 1, label: '1' }, { id: rows, label: String(rows) }])
})

// a database without generated types
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any
