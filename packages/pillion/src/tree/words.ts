/**
 * The words of a tree, made of its links.
 *
 * @module
 */
import { among, type Condition, type Expr, expr, nodeOf, type Subquery } from '../query/expr.js'
import { inner, relate } from '../query/join.js'
import { derived } from '../query/source.js'
import { count, exists, list, max, scalar } from '../query/subquery.js'
import type { Handle, Kind, Many, Root } from '../query/types.js'
import { int4 } from '../schema/base-types.js'
import { from } from '../run/detached.js'
import {
  again,
  type Distances,
  type Encoding,
  type End,
  endNames,
  named,
  type Reach,
  reachedNames,
  within,
} from './encoding.js'
import {
  all,
  any,
  type Column,
  column,
  columns,
  equal,
  type Key,
  mentioned,
  type Nodes,
  type Parts,
  partsOf,
  scoped,
  unscoped,
} from './key.js'
import { shown, unseen } from './shown.js'

type Joined = Handle<Kind, never, 'joined'>

/** Of one column or of several they are the same; their types are told apart by `Tree`. */
export function words(table: Root<Nodes>, key: Key, { links, down, up }: Encoding): object {
  const keyOf = (node: unknown): Parts => partsOf(key, node)
  const pointerOf = (node: Nodes): Parts => {
    mentioned(key, node)
    return columns(node, key.pointer)
  }
  const names = reachedNames(key)
  const distanceOf = (link: unknown): Column => column(link as Nodes, 'distance')

  /** What is below a node, or above it, as rows to join: by the near end of their links. */
  const linked = (node: Nodes, near: End): Many<Kind, never, 'joined'> => {
    const own = mentioned(key, node)
    const ends = endNames(key, near)
    const whole = links(ends)
    return relate(node as Joined, shown(whole, seen(key, ends, near)), link =>
      all(equal(unseen(whole, link as Nodes, ends[near]), own)),
    ) as Many<Kind, never, 'joined'>
  }

  /** Is it one of those reached from another? Nodes of one scope are looked for among those of the same. */
  const member = (node: Parts, given: Parts, reach: Reach, is = isIn): Condition<'joined'> =>
    all([
      ...equal(scoped(key, node), scoped(key, given)),
      is(unscoped(key, node), rowsOf(reach, unscoped(key, names), unscoped(key, reach.node))),
    ])

  const rooted = (node: Nodes): Condition<'joined'> =>
    any(unscoped(key, pointerOf(node)).map(each => each.isNull() as Condition))

  return Object.freeze({
    under: (node: unknown, top: unknown, distances: Distances = {}) =>
      member(mentioned(key, node), keyOf(top), down(keyOf(top), distances)),
    underIndexed: (node: unknown, top: unknown, distances: Distances = {}) =>
      member(mentioned(key, node), keyOf(top), down(keyOf(top), distances), isAmong),
    above: (node: unknown, bottom: unknown, distances: Distances = {}) =>
      member(mentioned(key, node), keyOf(bottom), up(keyOf(bottom), distances)),
    childOf: (node: Nodes, of: unknown) => all(equal(pointerOf(node), keyOf(of))),
    siblingOf: (node: Nodes, other: unknown) => {
      const self = again(table)
      const both = all([rooted(node), rooted(self)])
      const same = any([all(equal(unscoped(key, pointerOf(node)), unscoped(key, pointerOf(self)))), both])
      const its = from(self).where(
        ...equal(keyOf(self), keyOf(other)),
        ...equal(scoped(key, keyOf(self)), scoped(key, keyOf(node))),
        same,
      )
      return all([exists(its), any(keyOf(node).map((part, at) => part.ne(keyOf(other)[at] as never)))])
    },
    isRoot: rooted,
    depth: (node: Nodes) => max(linked(node, 'node'), distanceOf),
    path: (node: Nodes, of: (node: never) => Expr<unknown>) =>
      list(
        linked(node, 'node'),
        link => {
          const far = columns(link as Nodes, endNames(key, 'node').ancestor)
          const at = inner(relate(link as Joined, again(table), each => all(equal(keyOf(each), far))))
          return { of: of(at as never) }
        },
        { orderBy: link => distanceOf(link).desc() },
      ),
    descendantCount: (node: Nodes, { least = 1, most }: Distances = {}) =>
      count(linked(node, 'ancestor'), link =>
        all(within(distanceOf(link), { least, ...(most !== undefined && { most }) })),
      ),
    descendants: (top: unknown, distances: Distances = {}) =>
      tableOf('descendants', names, down(keyOf(top), distances)),
    ancestors: (bottom: unknown, distances: Distances = {}) =>
      tableOf('ancestors', names, up(keyOf(bottom), distances)),
    commonAncestor: (one: unknown, other: unknown) => {
      const nearest = (at: number): Expr<unknown> => {
        const reach = up(keyOf(one), {})
        const shared = from(reach.table)
          .where(...reach.where, member(reach.node, keyOf(other), up(keyOf(other), {})))
          .orderBy(reach.distance.asc())
          .limit(1)
        return scalar(shared.select({ [names[at] as string]: reach.node[at] as Column }) as never)
      }
      return names.length === 1
        ? nearest(0)
        : Object.freeze(Object.fromEntries(names.map((name, at) => [name, nearest(at)])))
    },
    below: (node: Nodes) => linked(node, 'ancestor'),
    over: (node: Nodes) => linked(node, 'node'),
  })
}

/** Of one column the links as they are; of several what is at the far end, by the key's own names. */
const seen = ({ columns: own }: Key, { node, ancestor }: Readonly<Record<End, readonly string[]>>, near: End) =>
  own.length === 1 ? [...node, ...ancestor, 'distance'] : [...(near === 'node' ? ancestor : node), 'distance']

/** `a IN (SELECT …)`, `ROW(a, b) IN (SELECT …)`. */
const isIn = (parts: Parts, rows: Subquery<unknown>): Condition => rowOf(parts).in(rows as never)

/** Of several columns no index is looked through for an array of rows; PostgreSQL takes one for rows of a query. */
const isAmong = (parts: Parts, rows: Subquery<unknown>): Condition =>
  parts.length === 1 ? (among(parts[0] as Column, rows) as Condition) : isIn(parts, rows)

const rowOf = (parts: Parts): Column =>
  parts.length === 1 ? (parts[0] as Column) : expr({ kind: 'call', name: 'ROW', args: parts.map(nodeOf), type: int4 })

const rowsOf = ({ table, where }: Reach, names: readonly string[], parts: Parts) =>
  from(table)
    .where(...where)
    .select(named(names, parts))

const tableOf = (name: string, names: readonly string[], { table, node, distance, where }: Reach): object =>
  derived(
    name,
    from(table)
      .where(...where)
      .select({ ...named(names, node), distance }),
  )
