/**
 * Plain functions, CASE, casts and values. What is not here is one `fn(…)` away.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { bool, float8, int4, numeric, text, timestamptz } from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'
import type { DataValue } from './data-value.js'
import {
  arrayType,
  type Condition,
  type Expr,
  expr,
  isExpr,
  nodeOf,
  type NullOf,
  type Operand,
  operand,
  operandBeside,
  readOfArray,
  type ScopeOf,
  typeOfValue,
  untyped,
  type ValueOf,
  widest,
} from './expr.js'
import type { Node } from './node.js'
import type { Scope } from './types.js'

type Args = readonly (Operand<string> | Operand<number>)[]

/**
 * A plain value as an expression: always a placeholder, never text.
 *
 * ```ts
 * sql<boolean>(bool)`${interview.title} ILIKE ${value('%an%')}`
 * ```
 */
export function value<T extends string | number | bigint | boolean | Date>(plain: T): Expr<Widened<T>>
export function value<T>(plain: T, type: DataType): Expr<T>
export function value(plain: unknown, type: DataType = typeOfValue(plain)): Expr<unknown> {
  return expr(operand(plain, type))
}

/**
 * `NULL` of a type.
 *
 * ```ts
 * when(interview.status.eq('open'), interview.title).otherwise(nothing(text))
 * ```
 */
export function nothing<D extends DataType>(type: D): Expr<DataValue<D> | null>
export function nothing<T>(type: DataType): Expr<T | null>
export function nothing(type: DataType): Expr<unknown> {
  return expr({ kind: 'cast', of: { kind: 'fragment', parts: ['NULL'], args: [], type }, type })
}

/**
 * `x::type`. Null where x is: `cast(evaluation.rating, text)` is `string | null`.
 *
 * Say what a type reads as where it is not a constant of pillion: `cast<'open' | 'held'>(…, status)`. Whether that
 * may be null cannot be told then, so it may.
 *
 * ```ts
 * cast(evaluation.rating, text)
 * ```
 *
 * @throws NOT_IN_DIALECT when the query is made text, for a type that the database has not
 */
export function cast<D extends DataType, T, S extends Scope>(
  expression: Expr<T, S>,
  type: D,
): Expr<DataValue<D> | NullOf<T>, S>
export function cast<T, S extends Scope = 'joined'>(expression: Expr<unknown, S>, type: DataType): Expr<T | null, S>
export function cast(expression: Expr<unknown, Scope>, type: DataType): Expr<unknown, Scope> {
  const node = nodeOf(expression)
  return expr(node.kind === 'param' && node.type === untyped ? { ...node, type } : { kind: 'cast', of: node, type })
}

type Argument<S extends Scope> = Expr<unknown, S> | string | number | bigint | boolean | Date

/**
 * Any function by name, when pillion has no word for it: `fn('my_schema.score', float8, a, b)`. It may be null,
 * unless you say what it is: `fn<number>('my_schema.score', float8, a, b)`.
 * Arguments are expressions or plain values.
 *
 * ```ts
 * fn<string>('left', text, user.username, 1)
 * ```
 */
export function fn<D extends DataType, A extends readonly Argument<Scope>[]>(
  name: string,
  type: D,
  ...args: A
): Expr<DataValue<D> | null, ScopeOf<A[number]>>
export function fn<T, S extends Scope = 'joined'>(
  name: string,
  type: DataType,
  ...args: readonly Argument<S>[]
): Expr<T, S>
export function fn(name: string, type: DataType, ...args: readonly unknown[]): Expr<unknown, Scope> {
  return call(name, type, args)
}

function call<T, S extends Scope>(name: string, type: DataType, args: readonly unknown[]): Expr<T, S> {
  return expr({ kind: 'call', name, args: args.map(each => argument(each)), type })
}

function argument(given: unknown, type?: DataType): Node {
  return isExpr(given) ? operand(given, type ?? untyped) : operand(given, type ?? typeOfValue(given))
}

/** Null when each of several may be, as `coalesce` and `greatest` have it. */
type NullOfAll<A extends readonly unknown[]> = {
  [I in keyof A]: null extends ValueOf<A[I]> ? true : false
}[number] extends true
  ? null
  : never
type NullOfBoth<T, A extends readonly unknown[]> = null extends T ? NullOfAll<A> : never

/**
 * `coalesce(a, b, …)`: the first that is not null; null only when all may be.
 *
 * ```ts
 * coalesce(evaluation.rating, 0)   // number
 * ```
 */
export function coalesce<
  T,
  S extends Scope,
  A extends readonly [Operand<NonNullable<T>>, ...Operand<NonNullable<T>>[]],
>(first: Expr<T, S>, ...rest: A): Expr<NonNullable<T> | NullOfBoth<T, A>, S | ScopeOf<A[number]>> {
  return ofOneType('coalesce', first, rest)
}

/**
 * `nullif(a, b)`: null where they are equal.
 *
 * ```ts
 * nullif(interview.title, '')   // string | null
 * ```
 */
