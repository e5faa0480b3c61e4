/**
 * Values into placeholders: each parameter one value, each value of the type it meets, as the dialect's wire takes it.
 *
 * @module
 */
import type { Place, Ready } from '../compile/compile.js'
import { PillionError } from '../errors.js'
import type { Given } from '../query/engine.js'
import { nameOf, typeOfValue, untyped, wrongType } from '../query/expr.js'
import type { ParamKey, ValueNode } from '../query/node.js'
import type { Binding } from '../query/param.js'
import type { Dialect } from '../compile/dialect.js'
import type { Cell } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'

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
 * @throws PARAM_CONFLICT when one parameter was given two values
 */
export function sortGiven<O extends object>(given: readonly (Given | O)[]): Sorted<O> {
  if (given.length === 0) return nothingGiven as Sorted<O>
  const bindings = new Map<ParamKey, unknown>()
  let options = {} as O
  for (const each of given) {
    if (!isBinding(each)) {
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
  return 'param' in given
}

/**
 * The values of a statement's placeholders.
 *
 * @throws PARAM_UNBOUND, VALUE_TYPE
 */
export function bind({ compiled, values, params }: Ready, bindings: ReadonlyMap<ParamKey, unknown>): Cell[] {
  const { dialect } = compiled
  return compiled.places.map(place =>
    place.kind === 'value' ? encodedValue(place, values, dialect) : encodedParam(place, params, bindings, dialect),
  )
}

function encodedValue(place: Place, values: readonly ValueNode[], dialect: Dialect): Cell {
  const { value, encoded } = values[place.at] as ValueNode
  if (value === null) return null
  return encoded ? dialect.exactCell(value as string, place.type) : dialect.codec(place.type).encode(value)
}

function encodedParam(
  place: Place,
  params: readonly ParamKey[],
  bindings: ReadonlyMap<ParamKey, unknown>,
  dialect: Dialect,
): Cell {
  const param = params[place.at] as ParamKey
  const value = bindings.get(param)
  if (value === undefined) {
    throw new PillionError('PARAM_UNBOUND', `The parameter ${param.name} has no value.`, {
      hint: `Give it when the query runs: .all(${param.name}.is(…)). Two param('${param.name}') are two parameters.`,
    })
  }
  return value === null ? null : encode(value, place.type, param, dialect)
}

function encode(value: unknown, type: DataType, param: ParamKey, dialect: Dialect): Cell {
  const codec = dialect.codec(type === untyped ? typeOfValue(value) : type)
  if (!codec.accepts(value)) throw wrongType(type, nameOf(value), `The parameter ${param.name}`)
  return codec.encode(value)
}
