/**
 * Handles: joins as values. A handle object is a thin view of a {@link HandleNode}; its columns and
 * relations are its only named properties, found on a prototype made once a table.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { bool } from '../schema/base-types.js'
import type { Relation } from '../schema/model.js'
import { expr, nameOf, unnamed } from './expr.js'
import { fromElsewhere, joinKey, manyKey } from './marks.js'
import type { ColumnNode, ColumnRef, HandleNode, Node, Source, TableSource } from './node.js'

const requiredKey = Symbol('pillion.required')
const memoKey = Symbol('pillion.columns')

interface HandleObject {
  readonly [joinKey]: HandleNode
  readonly [requiredKey]: HandleNode | undefined
  readonly [memoKey]: unknown[]
}

/** A to-many relation of a handle, not yet a join. */
export interface ManyNode {
  readonly parent: HandleNode
  readonly target: Source
  /** Absent for a relation made on the spot by `relate`. */
  readonly relation: Relation | undefined
  readonly junction: TableSource | undefined
  readonly on: ((target: object) => readonly Node[]) | undefined
  readonly path: string
}

/** Finds tables for relations. */
export type Lookup = (tableId: string) => TableSource | undefined

const lookups = new WeakMap<TableSource, Lookup>()

/** Makes a source's relations resolvable. */
export function connect(source: TableSource, lookup: Lookup): void {
  lookups.set(source, lookup)
}

/** Is it a handle? By shape. */
export function isHandle(value: unknown): boolean {
  return typeof value === 'object' && value !== null && joinKey in value
}

/** The join inside a handle. */
export function joinOf(handle: unknown): HandleNode {
  const node = (handle as Partial<HandleObject> | null)?.[joinKey]
  if (node !== undefined) return node
  if (isMany(handle)) throw unchosen(manyOf(handle).path)
  throw new PillionError('QUERY_INVALID', `Expected a handle, got ${nameOf(handle)}.`, {
    hint:
      unnamed(handle) ??
      'Give a table of db.tables, a to-one relation, or what inner, left, some, first or alias returned.',
  })
}

/** The root a handle hangs off. */
export function rootOf(handle: HandleNode): HandleNode {
  return handle.root ?? handle
}

/** The handle that a `required(h)` view demands. */
export function requiredBy(handle: unknown): HandleNode | undefined {
  return (handle as HandleObject)[requiredKey]
}

/** Is it a bare to-many relation? */
export function isMany(value: unknown): boolean {
  return typeof value === 'object' && value !== null && manyKey in value
}

/** The relation inside a bare to-many. */
export function manyOf(value: unknown): ManyNode {
  const many = (value as { readonly [manyKey]?: ManyNode } | null)?.[manyKey]
  if (many !== undefined) return many
  throw new PillionError('QUERY_INVALID', `Expected a to-many relation, got ${nameOf(value)}.`, {
    hint: fromElsewhere(value) ?? 'Give a relation such as interview.evaluations, or relate(handle, table, on).',
  })
}

/** A bare to-many relation was used as if it were a join. */
export function unchosen(path: string): PillionError {
  return new PillionError(
    'RELATION_UNCHOSEN',
    `${path} is a to-many relation, and it is not said which join is meant.`,
    {
      hint: `Choose: inner(${path}), left(${path}), some(${path}) or first(${path}, { orderBy }).`,
    },
  )
}

const none: readonly Node[] = []