export function nullif<T, S extends Scope, O extends Operand<T>>(
  expression: Expr<T, S>,
  other: O,
): Expr<T | null, S | ScopeOf<O>> {
  const node = nodeOf(expression)
  return expr({
    kind: 'call',
    name: 'nullif',
    args: [node, operand(other, node.type)],
    type: node.type,
    read: node.read,
  })
}

/**
 * `greatest(a, b, …)`: NULLs are passed over.
 *
 * ```ts
 * greatest(evaluation.rating, 5)
 * ```
 */
export function greatest<T, S extends Scope, A extends readonly Operand<T>[]>(
  first: Expr<T, S>,
  ...rest: A
): Expr<NonNullable<T> | NullOfBoth<T, A>, S | ScopeOf<A[number]>> {
  return ofOneType('greatest', first, rest)
}

/**
 * `least(a, b, …)`: NULLs are passed over.
 *
 * ```ts
 * least(evaluation.rating, 5)
 * ```
 */
export function least<T, S extends Scope, A extends readonly Operand<T>[]>(
  first: Expr<T, S>,
  ...rest: A
): Expr<NonNullable<T> | NullOfBoth<T, A>, S | ScopeOf<A[number]>> {
  return ofOneType('least', first, rest)
}

/** One of several, which are of one type to the server. */
function ofOneType<T, S extends Scope>(
  name: string,
  first: Expr<unknown, Scope>,
  rest: readonly unknown[],
): Expr<T, S> {
  const node = nodeOf(first)
  const args = [node, ...rest.map(each => operandBeside(node, each))]
  return expr({ kind: 'call', name, args, ...widest(args) })
}

/** A CASE being written. */
export interface Case<T, S extends Scope> {
  /** `WHEN condition THEN result`. */
  when<C extends Condition, O extends Operand<NonNullable<T>>>(
    condition: C,
    result: O,
  ): Case<T | NullOf<ValueOf<O>>, S | ScopeOf<C> | ScopeOf<O>>
  /** `ELSE result END`. */
  otherwise<O extends Operand<NonNullable<T>>>(result: O): Expr<T | NullOf<ValueOf<O>>, S | ScopeOf<O>>
  /** `END`: null where no condition held. */
  end(): Expr<T | null, S>
}

type Widened<O> = O extends string
  ? string
  : O extends number
    ? number
    : O extends bigint
      ? bigint
      : O extends boolean
        ? boolean
        : ValueOf<O>

/**
 * `CASE WHEN condition THEN result …`
 *
 * ```ts
 * when(mine.rating.gte(8), 'high').when(mine.rating.gte(5), 'fair').otherwise('low')
 * ```
 */
export function when<C extends Condition, O extends string | number | boolean | bigint | Date | Expr<unknown, Scope>>(
  condition: C,
  result: O,
): Case<Widened<O>, ScopeOf<C> | ScopeOf<O>> {
  return cases([{ when: nodeOf(condition), then: argument(result) }])
}

function cases<T, S extends Scope>(whens: readonly { readonly when: Node; readonly then: Node }[]): Case<T, S> {
  const results = whens.map(each => each.then)
  const first = results[0] as Node
  return {
    when: (condition: Condition, result: unknown) =>
      cases([...whens, { when: nodeOf(condition), then: operandBeside(first, result) }]),
    otherwise(result: unknown) {
      const otherwise = operandBeside(first, result)
      return expr({ kind: 'case', whens, otherwise, ...widest([...results, otherwise]) })
    },
    end: () => expr({ kind: 'case', whens, otherwise: undefined, ...widest(results) }),
  } as unknown as Case<T, S>
}

/** `lower(x)`. */
export const lower = <T extends string | null, S extends Scope>(x: Expr<T, S>): Expr<string | NullOf<T>, S> =>
  call('lower', text, [x])
/** `upper(x)`. */
export const upper = <T extends string | null, S extends Scope>(x: Expr<T, S>): Expr<string | NullOf<T>, S> =>
  call('upper', text, [x])
/** `btrim(x)`: without the spaces at both ends. */
export const trim = <T extends string | null, S extends Scope>(x: Expr<T, S>): Expr<string | NullOf<T>, S> =>
  call('btrim', text, [x])
/** `char_length(x)`: in characters. */
export const length = <T extends string | null, S extends Scope>(x: Expr<T, S>): Expr<number | NullOf<T>, S> =>
  call('char_length', int4, [x])
