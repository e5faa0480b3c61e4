/**
 * Which queries ask about rows of a table in their FROM that the server makes by itself first: a derived table that is not made one with
 * the query around it.
 *
 * @module
 */
import { rootOf } from '../query/handle.js'
import type { HandleNode, Node, QueryData, SelectData, Source } from '../query/node.js'
import { keepsRows, rangesOverRows } from './fan-out.js'
import { eachLeaf, eachMention } from './mentions.js'
import { partsOf } from './parts.js'

/** May a server make it one with the query around it? */
export function isMerged(query: QueryData): query is SelectData {
  return query.kind === 'select' && keepsRows(query) && query.limit === undefined && query.offset === undefined
}

/** Is a subquery among the columns of a query? */
export function asksInColumns(query: SelectData): boolean {
  let found = false
  eachLeaf(query.select, node => (found ||= holdsSubquery(node)))
  return found
}

function holdsSubquery(node: Node): boolean {
  return node.kind === 'subquery' || partsOf(node).some(holdsSubquery)
}

/** Does a subquery of a query, among its columns or in its WHERE, mention such a table of its FROM? */
export function asksOfDerived(query: SelectData): boolean {
  const isOwn = (handle: HandleNode) => rootOf(handle) === query.root
  let found = query.where.some(({ node }) => isAskedOfDerived(node, isOwn))
  eachLeaf(query.select, node => (found ||= isAskedOfDerived(node, isOwn)))
  return found
}

/** Does a subquery in a node, or the EXISTS of a semi handle in it, mention such a table of one of the handles? */
export function isAskedOfDerived(node: Node, isOwn: (handle: HandleNode) => boolean): boolean {
  if ((node.kind === 'column' || node.kind === 'presence') && node.handle.semi !== undefined)
    return isBelowDerived(node.handle, isOwn)
  if (node.kind === 'subquery') return mentionsDerived(node, isOwn)
  return partsOf(node).some(part => isAskedOfDerived(part, isOwn))
}

function mentionsDerived(node: Node, isOwn: (handle: HandleNode) => boolean): boolean {
  let found = false
  eachMention(node, handle => {
    if (isOwn(handle) && isMade(handle.source)) found = true
  })
  return found
}

function isBelowDerived(handle: HandleNode, isOwn: (handle: HandleNode) => boolean): boolean {
  for (let each = handle.semi?.parent; each !== undefined; each = each.parent) {
    if (isOwn(each) && isMade(each.source)) return true
  }
  return false
}

function isMade(source: Source): boolean {
  if (source.kind !== 'query') return source.kind === 'values'
  const { query } = source
  // in a statement with groups one with a subquery among its columns is kept apart, and it may turn out to be one
  return !isMerged(query) || rangesOverRows(query) || asksInColumns(query) || asksOfDerived(query)
}
