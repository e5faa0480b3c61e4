/**
 * Tables: parents before children, columns and checks in place, keys left for later.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Column, DataType, Routine, Sequence, Table } from '../../model.js'
import { checkClause } from './constraint.js'
import { qualified } from './name.js'
import { inOrder } from '../order.js'
import { isView } from './is-view.js'
import { type Made, madeInOrder } from './made.js'
import { madeRoutine, namedIn } from './routine.js'
import { identityClause, sequencesByOwner } from './sequence.js'
import { namesIn } from './type.js'

/** Tables that hold rows of their own or of their partitions, each after those it is made from. */
export function tablesInOrder({ tables }: Catalog): readonly Table[] {
  return inOrder(
    tables.filter(table => !isView(table)),
    table => table.id,
    needsOf,
  )
}

/** Tables, and among them the routines that could not be made before: those that mention a table. */
export function createTables(catalog: Catalog, routines: readonly Routine[]): readonly string[] {
  const byId = new Map(catalog.tables.map(table => [table.id, table]))
  const sequences = sequencesByOwner(catalog)
  const nameOf = (id: string): string => qualified(byId.get(id) ?? splitId(id))
  const tables = tablesInOrder(catalog)
  const made = (table: Table): Made => ({
    id: table.id,
    needs: [...needsOf(table), ...namedIn(expressionsOf(table), routines)],
    statements: [
      createTable(table, sequences, nameOf),
      ...(table.partitionOf === undefined ? [] : [attachPartition(table, table.partitionOf, nameOf)]),
      ...ownWays(
        table,
        (table.inherits ?? []).flatMap(id => byId.get(id) ?? []),
      ),
    ],
  })
  return madeInOrder([...tables.map(made), ...routines.map(routine => madeRoutine(routine, tables, routines))])
}

/** What the server looks into when it makes a table. */
function expressionsOf({ columns, checks }: Table): string {
  const ofColumns = columns.flatMap(column => [column.default ?? '', column.generated?.expression ?? ''])
  return [...ofColumns, ...checks.map(check => check.expression)].join('\n')
}

const needsOf = (table: Table): readonly string[] => [
  ...parentsOf(table),
  ...table.columns.flatMap(column => namesIn(column.type)),
]

const parentsOf = ({ inherits, partitionOf }: Table): readonly string[] =>
  partitionOf === undefined ? (inherits ?? []) : [partitionOf.table]

function createTable(table: Table, sequences: ReadonlyMap<string, Sequence>, nameOf: (id: string) => string): string {
  const what = table.kind === 'foreign table' ? 'FOREIGN TABLE' : table.unlogged ? 'UNLOGGED TABLE' : 'TABLE'
  const isOwn = ({ inherited }: { readonly inherited?: boolean }): boolean =>
    !inherited || table.partitionOf !== undefined
  const lines = [
    ...table.columns.filter(isOwn).map(column => columnClause(column, sequences.get(`${table.id}.${column.name}`))),
    ...table.checks.filter(check => isOwn(check) && check.validated).map(checkClause),
  ]
  return [
    `CREATE ${what} ${qualified(table)}${lines.length === 0 ? ' ()' : ` (\n  ${lines.join(',\n  ')}\n)`}`,
    table.inherits?.length ? ` INHERITS (${table.inherits.map(nameOf).join(', ')})` : '',
    table.partitionKey === undefined ? '' : ` PARTITION BY ${table.partitionKey}`,
    table.server === undefined ? '' : ` SERVER ${quoteName(table.server)}`,
  ].join('')
}

/** A partition is a whole table first and is attached then: its columns may stand in another order. */
function attachPartition(
  table: Table,
  { table: parent, bounds }: NonNullable<Table['partitionOf']>,
  nameOf: (id: string) => string,
): string {
  return `ALTER TABLE ${nameOf(parent)} ATTACH PARTITION ${qualified(table)} ${bounds}`
}

function columnClause(column: Column, sequence: Sequence | undefined): string {
  return [
    `${quoteName(column.name)} ${column.sqlType}${furtherDimensions(column.type)}`,
    column.collation === undefined ? '' : ` COLLATE ${column.collation}`,
    column.default === undefined ? '' : ` DEFAULT ${column.default}`,
    column.generated && ` GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.kind.toUpperCase()}`,
    identityClause(column, sequence),
    saysNotNull(column) ? ' NOT NULL' : '',
  ].join('')
}

/** The server prints one pair of brackets, however many were declared. */
function furtherDimensions(type: DataType): string {
  return type.kind === 'array' ? '[]'.repeat(type.dimensions - 1) : ''
}

/** A column over a NOT NULL domain takes it from there. */
function saysNotNull({ nullable, type }: Column): boolean {
  return !nullable && !(type.kind === 'domain' && type.notNull)
}

/** Where a column of an INHERITS child differs from its parents'. */
function ownWays(table: Table, parents: readonly Table[]): readonly string[] {
  const inheritedFrom = new Map(parents.flatMap(parent => parent.columns.map(column => [column.name, column])))
  return table.columns
    .filter(column => column.inherited)
    .flatMap(column => {
      const parent = inheritedFrom.get(column.name)
      if (parent === undefined) return []
      const alter = `ALTER TABLE ${qualified(table)} ALTER COLUMN ${quoteName(column.name)}`
      return [
        ...(column.default === parent.default
          ? []
          : [`${alter} ${column.default === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${column.default}`}`]),
        ...(saysNotNull(column) && !saysNotNull(parent) ? [`${alter} SET NOT NULL`] : []),
      ]
    })
}

function splitId(id: string): { readonly schema: string; readonly name: string } {
  const dot = id.indexOf('.')
  return { schema: id.slice(0, dot), name: id.slice(dot + 1) }
}
