/**
 * Indexes and the keys that they are.
 *
 * @module
 */
import type { Index, IndexKey, UniqueConstraint } from '../model.js'
import { present } from '../plain.js'
import type { IndexRow, TableRow } from './rows.js'
import type { TableContext } from './tables.js'
import { quoteLiteral, quoteName, storedExpression } from './text.js'

export function indexOf(parts: readonly IndexRow[], [, , , , engine]: TableRow, { server }: TableContext): Index {
  const rows = [...parts].sort((a, b) => Number(a[4]) - Number(b[4]))
  const [, , , name, , nonUnique, , , , , type, ignored, comment] = rows[0] as IndexRow
  const keys = Object.freeze(rows.map(indexKey))
  const unique = nonUnique === '0'
  const method = type.toLowerCase()
  const words = { FULLTEXT: 'FULLTEXT ', SPATIAL: 'SPATIAL ' }[type] ?? (unique ? 'UNIQUE ' : '')
  const definition = [
    name === 'PRIMARY' ? 'PRIMARY KEY' : `${words}KEY ${quoteName(name)}`,
    ` (${keys.map(keySql).join(', ')})`,
    structure(type, engine),
    comment === '' ? '' : ` COMMENT ${quoteLiteral(comment)}`,
    ignored !== '1' ? '' : server.kind === 'mysql' ? ' INVISIBLE' : ' IGNORED',
  ].join('')
  return Object.freeze({ name, keys, unique, method, definition, ...present({ comment: comment !== '' && comment }) })
}

/** How the keys are kept, where it is not what the engine does unasked. */
function structure(type: string, engine: string | null): string {
  const usual = engine === 'MEMORY' ? 'HASH' : 'BTREE'
  return ['BTREE', 'HASH'].includes(type) && type !== usual ? ` USING ${type}` : ''
}

function indexKey([, , , , , , column, expression, length, order, type]: IndexRow): IndexKey {
  const sized = type === 'SPATIAL' || length === null ? undefined : Number(length)
  const of = column === null ? { expression: storedExpression(expression ?? '') } : { column }
  return Object.freeze({ ...of, ...present({ length: sized, descending: order === 'D' }) })
}

function keySql(key: IndexKey): string {
  const of = 'column' in key ? quoteName(key.column) : `(${key.expression})`
  return `${of}${key.length === undefined ? '' : `(${key.length})`}${key.descending ? ' DESC' : ''}`
}

export const isPrimary = ({ name }: Index): boolean => name === 'PRIMARY'

/** Is it no more than a unique constraint over whole columns? */
export const isPlainUnique = (index: Index): boolean =>
  index.unique &&
  !isPrimary(index) &&
  index.definition === uniqueClause(`UNIQUE KEY ${quoteName(index.name)}`, keyOf(index))

export function keyOf({ name, keys, comment, definition }: Index): UniqueConstraint {
  const columns = Object.freeze(keys.flatMap(key => ('column' in key ? [key.column] : [])))
  const plain = Object.freeze({ name, columns, ...present({ comment }) })
  return name !== 'PRIMARY' || definition === uniqueClause('PRIMARY KEY', plain)
    ? plain
    : Object.freeze({ ...plain, definition })
}

/** A unique key over whole columns, in their own order. */
export function uniqueClause(words: string, { columns, comment }: UniqueConstraint): string {
  return `${words} (${columns.map(quoteName).join(', ')})${comment === undefined ? '' : ` COMMENT ${quoteLiteral(comment)}`}`
}
