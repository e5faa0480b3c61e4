/**
 * Expressions: immutable values that mention handles. Every operator returns a new one.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { baseName, bool, float8, int4, int8, interval, text, timestamp, timestamptz } from '../schema/base-types.js'
import { codecOf } from '../schema/codec.js'
import type { ArrayType, DataType } from '../schema/model.js'
import { formOf } from './form.js'
import { fromElsewhere, nodeKey, orderKey } from './marks.js'
import type { Node, OrderNode, QueryData, Read } from './node.js'
import type { Scope } from './types.js'

declare const expression: unique symbol

/** The null in a type: `null`, or nothing. */
export type NullOf<T> = T & null
/** The value type of an operand: what an expression yields, or a plain value itself. */
export type ValueOf<O> = O extends { readonly [expression]: { readonly value: infer T } } ? T : O
/** The scope of an operand; plain values have none. */
export type ScopeOf<O> = O extends { readonly [expression]: { readonly scope: infer S extends Scope } } ? S : never
/** What may stand beside a `T`: a plain value, a parameter or another expression of it. */
export type Operand<T> = NonNullable<T> | Expr<T | null, Scope>
/** A truth value: of any scope for `where`, of the scope `joined` for `having` and FILTER. */
export type Condition<S extends Scope = Scope> = Expr<boolean | null, S>

type Plain<T> = NonNullable<T>
type Nulls<T, O> = NullOf<T> | NullOf<ValueOf<O>>
type Element<T> = T extends readonly (infer E)[] ? E : never
/** The null of a list: it is one itself, or has one in it, and nothing else in it matches. */
type NullIn<L> = L extends { readonly [expression]: { readonly value: infer A } }
  ? NullOf<A> | NullOf<Element<NonNullable<A>>>
  : L extends { readonly data: QueryData; readonly row?: infer Row }
    ? NullOf<Row[keyof Row]>
    : never
/** What is left of one moment after another: of a Date the text of an interval. */
type Difference<T> = Plain<T> extends Date ? string : Plain<T>
type List<T> =
  | readonly Plain<T>[]
  | Expr<readonly (Plain<T> | null)[] | null, Scope>
  | Subquery<{ readonly [key: string]: T | Plain<T> | null }>

/** Anything whose rows can be tested by `in`: see `Query`. */
export interface Subquery<out Row> {
  readonly data: QueryData
  /** The type of a row. Never a value at run time. */
  readonly row?: Row
}

/** An expression of type `T`, mentionable in scope `S`. */
export interface Expr<out T, out S extends Scope = 'joined'> {
  readonly [expression]: { readonly value: T; readonly scope: S }

  /** `a = b`. Null when either side is; plain `null` is refused: use `isNull()`. */
  eq<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a <> b`. Null when either side is. */
  ne<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a > b`. */
  gt<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a >= b`. */
  gte<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a < b`. */
  lt<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a <= b`. */
  lte<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a BETWEEN low AND high`, both ends included. */
  between<L extends Operand<T>, H extends Operand<T>>(
    low: L,
    high: H,
  ): Expr<boolean | NullOf<T> | NullOf<ValueOf<L>> | NullOf<ValueOf<H>>, S | ScopeOf<L> | ScopeOf<H>>
  /**
   * `a = ANY ($1)` over a list, a list parameter or an array expression; `a IN (SELECT …)` over a query of one column.
   * One placeholder whatever the length, so one shape. Null when the list holds a NULL and no match, as SQL says.
   */
  in<L extends List<T>>(list: L): Expr<boolean | NullOf<T> | NullIn<L>, S | ScopeOf<L>>
  /** `a <> ALL ($1)`, `a NOT IN (SELECT …)`: null when the list holds a NULL and no match, as SQL says. */
  notIn<L extends List<T>>(list: L): Expr<boolean | NullOf<T> | NullIn<L>, S | ScopeOf<L>>
  /** `a IS NULL`. */
  isNull(): Expr<boolean, S>
  /** `a IS NOT NULL`. */
  isNotNull(): Expr<boolean, S>
  /** `a IS DISTINCT FROM b`: never null; NULL equals NULL. */
  isDistinctFrom<O extends Operand<T> | null>(other: O): Expr<boolean, S | ScopeOf<O>>
  /** `a IS NOT DISTINCT FROM b`: never null; NULL equals NULL. */
  isNotDistinctFrom<O extends Operand<T> | null>(other: O): Expr<boolean, S | ScopeOf<O>>

