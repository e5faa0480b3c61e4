/**
 * From rows to columns.
 *
 * @module
 */
import type { Column, TableKind } from '../model.js'
import { keysOf } from '../names.js'
import { present } from '../plain.js'
import type { TableContext } from './tables.js'
import type { CatalogueRows, ColumnRow, TableRow } from './rows.js'
import { quoteLiteral, quoteName, storedExpression } from './text.js'
import { typeOf } from './types.js'

export function columnsOf(table: TableRow, kind: TableKind, rows: CatalogueRows, context: TableContext) {
  const columns = [...rows.of('column', table)].sort((a, b) => Number(a[3]) - Number(b[3]))
  const keys = keysOf(
    columns.map(row => row[4]),
    context.names,
  )
  const mustBeJson = jsonColumns(table, rows)
  const [, , , , , tableCollation] = table
  return Object.freeze(
    columns.map((row, at): Column => {
      const [, schema, , , name, dataType, columnType, , , extra, , collation, comment, srid] = row
      const generated = generation(row, context)
      const identity = /auto_increment/i.test(extra)
      const place = { schema: context.model.schemaOf(schema), table: table[2], column: name }
      return Object.freeze({
        name,
        key: keys[at] ?? name,
        position: at + 1,
        type: typeOf(mustBeJson.has(name) && dataType === 'longtext' ? 'json' : dataType, columnType, place),
        sqlType: srid === null ? columnType : `${columnType} SRID ${srid}`,
        nullable: isNullable(row),
        ...present({
          default: kind !== 'view' && !generated && !identity && defaultOf(row, context),
          generated,
          identity: identity && ('by default' as const),
          onUpdate: /on update (current_timestamp(?:\(\d*\))?)/i.exec(extra)?.[1],
          hidden: /invisible/i.test(extra),
          collation: kind !== 'view' && collation !== tableCollation && collation,
          comment: comment !== '' && comment,
        }),
      })
    }),
  )
}

/**
 * A view's columns are never NULL where the server says so. MariaDB works that out from the view's query whenever it is
 * asked, MySQL whenever a table below is altered, and both err on the safe side.
 */
const isNullable = ([, , , , , , , nullable]: ColumnRow): boolean => nullable === 'YES'

/** MariaDB's JSON is a LONGTEXT with a check of its own. */
function jsonColumns(table: TableRow, rows: CatalogueRows): ReadonlySet<string> {
  return new Set(
    rows
      .of('check', table)
      .filter(([, , , name, level, clause]) => level === 'Column' && clause === `json_valid(${quoteName(name)})`)
      .map(([, , , name]) => name),
  )
}

function generation([, , , , , , , , , extra, expression]: ColumnRow, { server, model }: TableContext) {
  const kind = /(stored|virtual) generated/i.exec(extra)?.[1]?.toLowerCase()
  if (kind === undefined) return undefined
  const printed = server.kind === 'mysql' ? storedExpression(expression ?? '') : (expression ?? '')
  return Object.freeze({ kind: kind as 'stored' | 'virtual', expression: model.portable(printed) })
}

/** MariaDB shows an expression, `NULL` where there is none; MySQL a value, but for what it calls generated. */
function defaultOf(row: ColumnRow, { server, model }: TableContext): string | undefined {
  const [, , , , , dataType, , , value, extra] = row
  if (value === null) return undefined
  if (server.kind === 'mariadb') return value === 'NULL' ? undefined : model.portable(value)
  if (!/default_generated/i.test(extra)) return literal(dataType, value)
  return /^current_timestamp/i.test(value) ? value : `(${storedExpression(value)})`
}

/** A bit's is `b'101'`. */
const bareLiterals = new Set('tinyint smallint mediumint int bigint decimal float double year bit'.split(' '))

const binary = new Set(['binary', 'varbinary'])

/** MySQL shows bytes in hexadecimal, up to the first that is zero: a binary column is filled up with these. */
function literal(dataType: string, value: string): string {
  if (binary.has(dataType) && value !== '') return value === '0x' ? '0x00' : value
  return bareLiterals.has(dataType) ? value : quoteLiteral(value)
}
