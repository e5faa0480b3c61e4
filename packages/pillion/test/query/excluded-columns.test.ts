/** Columns that are left out by `excludeColumns`: nothing reads them, whatever row is asked for. */
import pg from 'pg'
import { first, list, pillion, type Database, type DatabaseOptions } from 'pillion'
import { pgHost } from 'pillion/pg'
import { parseSnapshot, writeSnapshot } from 'pillion/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type Database as OwnDatabase } from '../../../../test/support/postgres.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const excludeColumns = ['*.password_*', 'token']

let database: OwnDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await createDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  await pool.query(`
    create table account (
      id int primary key, password_hash text not null check (password_hash <> ''), name text not null unique,
      token text unique, tenant int, unique (tenant, token)
    );
    create index on account (lower(name));
    create index on account (name, token);
    create table session (id int primary key, token text references account (token), account_id int not null references account (id));
    create view account_shown as select * from account;
    insert into account values (1, 'secret', 'ada', 'secret', 1);
    insert into session values (1, 'secret', 1);
  `)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const opened = (columns: readonly string[] = excludeColumns): Promise<Database<Any>> =>
  pillion(pgHost(pool), { overrides: { excludeColumns: columns } })

it('are in no table, and in no key, index or relation', async () => {
  const { catalog } = await opened()
  const account = catalog.tables.find(({ name }) => name === 'account')
  expect(account?.columns.map(({ name }) => name)).toEqual(['id', 'name', 'tenant'])
  expect(account?.uniques.map(({ columns }) => columns)).toEqual([['name']])
  expect(account?.indexes.map(({ name }) => name)).toEqual(['account_lower_idx'])
  const session = catalog.tables.find(({ name }) => name === 'session')
  expect(session?.relations.map(({ columns }) => columns)).toEqual([['account_id']])
  const view = catalog.tables.find(({ name }) => name === 'account_shown')
  expect(view?.columns.map(({ name }) => name)).toEqual(['id', 'name', 'tenant'])
})

it('are read by no query of whole rows', async () => {
  const db = await opened()
  const { account, session, account_shown: shown } = db.tables
  const queries = [
    db.from(account),
    db.from(shown),
    db.from(session).select({ whole: session.account }),
    db.from(account).select({
      of: list(account.sessions, (e: Any) => ({ e })),
      one: first(account.sessions, { orderBy: (e: Any) => e.id.asc() }) as Any,
    }),
  ] as Any[]
  const rows = await Promise.all(queries.map(query => query.all()))
  expect(JSON.stringify(rows)).toContain('ada')
  expect(JSON.stringify(rows)).not.toContain('secret')
  expect(queries.map(query => query.toSQL().text).join('\n')).not.toMatch(/password_hash|token|\*/)
})

it('stay out through a refresh', async () => {
  const { database: first } = await (await opened()).refresh()
  await pool.query('alter table account add column more int')
  const { database: second, changes } = await first.refresh()
  expect(changes).toMatchObject({ changed: expect.arrayContaining(['public.account']) })
  const account = second.catalog.tables.find(({ name }) => name === 'account')
  expect(account?.columns.map(({ name }) => name)).toEqual(['id', 'name', 'tenant', 'more'])
})

it('stay out of a process that is given the catalogue of a file, unless it says otherwise', async () => {
  const previous = parseSnapshot(writeSnapshot((await opened()).catalog))
  const whole = async (options: DatabaseOptions): Promise<string> => {
    const db = await pillion<Any>(pgHost(pool), options)
    const { database: again } = await db.refresh()
    const { database: known } = await again.refresh()
    return JSON.stringify(await Promise.all([db, again, known].map(each => each.from(each.tables.account).all())))
  }
  expect(await whole({ previous })).not.toContain('secret')
  expect(await whole({ previous, overrides: { exclude: ['session'] } })).not.toContain('secret')
  expect(await whole({ catalog: previous })).not.toContain('secret')
  expect(await whole({ previous, overrides: { excludeColumns: [] } })).toContain('secret')
})

it('that a given catalogue has are refused, for it is taken as it is', async () => {
  const whole = (await pillion(pgHost(pool))).catalog
  const told = { catalog: whole, overrides: { excludeColumns } }
  await expect(pillion(pgHost(pool), told)).rejects.toMatchObject({
    code: 'OVERRIDE_INVALID',
    message: expect.stringMatching(/public\.account\.password_hash/),
    hint: expect.stringContaining('Write the catalogue again'),
  })
  const { catalog } = await opened()
  await expect(pillion(pgHost(pool), { ...told, catalog })).resolves.toBeDefined()
})

it.each([
  ['what is no column', 'public.account.pasword_hash'],
  ['a name that no column has', 'pasword*'],
  ['a key by which rows are told apart', 'public.account.id'],
])('%s is refused', async (_, glob) => {
  await expect(opened([...excludeColumns, glob])).rejects.toMatchObject({ code: 'OVERRIDE_INVALID' })
})

it('that are gone since the file was written are refused, and the hint says whose they are', async () => {
  const previous = { ...(await opened()).catalog, excludeColumns: ['gone'] }
  await expect(pillion(pgHost(pool), { previous })).rejects.toMatchObject({
    code: 'OVERRIDE_INVALID',
    hint: expect.stringContaining('until the file is written again, or others are told'),
  })
  await expect(pillion(pgHost(pool), { previous, overrides: { excludeColumns } })).resolves.toBeDefined()
})
