/**
 * Where links come from: a table that triggers keep, or a recursive query that makes them on the way. What is said of trees is
 * said of links, and so the same in both.
 *
 * @module
 */
import type { Condition, Expr } from '../query/expr.js'
import { value } from '../query/functions.js'
import { alias, inner, relate } from '../query/join.js'
import type { Query } from '../query/query.js'
import { derived, recursive } from '../query/source.js'
import type { Handle, Kind, Root } from '../query/types.js'
import { from } from '../run/detached.js'
import {
  type Column,
  column,
  columns,
  type Composite,
  equal,
  isScope,
  type Key,
  type Nodes,
  type Parts,
} from './key.js'
import { linkColumns } from './link-columns.js'

/** How far below or above. Both ends included; a node itself is at 0. */
export interface Distances {
  /** 0 by default: the node itself too. */
  readonly least?: number
  /** Without it, as far as the tree goes. */
  readonly most?: number
}

/** A node of a set, and how far it is from where the set was asked for. */
export interface Reached<K> {
  readonly node: K
  readonly distance: number
}

/** A link: that `node` is `distance` below `ancestor`. */
export interface Link<K> extends Reached<K> {
  readonly ancestor: K
}

/** A node of a set, by the columns of its key, and how far it is from where the set was asked for. */
export type ReachedBy<Columns> = {
  readonly [Name in keyof Columns | 'distance']: Name extends keyof Columns ? Columns[Name] : number
}

/** What `descendants` and `ancestors` are tables of. */
export type ReachedOf<K> = [K] extends [Composite<infer Columns>] ? ReachedBy<Columns> : Reached<K>

/** What `below` and `over` are relations to: links, or, where the key is of several columns, the nodes at their other ends. */
export type LinkOf<K> = [K] extends [Composite<infer Columns>] ? ReachedBy<Columns> : Link<K>

/** A table that a query can start from. */
export type Stand = Root<Handle<Kind, unknown, 'joined'>>

/** The same table once more. */
export const again = (table: Nodes): Stand => alias(table as never) as unknown as Stand

/** A table of nodes reached from one: its columns, and which of its rows are meant. */
export interface Reach {
  readonly table: Stand
  readonly node: Parts
  readonly distance: Column
  readonly where: readonly Condition[]
}

/** An end of a link. */
export type End = 'node' | 'ancestor'

/** Everything is said of links; how those come about is the encoding's. */
export interface Encoding {
  /** All links, with columns by the names that each end has. */
  links(names: Ends): Stand
  down(top: Parts, distances: Distances): Reach
  up(bottom: Parts, distances: Distances): Reach
}

/** What the columns of either end are called in a table of links. */
export type Ends = Readonly<Record<End, readonly string[]>>

/** What the columns of a node are called in a table of what was reached: by the key's own names where they are several. */
export const reachedNames = ({ columns: names }: Key): readonly string[] => (names.length === 1 ? ['node'] : names)

/**
 * The names in a table of links. Of several columns only one end can have the key's own names, and a scope is that of both
 * ends; what else the `near` end has is called what no column of the key is.
 */
export function endNames(key: Key, near: End): Ends {
  const { columns: names } = key
  if (names.length === 1) return { node: ['node'], ancestor: ['ancestor'] }
  const hidden = names.map((name, at) => (isScope(key, at) ? name : free(`near_${at}`, names)))
  return near === 'node' ? { node: hidden, ancestor: names } : { node: names, ancestor: hidden }
}

const free = (name: string, taken: readonly string[]): string => (taken.includes(name) ? free(`${name}_`, taken) : name)

/** Columns by the names they shall have. */
export const named = (names: readonly string[], parts: Parts): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name, at) => [name, parts[at] as Column]))

/** Distances as conditions: none where none are left out. */
export function within(distance: Column, { least = 0, most }: Distances): readonly Condition<'joined'>[] {
  return [
    ...(least > 0 ? [distance.gte(least as never)] : []),
    ...(most === undefined ? [] : [distance.lte(most as never)]),
  ]
}