  /** `a LIKE pattern`. */
  like<O extends Operand<string>>(pattern: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a NOT LIKE pattern`. */
  notLike<O extends Operand<string>>(pattern: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a ILIKE pattern`: without regard to case. */
  ilike<O extends Operand<string>>(pattern: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a ~ pattern`: a POSIX regular expression. */
  matches<O extends Operand<string>>(pattern: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>

  /** `a + b`. */
  plus<O extends Operand<T>>(other: O): Expr<Plain<T> | Nulls<T, O>, S | ScopeOf<O>>
  /** `a - b`. Between dates, timestamps and timestamptz an interval: its text. */
  minus<O extends Operand<T>>(other: O): Expr<Difference<T> | Nulls<T, O>, S | ScopeOf<O>>
  /** `a * b`. */
  times<O extends Operand<T>>(other: O): Expr<Plain<T> | Nulls<T, O>, S | ScopeOf<O>>
  /** `a / b`. Between integers PostgreSQL truncates. */
  dividedBy<O extends Operand<T>>(other: O): Expr<Plain<T> | Nulls<T, O>, S | ScopeOf<O>>
  /** `a % b`. */
  modulo<O extends Operand<T>>(other: O): Expr<Plain<T> | Nulls<T, O>, S | ScopeOf<O>>
  /** `a || b` over text. */
  concat<O extends Operand<string>>(other: O): Expr<string | Nulls<T, O>, S | ScopeOf<O>>

  /** `a @> b`: an array, a range or a jsonb holds the other. */
  contains<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a <@ b`. */
  containedBy<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `a && b`: arrays or ranges have something in common. */
  overlaps<O extends Operand<T>>(other: O): Expr<boolean | Nulls<T, O>, S | ScopeOf<O>>
  /** `b = ANY (a)`: an array has this element. Null when it holds a NULL and no match. */
  has<O extends Operand<Element<Plain<T>>>>(
    element: O,
  ): Expr<boolean | Nulls<T, O> | NullOf<Element<Plain<T>>>, S | ScopeOf<O>>

  /** `a -> key ->> key`: a JSON member as text; null when absent. A number is an index of an array, a text a key of an object. */
  jsonText(...path: readonly [string | number, ...(string | number)[]]): Expr<string | null, S>
  /** `a -> key -> key`: a JSON member; null when absent. */
  json<J = unknown>(...path: readonly [string | number, ...(string | number)[]]): Expr<J | null, S>

  /** Ascending. Without `nulls` the database's own place for NULLs: last, in PostgreSQL. QUERY_INVALID for another one. */
  asc(options?: { readonly nulls?: 'first' | 'last' | undefined }): Order<S>
  /** Descending. Without `nulls` the database's own place for NULLs: first, in PostgreSQL. QUERY_INVALID for another one. */
  desc(options?: { readonly nulls?: 'first' | 'last' | undefined }): Order<S>
}

declare const order: unique symbol

/** One key of an ORDER BY. */
export interface Order<out S extends Scope = 'joined'> {
  readonly [order]: S
}

interface Holder {
  readonly [nodeKey]: Node
}

interface OrderHolder {
  readonly [orderKey]: OrderNode
}

/** Is it an expression? By shape. */
export function isExpr(value: unknown): value is Expr<unknown, Scope> {
  return typeof value === 'object' && value !== null && nodeKey in value
}

/** The node of an expression. */
export function nodeOf(expr: Expr<unknown, Scope> | Condition): Node {
  const node = (expr as unknown as Partial<Holder> | null | undefined)?.[nodeKey]
  if (node === undefined) {
    throw new PillionError('QUERY_INVALID', `Expected an expression, got ${nameOf(expr)}.`, {
      hint: unnamed(expr) ?? 'Give a column, a parameter, or a function of them; wrap a plain value in value(…).',
    })
  }
  return node
}

/** The order key inside `expr.asc()` or `expr.desc()`. */
export function orderOf(order: unknown): OrderNode {
  const node = (order as Partial<OrderHolder> | null)?.[orderKey]
  if (node === undefined) {
    throw new PillionError('QUERY_INVALID', `Expected an order key, got ${nameOf(order)}.`, {
      hint: fromElsewhere(order) ?? 'Write column.asc() or column.desc().',
    })
  }
  return node
}

/**
 * Where an order key puts NULLs. It stands in the text, and may have come from outside, where no compiler has looked.
 *
 * @throws QUERY_INVALID
 */
export function nullsOf(options: { readonly nulls?: OrderNode['nulls'] } = {}): OrderNode['nulls'] {
  if (typeof options === 'object' && options !== null) {
    const { nulls } = options
    if (nulls === undefined || nulls === 'first' || nulls === 'last') return nulls
  }
  throw new PillionError(
    'QUERY_INVALID',
    `An order key takes { nulls: 'first' } or { nulls: 'last' }, and nothing else.`,
    {
      hint: 'Leave it out for where the database puts them; check what came from outside.',
    },
  )
}

/** Names the kind of a thing for a message, never its value. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (isExpr(value)) return 'an expression'
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value
}

/** The cure for what is not what it seems: what is undefined was most often asked of a table by a name that it has not. */
export function unnamed(value: unknown): string | undefined {
  return value === undefined
    ? "It is undefined: no table, column or relation has that name here. With `names: 'camel'` it is userId, without user_id, as in the file that `pillion reflect` wrote."
    : fromElsewhere(value)
}

/** Makes an expression of a node. */
export function expr<T, S extends Scope = 'joined'>(node: Node): Expr<T, S> {
  return new Expression(Object.freeze(node)) as unknown as Expr<T, S>
}

/**
 * What a user gave beside something of `type`, as a node: an expression's own, or a placeholder.
 *
 * @throws VALUE_TYPE when a plain value is not one of `type`.
 */
export function operand(given: unknown, type: DataType, what = 'value'): Node {
  if (isExpr(given)) {
    const node = nodeOf(given)
    return node.kind === 'param' && node.type === untyped ? { ...node, type } : node
  }
  if (given === null || given === undefined) {
    throw new PillionError('QUERY_INVALID', `A ${what} was ${given}, which no comparison matches.`, {
      hint: 'Use isNull() or isNotNull(), or isNotDistinctFrom(…) where NULL should equal NULL.',
    })
  }
  const hint = fromElsewhere(given)
  if (hint !== undefined) throw new PillionError('QUERY_INVALID', `A ${what} was ${nameOf(given)}.`, { hint })
  if (!codecOf(type).accepts(given)) throw wrongType(type, nameOf(given))
  return { kind: 'value', value: given, type }
}

/** A value that is not of the type it meets. Names both types, never the value. */
export function wrongType(type: DataType, given: string, of?: string): PillionError {
  return new PillionError(
    'VALUE_TYPE',
    `${of ?? 'A value'} should be ${typeLabel(type)} (${codecOf(type).ts}), but is ${given} or out of its range.`,
    { hint: formOf(type) ?? 'Convert the value, or cast the other side with cast(…).' },
  )
}

function typeLabel(type: DataType): string {
  return type.kind === 'array' ? `${typeLabel(type.element)}[]` : type.name
}

/** The type of a parameter that has not met a column yet. */
export const untyped: DataType = Object.freeze({ kind: 'base', name: 'unknown' })

/** The type of a plain value by itself. */
export function typeOfValue(value: unknown): DataType {
  if (typeof value === 'boolean') return bool
  if (typeof value === 'bigint') return int8
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? int4 : float8
  if (value !== null && typeof value === 'object' && 'getTime' in value) return timestamptz
  return text
}

class Expression {
  readonly [nodeKey]: Node

  constructor(node: Node) {
    this[nodeKey] = node
  }

  #infix(operator: string, other: unknown, type: DataType, otherType: DataType = this[nodeKey].type) {
    const right = operand(other, otherType)
    return expr({ kind: 'operator', form: 'infix', operator, args: [besides(this[nodeKey], right), right], type })
  }

  #compare(operator: string, other: unknown) {
    return this.#infix(operator, other, bool)
  }

