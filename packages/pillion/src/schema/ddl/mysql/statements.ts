/**
 * A MySQL or MariaDB schema as statements, in the order they can run.
 *
 * @module
 */
import type { Catalog, DialectName, Sequence, Table } from '../../model.js'
import { qualified, quoteName } from '../../mysql/text.js'
import { mainSchema } from '../../reflection.js'
import { inOrder } from '../order.js'
import { addForeignKeys, createTable } from './table.js'

export function mysqlStatements(catalog: Catalog): readonly string[] {
  const tables = catalog.tables.filter(({ kind }) => kind !== 'view')
  const views = inOrder(
    catalog.tables.filter(({ kind }) => kind === 'view'),
    view => view.id,
    view => view.dependsOn ?? [],
  )
  return [
    ...catalog.schemas
      .filter(schema => schema !== mainSchema)
      .map(schema => `CREATE DATABASE IF NOT EXISTS ${quoteName(schema)}`),
    ...catalog.sequences.map(createSequence),
    // Bodies are not looked into before they run.
    ...catalog.routines.map(({ definition }) => definition).filter(definition => definition !== ''),
    ...tables.map(table => createTable(table, catalog.dialect)),
    ...tables.flatMap(table => addForeignKeys(table, catalog)),
    ...views.map(view => createView(view, catalog.dialect)),
    ...tables.flatMap(({ triggers }) => triggers.map(({ definition }) => definition)),
  ]
}

/** The client ends a statement at the first semicolon, so bodies that have some need another sign. */
export function mysqlScript(statements: readonly string[]): string {
  return statements.map(statement => (statement.includes(';') ? delimited(statement) : `${statement};\n`)).join('\n')
}

function delimited(statement: string): string {
  let sign = '$$'
  while (statement.includes(sign)) sign += '$'
  return `DELIMITER ${sign}\n${statement}${sign}\nDELIMITER ;\n`
}

function createSequence(sequence: Sequence): string {
  const { start, increment, min, max, cache, cycle } = sequence
  return `CREATE SEQUENCE ${qualified(sequence)} START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle ? ' CYCLE' : ' NOCYCLE'}`
}

/** MySQL keeps the names of the columns apart from the query. */
function createView(view: Table, dialect: DialectName): string {
  const options = view.options === undefined ? '' : `${view.options} `
  const columns = dialect === 'mysql' ? ` (${view.columns.map(({ name }) => quoteName(name)).join(', ')})` : ''
  return `CREATE ${options}VIEW ${qualified(view)}${columns} AS ${view.definition ?? ''}`
}
