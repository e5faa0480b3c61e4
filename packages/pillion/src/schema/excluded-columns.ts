/**
 * Columns that nobody is to read by pillion, as the hash of a password: without them, and without what is made of them.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { globTest, type Named } from './glob.js'
import type { Catalog, Column, Index, Table } from './model.js'
import type { Overrides } from './overrides.js'

/**
 * That each glob finds a column: by a misspelt one a secret would stay, and nothing be told.
 *
 * @throws OVERRIDE_INVALID when one finds none, or a part of a primary key
 */
export function checkExcludedColumns({ tables }: Catalog, { excludeColumns = [] }: Overrides): void {
  const columns = tables.flatMap(table => table.columns.map(column => named(table, column)))
  const idle = excludeColumns.find(glob => !columns.some(globTest(glob)))
  if (idle !== undefined) {
    throw new PillionError('OVERRIDE_INVALID', `excludeColumns has ${idle}, which is no column`, {
      hint: 'Name columns as schema.table.column, by their names in the database, or by the name alone in whatever table. Those that a file’s catalogue keeps hold until the file is written again, or others are told.',
    })
  }
  const isExcluded = excluder(excludeColumns)
  const keyed = tables.find(table => table.primaryKey && usesAny(table, table.primaryKey.columns, isExcluded))
  if (keyed === undefined) return
  throw new PillionError('OVERRIDE_INVALID', `excludeColumns has a column of the primary key of ${keyed.id}`, {
    hint: 'Rows are told apart by it. Leave the whole table out by exclude, or read a view of it.',
  })
}

/**
 * That a catalogue which is given, and taken as it is, has none of them.
 *
 * @throws OVERRIDE_INVALID when it has one
 */
export function checkLeftOut({ tables }: Catalog, { excludeColumns = [] }: Overrides): void {
  const isExcluded = excluder(excludeColumns)
  const columns = tables.flatMap(table => table.columns.map(column => named(table, column)))
  const left = columns.find(isExcluded)
  if (left === undefined) return
  throw new PillionError(
    'OVERRIDE_INVALID',
    `the catalogue that is given has ${left.id}, which excludeColumns leaves out`,
    {
      hint: 'Write the catalogue again by the same overrides; or give it as previous, and the database is read without the column.',
    },
  )
}

/** What a catalogue keeps of them: by the file's alone a process knows what the file has left out. */
export function excludedBy({ excludeColumns = [] }: Overrides): Pick<Catalog, 'excludeColumns'> {
  return excludeColumns.length === 0 ? {} : { excludeColumns: Object.freeze([...excludeColumns]) }
}

/** The table without these columns, and without the keys and indexes that they are in. */
export function withoutExcludedColumns(table: Table, { excludeColumns = [] }: Overrides): Table {
  const isExcluded = excluder(excludeColumns)
  const columns = table.columns.filter(column => !isExcluded(named(table, column)))
  if (columns.length === table.columns.length) return table
  const stays = (key: { readonly columns: readonly string[]; readonly include?: readonly string[] }): boolean =>
    !usesAny(table, [...key.columns, ...(key.include ?? [])], isExcluded)
  return Object.freeze({
    ...table,
    columns: Object.freeze(columns),
    uniques: Object.freeze(table.uniques.filter(stays)),
    foreignKeys: Object.freeze(table.foreignKeys.filter(stays)),
    indexes: Object.freeze(table.indexes.filter(index => stays({ ...index, columns: columnsOf(index) }))),
  })
}

type Test = (column: Named) => boolean

const excluder = (globs: readonly string[]): Test => {
  const tests = globs.map(globTest)
  return column => tests.some(matches => matches(column))
}

const named = (table: Table, { name }: Pick<Column, 'name'>): Named => ({ id: `${table.id}.${name}`, name })

const usesAny = (table: Table, columns: readonly string[], isExcluded: Test): boolean =>
  columns.some(name => isExcluded(named(table, { name })))

const columnsOf = ({ keys }: Index): readonly string[] => keys.flatMap(key => ('column' in key ? [key.column] : []))
