/**
 * AND, OR, NOT.
 *
 * @module
 */
import { bool } from '../schema/base-types.js'
import { type Condition, type Expr, expr, nodeOf, type NullOf, type ScopeOf, type ValueOf } from './expr.js'
import type { Scope } from './types.js'

type Scopes<C extends readonly Condition[]> = ScopeOf<C[number]>

/**
 * `a AND b AND …`; TRUE of nothing.
 *
 * ```ts
 * q.where(or(interview.ownerId.eq(me), and(interview.leadId.eq(me), interview.status.eq('open'))))
 * ```
 */
export function and<C extends readonly Condition[]>(
  ...conditions: C
): Expr<boolean | NullOf<ValueOf<C[number]>>, Scopes<C>> {
  return expr({ kind: 'logic', operator: 'and', args: conditions.map(nodeOf), type: bool })
}

/**
 * `a OR b OR …`; FALSE of nothing.
 *
 * ```ts
 * q.where(or(interview.ownerId.eq(me), interview.leadId.eq(me)))
 * ```
 *
 * @throws DISJUNCTION_MIXED in a query, when one side mentions a semi handle and another does not
 */
export function or<C extends readonly Condition[]>(
  ...conditions: C
): Expr<boolean | NullOf<ValueOf<C[number]>>, Scopes<C>> {
  return expr({ kind: 'logic', operator: 'or', args: conditions.map(nodeOf), type: bool })
}

/**
 * `NOT a`. Over a semi handle this says *there is one for which not a*; for *there is none*, use `none(relation, …)`.
 *
 * ```ts
 * q.where(not(interview.title.like('p%')))
 * ```
 */
export function not<T extends boolean | null, S extends Scope>(condition: Expr<T, S>): Expr<boolean | NullOf<T>, S> {
  return expr({ kind: 'not', of: nodeOf(condition), type: bool })
}
