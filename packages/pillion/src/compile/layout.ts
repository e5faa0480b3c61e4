/**
 * Where each selected value stands in a row of the wire, and how a row becomes an object again.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { arrayType } from '../query/expr.js'
import { bool, isWhole, text } from '../schema/base-types.js'
import type { Wire } from '../schema/codec.js'
import { decodeFailedAt } from '../schema/codec/failure.js'
import { asIs } from '../schema/codec/scalar.js'
import type { DataType } from '../schema/model.js'
import type { HandleNode, Node, QueryData, Shape } from '../query/node.js'
import { firstSelect } from '../query/select.js'
import { type Decode, decoded, type Part, type ReadRow, rowBuilder } from './build-row.js'
import { mayBeAbsent } from './mentions.js'
import type { Dialect } from './dialect.js'

/** A tree of positions. */
export type Layout =
  | { readonly kind: 'value'; readonly at: number }
  | {
      readonly kind: 'object'
      readonly keys: readonly string[]
      readonly parts: readonly Layout[]
      /** The position of a value that is NULL, or of a condition that is false, exactly when the whole object is null. */
      readonly marker: { readonly at: number; readonly absent: null | false } | undefined
    }

/** What a query selects, flat, and where it goes. */
export interface Flat {
  readonly leaves: readonly Leaf[]
  readonly layout: Layout
}

export interface Leaf {
  readonly node: Node
  /** `mine.rating`: the name it is given in the text. */
  readonly name: string
}

/** Lays out a selection: one leaf a value, and one more where presence cannot be told from a leaf. */
export function flatten(shape: Shape): Flat {
  const leaves: Leaf[] = []
  const add = (node: Node, name: string) => leaves.push({ node, name }) - 1

  const lay = (each: Shape, path: string): Layout => {
    if (each.kind === 'value') return { kind: 'value', at: add(each.node, path || 'value') }
    const parts = each.fields.map(field => lay(field.shape, path === '' ? field.key : `${path}.${field.key}`))
    const marker = each.kind === 'nest' && mayBeAbsent(each.handle) ? markerOf(each.handle, parts, path) : undefined
    return { kind: 'object', keys: each.fields.map(field => field.key), parts, marker }
  }

  // a column that is never NULL in a row tells by itself whether the row is there
  const markerOf = (handle: HandleNode, parts: readonly Layout[], path: string) => {
    const sure = parts.find(part => {
      const node = part.kind === 'value' ? leaves[part.at]?.node : undefined
      return node?.kind === 'column' && node.handle === handle && !node.column.nullable
    })
    if (sure?.kind === 'value') return { at: sure.at, absent: null }
    const presence: Node = { kind: 'presence', handle, present: true, type: bool }
    return { at: add(presence, `${path}?`), absent: false as const }
  }

  const layout = lay(shape, '')
  return { leaves, layout }
}

/** Can rows of either selection be read as rows of the other? Keys alone do not tell: a presence marker is a column, too. */
export function readAlike(a: Shape, b: Shape): boolean {
  const [one, other] = [flatten(a), flatten(b)]
  const sameLayout = JSON.stringify(one.layout) === JSON.stringify(other.layout)
  return sameLayout && one.leaves.every((leaf, i) => listsAlike(leaf.node, (other.leaves[i] as Leaf).node))
}

function listsAlike({ read: a }: Node, { read: b }: Node): boolean {
  if (a?.kind === 'list' && b?.kind === 'list')
    return readAlike(firstSelect(a.query).select, firstSelect(b.query).select)
  return a?.kind !== 'list' && b?.kind !== 'list'
}

/** The reader of a statement's rows. */
export function rowReader({ leaves, layout }: Flat, dialect: Dialect): ReadRow {
  const cells = leaves.map(leaf => wireCell(leaf.node, dialect, leaf.name))
  return naming(reader(layout, cells), leaves, cells)
}

/** The reader of whether there is a row. */
export function existenceReader(dialect: Dialect): ReadRow {
  const { decode } = dialect.codec(bool)
  return row => decode(row[0] as Wire)
}

function reader(layout: Layout, cells: readonly Decode[]): ReadRow {
  if (layout.kind === 'value') {
    const { at } = layout
    const decode = cells[at]
    return row => decoded(decode, row[at])
  }
  const { keys, marker } = layout
  const build = builder(keys, layout.parts, cells)
  if (marker === undefined) return build
  const { at, absent } = marker
  if (absent === null) return row => (row[at] === null ? null : build(row))
  const isThere = cells[at]
  return row => (decoded(isThere, row[at]) === true ? build(row) : null)
}

