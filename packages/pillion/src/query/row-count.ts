/**
 * How many rows: what LIMIT and OFFSET take.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { int8 } from '../schema/base-types.js'
import { type Expr, isExpr, operand } from './expr.js'
import type { Node } from './node.js'
import type { Scope } from './types.js'

/**
 * A number of rows, or a parameter for one.
 *
 * @throws QUERY_INVALID unless a whole number from 0
 */
export function rowCount(rows: number | Expr<number, Scope>, what: string): Node {
  if (isExpr(rows)) return operand(rows, int8, what)
  if (Number.isSafeInteger(rows) && rows >= 0) return wholeNumber(rows)
  throw new PillionError('QUERY_INVALID', `${what} takes a whole number from 0.`, {
    hint: `Leave ${what} out for none; check what came from outside.`,
  })
}

/** A number of rows that stands in the text. */
export function wholeNumber(value: number): Node {
  return { kind: 'number', value, type: int8 }
}
