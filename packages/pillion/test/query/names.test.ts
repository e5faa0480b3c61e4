import { afterAll, beforeAll, expect, it } from 'vitest'
import { Pool } from 'pg'
import {
  type Column,
  type Database as Ridden,
  type Expr,
  type Handle,
  inner,
  left,
  list,
  type Many,
  nest,
  pillion,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import { expectRefusal } from './refusal.js'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'

// Any name is a name: of a table, a column, a relation, an alias, a key of a row.
const odd = [
  'id',
  'parent',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'data',
  'row',
  'value',
  'name',
  'length',
  'select',
  'from',
  'where',
  'user',
  'order',
  'MixedCase',
  'with space',
  'dot.ted',
  'semi;colon',
  `quo"te`,
  `apos'trophe`,
  'back\\slash',
  '$1',
  '?',
  ':named',
  '--',
  '/*',
  '%s',
  '1st',
  'ünïcödé',
  '表',
  '💥',
  'a?',
  'new\nline',
  'a'.repeat(63),
  `${'a'.repeat(62)}b`,
  'é'.repeat(31),
]
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const expected = (id: string) =>
  Object.fromEntries(odd.map(name => [name, name === 'id' ? id : name === 'parent' ? null : name]))

type Node = Handle & { readonly children: Many; readonly parent_: Node } & Record<string, Column<string>>

let database: Database
let pool: Pool
let db: Ridden<Record<string, Node>>
const tableNames = [
  '__proto__',
  'constructor',
  'then',
  'toString',
  'select',
  `a "b".c; d's`,
  '💥'.repeat(15),
  'x'.repeat(63),
  `${'x'.repeat(62)}y`,
]

beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 2 })
  for (const table of tableNames) {
    const columns = odd.map(
      name =>
        `${quoted(name)} text${name === 'id' ? ' PRIMARY KEY' : name === 'parent' ? ` REFERENCES ${quoted(table)}` : ''}`,
    )
    await pool.query(`CREATE TABLE ${quoted(table)} (${columns.join(', ')})`)
    const insert = `INSERT INTO ${quoted(table)} VALUES (${odd.map((_, i) => `$${i + 1}`).join(', ')})`
    await pool.query(
      insert,
      odd.map(name => (name === 'id' ? 'root' : name === 'parent' ? null : name)),
    )
    await pool.query(
      insert,
      odd.map(name => (name === 'id' ? 'child' : name === 'parent' ? 'root' : name)),
    )
  }
  db = await pillion<Record<string, Node>>(pgHost(pool))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const entries = (row: object) => Object.entries(row)
const childOf = (table: string) => {
  const found = db.catalog.tables.find(each => each.name === table)
  const many = found?.relations.find(each => each.kind === 'many')
  const one = found?.relations.find(each => each.kind === 'one')
  return { key: found?.key as string, many: many?.key as string, one: one?.key as string }
}

it.each(tableNames)('a table of any name, with columns of any name: %s', async table => {
  const { key, many, one } = childOf(table)
  const root = db.tables[key] as Node
  const children = root[many] as unknown as Many

  // selected whole
  const [whole] = await db
    .from(root)
    .where((root.id as Column<string>).eq('root'))
    .all()
  expect(entries(whole as object)).toEqual(entries(expected('root')))

  // column by column, keys of the row as odd as the columns
  const chosen = Object.fromEntries(odd.map(name => [name, root[name] as Column<string>]))
  const [each] = await db
    .from(root)
    .where((root.id as Column<string>).eq('root'))
    .select(chosen)
    .all()
  expect(entries(each as object)).toEqual(entries(expected('root')))

  // nested, listed, followed, filtered, sorted and grouped by each
  const query = db
    .from(root)
    .where((root.id as Column<string>).eq('child'))
    .select({
      parent: root[one] as unknown as Node,
      nested: nest(root[one] as unknown as Node, parent =>
        Object.fromEntries(odd.map(name => [name, (parent as Node)[name] as Column<string>])),
      ),
    })
  const [row] = await query.all()
  expect(entries(row?.parent as object)).toEqual(entries(expected('root')))
  expect(entries(row?.nested as object)).toEqual(entries(expected('root')))

  const listed = db
    .from(root)
    .where((root.id as Column<string>).eq('root'))
    .select({ all: list(children, child => child as Handle<never, never, 'joined'>) })
  const [withList] = (await listed.all()) as unknown as { all: object[] }[]
  const child = withList?.all[0] as object
  expect(entries(child)).toEqual(entries({ ...expected('child'), parent: 'root' }).map(([k, v]) => [k, v]))

  const conditions = odd
    .filter(name => name !== 'id' && name !== 'parent')
    .map(name => (root[name] as Column<string>).eq(name))
  const orders = odd.map(name => (root[name] as Column<string>).asc())
  const rows = await db
    .from(root)
    .where(...conditions)
    .orderBy(...orders)
    .select({ id: root.id as Column<string> })
    .all()
  expect(rows).toEqual([{ id: 'child' }, { id: 'root' }])

  const page = await db
    .from(root)
    .orderBy((root['💥'] as Column<string>).asc())
    .select({ id: root.id as Column<string> })
    .page({ size: 1 })
  expect(page.rows).toEqual([{ id: 'child' }])
})

it('joins of two tables whose long names clash once cut are told apart', async () => {
  const root = db.tables[childOf('x'.repeat(63)).key] as Node
  const { one, many } = childOf('x'.repeat(63))
  const parent = root[one] as unknown as Node
  const kids = inner(parent[many] as unknown as Many<never, never, 'joined'>) as unknown as Node
  const query = db
    .from(root)
    .expand(kids as never)
    .require(kids as never)
    .select({ a: root.id as Expr<string>, b: parent.id as Expr<string>, c: kids.id as Expr<string> })
  expect(await query.all()).toEqual([{ a: 'child', b: 'root', c: 'child' }])
  const aliases = query.explainJoins().map(join => join.alias)
  expect(new Set(aliases).size).toBe(3)
  for (const alias of aliases) expect(Buffer.byteLength(alias)).toBeLessThanOrEqual(63)
})

it('keys of a row may be longer than any identifier, and clash once cut', async () => {
  const root = db.tables[childOf('select').key] as Node
  const [a, b] = [`${'k'.repeat(70)}a`, `${'k'.repeat(70)}b`]
  const query = db
    .from(root)
    .where((root.id as Column<string>).eq('root'))
    .select({
      [a]: root.id as Column<string>,
      [b]: root.name as Column<string>,
      [`${a}"`]: { [b]: root.id as Column<string> },
    })
  expect(await query.all()).toEqual([{ [a]: 'root', [b]: 'name', [`${a}"`]: { [b]: 'root' } }])
  const kids = left(root[childOf('select').many] as unknown as Many<never, never, 'joined'>) as unknown as Node
  expect(
    await db
      .from(root)
      .expand(kids as never)
      .count(),
  ).toBe(2)
})

it('a handle with a column named data is no query', async () => {
  const root = db.tables[childOf('select').key] as Node
  const error = await expectRefusal(() => (root.id as Column<string>).in(root as never), 'VALUE_TYPE')
  expect(error.message).toContain('text')
})
