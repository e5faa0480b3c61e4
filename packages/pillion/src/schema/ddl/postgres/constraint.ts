/**
 * Constraints and indexes. A partition's come before its parent's: the server then takes what the parent's
 * would make from the partition, and every name stays.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, CheckConstraint, ForeignKey, Index, Table, UniqueConstraint } from '../../model.js'
import { columnList, qualified } from './name.js'

export function checkClause(check: CheckConstraint): string {
  return [
    `CONSTRAINT ${quoteName(check.name)} CHECK (${check.expression})`,
    check.noInherit ? ' NO INHERIT' : '',
    check.notEnforced ? ' NOT ENFORCED' : check.validated ? '' : ' NOT VALID',
  ].join('')
}

/** Primary keys, unique and exclusion constraints, of tables in creation order. */
export function addKeys(tables: readonly Table[]): readonly string[] {
  return tables
    .toReversed()
    .flatMap(table => [
      ...(table.primaryKey === undefined ? [] : [addKey(table, table.primaryKey, 'PRIMARY KEY')]),
      ...table.uniques.map(unique => addKey(table, unique, 'UNIQUE')),
      ...table.exclusions.map(({ name, definition }) => add(table, `CONSTRAINT ${quoteName(name)} ${definition}`)),
    ])
}

/** Foreign keys, once all that they may point at is there, unique indexes too; and the checks that old rows may break. */
export function addReferences(catalog: Catalog, tables: readonly Table[]): readonly string[] {
  const byId = new Map(catalog.tables.map(table => [table.id, table]))
  return tables
    .toReversed()
    .flatMap(table => [
      ...table.foreignKeys.map(key => add(table, foreignKeyClause(key, byId.get(key.target)))),
      ...table.checks
        .filter(check => !check.inherited && !check.validated)
        .map(check => add(table, checkClause(check))),
    ])
}

/** Indexes, of tables and materialised views in creation order. */
export function createIndexes(tables: readonly Table[]): readonly string[] {
  return tables.toReversed().flatMap(table =>
    // The server prints a partitioned table's index as ONLY its own, which leaves it invalid.
    makeableIndexes(table).map(({ definition, invalid }) =>
      invalid ? definition : definition.replace(/ ON ONLY /, ' ON '),
    ),
  )
}

/** All but what CREATE INDEX CONCURRENTLY left behind when it failed: nothing can make that again. */
export const makeableIndexes = ({ kind, indexes }: Table): readonly Index[] =>
  indexes.filter(({ invalid }) => !invalid || kind === 'partitioned table')

function add(table: Table, clause: string): string {
  return `ALTER TABLE ${qualified(table)} ADD ${clause}`
}

/** A key that not all partitions have is the partitioned table's ONLY. */
function addKey(table: Table, key: UniqueConstraint, kind: string): string {
  return `ALTER TABLE ${key.invalid ? 'ONLY ' : ''}${qualified(table)} ADD ${uniqueClause(key, kind)}`
}

function uniqueClause(key: UniqueConstraint, kind: string): string {
  const columns = columnList(key.columns)
  return [
    `CONSTRAINT ${quoteName(key.name)} ${kind}`,
    key.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '',
    ` ${key.withoutOverlaps ? columns.replace(/\)$/, ' WITHOUT OVERLAPS)') : columns}`,
    key.include?.length ? ` INCLUDE ${columnList(key.include)}` : '',
    deferrableClause(key.deferrable),
  ].join('')
}

function foreignKeyClause(key: ForeignKey, target: Table | undefined): string {
  const dot = key.target.indexOf('.')
  const name = qualified(target ?? { schema: key.target.slice(0, dot), name: key.target.slice(dot + 1) })
  return [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY ${periodList(key.columns, key.period)}`,
    ` REFERENCES ${name} ${periodList(key.targetColumns, key.period)}`,
    key.match === 'full' ? ' MATCH FULL' : '',
    ` ON UPDATE ${key.onUpdate.toUpperCase()} ON DELETE ${key.onDelete.toUpperCase()}`,
    key.onDeleteColumns?.length ? ` ${columnList(key.onDeleteColumns)}` : '',
    deferrableClause(key.deferrable),
    key.notEnforced ? ' NOT ENFORCED' : key.validated ? '' : ' NOT VALID',
  ].join('')
}

function periodList(columns: readonly string[], period: boolean | undefined): string {
  const names = columns.map(quoteName)
  return `(${(period ? [...names.slice(0, -1), `PERIOD ${names.at(-1)}`] : names).join(', ')})`
}

function deferrableClause(deferrable: 'immediate' | 'deferred' | undefined): string {
  return deferrable === undefined ? '' : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`
}
