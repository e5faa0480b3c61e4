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

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * A copy to change and freeze. Every clause is spelt out: copies by spread have a hidden class for each place that
 * makes one, and take forty times as long.
 */
export function copyOf(query: SelectData): Mutable<SelectData> {
  return {
    kind: 'select',
    root: query.root,
    select: query.select,
    selectOrigin: query.selectOrigin,
    where: query.where,
    groupBy: query.groupBy,
    having: query.having,
    orderBy: query.orderBy,
    distinct: query.distinct,
    limit: query.limit,
    offset: query.offset,
    require: query.require,
    expand: query.expand,
    origin: query.origin,
  }
}

/** The SELECT whose columns a query gives: its own, or those of a set operation's first side. */
export function firstSelect(query: QueryData): SelectData {
  return query.kind === 'select' ? query : firstSelect(query.left)
}
