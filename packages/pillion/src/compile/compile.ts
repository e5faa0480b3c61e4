/**
 * Compiles queries, once a shape.
 *
 * @module
 */
import { userLine } from '../errors.js'
import type { ParamKey, QueryData, Shape, ValueNode } from '../query/node.js'
import { firstSelect } from '../query/select.js'
import type { DataType, Table } from '../schema/model.js'
import type { Dialect } from './dialect.js'
import type { ReadRow } from './build-row.js'
import { existenceReader, flatten, rowReader } from './layout.js'
import type { SlotForm } from './print/scope.js'
import { type Printed, print } from './print/statement.js'
import { shapeOfQuery } from './shape.js'

/** What a placeholder takes: the n-th value of the shape's walk, or the n-th parameter. */
export interface Place {
  readonly kind: 'value' | 'param'
  readonly at: number
  readonly type: DataType
  /** A list is as many placeholders as it is long: `listMark` in the text. */
  readonly form: SlotForm
}

/** A statement that any query of its shape can run. Frozen: a run changes nothing in it. */
export interface Compiled {
  readonly dialect: Dialect
  readonly sql: string
  readonly places: readonly Place[]
  /** The reader of its rows; made when the first are read. */
  readonly reader: () => ReadRow
  readonly order: string
  readonly tables: readonly Table[]
  /** The line that first asked for a query of this shape: known where shapes are kept, for it is paid for once. */
  readonly asked?: string
}

/** A compiled statement and what one query brings to it. */
export interface Ready {
  readonly compiled: Compiled
  readonly values: readonly ValueNode[]
  readonly params: readonly ParamKey[]
}

export interface Compiler {
  readonly dialect: Dialect
  /** The statement of a query; `exists` asks only whether there is a row. */
  compile(query: QueryData, form?: 'rows' | 'exists'): Ready
}

/** A compiler with its own cache of at most so many shapes, the oldest going first; 0 keeps none, and looks for none. */
export function compiler(dialect: Dialect, capacity = 1000): Compiler {
  return { dialect, compile: capacity === 0 ? withoutCache(dialect) : withCache(dialect, capacity) }
}

function withCache(dialect: Dialect, capacity: number): Compiler['compile'] {
  const byShape = new Map<string, Compiled>()
  return (query, form = 'rows') => {
    const { key, values, params } = shapeOfQuery(query)
    const shape = form === 'rows' ? key : `exists ${key}`
    const known = byShape.get(shape)
    if (known !== undefined) return { compiled: known, values, params }
    const compiled = askedHere(compiledOf(print(query, dialect, form), query, form, values, params, dialect))
    byShape.set(shape, compiled)
    if (byShape.size > capacity) byShape.delete(byShape.keys().next().value as string)
    return { compiled, values, params }
  }
}

function askedHere(compiled: Compiled): Compiled {
  const asked = userLine()
  return asked === undefined ? compiled : Object.freeze({ ...compiled, asked })
}

function withoutCache(dialect: Dialect): Compiler['compile'] {
  return (query, form = 'rows') => {
    const printed = print(query, dialect, form)
    const values: ValueNode[] = []
    const params: ParamKey[] = []
    for (const { node } of printed.slots) {
      if (node.kind === 'value') values.push(node)
      else if (!params.includes(node.param)) params.push(node.param)
    }
    return { compiled: compiledOf(printed, query, form, values, params, dialect), values, params }
  }
}

function compiledOf(
  { sql, slots, order, tables }: Printed,
  query: QueryData,
  form: 'rows' | 'exists',
  values: readonly ValueNode[],
  params: readonly ParamKey[],
  dialect: Dialect,
): Compiled {
  const places = slots.map(
    ({ node, type, form }): Place =>
      node.kind === 'value'
        ? { kind: 'value', at: values.indexOf(node), type, form }
        : { kind: 'param', at: params.indexOf(node.param), type, form },
  )
  const reader = form === 'exists' ? () => existenceReader(dialect) : lazyReader(firstSelect(query).select, dialect)
  return Object.freeze({ dialect, sql, places, reader, order, tables })
}

// by itself, so that what is kept for the shape is the selection, and not the query with its values
function lazyReader(select: Shape, dialect: Dialect): () => ReadRow {
  let made: ReadRow | undefined
  return () => (made ??= rowReader(flatten(select), dialect))
}
