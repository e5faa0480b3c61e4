/**
 * The types that generated files are written in. A generated table is one interface with two parameters,
 * so that no mapped type is ever computed over a table:
 *
 * ```ts
 * export interface Evaluation<N = never, S extends Scope = 'joined'> extends Handle<EvaluationKind, N, S> {
 *   readonly rating: Column<number | N, S>
 *   readonly user: User<N, S>
 *   readonly comments: Many<CommentKind, N, S>
 * }
 * export interface EvaluationKind extends Kind {
 *   readonly row: EvaluationRow
 *   readonly handle: Evaluation<this['nullable'], this['scope']>
 * }
 * ```
 *
 * `N` is `never`, or `null` under a left join. `S` says where columns may be mentioned.
 *
 * @module
 */
import type { Expr } from './expr.js'

/** `joined`: anywhere. `semi`: in `where` only, for it lives in an EXISTS. */
export type Scope = 'joined' | 'semi'

declare const handle: unique symbol
declare const many: unique symbol
declare const root: unique symbol

/** A function from nullability and scope to a table's handle: how relations name their target. */
export interface Kind {
  readonly row: unknown
  readonly nullable: unknown
  readonly scope: Scope
  readonly handle: unknown
}

/** A join as a value. Columns and relations are its only named properties. */
export interface Handle<out K extends Kind = Kind, out N = unknown, out S extends Scope = Scope> {
  readonly [handle]: { readonly kind: K; readonly nullable: N; readonly scope: S }
}

/** A table or an alias of one: where a query starts. It is joined by a relation, never by itself. */
export type Root<H> = H & { readonly [root]: 'a table' }

/** Every table of a database as a root. */
export type Roots<DB> = { readonly [K in keyof DB]: Root<DB[K]> }

/** A handle that hangs on another: what `left` and `inner` may join in another way. */
export type Joined<K extends Kind, N, S extends Scope> = Handle<K, N, S> & { readonly [root]?: 'a relation' }

/** Applies a kind: the handle of a table, with this nullability, in this scope. */
export type HandleOf<K extends Kind, N, S extends Scope> = (K & {
  readonly nullable: N
  readonly scope: S
})['handle']

// An alias: an interface of its own would have its every method compared with those of `Expr`, at each use.
/** A column of a handle: an expression that, mentioned, brings the handle's join. */
export type Column<T, S extends Scope = 'joined'> = Expr<T, S>

/**
 * A to-many relation, not yet a join: give it to `inner`, `left`, `some` or `first`, or to
 * `list`, `count`, `exists`, `none`, `every`.
 */
export interface Many<out K extends Kind = Kind, out N = unknown, out S extends Scope = Scope> {
  readonly [many]: { readonly kind: K; readonly nullable: N; readonly scope: S }
}

/** A handle's whole row: `Row`, or `Row | null` under a left join. */
export type RowOf<H> = H extends Handle<infer K, infer N, Scope> ? K['row'] | N : never

/** A table made by a query, a CTE, VALUES or a set-returning function: one column a key of the row. */
export type DerivedHandle<Row, N = never, S extends Scope = 'joined'> = Handle<DerivedKind<Row>, N, S> & {
  readonly [K in keyof Row]: Column<Row[K] | N, S>
}

/** The kind of a derived table. */
export interface DerivedKind<Row> extends Kind {
  readonly row: Row
  readonly handle: DerivedHandle<Row, this['nullable'], this['scope']>
}
