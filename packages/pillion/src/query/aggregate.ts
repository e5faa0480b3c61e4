/**
 * Aggregates and window functions.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { baseName, float8, int4, int8, json, numeric, text } from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'
import {
  arrayType,
  type Condition,
  type Expr,
  expr,
  type NullOf,
  nodeOf,
  type Order,
  operand,
  orderOf,
  readOfArray,
  type ValueOf,
} from './expr.js'
import type { AggregateNode, Node, OrderNode, Read } from './node.js'
import type { Scope } from './types.js'

/** What a window ranges over. */
export interface Window {
  readonly partitionBy?: readonly Expr<unknown>[] | undefined
  readonly orderBy?: readonly Order[] | undefined
  /** As SQL writes it: `ROWS BETWEEN 2 PRECEDING AND CURRENT ROW`. Checked against the grammar of frames. */
  readonly frame?: string | undefined
}

/** An aggregate: an expression that folds rows. */
export interface AggregateExpr<out T> extends Expr<T> {
  /** `… FILTER (WHERE condition)`. */
  filter(condition: Condition<'joined'>): AggregateExpr<T>
  /** `agg(DISTINCT x)`. */
  distinct(): AggregateExpr<T>
  /** `… OVER (PARTITION BY … ORDER BY …)`: folds the rows around each row, and keeps them all. */
  over(window?: Window): Expr<T>
}

/** A function that only means something over a window. */
export interface WindowFunction<T> {
  /** `… OVER (PARTITION BY … ORDER BY …)`. */
  over(window: Window): Expr<T>
}

/** Makes an aggregate. */
export function aggregate<T>(
  name: string,
  args: readonly Node[],
  type: DataType,
  read?: Read,
  orderBy: readonly OrderNode[] = [],
  withinGroup = false,
): AggregateExpr<T> {
  return fluent({
    kind: 'aggregate',
    name,
    args,
    distinct: false,
    orderBy,
    withinGroup,
    filter: undefined,
    over: undefined,
    type,
    read,
  })
}

function fluent<T>(node: AggregateNode): AggregateExpr<T> {
  return Object.assign(expr<T>(node), {
    filter: (condition: Condition) => fluent<T>({ ...node, filter: nodeOf(condition) }),
    distinct: () => fluent<T>({ ...node, distinct: true }),
    over: (window: Window = {}) => expr<T>({ ...node, over: windowOf(window) }),
  })
}

const framePattern =
  /^(ROWS|RANGE|GROUPS)\s+(BETWEEN\s+)?(UNBOUNDED\s+(PRECEDING|FOLLOWING)|\d+\s+(PRECEDING|FOLLOWING)|CURRENT\s+ROW)(\s+AND\s+(UNBOUNDED\s+(PRECEDING|FOLLOWING)|\d+\s+(PRECEDING|FOLLOWING)|CURRENT\s+ROW))?(\s+EXCLUDE\s+(CURRENT\s+ROW|GROUP|TIES|NO\s+OTHERS))?$/i

function windowOf({ partitionBy = [], orderBy = [], frame }: Window) {
  if (frame !== undefined && !framePattern.test(frame)) {
    throw new PillionError('QUERY_INVALID', 'A window frame is not in the grammar of frames.', {
      hint: "Write it as SQL does: 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW'.",
    })
  }
  return Object.freeze({ partitionBy: partitionBy.map(nodeOf), orderBy: orderBy.map(orderOf), frame })
}

const asNumber: Read = Object.freeze({ kind: 'number' })
const asBigint: Read = Object.freeze({ kind: 'bigint' })

/** `count(x)` or `count(*)`. */
export function countOf(node: Node | undefined): AggregateExpr<number> {
  return aggregate('count', node ? [node] : [], int8, asNumber)
}

/** `sum(x)` in the TypeScript type of x. */
export function summed<T>(node: Node): AggregateExpr<T> {
  const name = baseName(node.type)
  if (name === 'int2' || name === 'int4') return aggregate('sum', [node], int8, asNumber)
  if (name === 'int8')
    return node.read?.kind === 'number'
      ? aggregate('sum', [node], numeric, asNumber)
      : aggregate('sum', [node], numeric, asBigint)
  return aggregate('sum', [node], node.type)
}

