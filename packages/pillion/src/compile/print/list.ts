/**
 * Rows as one JSON array: nested lists in the same statement.
 *
 * @module
 */
import type { Node, QueryData } from '../../query/node.js'
import { flatten, type Leaf, selectionOf, travelsAsText } from '../layout.js'
import { planSelect } from '../plan.js'
import { expression, isCompound, orderBy } from './expression.js'
import { type Scope, uniqueName } from './scope.js'
import { compound, select } from './select.js'

export function list(query: QueryData, outer: Scope): string {
  const simple =
    query.kind === 'select' && query.limit === undefined && query.offset === undefined && query.distinct === false
  if (!simple) return listOfRows(query, outer)
  const { leaves, layout } = flatten(query.select)
  const plan = planSelect(query)
  return select({ ...plan, query: { ...query, orderBy: [] } }, outer, outer.out, scope => {
    const items = leaves.map(leaf => jsonItem(leaf, scope))
    return scope.out.dialect.jsonRows(
      layout.kind === 'value' ? (items[0] as string) : scope.out.dialect.jsonArray(items),
      orderBy(query.orderBy, scope),
    )
  })
}

// LIMIT and DISTINCT come before the gathering, so they stand in a table of their own, numbered to keep its order
function listOfRows(query: QueryData, outer: Scope): string {
  const { out, quote } = outer
  const { names, dialect } = out
  const { leaves, layout } = flatten(selectionOf(query))
  const name = uniqueName('item', names, dialect)
  const items = leaves.map((leaf, i) => jsonText(`${quote(name)}.${quote(`c${i}`)}`, leaf.node))
  const item = layout.kind === 'value' ? (items[0] as string) : dialect.jsonArray(items)
  const inner =
    query.kind === 'compound'
      ? compound(query, outer, out)
      : select(planSelect(query), outer, out, scope =>
          leaves.map((leaf, i) => `${expression(leaf.node, scope)} AS ${quote(`c${i}`)}`).join(', '),
        )
  const numbered = `SELECT *, row_number() OVER () AS ${quote('n')} FROM (${inner}) AS ${quote(uniqueName('row', names, dialect))}`
  return `SELECT ${dialect.jsonRows(item, ` ORDER BY ${quote(name)}.${quote('n')}`)} FROM (${numbered}) AS ${quote(name)}`
}

function jsonItem({ node }: Leaf, scope: Scope): string {
  return jsonText(
    node.kind === 'subquery' || !isCompound(node) ? expression(node, scope) : `(${expression(node, scope)})`,
    node,
  )
}

function jsonText(sql: string, node: Node): string {
  return travelsAsText(node) ? `${sql}::text` : sql
}
