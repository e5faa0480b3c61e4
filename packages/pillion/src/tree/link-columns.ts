/**
 * Which columns of a table of links are which.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { joinOf } from '../query/handle.js'
import type { ColumnRef, Source } from '../query/node.js'
import type { Handle, Kind } from '../query/types.js'
import { codecOf } from '../schema/codec.js'
import { primaryKeyOf } from '../schema/keys.js'
import type { DataType } from '../schema/model.js'
import { isScope, type Key, type Nodes, unscoped } from './key.js'
import { linkNames } from './names.js'

/** The properties of a table of links, each list in the order of the key. A scope's are the same of both ends. */
export interface LinkColumns {
  readonly node: readonly string[]
  readonly ancestor: readonly string[]
  readonly distance: string
}

/**
 * Finds the columns of links over a key, by the names that triggers are written with.
 *
 * @throws TREE_INVALID when they are not there, or tell links apart by more than these
 */
export function linkColumns(nodes: Nodes, key: Key, closure: Handle<Kind, unknown, 'joined'>): LinkColumns {
  const { source } = joinOf(closure)
  const own = key.columns.map(name => refOf(joinOf(nodes).source, name))
  const names = { node: namesOf('node', key, own), ancestor: namesOf('ancestor', key, own) }
  const found = (name: string): ColumnRef => linkColumn(source, name)
  const node = names.node.map(found)
  const ancestor = names.ancestor.map(found)
  const { key: distance } = found('distance')
  const over = own.map(({ name }) => name).join(', ')
  const refuse = (what: string): never => {
    throw new PillionError('TREE_INVALID', `The links in ${source.name} are not over (${over}): ${what}.`, {
      hint: 'Give the table that installTree made for this key, or name all columns of the key and of the parent.',
    })
  }
  const known = source.kind === 'table' ? primaryKeyOf(source.table) : undefined
  const more = known?.find(name => ![...names.node, ...names.ancestor].includes(name))
  if (more !== undefined) refuse(`they have ${more}, too`)
  const other = own.findIndex(({ type }, at) => familyOf(type) !== familyOf((node[at] as ColumnRef).type))
  if (other >= 0) refuse(`${names.node[other]} is of another type`)
  return { node: node.map(each => each.key), ancestor: ancestor.map(each => each.key), distance }
}

/** The names of one end of links, a scope's own names among them. */
function namesOf(role: 'node' | 'ancestor', key: Key, own: readonly ColumnRef[]): readonly string[] {
  const names = own.map(({ name }) => name)
  const rest = unscoped(key, names)
  const named = linkNames(role, rest)
  return names.map((name, at) => (isScope(key, at) ? name : (named[rest.indexOf(name)] as string)))
}

/** What its values are in TypeScript, whole numbers of any width alike. */
function familyOf(type: DataType): string {
  const { ts } = codecOf(type)
  return ts === 'bigint' ? 'number' : ts
}

function linkColumn({ columns, name }: Source, wanted: string): ColumnRef {
  const found = columns.find(each => each.name === wanted)
  if (found !== undefined) return found
  throw new PillionError(
    'TREE_INVALID',
    `The table ${name} has no column ${wanted}, so no links over this key are in it.`,
    {
      hint: 'Give the table that installTree made: closure.',
    },
  )
}

const refOf = ({ columns }: Source, property: string): ColumnRef =>
  columns.find(({ key }) => key === property) as ColumnRef
