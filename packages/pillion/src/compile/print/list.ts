/**
 * Rows as one JSON array: nested lists in the same statement.
 *
 * @module
 */
import type { Node, SelectData } from '../../query/node.js'
import { flatten, travelsAsText } from '../layout.js'
import { planSelect } from '../plan.js'
import { expression, isCompound, orderBy } from './expression.js'
import { leavingItself } from './leaving.js'
import type { Scope } from './scope.js'
import { limits, select } from './select.js'

/** All rows of a query, in its order, as one JSON array: of arrays, or of values where one expression is selected. */
export function list(query: SelectData, outer: Scope): string {
  const { leaves, layout } = flatten(query.select)
  const { dialect, traits } = outer.out
  traits.add('JSON put together')
  const item = (scope: Scope): string => {
    const items = leaves.map(({ node }) => jsonItem(node, scope))
    return layout.kind === 'value' ? dialect.jsonValue(items[0] as string) : dialect.jsonArray(items)
  }
  return dialect.jsonRows({
    select: (name, limits = '') => {
      const named = name === undefined ? '' : ` AS ${name}`
      const isLimited = query.limit !== undefined || query.offset !== undefined
      return select(planSelect(query), outer, outer.out, scope => item(scope) + named) + (isLimited ? '' : limits)
    },
    gather: write => {
      const plan = planSelect(query)
      const unordered = { ...plan, query: { ...query, orderBy: [], limit: undefined, offset: undefined } }
      return select(unordered, outer, outer.out, scope =>
        write(item(scope), orderBy(query.orderBy, scope), limits(query, scope)),
      )
    },
  })
}

function jsonItem(node: Node, scope: Scope): string {
  const sql = isCompound(node) ? `(${expression(node, scope)})` : expression(node, scope)
  const { dialect } = scope.out
  if (node.read?.kind === 'list') return dialect.jsonNested(sql)
  if (!travelsAsText(node, dialect)) return dialect.jsonNative?.(sql, node.type) ?? sql
  return dialect.jsonText(leavingItself(node, sql, dialect), node.type)
}
