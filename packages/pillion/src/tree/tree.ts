/**
 * Trees inside of queries: expressions and handles over a table that points to itself.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { among, type Condition, type Expr, type ScopeOf } from '../query/expr.js'
import { isHandle, joinOf } from '../query/handle.js'
import { inner, relate } from '../query/join.js'
import { and } from '../query/logic.js'
import { derived } from '../query/source.js'
import { count, list, max, scalar } from '../query/subquery.js'
import type { DerivedHandle, DerivedKind, Handle, Kind, Many, Root, Scope } from '../query/types.js'
import { from } from '../run/detached.js'
import { keysOfTable, primaryKeyOf } from '../schema/keys.js'
import {
  again,
  type Column,
  column,
  type Distances,
  type Encoding,
  type KeyOf,
  kept,
  type Link,
  type Nodes,
  type Reach,
  type Reached,
  walked,
  within,
} from './encoding.js'

/** A node in a query: a handle of the table, or any expression that is a node's key. */
type NodeOf<K> = Nodes | Expr<K | null, Scope>

/** Where a condition about a node may be: wherever the node may. */
type ScopeIn<N> = N extends Handle<Kind, unknown, infer S> ? S : ScopeOf<N>

/** A tree over a table, for use in any query over it. */
export interface Tree<K> {
  /**
   * Is the node, or the one that a foreign key names, at or below another?
   * `node.id IN (SELECT node_id FROM node_ancestry_link WHERE ancestor_id = $1)`
   */
  under<N extends NodeOf<K>, T extends KeyOf<K>>(
    node: N,
    top: T,
    distances?: Distances,
  ): Condition<'joined' | ScopeIn<N> | ScopeOf<T>>
  /**
   * The same as `under`, for a node whose key's column has an index: `node.id = ANY (ARRAY(SELECT …))` on PostgreSQL. The keys are
   * found first, and each is looked up in that index, in its order; so the rows of many thousands come several times as fast.
   * But without such an index, or where another condition is to choose the rows, each row is compared with each key: `under`
   * then. On MariaDB and SQLite both are one.
   *
   * ```ts
   * db.from(fact).where(nodes.underIndexed(fact.node_id, 17)).sum(fact.amount)
   * ```
   */
  underIndexed<N extends NodeOf<K>, T extends KeyOf<K>>(
    node: N,
    top: T,
    distances?: Distances,
  ): Condition<'joined' | ScopeIn<N> | ScopeOf<T>>
  /** Is it at or above another? */
  above<N extends NodeOf<K>, T extends KeyOf<K>>(
    node: N,
    bottom: T,
    distances?: Distances,
  ): Condition<'joined' | ScopeIn<N> | ScopeOf<T>>
  /** Is its parent this one? */
  childOf<N extends Nodes, T extends KeyOf<K>>(node: N, parent: T): Condition<'joined' | ScopeIn<N> | ScopeOf<T>>
  /** Has it the same parent as another? Roots are siblings of each other, and no node is one of itself. */
  siblingOf<N extends Nodes, T extends KeyOf<K>>(node: N, other: T): Condition<'joined' | ScopeIn<N> | ScopeOf<T>>
  isRoot<N extends Nodes>(node: N): Condition<'joined' | ScopeIn<N>>
  /** How far it is from its root: 0 of a root itself. */
  depth(node: Nodes): Expr<number>
  /** Something of each node from the root down to this one. */
  path<H extends Nodes, T>(node: H, of: (node: H) => Expr<T>): Expr<{ readonly of: T }[]>
  /** How many nodes are below it; with `distances`, so far below. */
  descendantCount(node: Nodes, distances?: Distances): Expr<number>
  /** What is at or below a node, as a table to start from or to join. */
  descendants(top: KeyOf<K>, distances?: Distances): DerivedHandle<Reached<K>>
  /** What is at or above a node. */
  ancestors(bottom: KeyOf<K>, distances?: Distances): DerivedHandle<Reached<K>>
  /** The nearest node that both are at or below; null when they are of two trees. */
  commonAncestor(one: KeyOf<K>, other: KeyOf<K>): Expr<K | null>
  /** The links down from a node, to be given to `count`, `list`, `sum`, `some`, …. */
  below(node: Nodes): Many<DerivedKind<Link<K>>, never, 'joined'>
  /** The links up from a node. */
  over(node: Nodes): Many<DerivedKind<Link<K>>, never, 'joined'>
}

/** Where the tree is in the table. */
export interface TreeIn<H> {
  /** The column that points to the parent, by its name on the handle. */
  readonly parent: keyof H & string
  /** The column that is pointed to; the primary key by default. */
  readonly key?: keyof H & string
  /** The table of links that `installTree` made. Without it each question is a recursive query. */
  readonly closure?: Handle<Kind, unknown, 'joined'>
}

type Value<E> = E extends Expr<infer T, Scope> ? NonNullable<T> : never

