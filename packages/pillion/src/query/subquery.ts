/**
 * Questions about a to-many relation, each a subquery of its own: `exists`, `none`, `every`, `list`, `count`,
 * `sum`, `avg`, `min`, `max`. They never multiply rows and stand anywhere, also under OR and NOT.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { bool, json } from '../schema/base-types.js'
import { type AggregateExpr, average, countOf, minMax, summed } from './aggregate.js'
import { type Expr, expr, nodeOf, type Order, queryOf, type Subquery } from './expr.js'
import { handleOf, isMany, manyOf } from './handle.js'
import { conditions, correlate, correlatedSelect, listed, madeOf, type On, ordersOf } from './join.js'
import type { Node, QueryData, SelectData, Shape } from './node.js'
import { nowhere } from './origin.js'
import { rowCount } from './row-count.js'
import { type Out, type Selectable, shapeOf } from './shape.js'
import type { HandleOf, Kind, Many, Scope } from './types.js'

type Local<K extends Kind> = HandleOf<K, never, 'joined'>

/**
 * Is there a related row (that satisfies the condition)? `EXISTS (SELECT FROM evaluation WHERE …)`.
 * Also over a query: `exists(db.from(…).where(…))`, correlated by mentioning an outer handle.
 *
 * ```ts
 * q.where(or(interview.open, exists(interview.evaluations, e => e.rating.gt(8))))
 * ```
 */
export function exists<K extends Kind, N, S extends Scope, C extends Scope = never>(
  relation: Many<K, N, S>,
  condition?: On<Local<K>, C>,
): Expr<boolean, S | C>
export function exists(query: Subquery<unknown>): Expr<boolean>
export function exists(from: Many | Subquery<unknown>, condition?: On<never>): Expr<boolean, Scope> {
  return existence('exists', from, condition as unknown as On<object> | undefined)
}

/**
 * Is there no related row (that satisfies the condition)? `NOT EXISTS (SELECT FROM evaluation WHERE …)`.
 *
 * ```ts
 * db.from(interview).where(none(interview.evaluations, e => e.rating.lt(5)))
 * ```
 */
export function none<K extends Kind, N, S extends Scope, C extends Scope = never>(
  relation: Many<K, N, S>,
  condition?: On<Local<K>, C>,
): Expr<boolean, S | C>
export function none(query: Subquery<unknown>): Expr<boolean>
export function none(from: Many | Subquery<unknown>, condition?: On<never>): Expr<boolean, Scope> {
  return existence('not exists', from, condition as unknown as On<object> | undefined)
}

/**
 * Do all related rows satisfy the condition? True of no rows; a condition that is null is not satisfied.
 * `NOT EXISTS (SELECT FROM evaluation WHERE … AND (…) IS NOT TRUE)`.
 *
 * ```ts
 * db.from(interview).where(every(interview.evaluations, e => e.rating.gte(5)))
 * ```
 */
export function every<K extends Kind, N, S extends Scope, C extends Scope>(
  relation: Many<K, N, S>,
  condition: On<Local<K>, C>,
): Expr<boolean, S | C> {
  const local = correlate(manyOf(relation))
  const all: Node = {
    kind: 'logic',
    operator: 'and',
    args: conditions(condition as unknown as On<object>, handleOf(local.handle)),
    type: bool,
  }
  const broken: Node = { kind: 'operator', form: 'postfix', operator: 'IS NOT TRUE', args: [all], type: bool }
  const select = correlatedSelect(local)
  const query: QueryData = { ...select, where: [...select.where, { node: broken, origin: nowhere }] }
  return subquery('not exists', query)
}

function existence(form: 'exists' | 'not exists', from: Many | Subquery<unknown>, condition: On<object> | undefined) {
  return subquery<boolean, Scope>(form, isMany(from) ? related(from as Many, condition) : queryOf(from))
}

function subquery<T, S extends Scope>(form: 'exists' | 'not exists', query: QueryData): Expr<T, S> {
  return expr({ kind: 'subquery', form, query, operand: undefined, type: bool })
}

/** Which rows of a relation, in which order. */
export interface ListOptions<H, S extends Scope = 'joined'> {
  readonly where?: On<H, S> | undefined
  readonly orderBy?: ((handle: H) => Order<S> | readonly Order<S>[]) | undefined
  /** At most so many. */
  readonly limit?: number | undefined
}

