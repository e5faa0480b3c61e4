/**
 * What people know better than the catalogue, in one place, as plain data that can stand in a JSON file.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { excludedBy, withoutExcludedColumns } from './excluded-columns.js'
import { globTest, type Named } from './glob.js'
import type { Catalog, Column, DataType, Table } from './model.js'
import { partsOf } from './type-parts.js'

/** New names for the relations of one key. */
export interface RelationNames {
  /** On the table that holds the key; of a many-to-many, on the table that the first of its keys points to. */
  readonly to?: string | undefined
  /** On the table that the key points to; of a many-to-many, the second. */
  readonly from?: string | undefined
}

/** A relation that no foreign key declares: one row of `target` for each row of `table`. */
export interface VirtualRelation extends RelationNames {
  /** Its part of the identity `schema.table.name`, as of a constraint. */
  readonly name: string
  /** Table ids. */
  readonly table: string
  readonly target: string
  /** Columns here and there, pairwise equal. */
  readonly columns: readonly string[]
  readonly targetColumns: readonly string[]
}

/** Corrections to a reflection. */
export interface Overrides {
  /** Names of relations, by `schema.table.constraint` (a many-to-many: two of these, joined by `+`). */
  readonly relations?: Readonly<Record<string, RelationNames>> | undefined
  readonly virtual?: readonly VirtualRelation[] | undefined
  /** By `schema.table.column`. */
  readonly nullability?: Readonly<Record<string, 'null' | 'not null'>> | undefined
  /** TypeScript types in generated files, by `schema.table.column` or by a type's `schema.name`. */
  readonly types?: Readonly<Record<string, string>> | undefined
  /** Globs of tables to keep; default all. `audit_*` matches names in any schema, `side.*` whole ids. */
  readonly include?: readonly string[] | undefined
  /** Globs of tables to leave out, after `include`. */
  readonly exclude?: readonly string[] | undefined
  /**
   * Globs of columns to leave out, with the keys and indexes that they are in: `password_hash` of every table,
   * `public.user.*_secret` whole ids. A whole row is read without them.
   */
  readonly excludeColumns?: readonly string[] | undefined
}

/**
 * The catalog without the tables and columns left out, and with nullability as told. Relations are for `withRelations`.
 *
 * @throws OVERRIDE_INVALID when nullability is told of a column that is not there.
 * @example applyOverrides(catalog, { exclude: ['audit_*'], nullability: { 'public.seen.author': 'not null' } })
 */
export function applyOverrides(catalog: Catalog, overrides: Overrides): Catalog {
  const isKept = tableFilter(overrides)
  const kept = catalog.tables.filter(isKept).map(table => withoutExcludedColumns(table, overrides))
  const noted = { ...catalog, ...excludedBy(overrides) }
  const told = Object.entries(overrides.nullability ?? {})
  if (told.length === 0) return { ...noted, tables: Object.freeze(kept) }
  const tables = new Set(kept.map(({ id }) => id))
  // whole, for a table may have dots in its name
  const columns = new Set(kept.flatMap(table => table.columns.map(({ name }) => `${table.id}.${name}`)))
  const unknown = told.find(([column]) => {
    if (columns.has(column)) return false
    const of = tableOf(column)
    return tables.has(of.id) || isKept(of)
  })
  if (unknown !== undefined) {
    throw new PillionError('OVERRIDE_INVALID', `nullability is told of ${unknown[0]}, which is not there`, {
      hint: 'Name columns as schema.table.column, by their names in the database.',
    })
  }
  const nullability = new Map(told)
  return { ...noted, tables: Object.freeze(kept.map(table => withNullability(table, nullability))) }
}

/**
 * That `types` are told of columns and types that are there. Not by `applyOverrides`, for no process reads them: it would not
 * start for what is about its source.
 *
 * @throws OVERRIDE_INVALID when one is told of no column, and of no type that a column has.
 * @example checkTypes(catalog, { types: { 'public.user.settings': 'import("./settings.js").Settings' } })
 */
export function checkTypes(catalog: Catalog, overrides: Overrides): void {
  const isKept = tableFilter(overrides)
  const known = new Set([
    ...catalog.types.flatMap(({ id, type }) => [id, ...namesWithin(type)]),
    ...catalog.tables.flatMap(table =>
      table.columns.flatMap(column => [`${table.id}.${column.name}`, ...namesWithin(column.type)]),
    ),
  ])
  const unknown = Object.keys(overrides.types ?? {}).find(name => !known.has(name) && isKept(tableOf(name)))
  if (unknown === undefined) return
  throw new PillionError('OVERRIDE_INVALID', `types are told of ${unknown}, which no column is or has`, {
    hint: 'Name columns as schema.table.column, by their names in the database, and types as schema.name, as pg_catalog.jsonb.',
  })
}

/** A type's name, and the names of those that it is made of. */
function namesWithin(type: DataType): readonly string[] {
  if (type.kind === 'array') return namesWithin(type.element)
  return [`${type.schema ?? 'pg_catalog'}.${type.name}`, ...partsOf(type).flatMap(namesWithin)]
}

/** The table that a column is of, by its id. */
function tableOf(column: string): Named {
  const [schema = '', name = ''] = column.split('.')
  return { id: `${schema}.${name}`, name }
}

/** Is a table kept? */
function tableFilter({ include, exclude }: Overrides): (table: Named) => boolean {
  const kept = include?.map(globTest) ?? [() => true]
  const left = exclude?.map(globTest) ?? []
  return table => kept.some(matches => matches(table)) && !left.some(matches => matches(table))
}

function withNullability(table: Table, nullability: ReadonlyMap<string, 'null' | 'not null'>): Table {
  const told = (column: Column) => nullability.get(`${table.id}.${column.name}`)
  if (!table.columns.some(told)) return table
  const columns = table.columns.map(column => {
    const word = told(column)
    return word === undefined ? column : Object.freeze({ ...column, nullable: word === 'null' })
  })
  return Object.freeze({ ...table, columns: Object.freeze(columns) })
}
