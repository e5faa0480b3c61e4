/**
 * What has no one value for a group is refused: PostgreSQL does so, and others take it from whichever row of the group comes first.
 *
 * @module
 */
import { rootOf } from '../query/handle.js'
import type { HandleNode, Node, SelectData } from '../query/node.js'
import { cardinalityOf, sameColumn, uniqueKeys } from './cardinality.js'
import { buildError, nameOfHandle } from './failure.js'
import { foldsRows } from './fan-out.js'
import { eachClause, eachMentionOfJoin, eachMentionOfQuery, isAtOrAbove, mayBeAbsent } from './mentions.js'
import { partsOf } from './parts.js'
import { isSame } from './same.js'

/** Clauses that are asked for once a group. */
const once: ReadonlySet<string> = new Set(['select', 'having', 'orderBy', 'distinctOn'])

/**
 * Refuses, in a query of groups, a column that is neither grouped by, nor told by what is grouped by, nor aggregated; in a
 * subquery, too.
 *
 * @throws UNGROUPED
 */
export function checkGroups(query: SelectData): void {
  if (query.groupBy.length === 0 && query.having.length === 0 && !foldsRows(query)) return
  eachClause(query, (node, clause) => {
    if (once.has(clause)) checkNode(node, query)
  })
}

function checkNode(node: Node, query: SelectData): void {
  if (query.groupBy.some(key => sameColumn(key, node) || isSame(key, node))) return
  if (node.kind === 'column' || node.kind === 'presence') {
    if (isOfGroup(node.handle, query)) return
    const name = nameOfHandle(node.handle)
    throw ungrouped(node.kind === 'column' ? `${name}.${node.column.key}` : name, query)
  }
  // what an aggregate folds may differ
  if (node.kind === 'aggregate' && node.over === undefined) return
  for (const part of partsOf(node)) checkNode(part, query)
  if (node.kind === 'subquery') {
    eachMentionOfQuery(node.query, (handle, by) => {
      if (by !== undefined && rootOf(handle) === query.root) checkNode(by, query)
    })
  }
}

function ungrouped(what: string, query: SelectData): Error {
  const rows = query.groupBy.length > 0 ? 'a group' : 'all rows, which an aggregate folds into one,'
  return buildError(
    'UNGROUPED',
    `${what} may differ among the rows of ${rows}: it is neither grouped by nor aggregated.`,
    'Add it to groupBy(…), or group by the handle that it belongs to; or say which one: min(…), max(…), arrayAgg(…).',
    query.origin,
  )
}

/** Has a handle one row in a group: is its key grouped by, or is it the one row of a handle that has one? Another query's has. */
function isOfGroup(handle: HandleNode, query: SelectData): boolean {
  if (rootOf(handle) !== query.root) return true
  if (
    uniqueKeys(handle.source).some(key =>
      key.every(name => tellsRows(handle, name) && isGroupedBy(handle, name, query)),
    )
  )
    return true
  return (
    handle.parent !== undefined &&
    cardinalityOf(handle).rows === 'one' &&
    isOfGroup(handle.parent, query) &&
    isJoinedByGroup(handle, query)
  )
}

/** A unique column of a table may be NULL in many rows; what a query is grouped by is so in one, and in a row that is not there. */
function tellsRows(handle: HandleNode, name: string): boolean {
  const { source } = handle
  return source.kind === 'table'
    ? source.columns.some(each => each.name === name && !each.nullable)
    : !mayBeAbsent(handle)
}

/** Is all that its join mentions the same for a group? */
function isJoinedByGroup(handle: HandleNode, query: SelectData): boolean {
  let is = true
  eachMentionOfJoin(handle, (mentioned, by) => {
    if (rootOf(mentioned) !== query.root || isAtOrAbove(handle, mentioned)) return
    if (by?.kind === 'column' && isGroupedBy(mentioned, by.column.name, query)) return
    is &&= isOfGroup(mentioned, query)
  })
  return is
}

function isGroupedBy(handle: HandleNode, name: string, { groupBy }: SelectData): boolean {
  return groupBy.some(key => key.kind === 'column' && key.handle === handle && key.column.name === name)
}