/**
 * Related rows as a nested list, in the same statement and without fan-out; empty, never null, where there are none.
 * `array_to_json(ARRAY(SELECT json_build_array(…) FROM evaluation JOIN … WHERE … ORDER BY … LIMIT …))`
 *
 * Dates, bigints and exact numbers inside arrive as they would outside.
 *
 * ```ts
 * list(interview.evaluations, e => ({ by: e.user.username, rating: e.rating }), { orderBy: e => e.rating.desc() })
 * ```
 */
export function list<K extends Kind, N, S extends Scope, F extends Selectable>(
  relation: Many<K, N, S>,
  select: (handle: Local<K>) => F,
  options: ListOptions<Local<K>, NoInfer<S> | 'joined'> = {},
): Expr<Out<F>[], S> {
  const local = correlate(manyOf(relation))
  const handle = handleOf(local.handle) as Local<K>
  const base = correlatedSelect(local)
  const query: SelectData = {
    ...base,
    select: shapeOf(madeOf(handle, select, 'What list selects')),
    where: [
      ...base.where,
      ...conditions(options.where as On<object> | undefined, handle as object).map(node => ({ node, origin: nowhere })),
    ],
    orderBy: options.orderBy ? ordersOf(listed(madeOf(handle, options.orderBy, 'The orderBy of list')), nowhere) : [],
    limit: options.limit === undefined ? undefined : rowCount(options.limit, 'limit()'),
  }
  return expr({ kind: 'subquery', form: 'list', query, operand: undefined, type: json, read: { kind: 'list', query } })
}

/**
 * How many. Of nothing: rows, `count(*)`. Of an expression: rows where it is not null, `count(x)`. Of a
 * relation: related rows, `(SELECT count(*) FROM evaluation WHERE …)`, optionally those that satisfy a condition.
 * Never null; a number, refused with DECODE_FAILED past 2^53.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, bad: count(interview.evaluations, e => e.rating.lt(5)) })
 * db.from(evaluation).select({ by: evaluation.userId, n: count() }).groupBy(evaluation.userId)
 * ```
 */
export function count(): AggregateExpr<number>
export function count<K extends Kind, N, S extends Scope, C extends Scope = never>(
  relation: Many<K, N, S>,
  where?: On<Local<K>, C>,
): Expr<number, S | C>
export function count(expression: Expr<unknown>): AggregateExpr<number>
export function count(...given: readonly [of?: unknown, where?: On<never>]): Expr<number, Scope> {
  // of what is undefined, as a relation that a migration took away, it is not of all rows
  if (given.length === 0) return countOf(undefined)
  const [of, where] = given
  if (isMany(of)) {
    const query = related(of as Many, where as unknown as On<object> | undefined)
    return scalarOf(query, countOf(undefined))
  }
  return countOf(nodeOf(of as Expr<unknown>)) as Expr<number>
}

type Summable = number | bigint | string | null
type Summed<T> = NonNullable<T> | null

/**
 * The sum; null of no rows. A `number` stays a number, refused past 2^53 where integers are summed; a bigint
 * stays a bigint and a numeric a string. Of a relation: `(SELECT sum(x) FROM evaluation WHERE …)`.
 *
 * ```ts
 * db.from(evaluation).select({ by: evaluation.userId, total: sum(evaluation.rating) }).groupBy(evaluation.userId)
 * ```
 *
 * @throws DECODE_FAILED when rows are read, for a sum of integers past 2^53
 */
export function sum<K extends Kind, N, S extends Scope, T extends Summable, C extends Scope = never>(
  relation: Many<K, N, S>,
  of: (handle: Local<K>) => Expr<T>,
  where?: On<Local<K>, C>,
): Expr<Summed<T>, S | C>
export function sum<T extends Summable>(expression: Expr<T>): AggregateExpr<Summed<T>>
export function sum(from: unknown, of?: (handle: never) => Expr<unknown>, where?: On<never>): unknown {
  return overRelation(from, of, where, summed)
}

/** What an average is: a float of numbers, exact text of bigints and numerics. */
type Averaged<T> = (NonNullable<T> extends number ? number : string) | null

/**
 * The mean; null of no rows. Of numbers a float8; of bigint and numeric an exact string.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, mean: avg(interview.evaluations, e => e.rating) })
 * ```
 */
