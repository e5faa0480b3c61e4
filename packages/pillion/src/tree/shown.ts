/**
 * A table of which some columns are seen, and others are only joined by.
 *
 * @module
 */
import { expr } from '../query/expr.js'
import { columnNode, handleOf, joinOf, rootNode } from '../query/handle.js'
import type { ColumnRef } from '../query/node.js'
import type { Stand } from './encoding.js'
import type { Nodes, Parts } from './key.js'

/** The same table with no more than these columns on its handles. */
export function shown(table: Stand, names: readonly string[]): Stand {
  const { source } = joinOf(table)
  const columns = source.columns.filter(({ key }) => names.includes(key))
  return handleOf(rootNode(Object.freeze({ ...source, columns }))) as Stand
}

/** Columns of a handle of such a table, by their names in the whole: those that are not seen, too. */
export function unseen(table: Stand, handle: Nodes, names: readonly string[]): Parts {
  const { columns } = joinOf(table).source
  return names.map(name => {
    const column = columns.find(({ key }) => key === name) as ColumnRef
    return expr(columnNode(joinOf(handle), column, undefined))
  })
}
