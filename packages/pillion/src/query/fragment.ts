/**
 * Raw SQL where pillion has no word: `sql<T>` fragments interpolate expressions and parameters, nothing else.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { text } from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'
import type { DataValue } from './data-value.js'
import { type Expr, expr, isExpr, nameOf, nodeOf } from './expr.js'
import { fromElsewhere } from './marks.js'
import type { Scope } from './types.js'

/** The tag of a fragment whose type was said. */
export type Fragment<T> = <S extends Scope = 'joined'>(
  parts: TemplateStringsArray,
  ...args: readonly Expr<unknown, S>[]
) => Expr<T, S>

/**
 * A fragment of SQL as an expression. Its columns bring their joins like any other mention; plain values are
 * refused, so that none can become text: wrap them in `value(…)`.
 *
 * `type` says how the result is read; without it, as text. It may be null, unless you say what it is.
 *
 * ```ts
 * sql(float8)`similarity(${interview.title}, ${value('engineer')})`            // number | null
 * sql<number>(float8)`similarity(${interview.title}, ${value('engineer')})`    // number
 * ```
 *
 * @throws QUERY_INVALID when something else than an expression is interpolated
 */
export function sql<D extends DataType>(type: D): Fragment<DataValue<D> | null>
export function sql<T>(type: DataType): Fragment<T>
export function sql<S extends Scope = 'joined'>(
  parts: TemplateStringsArray,
  ...args: readonly Expr<unknown, S>[]
): Expr<string | null, S>
export function sql<T, S extends Scope = 'joined'>(
  parts: TemplateStringsArray,
  ...args: readonly Expr<unknown, S>[]
): Expr<T, S>
export function sql(first: DataType | TemplateStringsArray, ...args: readonly unknown[]): unknown {
  if (typeof first !== 'object' || first === null) throw neither(first)
  if ('raw' in first) return fragment(text, first, args)
  return (parts: TemplateStringsArray, ...rest: readonly unknown[]) => fragment(first, parts, rest)
}

function neither(first: unknown): PillionError {
  return new PillionError(
    'QUERY_INVALID',
    `sql is a tag for a template, or takes a type, and was given ${nameOf(first)}.`,
    {
      hint: 'Write it without parentheses, or with a type in them: sql(int4)`length(${interview.title})`.',
    },
  )
}

function fragment(type: DataType, parts: readonly string[], args: readonly unknown[]): Expr<unknown> {
  for (const arg of args) {
    if (!isExpr(arg)) {
      throw new PillionError(
        'QUERY_INVALID',
        `A fragment interpolates expressions only, and was given ${nameOf(arg)}.`,
        {
          hint: fromElsewhere(arg) ?? 'Wrap a plain value in value(…), so that it travels as a placeholder.',
        },
      )
    }
  }
  return expr({ kind: 'fragment', parts, args: args.map(arg => nodeOf(arg as Expr<unknown>)), type })
}
