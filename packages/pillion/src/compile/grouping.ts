/**
 * What has no one value for a group is refused: PostgreSQL does so, and others take it from whichever row of the group comes first.
 *
 * @module
 */
import { columnNamed, rootOf } from '../query/handle.js'
import type { ColumnNode, HandleNode, Node, PresenceNode, SelectData } from '../query/node.js'
import { primaryKeyOf } from '../schema/keys.js'
import { cardinalityOf, isSameExpression, sameColumn, uniqueKeys } from './cardinality.js'
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
  eachTold(node, query, told => {
    if (isOfGroup(told.handle, query)) return
    const name = nameOfHandle(told.handle)
    throw ungrouped(told.kind === 'column' ? `${name}.${told.column.key}` : name, query)
  })
}

/** What groups are to tell, for it is asked for once a group: neither grouped by nor aggregated. */
type Told = ColumnNode | PresenceNode

function eachTold(node: Node, query: SelectData, visit: (told: Told) => void): void {
  if (query.groupBy.some(key => isSameExpression(key, node))) return
  if (node.kind === 'column' || node.kind === 'presence') return visit(node)
  // what an aggregate folds may differ
  if (node.kind === 'aggregate' && node.over === undefined) return
  for (const part of partsOf(node)) eachTold(part, query, visit)
  if (node.kind === 'subquery') {
    eachMentionOfQuery(node.query, (handle, by) => {
      if (by !== undefined && rootOf(handle) === query.root) eachTold(by, query, visit)
    })
  }
}

/**
 * What GROUP BY says beside its keys to a server that takes a table's primary key, and nothing else, to tell its columns: of what another
 * unique key tells, or a join of one row, the primary key; where there is none, the column. There are no more groups for it.
 */
export function restOfKeys(query: SelectData): readonly ColumnNode[] {
  if (query.groupBy.length === 0) return []
  const rest: ColumnNode[] = []
  eachClause(query, (asked, clause) => {
    if (!once.has(clause)) return
    eachTold(asked, query, told => {
      if (rootOf(told.handle) !== query.root) return
      for (const key of keysTelling(told))
        if (![...query.groupBy, ...rest].some(each => sameColumn(each, key))) rest.push(key)
    })
  })
  return rest
}

function keysTelling(told: Told): readonly ColumnNode[] {
  const { handle } = told
  const { source } = handle
  const names = source.kind === 'table' ? primaryKeyOf(source.table) : undefined
  if (names !== undefined) return names.map(name => columnNamed(handle, name))
  if (told.kind === 'column') return [told]
  const sure = source.columns.find(({ nullable }) => !nullable)
  return sure === undefined ? [] : [columnNamed(handle, sure.name)]
}

/** Is a node what a query is grouped by, more than a column? */
export function isGroupKey(node: Node, { groupBy }: SelectData): boolean {
  return groupBy.some(key => key.kind !== 'column' && isSame(key, node))
}

/** Is it a column of the query's that its groups tell, and that they are not grouped by? */
export function isToldByGroup(node: Node, query: SelectData): boolean {
  return (
    node.kind === 'column' && rootOf(node.handle) === query.root && !query.groupBy.some(key => sameColumn(key, node))
  )
}

/** Does HAVING mention either, outside of an aggregate? */
export function conditionsOnTold(query: SelectData): boolean {
  const mentions = (node: Node): boolean => {
    if (isGroupKey(node, query) || isToldByGroup(node, query)) return true
    return !(node.kind === 'aggregate' && node.over === undefined) && partsOf(node).some(mentions)
  }
  return query.groupBy.length > 0 && query.having.some(({ node }) => mentions(node))
}

function ungrouped(what: string, query: SelectData): Error {
  const rows = query.groupBy.length > 0 ? 'the rows of a group' : 'all the rows, which an aggregate folds into one'
  return buildError(
    'UNGROUPED',
    `${what} may differ among ${rows}: it is neither grouped by nor aggregated.`,
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
