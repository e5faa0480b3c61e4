/**
 * Late-bound parameters. Identity is the object, never the name: two `param('me')` are two parameters.
 *
 * @module
 */
import { type Expr, expr, untyped } from './expr.js'
import type { Node, ParamKey } from './node.js'

/** A value for a parameter, given to a terminal. */
export interface Binding {
  readonly param: ParamKey
  readonly value: unknown
}

/** A parameter of type `T`. */
export type Param<T> = Expr<T> & {
  /** Binds a value, for one run: `query.all(me.is(7))`. `null` binds NULL. */
  is(value: T): Binding
}

/**
 * A parameter, for queries that are built once and run many times.
 *
 * ```ts
 * const me = param<number>('me')
 * const mine = left(interview.evaluations, e => e.userId.eq(me))
 * await db.from(interview).select({ rating: mine.rating }).all(me.is(7))
 * ```
 *
 * It takes the data type of what it meets. Where it meets nothing, say so: `cast(me, int4)`.
 *
 * @throws PARAM_UNBOUND, PARAM_CONFLICT, VALUE_TYPE when a query runs
 */
export function param<T>(name: string): Param<T> {
  const key: ParamKey = Object.freeze({ name })
  const node: Node = { kind: 'param', param: key, type: untyped }
  return Object.freeze(Object.assign(expr<T>(node), { is: (value: T): Binding => ({ param: key, value }) }))
}