export function avg<K extends Kind, N, S extends Scope, T extends Summable, C extends Scope = never>(
  relation: Many<K, N, S>,
  of: (handle: Local<K>) => Expr<T>,
  where?: On<Local<K>, C>,
): Expr<Averaged<T>, S | C>
export function avg<T extends Summable>(expression: Expr<T>): AggregateExpr<Averaged<T>>
export function avg(from: unknown, of?: (handle: never) => Expr<unknown>, where?: On<never>): unknown {
  return overRelation(from, of, where, average)
}

/**
 * The least; null of no rows.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, worst: min(interview.evaluations, e => e.rating) })
 * ```
 */
export function min<K extends Kind, N, S extends Scope, T, C extends Scope = never>(
  relation: Many<K, N, S>,
  of: (handle: Local<K>) => Expr<T>,
  where?: On<Local<K>, C>,
): Expr<Summed<T>, S | C>
export function min<T>(expression: Expr<T>): AggregateExpr<Summed<T>>
export function min(from: unknown, of?: (handle: never) => Expr<unknown>, where?: On<never>): unknown {
  return overRelation(from, of, where, node => minMax('min', node))
}

/**
 * The greatest; null of no rows.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, best: max(interview.evaluations, e => e.rating) })
 * ```
 */
export function max<K extends Kind, N, S extends Scope, T, C extends Scope = never>(
  relation: Many<K, N, S>,
  of: (handle: Local<K>) => Expr<T>,
  where?: On<Local<K>, C>,
): Expr<Summed<T>, S | C>
export function max<T>(expression: Expr<T>): AggregateExpr<Summed<T>>
export function max(from: unknown, of?: (handle: never) => Expr<unknown>, where?: On<never>): unknown {
  return overRelation(from, of, where, node => minMax('max', node))
}

function overRelation(
  from: unknown,
  of: ((handle: never) => Expr<unknown>) | undefined,
  where: On<never> | undefined,
  fold: (node: Node) => AggregateExpr<unknown>,
): unknown {
  if (!isMany(from)) return fold(nodeOf(from as Expr<unknown>))
  const local = correlate(manyOf(from))
  const handle = handleOf(local.handle)
  const base = correlatedSelect(local)
  const more = conditions(where as unknown as On<object> | undefined, handle).map(node => ({ node, origin: nowhere }))
  const value = fold(nodeOf((of as (handle: object) => Expr<unknown>)(handle)))
  return scalarOf({ ...base, where: [...base.where, ...more] }, value)
}

function related(relation: Many, condition: On<object> | undefined): SelectData {
  const local = correlate(manyOf(relation))
  const base = correlatedSelect(local)
  return {
    ...base,
    where: [...base.where, ...conditions(condition, handleOf(local.handle)).map(node => ({ node, origin: nowhere }))],
  }
}

function scalarOf<T>(query: SelectData, value: AggregateExpr<T>): Expr<T, Scope> {
  const node = nodeOf(value as Expr<T>)
  const select: Shape = { kind: 'object', fields: [{ key: 'value', shape: { kind: 'value', node } }] }
  return expr({
    kind: 'subquery',
    form: 'scalar',
    query: { ...query, select },
    operand: undefined,
    type: node.type,
    read: node.read,
  })
}

/**
 * A query of one column and at most one row, as a value: `(SELECT …)`. Null where it finds no row.
 *
 * ```ts
 * const newest = alias(interview)
 * const last = scalar(db.from(newest).select({ id: max(newest.id) }).where(newest.ownerId.eq(user.id)))
 * db.from(user).select({ name: user.username, last })
 * ```
 *
 * @throws QUERY_INVALID when it selects more than one column
 */
export function scalar<T>(query: Subquery<{ readonly [key: string]: T }>): Expr<T | null> {
  const data = queryOf(query)
  const leaf = onlyLeaf(data)
  return expr({
    kind: 'subquery',
    form: 'scalar',
    query: data,
    operand: undefined,
    type: leaf.type,
    read: leaf.read,
  })
}

function onlyLeaf(query: QueryData): Node {
  if (query.kind === 'compound') return onlyLeaf(query.left)
  const [field, ...rest] = query.select.kind === 'value' ? [] : query.select.fields
  if (field?.shape.kind === 'value' && rest.length === 0) return field.shape.node
  throw new PillionError('QUERY_INVALID', 'A scalar subquery selects one column; this one does not.', {
    hint: 'Select exactly one expression: .select({ value: … }).',
  })
}
