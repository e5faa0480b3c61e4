import { describe, expect, it } from 'vitest'
import { postgresServers } from '../../../../../test/support/postgres.js'
import { reflectPostgres, type Table } from '../../../src/schema/index.js'
import { load, open, samples } from '../samples.js'

/** What each sample is known to hold. */
const known: Record<string, { readonly kinds: Record<string, number>; readonly check: (table: Find) => void }> = {
  sakila: {
    kinds: { table: 21, view: 7 },
    check: table => {
      expect(relation(table('film'), 'actors')).toMatchObject({ kind: 'many', through: { table: 'public.film_actor' } })
      expect(relation(table('film'), 'original_language')).toMatchObject({ kind: 'one', optional: true })
      expect(relation(table('store'), 'manager_staff')).toMatchObject({ kind: 'one', optional: false })
      expect(relation(table('staff'), 'store_by_manager_staff')).toMatchObject({ kind: 'one', optional: true })
      expect(column(table('film'), 'release_year')).toMatchObject({ type: { kind: 'domain', name: 'year' } })
      expect(table('payment_p2007_01').inherits).toEqual(['public.payment'])
      expect(nullableColumns(table('customer_list'))).toEqual(['zip code'])
    },
  },
  pagila: {
    kinds: { table: 21, view: 7, 'materialized view': 1, 'partitioned table': 1 },
    check: table => {
      expect(table('payment').partitionKey).toBe('RANGE (payment_date)')
      expect(table('payment_p2022_01').partitionOf?.table).toBe('public.payment')
      expect(column(table('film'), 'special_features')).toMatchObject({ type: { kind: 'array', dimensions: 1 } })
      expect(column(table('film'), 'rating')?.type).toMatchObject({ kind: 'enum', name: 'mpaa_rating' })
      expect(table('film')?.triggers.map(({ name }) => name)).toEqual(['film_fulltext_trigger', 'last_updated'])
      expect(nullableColumns(table('staff_list'))).toEqual(['zip code'])
    },
  },
  chinook: {
    kinds: { table: 11 },
    check: table => {
      expect(table('track').relations.map(({ key }) => key)).toEqual([
        'album',
        'genre',
        'invoice_lines',
        'media_type',
        'playlist_tracks',
        'playlists',
      ])
      expect(relation(table('employee'), 'employee')).toMatchObject({ columns: ['reports_to'], optional: true })
    },
  },
}

type Find = (name: string) => Table

const relation = (table: Table, key: string) => table.relations.find(item => item.key === key)
const column = (table: Table, name: string) => table.columns.find(item => item.name === name)
const nullableColumns = (table: Table) => table.columns.filter(({ nullable }) => nullable).map(({ name }) => name)

// What is absent was said aloud by `samples`.
describe.each(postgresServers())('sample databases on PostgreSQL $version', ({ url }) => {
  describe.each(Object.entries(known))('%s', (name, { kinds, check }) => {
    const sample = samples.find(item => item.name === name)
    it.skipIf(sample === undefined)('is reflected', async () => {
      const opened = await open(url)
      try {
        if (sample) await load(opened, sample)
        const { tables } = await reflectPostgres(opened.read)
        const found: Record<string, number> = {}
        for (const { kind } of tables) found[kind] = (found[kind] ?? 0) + 1
        expect(found).toEqual(kinds)
        check(wanted => {
          const table = tables.find(item => item.name === wanted)
          if (table === undefined) throw new Error(`no table ${wanted}`)
          return table
        })
      } finally {
        await opened.close()
      }
    })
  })
})
