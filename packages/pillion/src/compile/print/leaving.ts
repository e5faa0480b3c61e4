/**
 * The form in which a value leaves the server.
 *
 * @module
 */
import type { Node } from '../../query/node.js'
import type { Dialect } from '../dialect.js'

/** A value, however it came about. */
export function leaving({ read, type }: Node, sql: string, { output }: Dialect): string {
  return read === undefined ? output(sql, type) : sql
}

/** The node itself, as `sql` prints it: a column of a table may need less than an expression. */
export function leavingItself(node: Node, sql: string, dialect: Dialect): string {
  const { stored } = dialect
  if (stored === undefined || node.read !== undefined || !isStored(node)) return leaving(node, sql, dialect)
  return stored(sql, node.type)
}

function isStored(node: Node): boolean {
  return node.kind === 'column' && node.handle.source.kind === 'table'
}
