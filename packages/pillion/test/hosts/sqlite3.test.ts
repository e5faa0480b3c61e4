/**
 * What sqlite3 would lose on the way, through Sequelize: digits, columns of one name, order.
 */
import { list, pillion } from 'pillion'
import { Sequelize } from 'sequelize'
import { Database, LIMIT_LENGTH } from 'sqlite3'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sequelizeHost } from '../../src/hosts/sequelize.js'
import type { Host, Statement } from '../../src/run/host.js'

const big = 9_007_199_254_740_993n
const select = (text: string, ...values: Statement['values']): Statement => ({ text, values })

let sequelize: Sequelize
let host: Host
beforeAll(async () => {
  sequelize = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
  host = sequelizeHost(sequelize)
  await sequelize.query('create table note (id integer primary key, body text, n integer, x real, b blob)')
  await sequelize.query(`insert into note values (1, 'it''s', ${big}, 0.1, x'00ff'), (2, null, -5, 1e300, null)`)
})
afterAll(() => sequelize.close())

const rows = async (text: string, ...values: Statement['values']) =>
  (await host.run(undefined, select(text, ...values), {})).rows

test('every value is exact, and every column in its place', async () => {
  expect(await rows('select n, x, b, body, n from note order by id')).toEqual([
    [big, 0.1, new Uint8Array([0, 255]), "it's", big],
    [-5n, 1e300, null, null, -5n],
  ])
})

test('a text is a text, whatever it looks like', async () => {
  expect(await rows(`select '${big}', '''', '', '1', 1, '0.5', 0.5, 1e999, 'null', null`)).toEqual([
    [String(big), "'", '', '1', 1n, '0.5', 0.5, Number.POSITIVE_INFINITY, 'null', null],
  ])
})

test('sqlite3 itself loses digits: negative control', async () => {
  expect(await sequelize.query('select n from note where id = 1', { plain: true, type: 'SELECT' as never })).toEqual({
    n: Number(big),
  })
})

test('values reach it as they are, whatever question marks stand around them', async () => {
  const text = `select id from note where n = ? and '?' = ? and id < ? -- why?`
  expect(await rows(text, big, '?', 2n ** 40n)).toEqual([[1n]])
  expect(await rows(text, big - 1n, '?', 2n ** 40n)).toEqual([])
  expect(await rows('select typeof(?), ?, ?', 2n ** 62n, -(2n ** 63n), new Uint8Array([7]))).toEqual([
    ['integer', -(2n ** 63n), new Uint8Array([7])],
  ])
})

test('rows keep their order, and their limit', async () => {
  expect(await rows('select id from note order by n desc limit 1')).toEqual([[1n]])
  expect(await rows('with t (i) as (values (2), (3), (1)) select i from t order by i desc')).toEqual([[3n], [2n], [1n]])
})

test('columns have their names, also when the schema has changed', async () => {
  const all = select('select * from loose')
  await sequelize.query('create table loose (a, b)')
  expect((await host.run(undefined, all, {})).fields.map(field => field.name)).toEqual(['a', 'b'])
  await sequelize.query('alter table loose add c')
  await host.run(undefined, all, {}).catch(() => {})
  expect((await host.run(undefined, all, {})).fields.map(field => field.name)).toEqual(['a', 'b', 'c'])
})

test('what is no SELECT does not run', async () => {
  for (const text of [
    'delete from note',
    'delete from note returning id',
    'select 1; delete from note',
    'pragma user_version = 4',
  ]) {
    await expect(host.run(undefined, select(text), {})).rejects.toMatchObject({ code: 'STATEMENT_FAILED' })
  }
  expect(await rows('select count(*) from note')).toEqual([[2n]])
})

test('the same text in another database, or after the schema has changed, has the columns that it has there', async () => {
  const other = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
  const columns = async (on: Host) =>
    (await on.run(undefined, select('select * from pair'), {})).fields.map(({ name }) => name)
  await sequelize.query('create table pair (a, b)')
  await other.query('create table pair (c, d)')
  expect(await columns(host)).toEqual(['a', 'b'])
  expect(await columns(sequelizeHost(other))).toEqual(['c', 'd'])
  await sequelize.query('drop table pair')
  await sequelize.query('create table pair (b, a)')
  expect(await columns(host)).toEqual(['b', 'a'])
  await other.close()
})

