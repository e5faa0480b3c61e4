/**
 * Indexes, of CREATE INDEX and of constraints.
 *
 * @module
 */
import type { Index, IndexKey } from '../model.js'
import { present } from '../plain.js'
import { readCreateIndex } from './create-table.js'
import type { IndexKeyRow, IndexRow } from './rows.js'
import { isBinary, type Subject } from './subject.js'

/** Indexes of CREATE INDEX; and of constraints that are unique in another collation than their columns'. */
export function indexOf([, schema, , name, unique, origin]: IndexRow, subject: Subject): readonly Index[] {
  const { rows } = subject
  const sql = rows.sql(schema, name) ?? ''
  const text = sql === '' ? undefined : readCreateIndex(sql)
  const keys = keysOfIndex(name, subject).map((key, at) => indexKey(key, text?.expressions[at], subject))
  if (origin !== 'c' && keys.every(key => 'column' in key)) return []
  return [
    Object.freeze({
      name,
      keys: Object.freeze(keys),
      unique: unique === '1',
      method: 'btree',
      ...present({ where: text?.where }),
      definition: sql,
    }),
  ]
}

/** The key of an index, in order. */
export const keysOfIndex = (name: string, { row, rows }: Pick<Subject, 'row' | 'rows'>): readonly IndexKeyRow[] =>
  rows
    .of('index key', row)
    .filter(key => key[3] === name)
    .sort((a, b) => Number(a[4]) - Number(b[4]))

/** A column in another collation than its own is an expression: two values of the column may be one to the index. */
export function indexKey(key: IndexKeyRow, expression: string | undefined, { words }: Subject): IndexKey {
  const [, , , , , column, number, descending, collation] = key
  const own = words.columns.get(column?.toLowerCase() ?? '')?.collation ?? 'BINARY'
  const order = present({ descending: descending === '1' })
  if (column !== null && own.toUpperCase() === collation.toUpperCase()) return Object.freeze({ column, ...order })
  const base = expression ?? column ?? (number === '-1' ? 'rowid' : '')
  const collated = isBinary(collation) && column === null ? base : `${base} COLLATE ${collation}`
  return Object.freeze({ expression: collated, ...order })
}