/** Links that triggers keep. */
export function kept(nodes: Nodes, key: Key, closure: Handle<Kind, unknown, 'joined'>): Encoding {
  const names = linkColumns(nodes, key, closure)
  const link = () => {
    const table = again(closure)
    return {
      table,
      node: columns(table, names.node),
      ancestor: columns(table, names.ancestor),
      distance: column(table, names.distance),
    }
  }
  return {
    links: ends => {
      const { table, node, ancestor, distance } = link()
      const selected = { ...named(ends.node, node), ...named(ends.ancestor, ancestor), distance }
      return derived('link', from(table).select(selected as never)) as unknown as Stand
    },
    down: (top, distances) => {
      const { table, node, ancestor, distance } = link()
      return { table, node, distance, where: [...equal(ancestor, top), ...within(distance, distances)] }
    },
    up: (bottom, distances) => {
      const { table, node, ancestor, distance } = link()
      return { table, node: ancestor, distance, where: [...equal(node, bottom), ...within(distance, distances)] }
    },
  }
}

/**
 * The same links, made on the way from the pointers. What is made is called what tables hardly are: beside a table of its name
 * it could not be asked.
 */
export function walked(table: Nodes, key: Key): Encoding {
  const keyOf = (node: Nodes): Parts => columns(node, key.columns)
  const parentOf = (node: Nodes): Parts => columns(node, key.pointer)
  const start = (where: (node: Stand) => readonly Condition[], select: (node: Stand) => object): Query<unknown> => {
    const node = again(table)
    return from(node)
      .where(...where(node))
      .select({ ...select(node), distance: value(0) } as never)
  }
  /** Nodes beside what was reached, one further: those whose `sought` is its `found`. */
  const further =
    (
      found: readonly string[],
      sought: (node: Nodes) => Parts,
      select: (node: Nodes, at: Nodes) => object,
      most?: number,
    ) =>
    (self: Nodes): Query<unknown> => {
      const node = again(table)
      const meets = (at: Nodes): readonly Condition[] => equal(columns(at, found), sought(node))
      const at = inner(relate(node as never, self as never, meets as never) as never) as unknown as Nodes
      const distance = column(at, 'distance') as unknown as Expr<number>
      return from(node)
        .expand(at as never)
        .where(...(most === undefined ? [] : [distance.lt(most)]))
        .select({ ...select(node, at), distance: distance.plus(1) } as never)
    }
  const reach = (
    name: string,
    base: Query<unknown>,
    step: (self: Nodes) => Query<unknown>,
    distances: Distances,
  ): Reach => {
    const reached = recursive(name, base as never, step as never) as unknown as Stand
    const distance = column(reached, 'distance')
    return { table: reached, node: columns(reached, names), distance, where: within(distance, distances) }
  }
  const names = reachedNames(key)
  const pointer = key.columns.length === 1 ? ['pointer'] : endNames(key, 'ancestor').ancestor
  const pointing = (node: Nodes) => ({ ...named(names, keyOf(node)), ...named(pointer, parentOf(node)) })
  return {
    links: ends =>
      recursive(
        '_link',
        start(
          () => [],
          node => ({ ...named(ends.node, keyOf(node)), ...named(ends.ancestor, keyOf(node)) }),
        ) as never,
        further(ends.node, parentOf, (child, at) => ({
          ...named(ends.node, keyOf(child)),
          ...named(ends.ancestor, columns(at, ends.ancestor)),
        })) as never,
      ) as unknown as Stand,
    down: (top, distances) =>
      reach(
        '_below',
        start(
          node => equal(keyOf(node), top),
          node => named(names, keyOf(node)),
        ),
        further(names, parentOf, child => named(names, keyOf(child)), distances.most),
        distances,
      ),
    up: (bottom, distances) =>
      reach(
        '_above',
        start(node => equal(keyOf(node), bottom), pointing),
        further(pointer, keyOf, pointing, distances.most),
        distances,
      ),
  }
}
