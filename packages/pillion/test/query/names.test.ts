import { afterAll, beforeAll, expect, it } from 'vitest'
import { Pool } from 'pg'
import {
  type Column,
  type Database as Ridden,
  type DerivedHandle,
  type DerivedKind,
  inner,
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

type Row = Record<string, string>
type Odd = DerivedHandle<Row>
type Odds = Many<DerivedKind<Row>, never, 'joined'>

let database: Database
let pool: Pool
let db: Ridden<Record<string, Odd>>
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
  db = await pillion<Record<string, Odd>>(pgHost(pool))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** A table by its own name: its root, its column of a name, and the two sides of its only key. */
function tableOf(name: string) {
  const { key, relations = [] } = db.catalog.tables.find(each => each.name === name) ?? {}
  const root = db.tables[key as string] as Odd
  const relation = (kind: 'one' | 'many') => relations.find(each => each.kind === kind)?.key as string
  return {
    root,
    column: (column: string) => root[column] as Column<string>,
    parent: root[relation('one')] as unknown as Odd,
    childrenOf: (handle: Odd) => handle[relation('many')] as unknown as Odds,
  }
}

const columnsOf = (handle: Odd) => Object.fromEntries(odd.map(name => [name, handle[name] as Column<string>]))

/** Compared as entries: an object literal cannot have a key of its own named __proto__. */
const entries = (row: unknown) => Object.entries(row as object)

it.each(tableNames)('a table of any name, with columns of any name: %s', async table => {
  const { root, column, parent, childrenOf } = tableOf(table)
  const top = db.from(root).where(column('id').eq('root'))

  const whole = await top.one()
  expect(entries(whole)).toEqual(entries(expected('root')))
  const chosen = await top.select(columnsOf(root)).one()
  expect(entries(chosen)).toEqual(entries(expected('root')))

  const nested = await db
    .from(root)
    .where(column('id').eq('child'))
    .select({ parent, chosen: nest(parent, columnsOf) })
    .one()
  expect(entries(nested.parent)).toEqual(entries(expected('root')))
  expect(entries(nested.chosen)).toEqual(entries(expected('root')))

  const listed = await top.select({ all: list(childrenOf(root), child => child) }).one()
  expect(listed.all.map(entries)).toEqual([entries({ ...expected('child'), parent: 'root' })])
  const listedByColumn = await top.select({ all: list(childrenOf(root), columnsOf) }).one()
  expect(listedByColumn.all.map(entries)).toEqual([entries({ ...expected('child'), parent: 'root' })])

  const plain = odd.filter(name => name !== 'id' && name !== 'parent')
  const sorted = db
    .from(root)
    .where(...plain.map(name => column(name).eq(name)))
    .orderBy(...odd.map(name => column(name).asc()))
    .select({ id: column('id') })
  expect(await sorted.all()).toEqual([{ id: 'child' }, { id: 'root' }])
  const page = await sorted.page({ size: 1 })
  expect(page.rows).toEqual([{ id: 'child' }])
  expect((await sorted.page({ size: 1, after: page.next })).rows).toEqual([{ id: 'root' }])
})

it('joins of tables whose long names clash once cut are told apart', async () => {
  const { column, root, parent, childrenOf } = tableOf('x'.repeat(63))
  const siblings = inner(childrenOf(parent))
  const query = db
    .from(root)
    .expand(siblings)
    .require(siblings)
    .select({ a: column('id'), b: parent.id as Column<string>, c: siblings.id as Column<string> })
  expect(await query.all()).toEqual([{ a: 'child', b: 'root', c: 'child' }])
  const aliases = query.explainJoins().map(join => join.alias)
  expect(new Set(aliases).size).toBe(3)
  for (const alias of aliases) expect(Buffer.byteLength(alias)).toBeLessThanOrEqual(63)
})

it('keys of a row may be longer than any identifier, and clash once cut', async () => {
  const { root, column } = tableOf('select')
  const [a, b] = [`${'k'.repeat(70)}a`, `${'k'.repeat(70)}b`]
  const query = db
    .from(root)
    .where(column('id').eq('root'))
    .select({ [a]: column('id'), [b]: column('name'), [`${a}"`]: nest(root, () => ({ [b]: column('id') })) })
  expect(await query.all()).toEqual([{ [a]: 'root', [b]: 'name', [`${a}"`]: { [b]: 'root' } }])
})

it('a handle with a column named data is no query', async () => {
  const { root, column } = tableOf('select')
  await expectRefusal(() => column('id').in(root as never), 'VALUE_TYPE', /text/)
  const ids = db.from(root).select({ id: column('id') })
  expect(await db.from(root).where(column('id').in(ids)).count()).toBe(2)
})
