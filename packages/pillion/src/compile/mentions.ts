/**
 * Which handles a node mentions: the ground of every decision about joins.
 *
 * @module
 */
import { rootOf } from '../query/handle.js'
import type { HandleNode, Node, QueryData, SelectData, Shape } from '../query/node.js'
import { partsOf } from './parts.js'

/** Told of a handle, and of the node that mentions it where one does: a join that brings it is none. */
type Visit = (handle: HandleNode, by?: Node) => void

/** Is `ancestor` the handle itself or above it? */
export function isAtOrAbove(ancestor: HandleNode, handle: HandleNode): boolean {
  for (let node: HandleNode | undefined = handle; node !== undefined; node = node.parent) {
    if (node === ancestor) return true
  }
  return false
}

/** May a handle's row be missing: is it, or anything above it, joined by a left join? */
export function mayBeAbsent(handle: HandleNode): boolean {
  return handle.kind === 'left' || (handle.parent !== undefined && mayBeAbsent(handle.parent))
}

/** Visits each handle that printing the node would print, also those inside of subqueries that are of the queries around them. */
export function eachMention(node: Node, visit: Visit): void {
  mentions(node, visit, ofOthers)
}

/** The same, and those that are of the subqueries themselves. */
export function eachMentionAtAnyDepth(node: Node, visit: Visit): void {
  mentions(node, visit, ofAll)
}

/** Visits each handle of the queries around it that printing the query would print, its own joins' conditions included. */
export function eachMentionOfQuery(query: QueryData, visit: Visit): void {
  mentionsOfQuery(query, visit, ofOthers)
}

/** Visits what a join's own text mentions beside itself and its parent: its ON, and the inside of a lateral source. */
export function eachMentionOfJoin(handle: HandleNode, visit: Visit): void {
  mentionsOfJoin(handle, visit, ofOthers)
}

/** Who is told of what a query mentions. */
type Told = (query: SelectData, visit: Visit) => Visit

/** What has the query's root is its own, also where a query around it starts from the same one. */
const ofOthers: Told = (query, visit) => (handle, by) => {
  if (rootOf(handle) !== query.root) visit(handle, by)
}

const ofAll: Told = (_, visit) => visit

function mentions(node: Node, visit: Visit, told: Told): void {
  if (node.kind === 'column' || node.kind === 'presence') visit(node.handle, node)
  for (const part of partsOf(node)) mentions(part, visit, told)
  if (node.kind === 'subquery') mentionsOfQuery(node.query, visit, told)
}

function mentionsOfQuery(query: QueryData, visit: Visit, told: Told): void {
  if (query.kind === 'compound') {
    mentionsOfQuery(query.left, visit, told)
    mentionsOfQuery(query.right, visit, told)
    return
  }
  const tell = told(query, visit)
  const seen = new Set<HandleNode>()
  const visitWithJoins: Visit = (handle, by) => {
    tell(handle, by)
    for (let node: HandleNode | undefined = handle; node !== undefined && !seen.has(node); node = node.parent) {
      seen.add(node)
      if (rootOf(node) === query.root) mentionsOfJoin(node, visitWithJoins, told)
    }
  }
  eachClause(query, node => mentions(node, visitWithJoins, told))
  eachNest(query.select, visitWithJoins)
  for (const { handle } of query.require) visitWithJoins(handle)
  for (const { handle } of query.expand) visitWithJoins(handle)
  visitWithJoins(query.root)
}

function mentionsOfJoin(handle: HandleNode, visit: Visit, told: Told): void {
  if (handle.relation !== undefined) return
  for (const condition of handle.on) mentions(condition, visit, told)
  const { source } = handle
  if (source.kind === 'query' && source.lateral) mentionsOfQuery(source.query, visit, told)
  if (source.kind === 'function') mentions(source.call, visit, told)
}

/** Visits the nodes of a SELECT in the order of a canonical walk: select, where, group, having, order. */
export function eachClause(query: SelectData, visit: (node: Node, clause: string) => void): void {
  eachLeaf(query.select, node => visit(node, 'select'))
  for (const { node } of query.where) visit(node, 'where')
  for (const node of query.groupBy) visit(node, 'groupBy')
  for (const { node } of query.having) visit(node, 'having')
  for (const { of } of query.orderBy) visit(of, 'orderBy')
  if (typeof query.distinct !== 'boolean') for (const node of query.distinct) visit(node, 'distinctOn')
}

/** Visits the leaves of what is selected. */
export function eachLeaf(shape: Shape, visit: (node: Node) => void): void {
  if (shape.kind === 'value') {
    visit(shape.node)
    return
  }
  for (const field of shape.fields) eachLeaf(field.shape, visit)
}

/** The handles of the nested objects in a selection. */
export function eachNest(shape: Shape, visit: Visit): void {
  if (shape.kind === 'value') return
  if (shape.kind === 'nest') visit(shape.handle)
  for (const field of shape.fields) eachNest(field.shape, visit)
}
