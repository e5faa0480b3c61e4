/**
 * Is the table of the nodes still as it was when the tree was installed? What its triggers are written from is its types and keys; a
 * migration that changes those fires none of them, and no error tells of it.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { type TreeModel, treeModel } from './model.js'
import type { FoundTable } from './table/reader.js'

/** What is otherwise than the triggers were written for, as clauses for a person. */
export function changedSince(model: TreeModel, found: FoundTable): readonly string[] {
  const now = modelNow(model, found)
  if (typeof now === 'string') return [now]
  return [
    ...changedTypes(model, now),
    ...weakerPointer(model, now),
    ...otherCascade(model, now),
    ...moreKeys(model, now),
  ]
}

/** Did PostgreSQL find no operator between two types? Keys of one are in the table by now, and of the other in the links. */
export function isIncomparable(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return code === '42804' || code === '42883'
}

/** An error, or what has changed where that is what it comes of. */
export function orChanged(error: unknown, model: TreeModel, found: FoundTable): unknown {
  const changed = isIncomparable(error) ? changedSince(model, found) : []
  if (changed.length === 0) return error
  return new PillionError('TREE_REFUSED', `The table ${model.table} has changed since: ${changed.join('; ')}.`, {
    cause: error,
    hint: 'Uninstall the tree, and install it again.',
  })
}

/** The tree as it would be installed by now, or why it would not be. */
function modelNow(model: TreeModel, found: FoundTable): TreeModel | string {
  const spelled = (name: string): string =>
    found.columns.find(each => each.name.toLowerCase() === name.toLowerCase())?.name ?? name
  const names = (columns: readonly string[]): readonly string[] =>
    model.dialect === 'postgres' ? columns : columns.map(spelled)
  const scope = names(model.scope.map(({ name }) => name))
  const { counts, foreignKeys } = model
  try {
    return treeModel(
      model.dialect,
      { ...found, columns: found.columns.map(ofTable) },
      {
        closure: model.links.name,
        key: [...scope, ...names(model.key.map(({ name }) => name))],
        parent: [...scope, ...names(model.parent)],
        scope,
        counts,
        // on MariaDB a key that has come since wants them
        ...((foreignKeys || model.dialect !== 'mariadb') && { foreignKeys }),
      },
    )
  } catch (error) {
    if (isPillionError(error) && error.code === 'TREE_INVALID') return error.summary.replace(/\.$/, '')
    throw error
  }
}

/** Operators that somebody has made of a type since are none of the table's: the triggers have those of PostgreSQL's own. */
const ofTable = ({ name, sqlType, nullable, collate }: FoundTable['columns'][number]) => ({
  name,
  sqlType,
  nullable,
  ...(collate !== undefined && { collate }),
})

const columnsOf = ({ scope, key }: TreeModel) => [...scope, ...key]

function changedTypes(model: TreeModel, now: TreeModel): readonly string[] {
  const type = ({ sqlType, collate }: TreeModel['key'][number]): string =>
    collate === undefined ? sqlType : `${sqlType} COLLATE ${collate}`
  return columnsOf(now).flatMap((column, i) => {
    const was = columnsOf(model)[i]
    return was === undefined || type(was) === type(column)
      ? []
      : [`${column.name} is ${type(column)}, and was ${type(was)}`]
  })
}

/** By how much the triggers themselves must see to. */
const leftToTriggers = { immediate: 0, deferred: 1, unchecked: 2 } as const

function weakerPointer(model: TreeModel, now: TreeModel): readonly string[] {
  if (leftToTriggers[now.pointer] <= leftToTriggers[model.pointer]) return []
  return [
    now.pointer === 'deferred' ? 'the foreign key of the pointer may be put off' : 'the pointer has no foreign key',
  ]
}

/** What a cascade of PostgreSQL's does its triggers see, whatever it is. */
function otherCascade(model: TreeModel, now: TreeModel): readonly string[] {
  const cascades = (each: TreeModel): boolean => each.onDelete === 'cascade'
  if (model.dialect === 'postgres' || cascades(now) === cascades(model) || now.pointer === 'unchecked') return []
  return [`the foreign key of the pointer is ON DELETE ${now.onDelete.toUpperCase()}`]
}

function moreKeys(model: TreeModel, now: TreeModel): readonly string[] {
  const known = new Set(model.others?.map(each => JSON.stringify(each)))
  const come = (now.others ?? []).filter(each => !known.has(JSON.stringify(each)))
  return [
    ...(now.foreignKeys && !model.foreignKeys ? ['a foreign key takes or changes rows that no trigger sees'] : []),
    ...come.map(({ columns }) => `(${columns.join(', ')}) is a unique key, by which REPLACE may meet a row`),
  ]
}
