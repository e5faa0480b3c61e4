/**
 * From catalogue rows and the texts of definitions to tables, without their relations.
 *
 * @module
 */
import type { Names, Table, TableKind, Trigger } from '../model.js'
import { byText, named, present } from '../plain.js'
import { columnsOf } from './columns.js'
import { constraintsOf } from './constraints.js'
import { type CreateTable, moduleOf, namesRead, readCreateTable, selectOf } from './create-table.js'
import { indexOf } from './indexes.js'
import type { CatalogueRows, TableRow } from './rows.js'
import type { Subject } from './subject.js'

const kinds: Readonly<Record<TableRow[3], TableKind>> = { table: 'table', view: 'view', virtual: 'virtual table' }

/** The tables and views of the rows, in order of schema and name; their keys are still their ids. */
export function tablesOf(rows: CatalogueRows, names: Names): readonly Table[] {
  const tables = rows.part('table')
  const ids = new Map(tables.map(([, schema, name]) => [`${schema}.${name}`.toLowerCase(), `${schema}.${name}`]))
  const idOf = (schema: string, name: string): string =>
    ids.get(`${schema}.${name}`.toLowerCase()) ?? `${schema}.${name}`
  const known = new Set(ids.values())
  return Object.freeze(
    tables
      .map(row => tableOf(row, rows, { idOf, known }, names))
      .sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name)),
  )
}

const none = Object.freeze([])
const noWords: CreateTable = { columns: new Map(), clauses: [], autoincrement: false }

function tableOf(row: TableRow, rows: CatalogueRows, ids: Pick<Subject, 'idOf' | 'known'>, names: Names): Table {
  const [, schema, name, type] = row
  const sql = rows.sql(schema, name) ?? ''
  const subject = { row, rows, ...ids, words: type === 'table' ? readCreateTable(sql) : noWords }
  const definition = type === 'view' ? selectOf(sql) : undefined
  return Object.freeze({
    id: `${schema}.${name}`,
    schema,
    name,
    key: `${schema}.${name}`,
    kind: kinds[type],
    columns: columnsOf(subject, names),
    ...constraintsOf(subject),
    exclusions: none,
    indexes: named(rows.of('index', row).flatMap(index => indexOf(index, subject))),
    triggers: named(rows.triggers(row).map(([, , trigger, , , text]): Trigger => triggerOf(trigger, text))),
    policies: none,
    relations: none,
    ...present({
      definition,
      dependsOn: definition !== undefined && dependencies(definition, subject),
      options: optionsOf(subject, sql),
      sql,
    }),
  })
}

const triggerOf = (name: string, definition: string | null): Trigger =>
  Object.freeze({ name, definition: definition?.trim() ?? '', enabled: 'origin' })

function optionsOf({ row, words }: Subject, sql: string): string | undefined {
  const [, , , type, withoutRowid, strict] = row
  if (type === 'virtual') return moduleOf(sql)
  const options = [
    words.autoincrement && 'AUTOINCREMENT',
    withoutRowid === '1' && 'WITHOUT ROWID',
    strict === '1' && 'STRICT',
  ].filter(Boolean)
  return options.length === 0 ? undefined : options.join(', ')
}

function dependencies(definition: string, { row, idOf, known }: Subject): readonly string[] {
  const ids = [...namesRead(definition)].map(name => idOf(row[1], name))
  return Object.freeze(ids.filter(id => known.has(id) && id !== `${row[1]}.${row[2]}`).sort(byText))
}
