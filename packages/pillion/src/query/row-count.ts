/**
 * How many rows: what LIMIT and OFFSET take.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { int8 } from '../schema/base-types.js'
import { type Expr, isExpr, nodeOf } from './expr.js'
import type { NumberNode, ParamKey, RowBound, RowCount, RowsNode } from './node.js'
import type { Scope } from './types.js'

/** More rows than any table has, and few enough that any server can add an offset. */
export const allRows = Number.MAX_SAFE_INTEGER

/**
 * A number of rows, or a parameter for one.
 *
 * @throws QUERY_INVALID unless a whole number from 0, or a parameter
 */
export function rowCount(rows: number | Expr<number | null, Scope>, clause: RowBound['clause']): RowCount {
  if (isExpr(rows)) return parameter(rows, clause)
  if (Number.isSafeInteger(rows) && rows >= 0) return wholeNumber(rows)
  throw new PillionError('QUERY_INVALID', `${clause} takes a whole number from 0.`, {
    hint: `Leave ${clause} out for none; check what came from outside.`,
  })
}

// of an expression no dialect but PostgreSQL takes a number of rows
function parameter(rows: Expr<unknown, Scope>, clause: RowBound['clause']): RowsNode {
  const node = nodeOf(rows)
  if (node.kind === 'param') return rowsOf(node.param, { clause, most: allRows })
  throw new PillionError('QUERY_INVALID', `${clause} takes a whole number from 0, or a parameter for one.`, {
    hint: 'Give a number, or param<number>(…).',
  })
}

function rowsOf(param: ParamKey, bound: RowBound): RowsNode {
  return Object.freeze({ kind: 'rows', param, bound: Object.freeze(bound) })
}

/** A number of rows that stands in the text. */
export function wholeNumber(value: number): NumberNode {
  return { kind: 'number', value, type: int8 }
}

/** The fewer of two. */
export function atMost(limit: RowCount | undefined, rows: number): RowCount {
  if (limit?.kind === 'rows') return rowsOf(limit.param, { ...limit.bound, most: rows })
  return limit !== undefined && limit.value < rows ? limit : wholeNumber(rows)
}