/** `avg(x)`: a float of numbers, numeric of the exact types, an interval of intervals. */
export function average<T>(node: Node): AggregateExpr<T> {
  const name = baseName(node.type)
  const exact = (name === 'int8' && node.read?.kind !== 'number') || name === 'numeric'
  if (exact) return aggregate('avg', [node], numeric)
  if (name === 'interval') return aggregate('avg', [node], node.type)
  return aggregate('avg', [{ kind: 'cast', of: node, type: float8 }], float8)
}

/** `min(x)` or `max(x)`. */
export function minMax<T>(name: 'min' | 'max', node: Node): AggregateExpr<T> {
  return aggregate(name, [node], node.type, node.read)
}

/**
 * `array_agg(x ORDER BY …)`: null of no rows.
 *
 * Of arrays it is one of more dimensions: the server refuses them unless they are of one length, and none is null. `jsonAgg` takes any.
 *
 * ```ts
 * arrayAgg(evaluation.rating, { orderBy: [evaluation.id.asc()] })   // (number | null)[] | null
 * ```
 *
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite, which have no arrays
 */
export function arrayAgg<T>(
  expression: Expr<T>,
  options: { readonly orderBy?: readonly Order[] | undefined } = {},
): AggregateExpr<T[] | null> {
  const node = nodeOf(expression)
  return aggregate('array_agg', [node], arrayType(node.type), readOfArray(node), (options.orderBy ?? []).map(orderOf))
}

/**
 * `string_agg(x, separator ORDER BY …)`: null of no rows.
 *
 * ```ts
 * stringAgg(user.username, ', ', { orderBy: [user.username.asc()] })
 * ```
 *
 * @throws NOT_IN_DIALECT for an order on SQLite before 3.44
 */
export function stringAgg(
  expression: Expr<string | null>,
  separator: string,
  options: { readonly orderBy?: readonly Order[] | undefined } = {},
): AggregateExpr<string | null> {
  return aggregate(
    'string_agg',
    [nodeOf(expression), separatorOf(separator)],
    text,
    undefined,
    (options.orderBy ?? []).map(orderOf),
  )
}

// it stands in the text, for not every grammar takes a placeholder there
function separatorOf(separator: string): Node {
  operand(separator, text, 'separator')
  return { kind: 'word', word: separator, type: text }
}

/**
 * `json_agg(x ORDER BY …)` by the server's own rules: null of no rows. For rows of a relation prefer `list`.
 *
 * ```ts
 * jsonAgg<number | null>(evaluation.rating, { orderBy: [evaluation.id.asc()] })
 * ```
 *
 * @throws NOT_IN_DIALECT for an order on MySQL, and on SQLite before 3.44
 */
export function jsonAgg<J = unknown>(
  expression: Expr<unknown>,
  options: { readonly orderBy?: readonly Order[] | undefined } = {},
): AggregateExpr<J[] | null> {
  return aggregate('json_agg', [nodeOf(expression)], json, undefined, (options.orderBy ?? []).map(orderOf))
}

/**
 * `bool_and(x)`: null of no rows.
 *
 * ```ts
 * boolAnd(evaluation.rating.gte(5))
 * ```
 */
export function boolAnd(condition: Expr<boolean | null>): AggregateExpr<boolean | null> {
  const node = nodeOf(condition)
  return aggregate('bool_and', [node], node.type)
}

/**
 * `bool_or(x)`: null of no rows.
 *
 * ```ts
 * boolOr(evaluation.rating.gte(5))
 * ```
 */
export function boolOr(condition: Expr<boolean | null>): AggregateExpr<boolean | null> {
  const node = nodeOf(condition)
  return aggregate('bool_or', [node], node.type)
}

/**
 * `percentile_cont(fraction) WITHIN GROUP (ORDER BY x)`: null of no rows.
 *
 * ```ts
 * percentileCont(0.5, evaluation.rating.asc())   // the median
 * ```
 *
 * @param fraction from 0 to 1
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite
 */
export function percentileCont(fraction: number, order: Order): AggregateExpr<number | null> {
  return aggregate('percentile_cont', [operand(fraction, float8)], float8, undefined, [orderOf(order)], true)
}

