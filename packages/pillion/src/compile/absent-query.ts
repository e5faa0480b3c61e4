/**
 * Which queries give something of their own where a left join finds no row of them: not all of their columns are a table's.
 *
 * @module
 */
import type { Node, QueryData, SelectData, Source } from '../query/node.js'
import { isMerged } from './correlation.js'
import { eachLeaf } from './mentions.js'
import { planSelect } from './plan.js'

/** The query of a table in FROM. */
export function queryOfSource(source: Source): QueryData | undefined {
  if (source.kind === 'query') return source.query
  return source.kind === 'cte' ? source.cte.query : undefined
}

/** Is an expression among the columns of one that a server may make one with the query around it? */
export function reckons(query: QueryData): query is SelectData {
  if (!isMerged(query)) return false
  let found = false
  eachLeaf(query.select, node => (found ||= !isColumnOfTable(node)))
  return found
}

/** Is it a join of several tables, be it by one in its own FROM? */
export function joinsTables(query: SelectData): boolean {
  const inside = queryOfSource(query.root.source)
  return planSelect(query).joins.length > 0 || (inside !== undefined && isMerged(inside) && joinsTables(inside))
}

function isColumnOfTable(node: Node): boolean {
  return node.kind === 'column' && node.handle.source.kind === 'table'
}