/** Values of each type, at the ends of what they hold and where one way to write them would end. */
const odd: Statement['values'] = [
  null,
  0n,
  -1n,
  2n ** 53n - 1n,
  2n ** 53n,
  1n - 2n ** 53n,
  -(2n ** 53n),
  big,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0.1,
  -0.5,
  0.5985402235778849,
  3.1340974647113998e-176,
  5e-324,
  1.7976931348623157e308,
  2 ** 60 + 0.5,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  '',
  "'",
  "''it's",
  '"',
  '\\',
  '\n\t\u0000\u0001\u001f',
  'é😀\u2028',
  '1',
  '#1',
  "X'00'",
  'null',
  '[1,2]',
  'Inf',
  new Uint8Array(),
  new Uint8Array([0, 39, 255]),
]

/** Numbers with a sign and a fraction reach SQLite as they are; those without would be integers. */
const isReal = (value: unknown): boolean => typeof value === 'number'

/** So many rows of columns, the last first. */
const repeated = (count: number, columns: readonly string[]): string =>
  `with recursive s (i) as (select 1 union all select i + 1 from s where i < ${count} + ?) select i, ${columns.join(', ')} from s order by -i`

async function asksOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const spy = vi.spyOn(Database.prototype, 'all')
  await run()
  const texts = spy.mock.calls.map(([text]) => text)
  spy.mockRestore()
  return texts
}

test.each([1, 5])('many rows have the values that few have, of %i times as many columns', async times => {
  const values = Array.from({ length: times }, () => odd).flat()
  const text = repeated(
    1,
    values.map(value => (isReal(value) ? '? + 0.0' : '?')),
  )
  const few = await rows(text, 0n, ...values)
  expect(few).toEqual([[1n, ...values]])
  const first = await rows(text, 199n, ...values)
  let second: typeof first = []
  const [asked] = await asksOf(async () => (second = await rows(text, 199n, ...values)))
  expect(asked).toContain('group_concat')
  expect(first).toHaveLength(200)
  expect(second).toEqual(first)
  expect(first.map(([i]) => i)).toEqual(Array.from({ length: 200 }, (_, i) => BigInt(200 - i)))
  expect(new Set(first.map(([, ...rest]) => JSON.stringify(rest.map(String)))).size).toBe(1)
  expect(await rows(text, 0n, ...values)).toEqual(few)
})

test('numbers that a double holds are read without a mark, until one comes that is too wide', async () => {
  const narrow = odd.map(value => (typeof value === 'bigint' ? BigInt.asIntN(53, value) : value))
  const text = repeated(1, ["'narrow'"].concat(narrow.map(value => (isReal(value) ? '? + 0.0' : '?'))))
  const reading = async (values: Statement['values']): Promise<number> => {
    const asked = await asksOf(async () => expect(await rows(text, 0n, ...values)).toEqual([[1n, 'narrow', ...values]]))
    return asked.filter(each => each.includes('CASE typeof')).length
  }
  expect(await reading(narrow)).toBe(0)
  expect(await reading(narrow)).toBe(0)
  expect(await reading(odd)).toBe(1)
  expect(await reading(narrow)).toBe(1)
})

test('a row has as many columns as SQLite lets it have', async () => {
  const values = Array.from({ length: 1999 }, (_, i) => (i % 3 === 0 ? BigInt(i) : i % 3 === 1 ? `${i}` : null))
  const cells = values.map(value => (typeof value === 'string' ? `'${value}'` : String(value)))
  expect(await rows(`select ${cells.join(', ')}`)).toEqual([values])
})

test('JSON of the application’s is a text also among many', async () => {
  const text = repeated(1, [`json('{"a":[1,"x"]}')`, `json_array(1)`, `jsonb('[1]')`])
  const few = await rows(text, 0n)
  await rows(text, 199n)
  const many = await rows(text, 199n)
  expect(many.at(-1)).toEqual(few[0])
  expect(many.at(-1)?.slice(1, 3)).toEqual(['{"a":[1,"x"]}', '[1]'])
})