  #arithmetic(operator: string, other: unknown) {
    const self = this[nodeKey]
    const right = operandBeside(self, other)
    const args = [besides(self, right), right]
    return expr({ kind: 'operator', form: 'infix', operator, args, ...widest(args) })
  }

  #postfix(operator: string) {
    return expr({ kind: 'operator', form: 'postfix', operator, args: [this[nodeKey]], type: bool })
  }

  #order(descending: boolean, options: { readonly nulls?: 'first' | 'last' | undefined } | undefined): OrderHolder {
    return { [orderKey]: Object.freeze({ of: this[nodeKey], descending, nulls: nullsOf(options) }) }
  }

  eq(other: unknown) {
    return this.#compare('=', other)
  }
  ne(other: unknown) {
    return this.#compare('<>', other)
  }
  gt(other: unknown) {
    return this.#compare('>', other)
  }
  gte(other: unknown) {
    return this.#compare('>=', other)
  }
  lt(other: unknown) {
    return this.#compare('<', other)
  }
  lte(other: unknown) {
    return this.#compare('<=', other)
  }

  between(low: unknown, high: unknown) {
    const self = this[nodeKey]
    const args = [self, operand(low, self.type), operand(high, self.type)]
    return expr({ kind: 'operator', form: 'infix', operator: 'BETWEEN', args, type: bool })
  }

  in(list: unknown) {
    return this.#member(list, 'in', '= ANY')
  }
  notIn(list: unknown) {
    return this.#member(list, 'not in', '<> ALL')
  }

  #member(list: unknown, form: 'in' | 'not in', operator: string) {
    const self = this[nodeKey]
    if (isSubquery(list)) return expr({ kind: 'subquery', form, query: list.data, operand: self, type: bool })
    if (asArray(self.type) !== undefined) throw listOfArrays()
    const array = operand(list, arrayType(self.type), 'list')
    return expr({ kind: 'operator', form: 'infix', operator, args: [self, array], type: bool })
  }

  isNull() {
    return this.#postfix('IS NULL')
  }
  isNotNull() {
    return this.#postfix('IS NOT NULL')
  }
  isDistinctFrom(other: unknown) {
    return other === null ? this.isNotNull() : this.#compare('IS DISTINCT FROM', other)
  }
  isNotDistinctFrom(other: unknown) {
    return other === null ? this.isNull() : this.#compare('IS NOT DISTINCT FROM', other)
  }

  like(pattern: unknown) {
    return this.#infix('LIKE', pattern, bool, text)
  }
  notLike(pattern: unknown) {
    return this.#infix('NOT LIKE', pattern, bool, text)
  }
  ilike(pattern: unknown) {
    return this.#infix('ILIKE', pattern, bool, text)
  }
  matches(pattern: unknown) {
    return this.#infix('~', pattern, bool, text)
  }

  plus(other: unknown) {
    return this.#arithmetic('+', other)
  }
  minus(other: unknown) {
    const self = this[nodeKey]
    return moments.has(baseName(self.type)) ? difference(self, operand(other, self.type)) : this.#arithmetic('-', other)
  }
  times(other: unknown) {
    return this.#arithmetic('*', other)
  }
  dividedBy(other: unknown) {
    return this.#arithmetic('/', other)
  }
  modulo(other: unknown) {
    return this.#arithmetic('%', other)
  }
  concat(other: unknown) {
    return this.#infix('||', other, text, text)
  }

  contains(other: unknown) {
    return this.#compare('@>', other)
  }
  containedBy(other: unknown) {
    return this.#compare('<@', other)
  }
  overlaps(other: unknown) {
    return this.#compare('&&', other)
  }
  has(element: unknown) {
    const self = this[nodeKey]
    const type = self.type.kind === 'array' ? elementType(self.type) : self.type
    const args = [operand(element, type, 'element'), self]
    return expr({ kind: 'operator', form: 'infix', operator: '= ANY', args, type: bool })
  }

  jsonText(...path: (string | number)[]) {
    return jsonMember(this[nodeKey], path, '->>', text)
  }
  json(...path: (string | number)[]) {
    return jsonMember(this[nodeKey], path, '->', this[nodeKey].type)
  }

  asc(options?: { readonly nulls?: 'first' | 'last' | undefined }) {
    return this.#order(false, options)
  }
  desc(options?: { readonly nulls?: 'first' | 'last' | undefined }) {
    return this.#order(true, options)
  }
}

