/**
 * A SELECT with nothing in it yet, and the first of a set operation.
 *
 * @module
 */
import type { HandleNode, Origin, QueryData, SelectData, Shape } from './node.js'
import { nowhere } from './origin.js'

/** `SELECT … FROM root`, as data. */
export function selectFrom(root: HandleNode, select: Shape, origin: Origin = nowhere): SelectData {
  return {
    kind: 'select',
    root,
    select,
    selectOrigin: origin,
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    distinct: false,
    limit: undefined,
    offset: undefined,
    require: [],
    expand: [],
    origin,
  }
}

/** The SELECT whose columns a query gives: its own, or those of a set operation's first side. */
export function firstSelect(query: QueryData): SelectData {
  return query.kind === 'select' ? query : firstSelect(query.left)
}
