/**
 * In a grouped query an expression with a value in it is not the same text twice: `coalesce(x, $1)` and
 * `coalesce(x, $2)`. One that is also selected is therefore meant by its place in the select list.
 *
 * @module
 */
import type { Node, SelectData } from '../query/node.js'
import { flatten } from './layout.js'

/** The place, from 1, of a selected expression equal to this one; undefined where its text says enough. */
export function ordinalOf(query: SelectData, node: Node): number | undefined {
  if (query.groupBy.length === 0 || !holdsValue(node)) return undefined
  const place = flatten(query.select).leaves.findIndex(leaf => isSame(leaf.node, node))
  return place < 0 ? undefined : place + 1
}

/** Handles, tables, types and the like are the same only as objects; what else a node is made of is looked into. */
const identities = new Set(['handle', 'required', 'column', 'query', 'type', 'read', 'param'])

function holdsValue(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false
  if ('kind' in part && part.kind === 'value') return true
  return Object.entries(part).some(([key, inner]) => !identities.has(key) && holdsValue(inner))
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const others = Object.entries(b)
  return (
    others.length === Object.entries(a).length && others.every(([key, inner]) => isSamePart(key, inner, a as never))
  )
}

function isSamePart(key: string, inner: unknown, other: Readonly<Record<string, unknown>>): boolean {
  return identities.has(key) ? Object.is(other[key], inner) : isSame(other[key], inner)
}