// an array of arrays is one array of more dimensions, whose elements are theirs
function listOfArrays(): PillionError {
  return new PillionError('QUERY_INVALID', 'An array cannot be looked for in a list of arrays.', {
    hint: 'Write or(a.eq(…), a.eq(…)), or give a query: a.in(db.from(…)).',
  })
}

/** `a = ANY (ARRAY(SELECT …))`: is it one of a query's? The query runs once and by itself. `a IN (SELECT …)` where there are no arrays. */
export function among(of: Expr<never>, query: Subquery<unknown>): Expr<boolean> {
  return expr({ kind: 'subquery', form: 'any', query: queryOf(query), operand: nodeOf(of), type: bool })
}

/** The data of a query. */
export function queryOf(value: unknown): QueryData {
  if (isSubquery(value)) return value.data
  throw new PillionError('QUERY_INVALID', `Expected a query, got ${nameOf(value)}.`, {
    hint: 'Give what db.from(…) or a set operation returned.',
  })
}

function isSubquery(value: unknown): value is Subquery<unknown> {
  // a handle may have a column of that name
  return typeof value === 'object' && value !== null && !isExpr(value) && 'data' in value && !isExpr(value.data)
}

// step by step: of several at once PostgreSQL takes a number for a key and a key for a number, other dialects do not
function jsonMember(of: Node, path: readonly (string | number)[], last: '->' | '->>', type: DataType) {
  const above = path.slice(0, -1).reduce((node, key) => nodeOf(step(node, '->', key, node.type)), of)
  return step(above, last, path.at(-1), type)
}

