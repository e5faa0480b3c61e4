/**
 * Tables: columns, keys, indexes and checks in place, foreign keys left for later.
 *
 * @module
 */
import { PillionError } from '../../../errors.js'
import type { Catalog, CheckConstraint, Column, DialectName, ForeignKey, ForeignKeyAction, Table } from '../../model.js'
import { uniqueClause } from '../../mysql/indexes.js'
import { qualified, quoteLiteral, quoteName } from '../../mysql/text.js'

export function createTable(table: Table, dialect: DialectName): string {
  const checks = new Map(table.checks.filter(({ ofColumn }) => ofColumn).map(check => [check.name, check]))
  const lines = [
    ...table.columns.map(column => columnClause(column, checks.get(column.name), dialect)),
    ...(table.primaryKey ? [table.primaryKey.definition ?? uniqueClause('PRIMARY KEY', table.primaryKey)] : []),
    ...table.uniques.map(unique => uniqueClause(`UNIQUE KEY ${quoteName(unique.name)}`, unique)),
    ...table.indexes.map(({ definition }) => definition),
    ...table.checks.filter(({ ofColumn }) => !ofColumn).map(checkClause),
  ]
  return [
    `CREATE TABLE ${qualified(table)} (\n  ${lines.join(',\n  ')}\n)`,
    table.options,
    table.comment === undefined ? undefined : `COMMENT=${quoteLiteral(table.comment)}`,
    table.partitionKey === undefined ? undefined : partitionClause(table.partitionKey, table.partitions ?? []),
  ]
    .filter(Boolean)
    .join(' ')
}

const partitionClause = (key: string, partitions: readonly string[]): string =>
  `PARTITION BY ${key} (${partitions.join(', ')})`

function columnClause(column: Column, check: CheckConstraint | undefined, dialect: DialectName): string {
  const { generated } = column
  // Of a generated column MySQL wants the system of coordinates behind the expression.
  const [, type = '', srid = ''] = /^(.*?)( SRID \d+)?$/.exec(column.sqlType) ?? []
  return [
    `${quoteName(column.name)} ${type}`,
    column.collation === undefined ? '' : ` COLLATE ${column.collation}`,
    generated && ` GENERATED ALWAYS AS (${generated.expression}) ${generated.kind.toUpperCase()}`,
    srid,
    nullClause(column, dialect),
    column.default === undefined ? '' : ` DEFAULT ${column.default}`,
    column.onUpdate === undefined ? '' : ` ON UPDATE ${column.onUpdate}`,
    column.identity === undefined ? '' : ' AUTO_INCREMENT',
    column.hidden ? ' INVISIBLE' : '',
    column.comment === undefined ? '' : ` COMMENT ${quoteLiteral(column.comment)}`,
    check === undefined ? '' : ` CHECK (${check.expression})`,
  ].join('')
}

/** A bare TIMESTAMP can mean NOT NULL, and MariaDB takes neither word of a generated column. */
function nullClause({ nullable, generated }: Column, dialect: DialectName): string {
  if (generated !== undefined && (nullable || dialect === 'mariadb')) return ''
  return nullable ? ' NULL' : ' NOT NULL'
}

const checkClause = ({ name, expression, notEnforced }: CheckConstraint): string =>
  `CONSTRAINT ${quoteName(name)} CHECK (${expression})${notEnforced ? ' NOT ENFORCED' : ''}`

/** Foreign keys, once every table is there. */
export function addForeignKeys(table: Table, { tables }: Catalog): readonly string[] {
  const byId = new Map(tables.map(each => [each.id, each]))
  return table.foreignKeys.map(
    key => `ALTER TABLE ${qualified(table)} ADD ${foreignKeyClause(key, byId.get(key.target))}`,
  )
}

function foreignKeyClause(key: ForeignKey, target: Table | undefined): string {
  const dot = key.target.indexOf('.')
  const name = qualified(target ?? { schema: key.target.slice(0, dot), name: key.target.slice(dot + 1) })
  return [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${key.columns.map(quoteName).join(', ')})`,
    `REFERENCES ${name} (${key.targetColumns.map(quoteName).join(', ')})`,
    `ON UPDATE ${shown(key, key.onUpdate)} ON DELETE ${shown(key, key.onDelete)}`,
  ].join(' ')
}

function shown({ name }: ForeignKey, action: ForeignKeyAction): string {
  if (action !== 'not shown') return action.toUpperCase()
  throw new PillionError('REFLECT_FAILED', `what the foreign key ${name} does on update and on delete was not shown`, {
    hint: 'Reflect as a user who has another right on its table than SELECT: MariaDB shows it by SHOW VIEW, too.',
  })
}
