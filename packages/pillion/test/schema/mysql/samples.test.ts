import { afterEach, describe, expect, it } from 'vitest'
import { type Catalog, reflectMysql } from '../../../src/schema/index.js'
import { columnOf, kindsOf, relationOf, tableOf } from '../known.js'
import { others } from './samples.js'
import { servers, type TestedServer } from './servers.js'
import { openSession, type Session } from './session.js'

/** What each sample is known to hold. */
const known: Readonly<Record<string, (catalog: Catalog, server: TestedServer) => void>> = {
  sakila: (catalog, { now }) => {
    expect(kindsOf(catalog)).toEqual({ table: 16, view: 7 })
    expect(relationOf(catalog, 'film', 'actors')).toMatchObject({ kind: 'many', through: { table: 'main.film_actor' } })
    expect(relationOf(catalog, 'film', 'original_language')).toMatchObject({ kind: 'one', optional: true })
    expect(relationOf(catalog, 'store', 'manager_staff')).toMatchObject({ kind: 'one', optional: false })
    expect(columnOf(catalog, 'film', 'rating')?.type).toMatchObject({ kind: 'enum', name: 'film.rating' })
    expect(columnOf(catalog, 'film', 'special_features')?.type).toEqual({ kind: 'base', name: 'set' })
    expect(columnOf(catalog, 'actor', 'last_update')).toMatchObject({
      type: { name: 'timestamptz' },
      onUpdate: now,
    })
    expect(columnOf(catalog, 'customer', 'active')?.type).toMatchObject({ name: 'bool' })
    expect(tableOf(catalog, 'film')?.triggers.map(({ name }) => name)).toEqual(['del_film', 'ins_film', 'upd_film'])
    expect(tableOf(catalog, 'film_text')?.indexes).toMatchObject([
      { name: 'idx_title_description', method: 'fulltext' },
    ])
    expect(catalog.routines.map(({ name }) => name)).toContain('inventory_in_stock')
    const nullable = tableOf(catalog, 'staff_list')?.columns.flatMap(each => (each.nullable ? [each.name] : []))
    expect(nullable).toEqual(['name', 'zip code'])
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

describe.each(servers)('on $name', server => {
  const { lacking } = server
  let session: Session | undefined
  afterEach(() => session?.close())

  it.skipIf(lacking).each(others.filter(({ name }) => name in known))(
    '$name holds what it is known to',
    async ({ name, statements }) => {
      session = await openSession(server)
      await session.run('set foreign_key_checks = 0', ...statements)
      known[name]?.(await reflectMysql(session.read), server)
    },
  )

  it.skipIf(lacking)('two hundred tables take two statements', async () => {
    session = await openSession(server)
    // InnoDB would write each of them to disk.
    const tables = Array.from(
      { length: 200 },
      (_, i) =>
        `create table t${i} (id int, a int not null, primary key (id), unique (a), check (a > 0)) engine = memory`,
    )
    await session.run(
      ...tables,
      'create table parent (id int primary key)',
      'create table child (a int, parent_id int, foreign key (parent_id) references parent (id))',
    )
    const catalog = await reflectMysql(session.read)
    expect(session.statements).toHaveLength(2)
    expect(catalog.tables).toHaveLength(202)
    expect(catalog.tables.filter(table => table.uniques.length === 1 && table.checks.length === 1)).toHaveLength(200)
    expect(relationOf(catalog, 'child', 'parent')).toMatchObject({ kind: 'one' })
  })
})
