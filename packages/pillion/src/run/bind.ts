/**
 * Values into placeholders: each parameter one value, each value of the type it meets, as the dialect's wire takes it.
 *
 * @module
 */
import type { Compiled, Place, Ready } from '../compile/compile.js'
import { listMark } from '../compile/list-mark.js'
import { PillionError } from '../errors.js'
import type { Given, StreamOptions } from '../query/engine.js'
import { nameOf, typeOfValue, untyped, wrongType } from '../query/expr.js'
import type { ParamKey, RowBound, ValueNode } from '../query/node.js'
import type { Binding } from '../query/param.js'
import { int8 } from '../schema/base-types.js'
import type { Cell } from '../schema/codec.js'
import type { ArrayType, DataType } from '../schema/model.js'

/** What a terminal was given, told apart. */
export interface Sorted<O> {
  readonly bindings: ReadonlyMap<ParamKey, unknown>
  readonly options: O
}

const nothingGiven: Sorted<object> = Object.freeze({
  bindings: new Map<ParamKey, unknown>(),
  options: Object.freeze({}),
})

/**
 * Tells bindings from options.
 *
 * @throws PARAM_CONFLICT when one parameter was given two values; QUERY_INVALID when an option is none
 */
export function sortGiven<O extends object>(given: readonly (Given | O)[]): Sorted<O> {
  if (given.length === 0) return nothingGiven as Sorted<O>
  const bindings = new Map<ParamKey, unknown>()
  let options = {} as O
  for (const each of given) {
    if (!isBinding(each)) {
      checkOptions(each)
      options = { ...options, ...each } as O
      continue
    }
    const { param, value } = each
    if (bindings.has(param) && !Object.is(bindings.get(param), value)) {
      throw new PillionError('PARAM_CONFLICT', `The parameter ${param.name} was bound to two values.`, {
        hint: 'One parameter has one value in a run; make a second param(…) for the second.',
      })
    }
    bindings.set(param, value)
  }
  return { bindings, options }
}

function isBinding(given: object): given is Binding {
  if (typeof given === 'object' && given !== null) return 'param' in given
  throw new PillionError('QUERY_INVALID', `A run takes bindings and options, and was given ${nameOf(given)}.`, {
    hint: 'Give what param.is(…) returned, or { signal, timeout }.',
  })
}

// a timer would take NaN for now, and a cursor would wait for a batch of no rows for ever
function checkOptions({ timeout, signal, batch }: StreamOptions): void {
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0))
    throw noOption('timeout', 'a number of milliseconds from 0', timeout)
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function')
    throw noOption('signal', 'an AbortSignal', signal)
  if (batch !== undefined && !(Number.isInteger(batch) && batch >= 1 && batch < 2 ** 31))
    throw noOption('batch', 'a whole number of rows from 1', batch)
}

function noOption(name: string, takes: string, given: unknown): PillionError {
  const message = `The option ${name} should be ${takes}, but is ${nameOf(given)} or out of its range.`
  return new PillionError('QUERY_INVALID', message, { hint: 'Leave it out for none; check what came from outside.' })
}

/** A statement's text, and the values of its placeholders. */
export interface Bound {
  readonly text: string
  readonly values: readonly Cell[]
}

/**
 * The values of a statement's placeholders; where a list is bound, its text too, with one placeholder an item.
 *
 * @throws PARAM_UNBOUND, VALUE_TYPE
 */
export function bind(ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): Bound {
  const { sql, places } = ready.compiled
  return sql.includes(listMark)
    ? bindLists(ready, bindings)
    : { text: sql, values: places.map(place => cellOf(place, ready, bindings)) }
}

/** The text of a statement whose lists are of unknown length. */
export function unbound({ sql, dialect }: Compiled): string {
  return sql.replaceAll(listMark, dialect.placeholder(1))
}

function bindLists(ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): Bound {
  const { sql, places, dialect } = ready.compiled
  const lists: string[] = []
  const values = places.flatMap(place => {
    if (place.form !== 'list') return [cellOf(place, ready, bindings)]
    const { element } = place.type as ArrayType
    const items = padded(itemsOf(place, ready, bindings))
    const placeholder = dialect.beside(dialect.placeholder(1), element)
    lists.push(items.length === 0 ? dialect.emptyList : items.map(() => placeholder).join(', '))
    return items.map(item => (item === null ? null : dialect.codec(element).encode(item)))
  })
  return { text: sql.split(listMark).reduce((text, part, i) => `${text}${lists[i - 1]}${part}`), values }
}

/** The longest list that is padded: twice as many are more placeholders than MySQL takes in a statement. */
const longestPadded = 2 ** 15

// to a power of two, so that lists of all lengths have few texts
function padded(items: readonly unknown[]): readonly unknown[] {
  if (items.length > longestPadded) return items
  const length = items.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(items.length))
  return Array.from({ length }, (_, i) => items[Math.min(i, items.length - 1)])
}

function itemsOf(place: Place, ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): readonly unknown[] {
  const value =
    place.kind === 'value' ? (ready.values[place.at] as ValueNode).value : paramValue(place, ready, bindings)
  // a list that is NULL matches nothing, and leaves nothing out: as one NULL in it
  return value === null ? [null] : (value as readonly unknown[])
}

function cellOf(place: Place, ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): Cell {
  const { dialect } = ready.compiled
  if (place.kind === 'value') {
    const { value, encoded } = ready.values[place.at] as ValueNode
    if (value === null) return null
    return encoded ? dialect.exactCell(value as string, place.type) : dialect.codec(place.type).encode(value)
  }
  if (typeof place.form === 'object')
    return dialect.codec(int8).encode(rowsOf(place.form, ready.params[place.at] as ParamKey, bindings))
  const value = paramValue(place, ready, bindings)
  return value === null ? null : dialect.codec(typeOf(place, value)).encode(value)
}

/** What LIMIT and OFFSET are bound to. NULL is not the same there in any two dialects, and a negative number in none. */
function rowsOf({ clause, most }: RowBound, param: ParamKey, bindings: ReadonlyMap<ParamKey, unknown>): number {
  const rows = boundTo(param, bindings)
  if (rows === null) return clause === 'limit()' ? most : 0
  if (typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0) return Math.min(rows, most)
  throw new PillionError(
    'VALUE_TYPE',
    `The parameter ${param.name} of ${clause} should be a whole number from 0, but is ${nameOf(rows)} or out of its range.`,
    { hint: 'Bind null for no bound; check what came from outside.' },
  )
}

function typeOf({ type }: Place, value: unknown): DataType {
  return type === untyped ? typeOfValue(value) : type
}

function paramValue(place: Place, { compiled, params }: Ready, bindings: ReadonlyMap<ParamKey, unknown>): unknown {
  const param = params[place.at] as ParamKey
  const value = boundTo(param, bindings)
  if (value === null) return null
  const type = typeOf(place, value)
  if (compiled.dialect.codec(type).accepts(value)) return value
  throw wrongType(type, nameOf(value), `The parameter ${param.name}`)
}

function boundTo(param: ParamKey, bindings: ReadonlyMap<ParamKey, unknown>): unknown {
  const value = bindings.get(param)
  if (value !== undefined) return value
  throw new PillionError('PARAM_UNBOUND', `The parameter ${param.name} has no value.`, {
    hint: `Give it when the query runs: .all(${param.name}.is(…)). Two param('${param.name}') are two parameters.`,
  })
}
