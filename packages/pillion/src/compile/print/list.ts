/**
 * Rows as one JSON array: nested lists in the same statement.
 *
 * @module
 */
import type { Node, SelectData } from '../../query/node.js'
import { flatten, travelsAsText } from '../layout.js'
import { planSelect } from '../plan.js'
import { expression, isCompound } from './expression.js'
import type { Scope } from './scope.js'
import { select } from './select.js'

/** All rows of a query, in its order, as one JSON array: of arrays, or of values where one expression is selected. */
export function list(query: SelectData, outer: Scope): string {
  const { leaves, layout } = flatten(query.select)
  const { dialect } = outer.out
  const rows = select(planSelect(query), outer, outer.out, scope => {
    const items = leaves.map(({ node }) => jsonItem(node, scope))
    return layout.kind === 'value' ? dialect.jsonValue(items[0] as string) : dialect.jsonArray(items)
  })
  return dialect.jsonRows(rows)
}

function jsonItem(node: Node, scope: Scope): string {
  const sql = isCompound(node) ? `(${expression(node, scope)})` : expression(node, scope)
  return travelsAsText(node, scope.out.dialect) ? `${sql}::text` : sql
}