test('none after many are none', async () => {
  const text = 'select id, body from note, (select 1 union select 2) where ? = 1 and id < ?'
  const crowd = `with recursive s (i) as (select 1 union all select i + 1 from s where i < ?) select i from s where i > ?`
  await rows(crowd, 200n, 0n)
  expect(await rows(crowd, 200n, 200n)).toEqual([])
  expect(await rows(text, 0n, 1n)).toEqual([])
})

test('many rows that are too long for one text are read by themselves', async () => {
  const own = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
  const on = sequelizeHost(own)
  const text = select(repeated(200, ['hex(zeroblob(?))']), 0n, 500n)
  const expected = (await on.run(undefined, text, {})).rows
  const connection = (await own.connectionManager.getConnection({ type: 'read' })) as Database
  connection.configure('limit', LIMIT_LENGTH, 50_000)
  let again: typeof expected = []
  const asked = await asksOf(async () => (again = (await on.run(undefined, text, {})).rows))
  expect(asked.map(each => each.includes('group_concat'))).toEqual([true, false])
  expect(again).toEqual(expected)
  await own.close()
})

test('a table may be called as this package', async () => {
  await sequelize.query('create table pillion as select 1 as n')
  expect(await rows('select n from pillion')).toEqual([[1n]])
})

test('a refusal sends nothing, and a statement only what reads', async () => {
  const sent: string[] = []
  const { all } = Database.prototype
  const others = ['run', 'get', 'each', 'exec', 'prepare'] as const
  const spies = others.map(name => vi.spyOn(Database.prototype, name))
  Database.prototype.all = function (this: unknown, text: string, ...rest: never[]) {
    sent.push(text)
    return all.call(this as never, text, ...rest) as never
  } as never
  try {
    const ended = await sequelize.transaction()
    await ended.rollback()
    const transaction = await sequelize.transaction()
    sent.length = 0
    const asked = select('select id from note where id = 1')
    await expect(host.run(ended, asked, {})).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
    await expect(host.run({}, asked, {})).rejects.toMatchObject({ code: 'HOST_UNKNOWN' })
    await expect(host.run(undefined, asked, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(sent).toEqual([])
    for (const spy of spies) spy.mockClear()
    await host.run(transaction, asked, {})
    expect(sent.length).toBeGreaterThan(0)
    for (const text of sent) expect(text).toMatch(/^(SELECT|WITH) [^;]*$/)
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    await transaction.rollback()
  } finally {
    Database.prototype.all = all
    for (const spy of spies) spy.mockRestore()
  }
})

test('a fraction in a list, and as the key of a page, has the digits that JavaScript finds it by', async () => {
  // by `quote` of some versions of SQLite's it is 0.598540223577885
  const fractions = [0.5985402235778849, 0.1, 1e300]
  await sequelize.query('create table whole (id integer primary key)')
  await sequelize.query(
    'create table part (id integer primary key, whole_id integer not null references whole, share real not null)',
  )
  await sequelize.query('insert into whole values (1)')
  const insert = 'insert into part (whole_id, share) values (1, ?)'
  for (const fraction of fractions) await sequelize.query(insert, { replacements: [fraction] })
  // oxlint-disable-next-line typescript/no-explicit-any
  const db = await pillion<any>(host)
  const { whole, part } = db.tables
  // oxlint-disable-next-line typescript/no-explicit-any
  const shares = list(whole.parts, (row: any) => row.share, { orderBy: (row: any) => row.id.asc() }) as any
  expect(await db.from(whole).select({ shares }).all()).toEqual([{ shares: fractions }])
  const sorted = db.from(part).select({ share: part.share }).orderBy(part.share.asc())
  const first = await sorted.page({ size: 2, after: null })
  const second = await sorted.page({ size: 2, after: first.next })
  expect([...first.rows, ...second.rows].map(({ share }: { share: unknown }) => share)).toEqual(
    fractions.toSorted((a, b) => a - b),
  )
})
