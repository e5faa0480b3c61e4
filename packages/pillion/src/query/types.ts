/**
 * The types that generated files are written in. A generated table is one interface with two parameters,
 * so that no mapped type is ever computed over a table:
 *
 * ```ts
 * export interface Evaluation<N = never, S extends Scope = 'joined'> extends Handle<EvaluationRow, N, S> {
 *   readonly rating: Column<number | N, S>
 *   readonly user: User<N, S>
 *   readonly comments: Many<CommentKind, N, S>
 * }
 * export interface EvaluationKind extends Kind {
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

/** A join as a value. Columns and relations are its only named properties. */
export interface Handle<Row, N = never, S extends Scope = Scope> {
  readonly [handle]: { readonly row: Row; readonly nullable: N; readonly scope: S }
}

/** A column of a handle: an expression that, mentioned, brings the handle's join. */
export interface Column<T, S extends Scope = 'joined'> extends Expr<T, S> {}

/** A function from nullability and scope to a table's handle: how a to-many relation names its target. */
export interface Kind {
  readonly nullable: unknown
  readonly scope: Scope
  readonly handle: unknown
}

/** Applies a kind. */
export type HandleOf<K extends Kind, N, S extends Scope> = (K & { readonly nullable: N; readonly scope: S })['handle']

/**
 * A to-many relation, not yet a join: give it to `inner`, `left`, `some` or `first`, or to
 * `list`, `count`, `exists`, `none`, `every`.
 */
export interface Many<K extends Kind, N = never, S extends Scope = 'joined'> {
  readonly [many]: { readonly kind: K; readonly nullable: N; readonly scope: S }
}
