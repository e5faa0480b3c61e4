/**
 * From rows and words of the CREATE to columns.
 *
 * @module
 */
import type { Column, Names } from '../model.js'
import { keysOf } from '../names.js'
import { present } from '../plain.js'
import type { ColumnRow, TableRow } from './rows.js'
import { isBinary, type Subject } from './subject.js'
import { typeOf, viewTypeOf } from './types.js'

export function columnsOf(subject: Subject, names: Names): readonly Column[] {
  const { row, rows, words } = subject
  const columns = rows.of('column', row)
  const keys = keysOf(
    columns.map(column => column[4]),
    names,
  )
  const rowid = rowidAlias(subject)
  return Object.freeze(
    columns.map((column, at): Column => {
      const [, , , , name, declared, , defaultValue, , hidden] = column
      const { collation, generated } = words.columns.get(name.toLowerCase()) ?? {}
      return Object.freeze({
        name,
        key: keys[at] ?? name,
        position: at + 1,
        type: row[3] === 'view' ? viewTypeOf(declared) : typeOf(declared),
        sqlType: declared,
        nullable: !neverNull(column, row, rowid),
        ...present({
          default: defaultValue,
          generated: generated !== undefined && {
            kind: hidden === '3' ? ('stored' as const) : ('virtual' as const),
            expression: generated,
          },
          identity: column === rowid && ('by default' as const),
          hidden: hidden === '1',
          collation: isBinary(collation ?? '') ? undefined : collation,
        }),
      })
    }),
  )
}

/**
 * The column that is the row id by another name: alone in a primary key that needs no index, since rows are kept in
 * its order.
 */
function rowidAlias({ row, rows }: Subject): ColumnRow | undefined {
  const keyed = rows.of('column', row).filter(column => column[8] !== '0')
  const hasIndex = rows.of('index', row).some(([, , , , , origin]) => origin === 'pk')
  return row[3] === 'table' && row[4] === '0' && keyed.length === 1 && !hasIndex ? keyed[0] : undefined
}

/** A primary key alone does not keep NULL out, but for the row id; SQLite itself says so where the table does. */
function neverNull(column: ColumnRow, [, , , type, withoutRowid]: TableRow, rowid: ColumnRow | undefined): boolean {
  if (type === 'view') return false
  return column[6] === '1' || column === rowid || (withoutRowid === '1' && column[8] !== '0')
}
