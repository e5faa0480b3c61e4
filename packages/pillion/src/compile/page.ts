/**
 * Keyset pages: the rows after a cursor in a total order, by a condition rather than by OFFSET.
 *
 * The condition is the null-aware OR form; row values are used only where every key is NOT NULL and all run one way,
 * since a row comparison loses rows at a NULL.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { PageRequest } from '../query/engine.js'
import { wholeNumber } from '../query/row-count.js'
import { untyped } from '../query/expr.js'
import { columnNamed } from '../query/handle.js'
import { bool, isDocument, text } from '../schema/base-types.js'
import type { HandleNode, Node, OrderNode, QueryData, SelectData, Shape } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import type { DataType } from '../schema/model.js'
import { cardinalityOf, repeatingKeys, sameColumn, uniqueKeys } from './cardinality.js'
import type { Dialect } from './dialect.js'
import { buildError, nameOfHandle, notInDialect } from './failure.js'
import { keepsRows, rangesOverRows } from './fan-out.js'
import { mayBeAbsent } from './mentions.js'

/** A row as a page query gives it: the user's row, and its exact keys. */
export interface KeyedRow {
  readonly row: unknown
  readonly keys: Record<string, string | null>
}

/** The query in a total order: tie-broken by the keys of the root and of every expanded handle. */
export function inTotalOrder(query: QueryData, dialect: Dialect): SelectData {
  if (query.kind === 'compound') throw notPageable(query, 'it is a set operation')
  if (query.distinct !== false) throw notPageable(query, 'it is DISTINCT')
  if (query.groupBy.length > 0) throw notPageable(query, 'it is grouped')
  if (!keepsRows(query)) throw notPageable(query, 'an aggregate folds its rows into one')
  if (rangesOverRows(query)) throw windowed(query)
  assertComparable(query, dialect)
  const expanded = query.expand.map(each => each.handle.bridge ?? each.handle)
  const multiplying = expanded.filter(handle => cardinalityOf(handle).rows === 'many')
  const ties = [query.root, ...multiplying].flatMap(handle => keyColumns(handle, query))
  const missing = ties.filter(tie => !query.orderBy.some(({ of }) => sameColumn(of, tie)))
  const orderBy = [...query.orderBy, ...missing.map((of): OrderNode => ({ of, descending: false, nulls: undefined }))]
  const keys = orderBy.map(key => withPlacement({ ...key, of: held(key.of, dialect) }, dialect.nulls))
  return { ...query, orderBy: keys, limit: undefined, offset: undefined }
}

// a fault of the server's: what it sorts by is not what it compares by
function assertComparable(query: SelectData, { name, lacks }: Dialect): void {
  const feature = 'a page in the order of JSON documents'
  if (lacks.has(feature) && query.orderBy.some(({ of }) => isDocument(of.type))) {
    throw notInDialect(name, feature, query.origin)
  }
}

/** A key as a cursor can hold all of it: a column is what its text says, an expression not in every dialect. */
function held(of: Node, { pageKey }: Dialect): Node {
  if (pageKey === undefined || of.kind === 'column') return of
  return around(of, sql => pageKey(sql, of.type), of.type)
}

function keyColumns(handle: HandleNode, query: SelectData): readonly Node[] {
  const key = uniqueKeys(handle.source).find(names => tellsNullsApart(handle, names))
  if (key === undefined) throw keyless(handle, query)
  return key.map(name => columnNamed(handle, name))
}

function keyless(handle: HandleNode, query: SelectData): PillionError {
  const repeating = repeatingKeys(handle.source)
  return repeating === undefined
    ? notPageable(query, `${nameOfHandle(handle)} has no unique key`)
    : notPageable(
        query,
        repeating,
        'Page a child, or derived(name, query) with groupBy; use limit and offset; or make its children partitions.',
      )
}

// a unique constraint lets NULL stand twice; the groups of a derived table do not
function tellsNullsApart({ source }: HandleNode, names: readonly string[]): boolean {
  return source.kind !== 'table' || !source.columns.some(({ name, nullable }) => nullable && names.includes(name))
}