/** A new root: the table itself, standing in FROM. */
export function rootNode(source: Source, hint?: string): HandleNode {
  return Object.freeze({
    kind: 'root',
    source,
    parent: undefined,
    root: undefined,
    semi: undefined,
    on: none,
    many: false,
    bridge: undefined,
    relation: undefined,
    path: hint ?? source.name,
    hint,
  })
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface JoinParts {
  readonly kind: HandleNode['kind']
  readonly source: Source
  readonly parent: HandleNode
  readonly path: string
  readonly many: boolean
  readonly bridge?: HandleNode | undefined
  readonly relation?: string | undefined
  readonly hint?: string | undefined
}

/** A new join. Its ON may mention itself, so conditions are asked for once the node exists. */
export function joinNode(parts: JoinParts, conditions: (self: HandleNode) => readonly Node[]): HandleNode {
  const { kind, source, parent, path, many, bridge, relation, hint } = parts
  const root = parent.root ?? parent
  const node = {
    kind,
    source,
    parent,
    root,
    semi: parent.semi,
    on: none,
    many,
    bridge,
    relation,
    path,
    hint,
  } as Mutable<HandleNode>
  if (kind === 'semi') node.semi ??= node
  node.on = conditions(node)
  return Object.freeze(node)
}

/** `left.a = right.x AND …` over pairs of database names. */
export function equalities(
  left: HandleNode,
  leftColumns: readonly string[],
  right: HandleNode,
  rightColumns: readonly string[],
): readonly Node[] {
  return leftColumns.map((name, i) => ({
    kind: 'operator',
    form: 'infix',
    operator: '=',
    args: [columnNamed(left, name), columnNamed(right, rightColumns[i] as string)],
    type: bool,
  }))
}

/**
 * The same where the left handle's columns refer to the right one's: which row is meant is told by the collation of what
 * is referred to. Where a column of another refers to it, it comes first, since SQLite compares by what stands there.
 */
export function references(
  left: HandleNode,
  leftColumns: readonly string[],
  right: HandleNode,
  rightColumns: readonly string[],
): readonly Node[] {
  return collations(left, leftColumns) === collations(right, rightColumns)
    ? equalities(left, leftColumns, right, rightColumns)
    : equalities(right, rightColumns, left, leftColumns)
}

/** Those of columns that have one of their own. */
function collations({ source }: HandleNode, names: readonly string[]): string {
  const columns = tableOf(source)?.table.columns ?? []
  return names.map(name => columns.find(column => column.name === name)?.collation).join()
}

/** A column of a handle by its database name. */
export function columnNamed(handle: HandleNode, name: string): ColumnNode {
  for (const column of handle.source.columns) {
    if (column.name === name) return columnNode(handle, column, undefined)
  }
  throw new PillionError('COLUMN_MISSING', `${handle.source.name} has no column ${name}.`, {
    hint: 'Reflect again: pillion reflect.',
  })
}

/** A mention of a column. */
export function columnNode(handle: HandleNode, column: ColumnRef, required: HandleNode | undefined): ColumnNode {
  return { kind: 'column', handle, column, required, type: column.type, read: column.read }
}

const children = new WeakMap<HandleNode, Map<string, HandleNode>>()

/** The one join of a to-one relation of a handle: the same node at every access. */
export function toOne(parent: HandleNode, relation: Relation): HandleNode {
  const known = children.get(parent) ?? new Map<string, HandleNode>()
  children.set(parent, known)
  const child = known.get(relation.key)
  if (child !== undefined) return child
  const made = joinNode(
    {
      kind: relation.optional ? 'left' : 'inner',
      source: resolve(parent.source, relation.target),
      parent,
      path: `${parent.path}.${relation.key}`,
      many: false,
      relation: relation.key,
    },
    self => equalities(self, relation.targetColumns, parent, relation.columns),
  )
  known.set(relation.key, made)
  return made
}

function resolve(source: Source, tableId: string): TableSource {
  const table = tableOf(source)
  const found = table && lookups.get(table)?.(tableId)
  if (found !== undefined) return found
  throw new PillionError('TABLE_MISSING', `The catalogue does not hold ${tableId}, which ${source.name} refers to.`, {
    hint: 'Reflect the schema that holds it, or leave the relation out.',
  })
}

/** The handle object over a node. `required` marks a view made by `required(h)`. */
export function handleOf(node: HandleNode, required?: HandleNode): object {
  return new (viewOf(node.source))(node, required)
}

type View = new (node: HandleNode, required: HandleNode | undefined) => object

const views = new WeakMap<Source, View>()

/** The constructor of a source's handle objects: one hidden shape for all of them. */
function viewOf(source: Source): View {
  const known = views.get(source)
  if (known !== undefined) return known
  function view(
    this: { -readonly [K in keyof HandleObject]: HandleObject[K] },
    node: HandleNode,
    required: HandleNode | undefined,
  ) {
    this[joinKey] = node
    this[requiredKey] = required
    this[memoKey] = []
    Object.freeze(this)
  }
  view.prototype = handlePrototype(source)
  views.set(source, view as unknown as View)
  return view as unknown as View
}

function handlePrototype(source: Source): object {
  const prototype = Object.create(null)
  source.columns.forEach((column, i) => {
    define(prototype, column.key, i, self => expr(columnNode(self[joinKey], column, self[requiredKey])))
  })
  relationsOf(source).forEach((relation, i) => {
    define(prototype, relation.key, source.columns.length + i, self =>
      relation.kind === 'one'
        ? handleOf(toOne(self[joinKey], relation), self[requiredKey])
        : manyObject(relationMany(self[joinKey], relation)),
    )
  })
  return Object.freeze(prototype)
}

function define(prototype: object, key: string, slot: number, make: (self: HandleObject) => unknown): void {
  Object.defineProperty(prototype, key, {
    enumerable: true,
    get(this: HandleObject) {
      return (this[memoKey][slot] ??= make(this))
    },
  })
}

/** The relations of a source that can be followed: those whose target is in the catalogue. */
export function relationsOf(source: Source): readonly Relation[] {
  return tableOf(source)?.table.relations ?? []
}

/** The table a source shows, also through `first`. */
export function tableOf(source: Source): TableSource | undefined {
  if (source.kind === 'table') return source
  return source.kind === 'query' ? source.shows : undefined
}

function relationMany(parent: HandleNode, relation: Relation): ManyNode {
  return {
    parent,
    target: resolve(parent.source, relation.target),
    relation,
    junction: relation.through && resolve(parent.source, relation.through.table),
    on: undefined,
    path: `${parent.path}.${relation.key}`,
  }
}

/** A bare to-many: touching its columns throws, naming the four choices. */
export function manyObject(many: ManyNode): object {
  const object = Object.create(bareManyPrototype(many.target))
  object[manyKey] = Object.freeze(many)
  return Object.freeze(object)
}

const barePrototypes = new WeakMap<Source, object>()

function bareManyPrototype(target: Source): object {
  const known = barePrototypes.get(target)
  if (known !== undefined) return known
  const prototype = Object.create(null)
  for (const { key } of [...target.columns, ...relationsOf(target)]) {
    Object.defineProperty(prototype, key, {
      get(this: { readonly [manyKey]: ManyNode }) {
        throw unchosen(this[manyKey].path)
      },
    })
  }
  barePrototypes.set(target, Object.freeze(prototype))
  return prototype
}
