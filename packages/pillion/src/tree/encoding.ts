/**
 * Where links come from: a table that triggers keep, or a recursive query that makes them on the way. What is said of trees is
 * said of links, and so the same in both.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Condition, Expr, Operand } from '../query/expr.js'
import { value } from '../query/functions.js'
import { joinOf } from '../query/handle.js'
import { alias, inner, relate } from '../query/join.js'
import type { Query } from '../query/query.js'
import { derived, recursive } from '../query/source.js'
import type { DerivedHandle, Handle, Kind, Root, Scope } from '../query/types.js'
import { from } from '../run/detached.js'
import { primaryKeyOf } from '../schema/keys.js'

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

/** A table of nodes, or an alias or a join of it. */
export type Nodes = Handle<Kind, unknown, Scope>

/** A node's key: a plain value or a parameter. */
export type KeyOf<K> = Operand<K>

/** A column, of whatever type. */
export type Column = Expr<never>

/** A table that a query can start from. */
export type Stand = Root<Handle<Kind, unknown, 'joined'>>

/** The same table once more. */
export const again = (table: Nodes): Stand => alias(table as never) as unknown as Stand

/** A table of nodes reached from one: its columns, and which of its rows are meant. */
export interface Reach {
  readonly table: Stand
  readonly node: Column
  readonly distance: Column
  readonly where: readonly Condition[]
}

/** Everything is said of links; how those come about is the encoding's. */
export interface Encoding<K> {
  all(): DerivedHandle<Link<K>>
  down(top: KeyOf<K>, distances: Distances): Reach
  up(bottom: KeyOf<K>, distances: Distances): Reach
}

export const column = (handle: Nodes, name: string): Column =>
  (handle as unknown as Readonly<Record<string, Column>>)[name] as Column

/** Distances as conditions: none where none are left out. */
export function within(distance: Column, { least = 0, most }: Distances): readonly Condition<'joined'>[] {
  return [
    ...(least > 0 ? [distance.gte(least as never)] : []),
    ...(most === undefined ? [] : [distance.lte(most as never)]),
  ]
}

/** Links that triggers keep. */
export function kept<K>(closure: Handle<Kind, unknown, 'joined'>): Encoding<K> {
  const names = linkColumns(closure)
  const link = () => {
    const table = again(closure)
    const [node, ancestor, distance] = names.map(name => column(table, name)) as [Column, Column, Column]
    return { table, node, ancestor, distance }
  }
  return {
    all: () => {
      const { table, ...columns } = link()
      return derived('link', from(table).select(columns)) as unknown as DerivedHandle<Link<K>>
    },
    down: (top, distances) => {
      const { table, node, ancestor, distance } = link()
      return { table, node, distance, where: [ancestor.eq(top as never), ...within(distance, distances)] }
    },
    up: (bottom, distances) => {
      const { table, node, ancestor, distance } = link()
      return { table, node: ancestor, distance, where: [node.eq(bottom as never), ...within(distance, distances)] }
    },
  }
}

/** The properties of a table of links: node, ancestor, distance. */
function linkColumns(closure: Handle<Kind, unknown, 'joined'>): readonly string[] {
  const { source } = joinOf(closure)
  const { columns, name } = source
  const key = source.kind === 'table' ? primaryKeyOf(source.table) : undefined
  if (key !== undefined && key.length > 2) {
    throw new PillionError('TREE_INVALID', `The links in ${name} are of a key of several columns.`, {
      hint: 'Words for queries are over a key of one column: ask over these links by a query of your own.',
    })
  }
  return ['node_id', 'ancestor_id', 'distance'].map(wanted => {
    const found = columns.find(each => each.name === wanted)
    if (found !== undefined) return found.key
    throw new PillionError('TREE_INVALID', `The table ${name} has no column ${wanted}, so no links are in it.`, {
      hint: 'Give the table that installTree made: closure. Links over a key of several columns are not for queries yet.',
    })
  })
}

/** The same links, made on the way from the pointers. */
export function walked<K>(table: Nodes, parent: string, key: string): Encoding<K> {
  const keyOf = (node: Nodes): Column => column(node, key)
  const parentOf = (node: Nodes): Column => column(node, parent)
  const start = (where: (node: Stand) => readonly Condition[], columns: (node: Stand) => object): Query<unknown> => {
    const node = again(table)
    return from(node)
      .where(...where(node))
      .select({ ...columns(node), distance: value(0) } as never)
  }
  /** Nodes beside what was reached, one further: those whose `sought` is its `found`. */
  const further =
    (found: string, sought: (node: Nodes) => Column, columns: (node: Nodes, at: Nodes) => object, most?: number) =>
    (self: Nodes): Query<unknown> => {
      const node = again(table)
      const meets = (at: Nodes): Condition => column(at, found).eq(sought(node))
      const at = inner(relate(node as never, self as never, meets as never) as never) as unknown as Nodes
      const distance = column(at, 'distance') as unknown as Expr<number>
      return from(node)
        .expand(at as never)
        .where(...(most === undefined ? [] : [distance.lt(most)]))
        .select({ ...columns(node, at), distance: distance.plus(1) } as never)
    }
  const reach = (
    name: string,
    base: Query<unknown>,
    step: (self: Nodes) => Query<unknown>,
    distances: Distances,
  ): Reach => {
    const reached = recursive(name, base as never, step as never) as unknown as Stand
    const distance = column(reached, 'distance')
    return { table: reached, node: column(reached, 'node'), distance, where: within(distance, distances) }
  }
  const pointing = (node: Nodes) => ({ node: keyOf(node), pointer: parentOf(node) })
  return {
    all: () =>
      recursive(
        'link',
        start(
          () => [],
          node => ({ node: keyOf(node), ancestor: keyOf(node) }),
        ) as never,
        further('node', parentOf, (child, at) => ({ node: keyOf(child), ancestor: column(at, 'ancestor') })) as never,
      ) as unknown as DerivedHandle<Link<K>>,
    down: (top, distances) =>
      reach(
        'below',
        start(
          node => [keyOf(node).eq(top as never)],
          node => ({ node: keyOf(node) }),
        ),
        further('node', parentOf, child => ({ node: keyOf(child) }), distances.most),
        distances,
      ),
    up: (bottom, distances) =>
      reach(
        'above',
        start(node => [keyOf(node).eq(bottom as never)], pointing),
        further('pointer', keyOf, pointing, distances.most),
        distances,
      ),
  }
}
