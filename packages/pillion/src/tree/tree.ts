/**
 * Trees inside of queries: expressions and handles over a table that points to itself.
 *
 * @module
 */
import type { Condition, Expr } from '../query/expr.js'
import type { DerivedHandle, DerivedKind, Handle, Kind, Many, Root, Scope } from '../query/types.js'
import { type Distances, kept, type LinkOf, type ReachedOf, walked } from './encoding.js'
import { type Composite, type KeyOf, keyIn, type Named, type NodeOf, type Nodes, type ScopeIn } from './key.js'
import { words } from './words.js'

/** A node that a query finds, or none: of a key of several columns an object of them, to be selected or given for a node. */
type FoundOf<K> = [K] extends [Composite<infer Columns>]
  ? { readonly [Name in keyof Columns]: Expr<Columns[Name] | null> }
  : Expr<K | null>

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
  ): Condition<'joined' | ScopeIn<N> | ScopeIn<T>>
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
  ): Condition<'joined' | ScopeIn<N> | ScopeIn<T>>
  /** Is it at or above another? */
  above<N extends NodeOf<K>, T extends KeyOf<K>>(
    node: N,
    bottom: T,
    distances?: Distances,
  ): Condition<'joined' | ScopeIn<N> | ScopeIn<T>>
  /** Is its parent this one? */
  childOf<N extends Nodes, T extends KeyOf<K>>(node: N, parent: T): Condition<'joined' | ScopeIn<N> | ScopeIn<T>>
  /** Has it the same parent as another? Roots are siblings of each other, and no node is one of itself. */
  siblingOf<N extends Nodes, T extends KeyOf<K>>(node: N, other: T): Condition<'joined' | ScopeIn<N> | ScopeIn<T>>
  isRoot<N extends Nodes>(node: N): Condition<'joined' | ScopeIn<N>>
  /** How far it is from its root: 0 of a root itself. */
  depth(node: Nodes): Expr<number>
  /** Something of each node from the root down to this one. */
  path<H extends Nodes, T>(node: H, of: (node: H) => Expr<T>): Expr<{ readonly of: T }[]>
  /** How many nodes are below it; with `distances`, so far below. */
  descendantCount(node: Nodes, distances?: Distances): Expr<number>
  /** What is at or below a node, as a table to start from or to join. */
  descendants(top: KeyOf<K>, distances?: Distances): DerivedHandle<ReachedOf<K>>
  /** What is at or above a node. */
  ancestors(bottom: KeyOf<K>, distances?: Distances): DerivedHandle<ReachedOf<K>>
  /** The nearest node that both are at or below; null when they are of two trees. */
  commonAncestor(one: KeyOf<K>, other: KeyOf<K>): FoundOf<K>
  /** The links down from a node, to be given to `count`, `list`, `sum`, `some`, …. */
  below(node: Nodes): Many<DerivedKind<LinkOf<K>>, never, 'joined'>
  /** The links up from a node. */
  over(node: Nodes): Many<DerivedKind<LinkOf<K>>, never, 'joined'>
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

/** Where a tree over a key of several columns is in the table. */
export interface TreeOver<H, Names extends readonly (keyof H & string)[]> {
  /** The columns that are pointed to, by their names on the handle. */
  readonly key: Names
  /**
   * For each of them the column that stands for it of the parent, in the same order. A column of both, as a tenant's, is a
   * scope: of each of its values there is a forest.
   */
  readonly parent: { readonly [At in keyof Names]: keyof H & string }
  /** The table of links that `installTree` made. Without it each question is a recursive query. */
  readonly closure?: Handle<Kind, unknown, 'joined'>
}

type Value<E> = E extends Expr<infer T, Scope> ? NonNullable<T> : never

/**
 * A tree over a table, for use in queries of it. A node is given by its key, or as a handle of the table; where the key is of
 * several columns, by an object of them.
 *
 * ```ts
 * const nodes = tree(db.tables.node, { parent: 'parent_id', closure: db.tables.node_ancestry_link })
 * db.from(node).where(nodes.under(node, 17)).select({ id: node.id, depth: nodes.depth(node) })
 *
 * const pages = tree(page, { key: ['tenantId', 'id'], parent: ['tenantId', 'parentId'] })
 * db.from(page).where(pages.under(page, { tenantId: 1, id: 17 }))
 * ```
 *
 * @throws TREE_INVALID when the columns are not those of a tree, or the closure is no table of its links
 * @throws TREE_KEY when one of its words is given what is no node's key
 */
export function tree<H extends Nodes, const Names extends readonly (keyof H & string)[]>(
  table: Root<H>,
  options: TreeOver<H, Names>,
): Tree<Composite<{ readonly [Name in Names[number]]: Value<H[Name]> }>>
export function tree<H extends Nodes, P extends keyof H & string>(
  table: Root<H>,
  options: TreeIn<H> & { readonly parent: P },
): Tree<Value<H[P]>>
export function tree(table: Root<Nodes>, { closure, ...named }: Named & Pick<TreeIn<Nodes>, 'closure'>): unknown {
  const key = keyIn(table, named)
  return words(table, key, closure === undefined ? walked(table, key) : kept(table, key, closure))
}