function step(of: Node, operator: '->' | '->>', key: unknown, type: DataType) {
  const args = [of, operand(key, typeof key === 'number' ? int4 : text, 'key')]
  return expr({ kind: 'operator', form: 'infix', operator, args, type })
}

/** A parameter that has met nothing yet takes the type of what stands beside it. */
function besides(node: Node, other: Node): Node {
  return node.kind === 'param' && node.type === untyped ? { ...node, type: other.type } : node
}

/** What is given beside a node to make one type of both: a plain number that the node's type does not hold has its own. */
export function operandBeside({ type, read }: Node, given: unknown): Node {
  const isNumber = read?.kind === 'number' || codecOf(type).ts === 'number'
  const hasOwn = isNumber && Number.isFinite(given) && !codecOf(type).accepts(given)
  const node = operand(given, hasOwn ? typeOfValue(given) : type)
  // beside a sum of bigints it is one, though its type is numeric
  return node.kind === 'value' && read?.kind === 'bigint' ? { ...node, read } : node
}

/** Numbers, each after those that it holds: arithmetic of two is of the later. */
const widths = ['int2', 'int4', 'uint4', 'int53', 'int8', 'uint8', 'numeric', 'float4', 'float8']

/** How a value is read. */
type Reading = Pick<Node, 'type' | 'read'>

const float: Reading = { type: float8, read: undefined }

/** How the server's answer is read that is of one type for all of these: of numbers the widest, of all else the first. */
export function widest(nodes: readonly Node[]): Reading {
  const { type, read } = nodes.reduce<Reading>(wider, nodes[0] as Node)
  return { type, read }
}

function wider(a: Reading, b: Reading): Reading {
  if (a.type === untyped) return b
  const [one, other] = [baseName(a.type), baseName(b.type)]
  const [narrow, wide] = [widths.indexOf(one), widths.indexOf(other)]
  if (one === other || narrow < 0 || wide < 0) return a
  if (one === 'float4' || other === 'float4') return float
  return narrow < wide ? b : a
}

const moments = new Set(['date', 'timestamp', 'timestamptz'])

// between two days the server would count them, between all others it gives an interval
function difference(a: Node, b: Node) {
  return expr({ kind: 'call', name: 'minus between moments', args: [momentOf(a), momentOf(b)], type: interval })
}

function momentOf(node: Node): Node {
  return baseName(node.type) === 'date' ? { kind: 'cast', of: node, type: timestamp } : node
}

const arrays = new WeakMap<DataType, DataType>()

/** The array type of an element type, one object for each. An array of arrays is one of more dimensions. */
export function arrayType(element: DataType): DataType {
  const known = arrays.get(element)
  if (known !== undefined) return known
  const inner = asArray(element)
  const made: DataType = Object.freeze(
    inner === undefined ? { kind: 'array', element, dimensions: 1 } : { ...inner, dimensions: inner.dimensions + 1 },
  )
  arrays.set(element, made)
  return made
}

/** The array that a type is, by itself or as a domain. */
function asArray(type: DataType): ArrayType | undefined {
  if (type.kind === 'domain') return asArray(type.base)
  return type.kind === 'array' ? type : undefined
}

/** How an array of values is read that are read in a way of their own. */
export function readOfArray({ read }: Node): Read | undefined {
  if (read?.kind === 'number') return { kind: 'numbers' }
  return read?.kind === 'bigint' ? { kind: 'bigints' } : undefined
}

/** How the elements of such an array are read. */
export function readOfElement({ read }: Node): Read | undefined {
  if (read?.kind === 'numbers') return { kind: 'number' }
  return read?.kind === 'bigints' ? { kind: 'bigint' } : undefined
}

function elementType(type: DataType & { readonly kind: 'array' }): DataType {
  return type.dimensions > 1 ? { ...type, dimensions: type.dimensions - 1 } : type.element
}