/** `substr(x, from, length)`: counted from 1. */
export const substring = <T extends string | null, S extends Scope>(
  x: Expr<T, S>,
  from: number,
  count?: number,
): Expr<string | NullOf<T>, S> => call('substr', text, count === undefined ? [x, from] : [x, from, count])
/** `replace(x, from, to)`. */
export const replace = <T extends string | null, S extends Scope>(
  x: Expr<T, S>,
  from: string,
  to: string,
): Expr<string | NullOf<T>, S> => call('replace', text, [x, from, to])
/** `starts_with(x, prefix)`. */
export const startsWith = <T extends string | null, S extends Scope, O extends Operand<string>>(
  x: Expr<T, S>,
  prefix: O,
): Expr<boolean | NullOf<T> | NullOf<ValueOf<O>>, S | ScopeOf<O>> => call('starts_with', bool, [x, prefix])
/** `concat(a, b, …)`: NULLs count as nothing. */
export const concat = <A extends Args>(...parts: A): Expr<string, ScopeOf<A[number]>> => call('concat', text, parts)

/** `abs(x)`. */
export const abs = <T, S extends Scope>(x: Expr<T, S>): Expr<T, S> => keep('abs', x)
/** `floor(x)`. */
export const floor = <T, S extends Scope>(x: Expr<T, S>): Expr<T, S> => keep('floor', x)
/** `ceil(x)`. */
export const ceil = <T, S extends Scope>(x: Expr<T, S>): Expr<T, S> => keep('ceil', x)
/**
 * `round(x)`, or `round(x::numeric, digits)` as exact text.
 *
 * ```ts
 * round(evaluation.rating)
 * round(interview.budget, 2)   // string | null
 * ```
 *
 * @param digits behind the point
 */
export function round<T, S extends Scope>(x: Expr<T, S>): Expr<T, S>
export function round<T, S extends Scope>(x: Expr<T, S>, digits: number): Expr<string | NullOf<T>, S>
export function round(x: Expr<unknown, Scope>, digits?: number): Expr<unknown, Scope> {
  if (digits === undefined) return keep('round', x)
  const exact: Node = { kind: 'cast', of: nodeOf(x), type: numeric }
  return expr({ kind: 'call', name: 'round', args: [exact, placesOf(digits)], type: numeric })
}

// they stand in the text: of a placeholder MySQL knows too late how many digits there are to be
function placesOf(digits: number): Node {
  const places = operand(digits, int4, 'number of digits')
  return places.kind === 'value' ? { kind: 'number', value: digits, type: int4 } : places
}

// floor, ceil and round of an int4 are float8 to the server; the cast keeps the type that the signature promises
function keep<T, S extends Scope>(name: string, x: Expr<T, S>): Expr<T, S> {
  const node = nodeOf(x)
  const made: Node = { kind: 'call', name, args: [node], type: node.type, read: node.read }
  return expr(name === 'abs' ? made : { kind: 'cast', of: made, type: node.type, read: node.read })
}

/** `now()`: the start of the transaction. */
export const now = (): Expr<Date> => call('now', timestamptz, [])

const units = [
  'microseconds',
  'milliseconds',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const
const fields = ['year', 'quarter', 'month', 'week', 'day', 'dow', 'doy', 'hour', 'minute', 'second', 'epoch'] as const

/**
 * `date_trunc('month', x)`, in the session's time zone.
 *
 * ```ts
 * dateTrunc('month', interview.createdAt)
 * ```
 */
export function dateTrunc<T extends Date | string | null, S extends Scope>(
  unit: (typeof units)[number],
  x: Expr<T, S>,
): Expr<T, S> {
  const node = nodeOf(x)
  return expr({ kind: 'call', name: 'date_trunc', args: [word(unit, units), node], type: node.type })
}

/**
 * `extract(year FROM x)` as a number.
 *
 * ```ts
 * extract('year', interview.createdAt)
 * ```
 */
export function extract<T extends Date | string | null, S extends Scope>(
  field: (typeof fields)[number],
  x: Expr<T, S>,
): Expr<number | NullOf<T>, S> {
  return expr({ kind: 'call', name: 'extract', args: [word(field, fields), nodeOf(x)], type: float8 })
}

// a word of the grammar stands in the text, so that the same expression in SELECT and GROUP BY is the same text
function word(given: string, known: readonly string[]): Node {
  if (known.includes(given)) return { kind: 'word', word: given, type: text }
  throw new PillionError('QUERY_INVALID', 'A unit of time is not one that SQL knows.', {
    hint: `Use one of: ${known.join(', ')}.`,
  })
}

/**
 * `ARRAY[a, b, …]`.
 *
 * ```ts
 * array(interview.ownerId, interview.leadId)   // (number | null)[]
 * ```
 *
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite, which have no arrays
 */
export function array<T, S extends Scope, A extends readonly Operand<T>[]>(
  first: Expr<T, S>,
  ...rest: A
): Expr<(T | NullOf<ValueOf<A[number]>>)[], S | ScopeOf<A[number]>> {
  const node = nodeOf(first)
  return expr({
    kind: 'array',
    items: [node, ...rest.map(each => operand(each, node.type))],
    type: arrayType(node.type),
    read: readOfArray(node),
  })
}

/** `cardinality(x)`: how many elements an array has. */
export const cardinality = <T extends readonly unknown[] | null, S extends Scope>(
  x: Expr<T, S>,
): Expr<number | NullOf<T>, S> => call('cardinality', int4, [x])
