/**
 * A statement being printed: what it has named, what it has put into placeholders, what can be seen from where.
 *
 * @module
 */
import type {
  Cte,
  HandleNode,
  ParamKey,
  ParamNode,
  QueryData,
  RowBound,
  RowsNode,
  SelectData,
  TableSource,
  ValueNode,
} from '../../query/node.js'
import type { DataType } from '../../schema/model.js'
import type { Dialect, Feature, Trait } from '../dialect.js'
import { listMark } from '../list-mark.js'
import { buildError, nameOfHandle, notInDialect } from '../failure.js'

/** What a placeholder stands for. */
export interface Slot {
  readonly node: BoundNode
  /** What it is bound as. */
  readonly type: DataType
  readonly form: SlotForm
  readonly sql: string
  /** The same value's placeholder against another type. */
  readonly next: Slot | undefined
}

/** One value, or as many placeholders as a list is long, or a number of rows. */
export type SlotForm = 'one' | 'list' | RowBound

/** A node that is bound rather than printed. */
export type BoundNode = ValueNode | ParamNode | RowsNode

/** Told about each join and each column as it is printed. */
export interface Witness {
  column?(handle: HandleNode, name: string): void
  join?(handle: HandleNode, alias: string, kind: 'from' | 'inner' | 'left' | 'exists' | 'lateral', on: string): void
}

/** How a query inside another is printed: expressions know no more of it. */
export interface Subqueries {
  /** `SELECT …` */
  rows(query: QueryData, outer: Scope | undefined, out: Printing): string
  /** What stands inside `IN (…)`. */
  members(query: QueryData, outer: Scope, out: Printing): string
  /** What stands inside `EXISTS (…)`. */
  existence(query: QueryData, outer: Scope | undefined, out: Printing): string
  /** All rows as one JSON array. */
  list(query: SelectData, outer: Scope): string
}

/** A statement being printed. */
export interface Printing {
  readonly subqueries: Subqueries
  readonly dialect: Dialect
  readonly witness: Witness | undefined
  readonly names: Set<string>
  readonly slots: Slot[]
  readonly positions: Map<ValueNode | ParamKey, Slot>
  readonly ctes: Map<Cte, string>
  readonly tables: TableSource[]
  readonly withs: CommonTable[]
  recursive: boolean
  /** Some query in it has groups. */
  grouped: boolean
  readonly traits: Set<Trait>
  /** Those of which a left join may find no row. */
  readonly absent: Set<QueryData>
  /** How many left joins it has so far, those of a CTE or a view counted wherever that is mentioned: all of a view are one. */
  leftJoins: number
  order: string
}

/** A table of the WITH, its parenthesis still open: whether it has to stay apart is known when all of the statement is. */
export interface CommonTable {
  readonly sql: string
  readonly cte: Cte
  readonly leftJoins: number
}

/** A handle's name, bare and quoted. */
export interface Alias {
  readonly name: string
  readonly sql: string
}

/** By which function, and whether of columns, too. */
export interface Told {
  readonly by: string
  readonly columns: boolean
}

/** One SELECT of it, and what stands around. */
export interface Scope {
  readonly out: Printing
  readonly quote: (name: string) => string
  readonly aliases: Map<HandleNode, Alias>
  readonly outer: Scope | undefined
  readonly query: SelectData
  /** How what its groups tell is taken, in the clause that is being printed. */
  readonly told?: Told | undefined
  /** What stands behind the SELECT of its subqueries. */
  readonly hint?: string | undefined
}

export function uniqueName(base: string, taken: Set<string>, { maxIdentifier, folded }: Dialect): string {
  let name = cut(base, maxIdentifier)
  for (let n = 2; taken.has(folded(name)); n++) name = cut(base, maxIdentifier - `_${n}`.length) + `_${n}`
  taken.add(folded(name))
  return name
}

export function nameHandle(handle: HandleNode, scope: Scope): Alias {
  const name = uniqueName(handle.hint ?? handle.source.name, scope.out.names, scope.out.dialect)
  const alias = { name, sql: scope.quote(name) }
  scope.aliases.set(handle, alias)
  return alias
}

export function aliasOf(handle: HandleNode, scope: Scope): Alias {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    const alias = each.aliases.get(handle)
    if (alias !== undefined) return alias
  }
  throw buildError(
    'HANDLE_UNOWNED',
    `${nameOfHandle(handle)} is mentioned, but no query around it starts from its root.`,
    'Start from that root, or make the handle from the root of this query; two alias(…) of one table are two roots. Derived tables and CTEs do not see handles outside them.',
    scope.query.origin,
  )
}

// one value against one type is one placeholder, wherever it stands
export function placeholder(node: BoundNode, type: DataType, out: Printing, form: SlotForm = 'one'): string {
  const { slots, positions, dialect } = out
  const key = node.kind === 'value' ? node : node.param
  const first = positions.get(key)
  for (let each = first; each !== undefined; each = each.next) {
    if (each.type === type && each.form === form) return each.sql
  }
  const place = slots.length + 1
  const sql = dialect.placeholders === 'numbered' ? dialect.placeholder(place) : `${mark}${place}${mark}`
  const slot = { node, type, form, sql, next: first }
  slots.push(slot)
  positions.set(key, slot)
  return sql
}

// no text holds it, and the order of placeholders is known when the text is whole
const mark = '\0'

/** A text whose placeholders count by their order: what each of them stands for, as often as it is mentioned. */
export function inOrder(
  sql: string,
  { slots, dialect }: Printing,
): { readonly sql: string; readonly slots: readonly Slot[] } {
  if (dialect.placeholders === 'numbered') return { sql, slots }
  const ordered: Slot[] = []
  const parts = sql.split(mark).map((part, i) => {
    if (i % 2 === 0) return part
    const slot = slots[Number(part) - 1] as Slot
    return slot.form === 'list' ? (ordered.push(slot), listMark) : dialect.placeholder(ordered.push(slot))
  })
  return { sql: parts.join(''), slots: ordered }
}

/** Refuses what the dialect lacks. */
export function requireFeature(feature: Feature, { out, query }: Scope): void {
  if (out.dialect.lacks.has(feature)) throw notInDialect(out.dialect.name, feature, query.origin)
}

/** A text of the query's own has U+0000 in it, which would end the statement there and the connection with it. */
export function holdsNothing(what: string, { query }: Scope) {
  return buildError('QUERY_INVALID', `${what} holds the character U+0000.`, 'Leave it out.', query.origin)
}

export function tooLong(name: string, dialect: Dialect): boolean {
  return name.length * 3 > dialect.maxIdentifier && utf8.encode(name).length > dialect.maxIdentifier
}

const utf8 = new TextEncoder()

/** The name within so many bytes, cut between characters. */
function cut(name: string, bytes: number): string {
  if (name.length * 3 <= bytes || utf8.encode(name).length <= bytes) return name
  let kept = ''
  let size = 0
  for (const character of name) {
    size += utf8.encode(character).length
    if (size > bytes) break
    kept += character
  }
  return kept
}