// a cursor is a condition, and a window ranges over the rows that the conditions let through: it would begin anew on each page
function windowed(query: QueryData): PillionError {
  return buildError(
    'QUERY_INVALID',
    'This query cannot be paged by keyset: a window function in it would range over the rows of one page, not over all.',
    'Page derived(name, query.groupBy(table)) with the key of the table selected, for there the window is inside; or use limit and offset.',
    query.origin,
  )
}

function withPlacement(key: OrderNode, nulls: Dialect['nulls']): OrderNode {
  return { ...key, nulls: key.nulls ?? (key.descending === (nulls === 'largest') ? 'first' : 'last') }
}

function notPageable(
  query: QueryData,
  why: string,
  hint = 'Page derived(name, query) with groupBy, or a table with a primary key; or use limit and offset.',
): PillionError {
  const message = `This query cannot be paged by keyset: ${why}, so nothing tells its rows apart.`
  return buildError('PAGE_KEY', message, hint, query.origin)
}

/** The statement of one page: rows with their keys, one more than asked, from the cursor on, in the direction of travel. */
export function pageQuery(
  query: SelectData,
  size: number,
  backward: boolean,
  cursor: readonly (string | null)[] | undefined,
  dialect: Dialect,
): SelectData {
  const keys = backward ? query.orderBy.map(reversed) : query.orderBy
  const condition = cursor && after(keys, cursor, query, dialect)
  return {
    ...query,
    select: keyedShape(query, dialect),
    where: condition ? [...query.where, { node: condition, origin: query.origin }] : query.where,
    orderBy: keys,
    limit: wholeNumber(size + 1),
  }
}

function reversed(key: OrderNode): OrderNode {
  return { ...key, descending: !key.descending, nulls: key.nulls === 'first' ? 'last' : 'first' }
}

function keyedShape(query: SelectData, dialect: Dialect): Shape {
  const keys = query.orderBy.map(({ of }, i) => ({
    key: `k${i}`,
    shape: { kind: 'value', node: exactText(of, dialect) } as const,
  }))
  return {
    kind: 'object',
    fields: [
      { key: 'row', shape: query.select },
      { key: 'keys', shape: { kind: 'object', fields: keys } },
    ],
  }
}

function exactText(of: Node, dialect: Dialect): Node {
  return around(of, sql => dialect.exactText(sql, of.type), text)
}

/** What a dialect writes around an expression. */
function around(of: Node, write: (sql: string) => string, type: DataType): Node {
  const mark = '\u0000'
  const parts = write(mark).split(mark)
  return { kind: 'fragment', parts, args: parts.slice(1).map(() => of), type }
}

function after(
  keys: readonly OrderNode[],
  cursor: readonly (string | null)[],
  query: SelectData,
  { comparesRows, infersBeside }: Dialect,
): Node {
  const bound = bounds(infersBeside)
  const oneWay = comparesRows && keys.every(key => !mayBeNull(key.of) && key.descending === keys[0]?.descending)
  if (oneWay && keys.length > 1) {
    const sides: Node[] = [row(keys.map(key => key.of)), row(keys.map((key, i) => bound(key.of, cursor[i] as string)))]
    return infix(keys[0]?.descending ? '<' : '>', sides)
  }
  const branches = keys.flatMap((key, i) => {
    const beyond = past(key, cursor[i] ?? null, bound)
    if (beyond === undefined) return []
    const equal = keys.slice(0, i).map((tie, j) => same(tie.of, cursor[j] ?? null, bound))
    return [all([...equal, beyond])]
  })
  if (branches.length === 0) throw invalidCursor(query, 'It stands where no row can follow.')
  return branches.length === 1 ? (branches[0] as Node) : { kind: 'logic', operator: 'or', args: branches, type: bool }
}

/** Rows whose key comes later: by value, and NULL where NULLs come later. Nothing follows a last NULL by this key. */
function past({ of, descending, nulls }: OrderNode, value: string | null, bound: Bound): Node | undefined {
  if (value === null) return nulls === 'first' ? postfix('IS NOT NULL', of) : undefined
  const further = infix(descending ? '<' : '>', [of, bound(of, value)])
  return nulls === 'last' && mayBeNull(of)
    ? { kind: 'logic', operator: 'or', args: [further, postfix('IS NULL', of)], type: bool }
    : further
}

