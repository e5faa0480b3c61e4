import { afterEach, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'
import { type Catalog, reflectSqlite } from '../../../src/schema/index.js'
import { columnOf, kindsOf, relationOf } from '../known.js'
import { samples } from './samples.js'
import { openSession, type Session } from './session.js'

const lacking = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

/** What each sample is known to hold. */
const known: Readonly<Record<string, (catalog: Catalog) => void>> = {
  sakila: catalog => {
    expect(kindsOf(catalog)).toEqual({ table: 16, view: 5 })
    expect(relationOf(catalog, 'film', 'actors')).toMatchObject({ kind: 'many', through: { table: 'main.film_actor' } })
    expect(relationOf(catalog, 'film', 'original_language')).toMatchObject({ kind: 'one', optional: true })
    expect(relationOf(catalog, 'store', 'manager_staff')).toMatchObject({ kind: 'one', optional: false })
    expect(columnOf(catalog, 'film', 'rating')).toMatchObject({ type: { name: 'text' }, default: "'G'" })
    expect(columnOf(catalog, 'customer', 'create_date')?.type).toMatchObject({ name: 'timestamptz' })
  },
  chinook: catalog => {
    expect(kindsOf(catalog)).toEqual({ table: 11 })
    expect(relationOf(catalog, 'Employee', 'Employees')).toMatchObject({ kind: 'many' })
    expect(relationOf(catalog, 'Track', 'Playlists')).toMatchObject({
      kind: 'many',
      through: { table: 'main.PlaylistTrack' },
    })
    expect(columnOf(catalog, 'Track', 'UnitPrice')?.type).toMatchObject({ name: 'numeric', modifier: '10,2' })
  },
}

describe.skipIf(lacking)('on SQLite', () => {
  let session: Session | undefined
  afterEach(() => session?.close())

  it.each(samples.filter(({ name }) => name in known))('$name holds what it is known to', async ({ name, script }) => {
    session = await openSession(script)
    known[name]?.(await reflectSqlite(session.read))
  })

  it('a thousand tables take two statements', async () => {
    const tables = Array.from(
      { length: 1000 },
      (_, i) =>
        `create table t${i} (id integer primary key, a text not null unique, parent_id int references t${(i + 1) % 1000}, check (a <> ''));
         create index t${i}_parent on t${i} (parent_id);`,
    )
    session = await openSession(`begin; ${tables.join('\n')} commit`)
    const catalog = await reflectSqlite(session.read)
    expect(session.statements).toHaveLength(2)
    expect(catalog.tables).toHaveLength(1000)
    expect(catalog.tables.every(table => table.relations.length === 2 && table.checks.length === 1)).toBe(true)
  })
})
