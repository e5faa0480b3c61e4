/**
 * In a grouped query an expression with a value, a parameter or a subquery in it is not the same text twice: `coalesce(x, $1)` and
 * `coalesce(x, $2)`, `(SELECT … FROM t)` and `(SELECT … FROM t AS t_2)`. One that is also selected is therefore meant by its place in
 * the select list.
 *
 * @module
 */
import type { Node, SelectData } from '../query/node.js'
import { flatten } from './layout.js'
import { isIdentity, isSame } from './same.js'

/** The place, from 1, of a selected expression equal to this one; undefined where its text says enough. */
export function ordinalOf(query: SelectData, node: Node): number | undefined {
  if (query.groupBy.length === 0 || !isWrittenAnew(node)) return undefined
  const place = flatten(query.select).leaves.findIndex(leaf => isSame(leaf.node, node))
  return place < 0 ? undefined : place + 1
}

const anew: ReadonlySet<unknown> = new Set(['value', 'param', 'subquery'])

/** Is it another text each time that it is written? */
export function isWrittenAnew(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  if ('kind' in part && anew.has(part.kind)) return true
  return Object.entries(part).some(([key, inner]) => !isIdentity(key) && isWrittenAnew(inner))
}
