/**
 * What tells a node from all others, inside of queries: a column, or several. One column is a list of one, and all that is
 * said of keys is said of lists.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Condition, Expr, Operand, ScopeOf } from '../query/expr.js'
import { isExpr } from '../query/expr.js'
import { isHandle, joinOf } from '../query/handle.js'
import { and, or } from '../query/logic.js'
import type { Handle, Kind, Scope } from '../query/types.js'
import { keysOfTable, primaryKeyOf } from '../schema/keys.js'
import type { Table } from '../schema/model.js'

declare const columnsOf: unique symbol

/** Says of a tree's key that it is of several columns, each by its name on the handle. Only a type. */
export interface Composite<out Columns> {
  readonly [columnsOf]: Columns
}

/** A table of nodes, or an alias or a join of it. */
export type Nodes = Handle<Kind, unknown, Scope>

/** A node's key: a plain value, a parameter, an expression; of several columns an object with each of them. */
export type KeyOf<K> = [K] extends [Composite<infer Columns>]
  ? { readonly [Name in keyof Columns]: Operand<Columns[Name]> }
  : Operand<K>

/** A node in a query: a handle of the table, or any expression that is a node's key, or an object of those. */
export type NodeOf<K> =
  | Nodes
  | ([K] extends [Composite<infer Columns>]
      ? { readonly [Name in keyof Columns]: Expr<Columns[Name] | null, Scope> }
      : Expr<K | null, Scope>)

/** Where a condition about a node may be: wherever the node may. */
export type ScopeIn<N> =
  N extends Handle<Kind, unknown, infer S>
    ? S
    : N extends Expr<unknown, infer S>
      ? S
      : N extends object
        ? ScopeOf<N[keyof N]>
        : never

/** A column, of whatever type. */
export type Column = Expr<never>

/** A key's columns, or what stands for each. */
export type Parts = readonly Column[]

/** The columns of a tree, by their names on the handle. */
export interface Key {
  readonly columns: readonly string[]
  /** What each of them is of the parent. Those of a scope stand for themselves. */
  readonly pointer: readonly string[]
}

export const column = (handle: Nodes, name: string): Column =>
  (handle as unknown as Readonly<Record<string, Column>>)[name] as Column

/** The same columns of a handle. */
export const columns = (handle: Nodes, names: readonly string[]): Parts => names.map(name => column(handle, name))

/** Columns of key and pointer both, as a tenant's: of each value there is a forest. */
export const isScope = ({ columns: own, pointer }: Key, at: number): boolean => own[at] === pointer[at]

/** What is left of a list without the scope. */
export const unscoped = <T>(key: Key, list: readonly T[]): readonly T[] => list.filter((_, at) => !isScope(key, at))

/** What is of the scope in a list. */
export const scoped = <T>(key: Key, list: readonly T[]): readonly T[] => list.filter((_, at) => isScope(key, at))

/** All of these, as one condition. */
export const all = (conditions: readonly Condition[]): Condition<'joined'> =>
  (conditions.length === 1 ? conditions[0] : and(...conditions)) as Condition<'joined'>

/** Any of these, as one condition. */
export const any = (conditions: readonly Condition[]): Condition<'joined'> =>
  (conditions.length === 1 ? conditions[0] : or(...conditions)) as Condition<'joined'>

/** Part by part the same. */
export const equal = (one: Parts, other: Parts): readonly Condition[] =>
  one.map((part, at) => part.eq(other[at] as never))

/**
 * The columns of a key, of whatever was given for a node: a handle, a value, or an object of them.
 *
 * @throws TREE_KEY when it is no key of this tree
 */
export function partsOf({ columns: names }: Key, node: unknown): Parts {
  const [only] = names
  if (names.length === 1 && !isHandle(node)) return [node as Column]
  if (typeof node !== 'object' || node === null || isExpr(node)) throw wrongKey('It is not an object', names)
  const given = node as Readonly<Record<string, unknown>>
  const lacking = names.find(name => given[name] === undefined)
  if (lacking !== undefined && isHandle(node))
    throw wrongKey(`${joinOf(node).path} has no column ${lacking}`, names.length === 1 ? [only as string] : names)
  if (lacking !== undefined) throw wrongKey(`It has no ${lacking}`, names)
  if (isHandle(node)) return columns(node as Nodes, names)
  const more = Object.keys(given).find(name => !names.includes(name))
  if (more !== undefined) throw wrongKey(`It has ${more}, too`, names)
  const none = names.find(name => given[name] === null)
  if (none !== undefined) throw wrongKey(`Its ${none} is null`, names)
  return names.map(name => given[name] as Column)
}

