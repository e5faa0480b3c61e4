/** One schema on two versions of PostgreSQL, which print some SQL in other words. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../../test/support/postgres.js'
import { skipAloud } from '../../../../../test/support/skip.js'
import { type Catalog, describeDiff, diffCatalogs, reflectPostgres } from '../../../src/schema/index.js'
import { openSession } from './session.js'

/** Where else a query is kept. */
const queries = [
  'CREATE TABLE kept (id int PRIMARY KEY, owner int)',
  'CREATE POLICY own ON kept USING (id IN (SELECT k.owner FROM kept AS k))',
  `CREATE FUNCTION first_kept() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT id FROM kept ORDER BY id LIMIT 1; END`,
  `CREATE FUNCTION last_kept() RETURNS int LANGUAGE sql AS 'SELECT max(id) FROM kept'`,
  'CREATE VIEW shown AS SELECT id, owner FROM kept',
]

const databases: Database[] = []
const catalogs: Catalog[] = []
const older = postgresServers().find(({ version }) => version === 15)

beforeAll(async () => {
  const sql = await readFile(new URL('torture.sql', import.meta.url), 'utf8')
  for (const { url } of postgresServers()) {
    const database = await createDatabase(url)
    databases.push(database)
    const session = await openSession(database.url)
    await session.run(sql)
    for (const each of queries) await session.run(each)
    catalogs.push(await reflectPostgres(session.read))
    await session.close()
  }
})
afterAll(async () => {
  for (const database of databases) await database.drop()
})

it.skipIf(skipAloud('postgres 15', older?.url, 'a PostgreSQL 15'))('it is the same schema', () => {
  const [one, other] = catalogs as [Catalog, Catalog]
  expect(describeDiff(diffCatalogs(one, other))).toBe('')
  expect(describeDiff(diffCatalogs(other, one))).toBe('')
})

it('what is kept as it was written is told all the same', () => {
  const [before] = catalogs as [Catalog]
  const later = (catalog: Catalog): Catalog => ({ ...catalog, version: catalog.version + 10_000 })
  const rewritten = (word: string, by: string): Catalog => JSON.parse(JSON.stringify(before).replaceAll(word, by))
  const written = rewritten('SELECT max(id) FROM kept', 'SELECT min(id) FROM kept')
  expect(diffCatalogs(before, later(written))).toMatchObject([{ subject: 'routine', property: 'definition' }])
})

it('between servers of one series a view that was changed is told', () => {
  const [before] = catalogs as [Catalog]
  const tables = before.tables.map(table =>
    table.name === 'shown' ? { ...table, definition: `${table.definition} WHERE true` } : table,
  )
  expect(diffCatalogs(before, { ...before, version: before.version + 1, tables })).toMatchObject([
    { subject: 'table', path: 'public.shown', property: 'definition' },
  ])
})
