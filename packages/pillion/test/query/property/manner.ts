/**
 * What each database does in a way of its own, as far as the meaning of a query hangs on it.
 *
 * @module
 */
import { columnOf, type Row, type TableName, type Tables, type Type, type Value } from './small-world.js'

export interface Manner {
  /** Where NULLs stand when a key does not say. */
  readonly nulls: 'largest' | 'smallest'
  /** How the labels of an enumeration compare: by their place in it, or as words. */
  readonly labels: 'by place' | 'as words'
  /** How a numeric arrives: with the digits of its column, or no more than it needs. */
  readonly numerics: 'to scale' | 'shortest'
  /** A value as the database can hold it. */
  held(type: Type, value: Value): Value
}

export const postgresManner: Manner = {
  nulls: 'largest',
  labels: 'by place',
  numerics: 'to scale',
  held: (_type, value) => value,
}

/** The tables with what the database can hold. */
export function heldTables(tables: Tables, { held }: Manner): Tables {
  const heldRow = (table: TableName, row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, held(columnOf(table, name).type, value)]))
  const names = Object.keys(tables) as readonly TableName[]
  return Object.fromEntries(names.map(name => [name, tables[name].map(row => heldRow(name, row))])) as unknown as Tables
}

/** A thing with literals that the database can hold, wherever they stand in it. */
export function heldLiterals<T>(thing: T, manner: Manner): T {
  if (Array.isArray(thing)) return thing.map(each => heldLiterals(each, manner)) as T
  if (typeof thing !== 'object' || thing === null) return thing
  const of = thing as { readonly literal?: Value; readonly type?: Type }
  if (of.literal !== undefined && of.type !== undefined) return { ...thing, literal: manner.held(of.type, of.literal) }
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, heldLiterals(value, manner)])) as T
}