/**
 * The same of a node that a query asks about: of what it mentions, and not of plain values.
 *
 * @throws TREE_KEY when it is no key of this tree
 */
export function mentioned(key: Key, node: unknown): Parts {
  const parts = partsOf(key, node)
  const plain = parts.findIndex(part => !isExpr(part))
  if (plain >= 0) throw wrongKey(`Its ${key.columns[plain]} is no column or other expression`, key.columns)
  return parts
}

function wrongKey(what: string, names: readonly string[]): PillionError {
  return new PillionError('TREE_KEY', `This is no node of the tree. ${what}.`, {
    hint: `Give a handle of the tree's table, or ${names.length === 1 ? `the value of ${names[0]}` : `an object with no more and no less: { ${names.join(', ')} }`}.`,
  })
}

/** What was said of a tree's columns: one of each, or a list. */
export interface Named {
  readonly parent: string | readonly string[]
  readonly key?: string | readonly string[]
}

/**
 * The columns of a tree in a table.
 *
 * @throws TREE_INVALID when they make none
 */
export function keyIn(handle: Nodes, { parent, key }: Named): Key {
  const { source } = joinOf(handle)
  const own = key === undefined ? primaryKey(handle) : listOf(key)
  const pointing = listOf(parent)
  const refuse = (what: string, hint: string): never => {
    throw new PillionError('TREE_INVALID', what, { hint })
  }
  const known = source.columns.map(each => each.key)
  const missing = [...own, ...pointing].find(name => !known.includes(name))
  if (missing !== undefined)
    refuse(`The table ${source.name} has no column ${missing}.`, 'Name columns as they are on the handle.')
  const rest = pointing.filter(name => !own.includes(name))
  const free = own.filter(name => !pointing.includes(name))
  if (new Set(own).size < own.length || new Set(pointing).size < pointing.length || rest.length !== free.length)
    refuse(
      `The key (${own.join(', ')}) and the pointer to the parent (${pointing.join(', ')}) do not go together.`,
      'Name for each column of the key the one that stands for it of the parent: key and parent. Those of both are a scope.',
    )
  if (free.length === 0)
    refuse(
      `The pointer to the parent (${pointing.join(', ')}) is the key itself.`,
      'Name the column that points to another row: parent.',
    )
  if (own.length > 1 && own.includes('distance'))
    refuse(
      'A column of the key is called distance, as that of how far a node was reached.',
      'Give it another name by an override: overrides.',
    )
  const names = own.map(name => source.columns.find(each => each.key === name)?.name as string)
  if (source.kind === 'table') checkUnique(source.table, names)
  return Object.freeze({
    columns: own,
    pointer: own.map(name => (pointing.includes(name) ? name : (rest[free.indexOf(name)] as string))),
  })
}

const listOf = (names: string | readonly string[]): readonly string[] => (typeof names === 'string' ? [names] : names)

/** The properties of the primary key. */
function primaryKey(handle: Nodes): readonly string[] {
  const { source } = joinOf(handle)
  const names = source.kind === 'table' ? (primaryKeyOf(source.table) ?? []) : []
  const found = names.flatMap(name => source.columns.filter(each => each.name === name).map(each => each.key))
  if (found.length > 0 && found.length === names.length) return found
  throw new PillionError('TREE_INVALID', `The table ${source.name} has no primary key.`, {
    hint: 'Name the column that is pointed to, or several: key.',
  })
}

/** Some columns of a key would take nodes of one tenant for those of another. */
function checkUnique(table: Table, names: readonly string[]): void {
  const keys = keysOfTable(table)
  if (!keys.some(key => key.some(name => names.includes(name)))) return
  if (keys.some(key => key.every(name => names.includes(name)))) return
  const what = names.length === 1 ? `The column ${names[0]} of` : `(${names.join(', ')}) of`
  throw new PillionError('TREE_INVALID', `${what} ${table.name} is a key only beside others.`, {
    hint: 'Name all columns of the key, and those of the parent: { key: [tenantId, id], parent: [tenantId, parentId] }.',
  })
}
