/**
 * What would multiply rows in silence is refused: joins nobody expanded, two side by side, aggregates over them.
 *
 * @module
 */
import type { AggregateNode, HandleNode, Node, SelectData, WindowNode } from '../query/node.js'
import { pinnedKey, unpinned } from './cardinality.js'
import { buildError, nameOfHandle } from './failure.js'
import { eachClause, eachMention, isAtOrAbove } from './mentions.js'
import { partsOf } from './parts.js'

/**
 * Refuses handles that multiply rows against the query's word.
 *
 * @throws FAN_OUT, CROSS_PRODUCT, AGGREGATE_MULTIPLIED
 */
export function checkFanOut(query: SelectData, handles: readonly HandleNode[]): void {
  const many = handles.filter(handle => handle.many && pinnedKey(handle) === undefined)
  if (many.length === 0) return
  for (const handle of many) {
    if (query.expand.some(each => each.handle === handle || each.handle.bridge === handle)) continue
    const name = nameOfHandle(handle)
    throw buildError(
      'FAN_OUT',
      `${name} has many rows for one of ${nameOfHandle(handle.parent as HandleNode)}, so mentioning it would multiply rows: ${unpinned(handle)}.`,
      'Say q.expand(handle) where pairs are wanted; else use some, first, list, count, or pin a unique key in ON.',
      query.origin,
    )
  }
  checkCrossProduct(query, many)
  checkAggregates(query, many)
}

function related(a: HandleNode, b: HandleNode): boolean {
  return isAtOrAbove(a, b) || isAtOrAbove(b, a)
}

function checkCrossProduct(query: SelectData, many: readonly HandleNode[]): void {
  const expansions = many.map(handle => ({
    handle,
    allowed: query.expand.some(
      each => (each.handle === handle || each.handle.bridge === handle) && each.allowCrossProduct,
    ),
    position: query.expand.findIndex(each => each.handle === handle || each.handle.bridge === handle),
  }))
  expansions.sort((a, b) => a.position - b.position)
  expansions.forEach((later, i) => {
    const sibling = expansions.slice(0, i).find(earlier => !related(earlier.handle, later.handle))
    if (sibling === undefined || later.allowed) return
    throw buildError(
      'CROSS_PRODUCT',
      `${nameOfHandle(later.handle)} is expanded beside ${nameOfHandle(sibling.handle)}: every row of one would be paired with every row of the other.`,
      'Use list(…) or count(…) for one of them, or say q.expand(handle, { allowCrossProduct: true }).',
      query.origin,
    )
  })
}

const unharmed = new Set(['min', 'max', 'bool_and', 'bool_or'])

function checkAggregates(query: SelectData, many: readonly HandleNode[]): void {
  if (many.length < 2) return
  eachClause(query, node =>
    eachAggregate(node, aggregate => {
      if (aggregate.distinct || unharmed.has(aggregate.name)) return
      const mentioned: HandleNode[] = []
      for (const arg of aggregate.args) eachMention(arg, handle => mentioned.push(handle))
      const counted = mentioned.length > 0 ? mentioned : [deepest(many)]
      const foreign = many.find(handle => !counted.some(each => isAtOrAbove(handle, each)))
      if (foreign === undefined) return
      throw buildError(
        'AGGREGATE_MULTIPLIED',
        `${aggregate.name}() stands over rows that ${nameOfHandle(foreign)} multiplies, so it would count some of them more than once.`,
        'Aggregate each relation by itself: count(relation), sum(relation, e => …), or list(…).',
        query.origin,
      )
    }),
  )
}

function deepest(handles: readonly HandleNode[]): HandleNode {
  return handles.reduce((a, b) => (isAtOrAbove(a, b) ? b : a))
}

/** Does a query fold its rows: by an aggregate of its own level in what is selected, or in its order? */
export function foldsRows(query: SelectData): boolean {
  let found = false
  eachClause(query, (node, clause) => {
    if (clause === 'select' || clause === 'orderBy') eachAggregate(node, () => (found = true))
  })
  return found
}

/** Does a query look at the rows around each row, by a window function of its own level? */
export function rangesOverRows(query: SelectData): boolean {
  return hasWindow(query, () => true)
}

/** Is there more to a window than all rows: partitions, or an order? */
export function arranges({ partitionBy, orderBy }: WindowNode): boolean {
  return partitionBy.length > 0 || orderBy.length > 0
}

/** Has a query such a window, of its own level? */
export function arrangesRows(query: SelectData): boolean {
  return hasWindow(query, arranges)
}

function hasWindow(query: SelectData, is: (window: WindowNode) => boolean): boolean {
  let found = false
  eachClause(query, node =>
    eachFold(node, ({ over }) => {
      if (over !== undefined && is(over)) found = true
    }),
  )
  return found
}

/** Does a condition on groups fold the rows of each? */
export function foldsInHaving(query: SelectData): boolean {
  let found = false
  for (const { node } of query.having) eachAggregate(node, () => (found = true))
  return found
}

/** Is each row that its WHERE lets through one of its rows? Not where they are made one: by DISTINCT, groups, an aggregate. */
export function keepsRows(query: SelectData): boolean {
  return query.distinct === false && query.groupBy.length === 0 && query.having.length === 0 && !foldsRows(query)
}

/** Visits aggregates of this query's own level; a subquery's belong to it. */
function eachAggregate(node: Node, visit: (node: AggregateNode) => void): void {
  eachFold(node, each => {
    if (each.over === undefined) visit(each)
  })
}

/** Visits aggregates and window functions of this query's own level. */
function eachFold(node: Node, visit: (node: AggregateNode) => void): void {
  if (node.kind === 'aggregate') visit(node)
  for (const part of partsOf(node)) eachFold(part, visit)
}
