/**
 * What the statements of MariaDB's trees have in common.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { refusalText } from '../../refusal.js'
import { list, literal, same, tail, type TreeText } from '../../text.js'

export const anchored = (model: TreeModel): boolean => model.onDelete === 'cascade'

/** Columns of a key, given with the scope's first, in the order that foreign keys to the nodes need. */
export function asReferenced({ scope, key, referenced }: TreeModel, columns: readonly string[]): readonly string[] {
  const names = [...scope, ...key].map(({ name }) => name)
  return (referenced ?? names).map(name => columns[names.indexOf(name)] ?? '')
}

export const columnsOf = (model: TreeModel, names: readonly string[]): readonly string[] =>
  names.map((name, i) => `${name} ${[...model.scope, ...model.key][i]?.sqlType} NOT NULL`)

export const linkKey = (model: TreeModel, t: TreeText): string => list(t.node(), tail(model, t.ancestor()))

export const alike = (left: readonly string[], right: readonly string[]): string =>
  left.map((each, i) => `${each} <=> ${right[i]}`).join(' AND ')

export const hasParent = (model: TreeModel, t: TreeText, row: string): string =>
  tail(model, t.pointer(row))
    .map(column => `${column} IS NOT NULL`)
    .join(' AND ')

export const signal = (errno: number, message: string): string =>
  `SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = ${literal(message)};`

export const cycle = signal(4025, refusalText('TREE_CYCLE'))

export const missingParent = signal(1452, refusalText('TREE_PARENT_MISSING'))

export const stillNeeded = signal(1451, refusalText('TREE_CHILDREN_LEFT'))

/** What was seen on the way; no DECLARE may come later. */
export const variables = `  DECLARE _path, _paths, _above, _again longtext;
  DECLARE _own, _under, _there bigint;`

/** Cuts a node, with what is below it, from what is above it. */
export const detach = (t: TreeText, row: string, least: 0 | 1): string => `  DELETE l
  FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS o STRAIGHT_JOIN ${t.links} AS l ON ${same(t.node('l'), t.node('d'))} AND ${same(t.ancestor('l'), t.ancestor('o'))}
  WHERE ${same(t.ancestor('d'), t.key(row))} AND ${same(t.node('o'), t.key(row))} AND ${least === 1 ? 'o' : 'd'}.${t.distance} > 0;`