function builder(keys: readonly string[], parts: readonly Layout[], cells: readonly Decode[]): ReadRow {
  return rowBuilder(
    parts.map((part, i): Part => {
      const key = keys[i] as string
      if (part.kind === 'object') return { key, at: undefined, read: reader(part, cells) }
      return { key, at: part.at, decode: cells[part.at] }
    }),
  )
}

/** The same, whose error names what could not be read: found when it has failed, so that a row that can be read costs no more. */
function naming(read: ReadRow, leaves: readonly Leaf[], cells: readonly Decode[]): ReadRow {
  return row => {
    try {
      return read(row)
    } catch (error) {
      const failed = leaves.find((_, i) => !isReadable(cells[i], row[i]))
      // what is in a list has named itself
      throw failed === undefined || failed.node.read?.kind === 'list' ? error : decodeFailedAt(failed.name, error)
    }
  }
}

function isReadable(decode: Decode, cell: unknown): boolean {
  try {
    decoded(decode, cell)
    return true
  } catch {
    return false
  }
}

/** @param name of what is selected: of what is in an object or a list, its path */
function wireCell(node: Node, dialect: Dialect, name: string): Decode {
  const { read } = node
  if (read === undefined) return isReckoned(node, dialect) ? safeInteger : decodeOf(node.type, dialect)
  switch (read.kind) {
    case 'number':
      return safeInteger
    case 'bigint':
      return wholeNumber
    case 'numbers':
      return eachOf(safeInteger, dialect)
    case 'bigints':
      return eachOf(wholeNumber, dialect)
    case 'list': {
      const rows = jsonRows(read.query, dialect, name)
      return cell => rows(JSON.parse(cell as string))
    }
  }
}

function decodeOf(type: DataType, dialect: Dialect): Decode {
  const { decode } = dialect.codec(type)
  return decode === asIs ? undefined : decode
}

function eachOf(read: (cell: Wire) => unknown, dialect: Dialect): (cell: Wire) => unknown {
  const { decode } = dialect.codec(texts)
  return cell => (decode(cell) as unknown[]).map(element => decoded(read, element))
}

const texts = arrayType(text)

/** Does a value travel inside JSON as its text? */
export function travelsAsText(node: Node, dialect: Dialect): boolean {
  if (node.read !== undefined) return node.read.kind !== 'list'
  return dialect.codec(node.type).json === 'text'
}

function jsonCell(node: Node, dialect: Dialect, name: string): Decode {
  if (node.read?.kind === 'list') {
    const rows = jsonRows(node.read.query, dialect, name)
    return cell => rows(cell as unknown as unknown[])
  }
  if (travelsAsText(node, dialect)) return wireCell(node, dialect, name)
  return isReckoned(node, dialect) ? safeInteger : undefined
}

/** Is it a number by its type, and may be past all of those? Databases but PostgreSQL reckon in 64 bits, whatever the columns hold. */
function isReckoned({ kind, type }: Node, dialect: Dialect): boolean {
  return (kind === 'operator' || kind === 'call') && isWhole(type) && dialect.codec(type).ts === 'number'
}

function jsonRows(query: QueryData, dialect: Dialect, name: string): (rows: unknown[]) => unknown[] {
  const { leaves: inner, layout } = flatten(firstSelect(query).select)
  const leaves = inner.map(leaf => ({ ...leaf, name: layout.kind === 'value' ? name : `${name}.${leaf.name}` }))
  const cells = leaves.map(leaf => jsonCell(leaf.node, dialect, leaf.name))
  if (layout.kind === 'value') {
    const read = naming(([cell]) => decoded(cells[0], cell), leaves, cells)
    return rows => rows.map(cell => read([cell]))
  }
  const read = naming(reader(layout, cells), leaves, cells)
  return leaves.length > dialect.jsonChunk
    ? rows => rows.map(row => read((row as unknown[][]).flat()))
    : rows => rows.map(row => read(row as unknown[]))
}

/** A numeric may be written with a fraction of nothing but zeros. */
function wholeNumber(cell: Wire): bigint {
  if (typeof cell === 'bigint') return cell
  const [, digits] = /^(-?\d+)(?:\.0*)?$/.exec(String(cell)) ?? []
  if (digits !== undefined) return BigInt(digits)
  throw new PillionError('DECODE_FAILED', 'What is read as a bigint has a fraction.', {
    hint: 'Cast it to numeric: it is then exact text.',
  })
}

function safeInteger(cell: Wire): number {
  const number = Number(cell)
  if (Number.isSafeInteger(number)) return number
  throw new PillionError(
    'DECODE_FAILED',
    'A whole number that was counted, summed or reckoned is past 2^53, which a number does not hold.',
    {
      hint: 'Cast what it is made of to int8 or numeric: it is then a bigint or exact text.',
    },
  )
}