/**
 * `mode() WITHIN GROUP (ORDER BY x)`: the most frequent value.
 *
 * ```ts
 * mode(evaluation.rating)
 * ```
 *
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite
 */
export function mode<T>(expression: Expr<T>): AggregateExpr<NonNullable<T> | null> {
  const node = nodeOf(expression)
  return aggregate('mode', [], node.type, node.read, [{ of: node, descending: false, nulls: undefined }], true)
}

function windowFunction<T>(name: string, args: readonly Node[], type: DataType, read?: Read): WindowFunction<T> {
  return {
    over: (window: Window) =>
      expr<T>({
        kind: 'aggregate',
        name,
        args,
        distinct: false,
        orderBy: [],
        withinGroup: false,
        filter: undefined,
        over: windowOf(window),
        type,
        read,
      }),
  }
}

/** `row_number()`. */
export const rowNumber = (): WindowFunction<number> => windowFunction('row_number', [], int8, asNumber)
/** `rank()`: equal rows share a rank, and the next ranks are skipped. */
export const rank = (): WindowFunction<number> => windowFunction('rank', [], int8, asNumber)
/** `dense_rank()`: equal rows share a rank, and no rank is skipped. */
export const denseRank = (): WindowFunction<number> => windowFunction('dense_rank', [], int8, asNumber)
/** `percent_rank()`: from 0 to 1. */
export const percentRank = (): WindowFunction<number> => windowFunction('percent_rank', [], float8)
/** `cume_dist()`: the share of rows up to this one. */
export const cumeDist = (): WindowFunction<number> => windowFunction('cume_dist', [], float8)
/** `ntile(n)`: rows dealt into n even parts. */
export const ntile = (parts: number): WindowFunction<number> => windowFunction('ntile', [operand(parts, int4)], int4)
type Default<T> = NonNullable<T> | Expr<T | null> | null

/**
 * `lag(x, offset, default)`: the value some rows before.
 *
 * ```ts
 * lag(evaluation.rating).over({ partitionBy: [evaluation.userId], orderBy: [evaluation.id.asc()] })
 * ```
 *
 * @param offset in rows: 1 is the row before
 */
export function lag<T, D extends Default<T> = null>(
  expression: Expr<T>,
  offset = 1,
  otherwise?: D,
): WindowFunction<T | NullOf<ValueOf<D>>> {
  return neighbour('lag', expression, offset, otherwise)
}
/**
 * `lead(x, offset, default)`: the value some rows after.
 *
 * ```ts
 * lead(evaluation.rating, 2, 0).over({ orderBy: [evaluation.id.asc()] })
 * ```
 *
 * @param offset in rows: 1 is the row after
 */
export function lead<T, D extends Default<T> = null>(
  expression: Expr<T>,
  offset = 1,
  otherwise?: D,
): WindowFunction<T | NullOf<ValueOf<D>>> {
  return neighbour('lead', expression, offset, otherwise)
}
/**
 * `first_value(x)` of the frame.
 *
 * ```ts
 * firstValue(evaluation.rating).over({ partitionBy: [evaluation.userId], orderBy: [evaluation.id.asc()] })
 * ```
 */
export function firstValue<T>(expression: Expr<T>): WindowFunction<T | null> {
  const node = nodeOf(expression)
  return windowFunction('first_value', [node], node.type, node.read)
}
/**
 * `last_value(x)` of the frame.
 *
 * ```ts
 * lastValue(evaluation.rating).over({
 *   orderBy: [evaluation.id.asc()],
 *   frame: 'ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',   // else it ends at the current row
 * })
 * ```
 */
export function lastValue<T>(expression: Expr<T>): WindowFunction<T | null> {
  const node = nodeOf(expression)
  return windowFunction('last_value', [node], node.type, node.read)
}

function neighbour<T>(
  name: string,
  expression: Expr<unknown, Scope>,
  offset: number,
  otherwise: unknown,
): WindowFunction<T> {
  const node = nodeOf(expression)
  const args = [
    node,
    operand(offset, int4),
    ...(otherwise === undefined || otherwise === null ? [] : [operand(otherwise, node.type)]),
  ]
  return windowFunction(name, args, node.type, node.read)
}
