/**
 * How many rows a join has for one row of its parent: told from keys and ON conditions, never guessed.
 *
 * @module
 */
import type { HandleNode, Node, QueryData, Source } from '../query/node.js'
import { keysOfTable } from '../schema/keys.js'
import { eachMention, isAtOrAbove } from './mentions.js'
import { isSame } from './same.js'

/** What is known about how often a handle repeats its parent's row. */
export interface Cardinality {
  readonly rows: 'one' | 'many'
  readonly because: string
}

/** The cardinality of a join. */
export function cardinalityOf(handle: HandleNode): Cardinality {
  if (!handle.many) return { rows: 'one', because: handle.source.kind === 'query' ? 'LIMIT 1' : 'to-one key' }
  const key = pinnedKey(handle)
  return key === undefined
    ? { rows: 'many', because: unpinned(handle) }
    : { rows: 'one', because: `ON pins unique (${key.join(', ')})` }
}

/** Why no key keeps a join to one row. */
export function unpinned({ source }: HandleNode): string {
  return repeatingKeys(source) ?? 'ON pins no unique key'
}

/** Why what is declared a key of a source does not tell its rows apart, if that is so. */
export function repeatingKeys(source: Source): string | undefined {
  if (source.kind !== 'table' || source.table.inheritedBy === undefined) return undefined
  const { id, inheritedBy } = source.table
  return `rows that ${id} shows of its INHERITS children (${inheritedBy.join(', ')}) may repeat its keys`
}

/** The unique key that a handle's ON fixes, so that it has one row at most. */
export function pinnedKey(handle: HandleNode): readonly string[] | undefined {
  for (const key of uniqueKeys(handle.source)) if (isPinned(key, handle)) return key
  return undefined
}

function isPinned(key: readonly string[], handle: HandleNode): boolean {
  for (const name of key) if (!pinsAny(handle.on, handle, name)) return false
  return true
}

function pinsAny(conditions: readonly Node[], handle: HandleNode, name: string): boolean {
  for (const condition of conditions) if (pins(condition, handle, name)) return true
  return false
}

/** Does a condition hold a column of a handle equal to something that is not of the handle? */
function pins(condition: Node, handle: HandleNode, name: string): boolean {
  if (condition.kind === 'logic') return condition.operator === 'and' && pinsAny(condition.args, handle, name)
  if (condition.kind !== 'operator' || condition.operator !== '=') return false
  const a = condition.args[0] as Node
  const b = condition.args[1] as Node
  return (isColumn(a, handle, name) && isFree(b, handle)) || (isColumn(b, handle, name) && isFree(a, handle))
}

/** The parts of a condition that must all hold. */
export function conjuncts(node: Node): readonly Node[] {
  return node.kind === 'logic' && node.operator === 'and' ? node.args.flatMap(conjuncts) : [node]
}

function isColumn(node: Node, handle: HandleNode, name: string): boolean {
  return node.kind === 'column' && node.handle === handle && node.column.name === name
}

function isFree(node: Node, handle: HandleNode): boolean {
  let free = true
  eachMention(node, each => {
    if (isAtOrAbove(handle, each)) free = false
  })
  return free
}

const knownKeys = new WeakMap<Source, readonly (readonly string[])[]>()

/** Sets of columns (database names) that tell the rows of a source apart, the primary key first. */
export function uniqueKeys(source: Source): readonly (readonly string[])[] {
  const known = knownKeys.get(source)
  if (known !== undefined) return known
  const keys = findKeys(source).filter(columns => columns.length > 0)
  knownKeys.set(source, keys)
  return keys
}

function findKeys(source: Source): readonly (readonly string[])[] {
  if (source.kind === 'table') return keysOfTable(source.table)
  if (source.kind === 'query') return groupedKey(source.query)
  if (source.kind === 'cte' && source.cte.recursion === undefined) return groupedKey(source.cte.query)
  return []
}

// a grouped query has one row for each group, so its grouping keys, when all are selected, tell rows apart
function groupedKey(query: QueryData): readonly (readonly string[])[] {
  if (query.kind !== 'select' || query.select.kind === 'value' || query.groupBy.length === 0) return []
  const { fields } = query.select
  const names = query.groupBy.map(
    key => fields.find(({ shape }) => shape.kind === 'value' && isSameExpression(shape.node, key))?.key,
  )
  return names.every(name => name !== undefined) ? [names as string[]] : []
}

/** Are two nodes the same column, or made alike? */
export const isSameExpression = (a: Node, b: Node): boolean => sameColumn(a, b) || isSame(a, b)

/** Are two nodes one, or the same column of the same handle? */
export function sameColumn(a: Node, b: Node): boolean {
  return (
    a === b || (a.kind === 'column' && b.kind === 'column' && a.handle === b.handle && a.column.name === b.column.name)
  )
}