function same(of: Node, value: string | null, bound: Bound): Node {
  return value === null ? postfix('IS NULL', of) : infix('=', [of, bound(of, value)])
}

/** A key may be NULL by its column, or by any left join above it; of an expression nothing is known. */
function mayBeNull(of: Node): boolean {
  return of.kind !== 'column' || of.column.nullable || mayBeAbsent(of.handle)
}

/** A key's value from a cursor, to be compared with the key. */
type Bound = (of: Node, value: string) => Node

// what is said of an expression's type is how it is read, not what it is: a real times three is a double precision
function bounds(infersBeside: boolean): Bound {
  return (of, value) => ({
    kind: 'value',
    value,
    encoded: true,
    type: infersBeside && of.kind !== 'column' ? untyped : of.type,
  })
}

function row(args: readonly Node[]): Node {
  return { kind: 'call', name: 'ROW', args, type: bool }
}

function infix(operator: string, args: readonly Node[]): Node {
  return { kind: 'operator', form: 'infix', operator, args, type: bool }
}

function postfix(operator: string, of: Node): Node {
  return { kind: 'operator', form: 'postfix', operator, args: [of], type: bool }
}

function all(args: readonly Node[]): Node {
  return args.length === 1 ? (args[0] as Node) : { kind: 'logic', operator: 'and', args, type: bool }
}

/** Text for a row's place in an order: which order that is, its exact keys, and what tells that they are those. */
export function writeCursor(order: string, row: KeyedRow): string {
  const keys = Object.values(row.keys)
  return Buffer.from(JSON.stringify([fingerprint(order), seal(keys), ...keys])).toString('base64url')
}

/**
 * The keys in a cursor.
 *
 * @throws CURSOR_INVALID when it is damaged or belongs to another order
 */
export function readCursor(order: string, cursor: string, query: SelectData): readonly (string | null)[] {
  const parsed = parse(cursor)
  const isSound = Array.isArray(parsed) && parsed.every(each => each === null || typeof each === 'string')
  if (!isSound) throw invalidCursor(query, 'It is damaged.')
  const [mark, sealed, ...keys] = parsed as (string | null)[]
  if (sealed !== seal(keys)) throw invalidCursor(query, 'It is damaged.')
  if (mark !== fingerprint(order) || keys.length !== query.orderBy.length)
    throw invalidCursor(query, 'It belongs to another order.')
  if (keys.some((key, i) => key === null && !mayBeNull((query.orderBy[i] as OrderNode).of)))
    throw invalidCursor(query, 'It is damaged.')
  return keys
}

/** A key of another form than its type's is an error of the server's, or is compared as something else by MySQL. */
export function seal(keys: readonly (string | null)[]): string {
  return fingerprint(JSON.stringify(keys))
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

function invalidCursor(query: SelectData, why: string): PillionError {
  const at = describeOrigin(query.origin)
  const hint = 'Give after or before a cursor that a page of this very query returned; start again without one.'
  return new PillionError(
    'CURSOR_INVALID',
    `A page cursor cannot be used. ${why}`,
    at === undefined ? { hint } : { hint, origin: at },
  )
}

/** FNV-1a, 64 bits in two halves: tells orders and keys apart, and protects from nobody who can reckon. */
function fingerprint(order: string): string {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  for (let i = 0; i < order.length; i++) {
    low = Math.imul(low ^ order.charCodeAt(i), 0x01000193)
    high = Math.imul(high ^ order.charCodeAt(i), 0x01000193) ^ low
  }
  return ((high >>> 0).toString(36) + (low >>> 0).toString(36)).padStart(2, '0')
}

/**
 * Refuses a request no page answers to.
 *
 * @throws QUERY_INVALID
 */
export function checkRequest(request: PageRequest, query: QueryData): void {
  const refuse = (why: string, hint: string) => {
    throw buildError('QUERY_INVALID', why, hint, query.origin)
  }
  // what comes from outside need not be what its type says
  const { size, after: next, before } = (request as PageRequest | undefined) ?? { size: Number.NaN }
  if (!Number.isSafeInteger(size) || size < 1)
    refuse('page() takes a size that is a whole number from 1.', 'Check what came from outside.')
  if (next != null && before != null) refuse('page() was given both after and before.', 'Give one of them.')
}