/**
 * A tree over a table, for use in queries of it.
 *
 * ```ts
 * const nodes = tree(db.tables.node, { parent: 'parent_id', closure: db.tables.node_ancestry_link })
 * db.from(node).where(nodes.under(node, 17)).select({ id: node.id, depth: nodes.depth(node) })
 * ```
 *
 * @throws TREE_INVALID when the key is of several columns, or the closure is no table of links
 */
export function tree<H extends Nodes, P extends keyof H & string>(
  table: Root<H>,
  options: TreeIn<H> & { readonly parent: P },
): Tree<Value<H[P]>> {
  const key = options.key ?? keyName(table)
  checkKey(table, key)
  return treeOf<Value<H[P]>>(
    table as unknown as Root<Nodes>,
    options.parent,
    key,
    options.closure === undefined
      ? walked(table as unknown as Root<Nodes>, options.parent, key)
      : kept(options.closure),
  )
}

function treeOf<K>(table: Root<Nodes>, parent: string, key: string, { all, down, up }: Encoding<K>): Tree<K> {
  const keyOf = (node: NodeOf<K>): Column => (isHandle(node) ? column(node as Nodes, key) : node) as Column
  const pointerOf = (node: Nodes): Column => column(node, parent)
  const links = (node: Nodes, end: 'node' | 'ancestor'): Many<DerivedKind<Link<K>>, never, 'joined'> =>
    relate(node as Handle<Kind, never, 'joined'>, all(), link => column(link as Nodes, end).eq(keyOf(node)))
  return Object.freeze<Tree<K>>({
    under: (node, top, distances = {}) => keyOf(node).in(keysOf(down(top, distances)) as never),
    underIndexed: (node, top, distances = {}) => among(keyOf(node), keysOf(down(top, distances))) as never,
    above: (node, bottom, distances = {}) => keyOf(node).in(keysOf(up(bottom, distances)) as never),
    childOf: (node, of) => pointerOf(node).eq(of as never),
    siblingOf: (node, other) => {
      const self = again(table)
      const its = from(self)
        .where(keyOf(self).eq(other as never))
        .select({ parent: pointerOf(self) })
      return and(pointerOf(node).isNotDistinctFrom(scalar(its) as never), keyOf(node).ne(other as never))
    },
    isRoot: node => pointerOf(node).isNull(),
    depth: node => max(links(node, 'node'), link => column(link as Nodes, 'distance')) as unknown as Expr<number>,
    path: (node, of) =>
      list(
        links(node, 'node'),
        link => {
          const at = inner(
            relate(link as Handle<Kind, never, 'joined'>, again(table), each =>
              keyOf(each as Nodes).eq(column(link as Nodes, 'ancestor')),
            ),
          )
          return { of: of(at as never) }
        },
        { orderBy: link => column(link as Nodes, 'distance').desc() },
      ) as never,
    descendantCount: (node, { least = 1, most } = {}) =>
      count(links(node, 'ancestor'), link =>
        and(...within(column(link as Nodes, 'distance'), { least, ...(most !== undefined && { most }) })),
      ),
    descendants: (top, distances = {}) => tableOf('descendants', down(top, distances)),
    ancestors: (bottom, distances = {}) => tableOf('ancestors', up(bottom, distances)),
    commonAncestor: (one, other) => {
      const { table: above, node, distance, where } = up(one, {})
      const shared = from(above)
        .where(...where, node.in(keysOf(up(other, {})) as never))
        .orderBy(distance.asc())
        .limit(1)
      return scalar(shared.select({ node })) as unknown as Expr<K | null>
    },
    below: node => links(node, 'ancestor'),
    over: node => links(node, 'node'),
  })
}

const keysOf = ({ table, node, where }: Reach) =>
  from(table)
    .where(...where)
    .select({ node })

const tableOf = <K>(name: string, { table, node, distance, where }: Reach): DerivedHandle<Reached<K>> =>
  derived(
    name,
    from(table)
      .where(...where)
      .select({ node, distance }),
  ) as unknown as DerivedHandle<Reached<K>>

/** Words of one column would take nodes of one tenant for those of another. */
function checkKey(table: object, key: string): void {
  const { source } = joinOf(table)
  const column = source.columns.find(each => each.key === key)?.name
  if (source.kind !== 'table' || column === undefined) return
  const keys = keysOfTable(source.table)
  if (!keys.some(each => each.includes(column)) || keys.some(each => each.length === 1 && each[0] === column)) return
  throw new PillionError('TREE_INVALID', `The column ${column} of ${source.name} is a key only beside others.`, {
    hint: 'Words for queries are over a key of one column: make it unique, or ask over the links by a query of your own.',
  })
}

/** The property of the primary key. */
function keyName(table: object): string {
  const { source } = joinOf(table)
  const names = source.kind === 'table' ? (primaryKeyOf(source.table) ?? []) : []
  const [name] = names
  const found = names.length === 1 ? source.columns.find(each => each.name === name) : undefined
  if (found !== undefined) return found.key
  throw new PillionError('TREE_INVALID', `The table ${source.name} has no primary key of one column.`, {
    hint: 'Name the column that is pointed to: key.',
  })
}
