/**
 * From catalogue rows to tables, without their relations.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { CheckConstraint, ForeignKey, ForeignKeyAction, Names, Table, TableKind, Trigger } from '../model.js'
import { byText, named, present } from '../plain.js'
import { columnsOf } from './columns.js'
import { indexOf, isPlainUnique, isPrimary, keyOf } from './indexes.js'
import type { ModelNames } from './names.js'
import { partitioning } from './partitions.js'
import type { CatalogueRows, CheckRow, KeyColumnRow, ReferenceRow, TableRow, TriggerRow } from './rows.js'
import type { Server } from './server.js'
import { qualified, quoteName, storedExpression } from './text.js'
import { viewOf } from './views.js'

/** What tables are built with. */
export interface TableContext {
  readonly server: Server
  readonly model: ModelNames
  readonly names: Names
}

const kinds: Readonly<Record<string, TableKind>> = {
  'BASE TABLE': 'table',
  'SYSTEM VERSIONED': 'table',
  VIEW: 'view',
  'SYSTEM VIEW': 'view',
}

/** The tables and views of the rows, in order of schema and name; their keys are still their ids. */
export function tablesOf(rows: CatalogueRows, context: TableContext): readonly Table[] {
  return Object.freeze(
    rows
      .part('table')
      .flatMap(row => {
        const kind = kinds[row[3]]
        return kind === undefined ? [] : [tableOf(row, kind, rows, context)]
      })
      .sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name)),
  )
}

const none = Object.freeze([])

function tableOf(row: TableRow, kind: TableKind, rows: CatalogueRows, context: TableContext): Table {
  const [, schema, name, , , , , comment] = row
  const id = context.model.idOf(schema, name)
  const indexes = [...groupBy(rows.of('index', row), index => index[3]).values()].map(parts =>
    indexOf(parts, row, context),
  )
  const partitions = partitioning(rows.of('partition', row))
  return Object.freeze({
    id,
    schema: context.model.schemaOf(schema),
    name,
    key: id,
    kind: partitions === undefined ? kind : 'partitioned table',
    columns: columnsOf(row, kind, rows, context),
    ...present({ primaryKey: indexes.filter(isPrimary).map(keyOf)[0] }),
    uniques: named(indexes.filter(isPlainUnique).map(keyOf)),
    foreignKeys: foreignKeysOf(row, rows, context),
    checks: named(rows.of('check', row).map(each => check(each, context))),
    exclusions: none,
    indexes: named(indexes.filter(index => !isPrimary(index) && !isPlainUnique(index))),
    triggers: triggersOf(row, rows, context),
    policies: none,
    relations: none,
    ...(kind === 'view'
      ? viewOf(row, rows, context)
      : present({ comment: comment !== '' && comment, options: optionsOf(row) })),
    ...partitions,
  })
}

/** `ENGINE=InnoDB COLLATE=utf8mb4_general_ci`, and what else was asked for. */
function optionsOf([, , , type, engine, collation, options]: TableRow): string {
  return [
    engine !== null && `ENGINE=${engine}`,
    collation !== null && `COLLATE=${collation}`,
    options?.replace(/\bpartitioned\b/, '').trim(),
    type === 'SYSTEM VERSIONED' && 'WITH SYSTEM VERSIONING',
  ]
    .filter(Boolean)
    .join(' ')
}

/** By the columns of each: MariaDB shows them to whoever may read the table, and what the key does not to all of these. */
function foreignKeysOf(table: TableRow, rows: CatalogueRows, { model }: TableContext): readonly ForeignKey[] {
  const rules = new Map(rows.of('reference', table).map(row => [row[3], row]))
  const keys = groupBy(rows.of('key column', table), row => row[3])
  return named([...keys].map(([name, columns]) => foreignKey(name, columns, rules.get(name), model)))
}

function foreignKey(
  name: string,
  unsorted: readonly KeyColumnRow[],
  rule: ReferenceRow | undefined,
  model: ModelNames,
): ForeignKey {
  const columns = unsorted.toSorted((a, b) => Number(a[4]) - Number(b[4]))
  const [, , , , , , targetSchema = '', target = ''] = columns[0] ?? []
  const [, , , , onUpdate = 'not shown', onDelete = 'not shown'] = rule ?? []
  return Object.freeze({
    name,
    columns: Object.freeze(columns.map(column => column[5])),
    target: model.idOf(targetSchema, target),
    targetColumns: Object.freeze(columns.map(column => column[8])),
    onUpdate: onUpdate.toLowerCase() as ForeignKeyAction,
    onDelete: onDelete.toLowerCase() as ForeignKeyAction,
    validated: true,
  })
}

function check([, , , name, level, clause, enforced]: CheckRow, { server, model }: TableContext): CheckConstraint {
  const printed = server.kind === 'mysql' ? storedExpression(clause) : clause
  return Object.freeze({
    name,
    ...present({ ofColumn: level === 'Column' }),
    expression: model.portable(printed),
    validated: enforced === 'YES',
    ...present({ notEnforced: enforced === 'NO' }),
  })
}

/** In the order in which they run: those of one event may follow one another. */
function triggersOf(table: TableRow, rows: CatalogueRows, context: TableContext): readonly Trigger[] {
  const events = groupBy(rows.of('trigger', table), row => `${row[5]} ${row[6]}`)
  return Object.freeze(
    [...events]
      .sort(([a], [b]) => byText(a, b))
      .flatMap(([event, own]) => {
        const ordered = [...own].sort((a, b) => Number(a[4]) - Number(b[4]))
        return ordered.map((row, at) => trigger(row, event, ordered[at - 1], context))
      }),
  )
}

function trigger(row: TriggerRow, event: string, before: TriggerRow | undefined, { model }: TableContext): Trigger {
  const [, database, table, name, , , , statement] = row
  const schema = model.schemaOf(database)
  const follows = before === undefined ? '' : `FOLLOWS ${quoteName(before[3])} `
  const definition = `CREATE TRIGGER ${qualified({ schema, name })} ${event} ON ${qualified({ schema, name: table })} FOR EACH ROW ${follows}${statement}`
  return Object.freeze({ name, definition, enabled: 'origin' })
}
