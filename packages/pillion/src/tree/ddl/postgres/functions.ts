/**
 * What the triggers of a tree on PostgreSQL do. `docs/trees.md` says why it is right.
 *
 * Each link of a node to itself is that node's lock: whoever hangs something below a node shares the locks of its whole
 * path, whoever moves a node takes its lock alone. What was read is read again once it is locked, until nothing changed.
 *
 * Statements over the rows of a trigger are planned anew each time (EXECUTE), for a kept plan that suits one row ruins a
 * million and the other way round. One row by itself takes a way of its own, whose plans are kept.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { list, treeText, unquoted } from '../../text.js'
import { onCommit } from './late.js'
import { onDelete, onTruncate } from './on-delete.js'
import { onInsert } from './on-insert.js'
import { handsOff, onLinks, onRekeyedLink, rollUp } from './on-links.js'
import { onUpdate } from './on-update.js'
import { adopt, move } from './one-node.js'
import { onRekey } from './rekeyed.js'
import { piecesOf } from './pieces.js'

/** Every function, by what follows the name of the links in its own, in the order in which they are made. */
function named(model: TreeModel): readonly (readonly [suffix: string, sql: string])[] {
  const pieces = piecesOf(model)
  return [
    ['adopt', adopt(pieces)],
    ['move', move(pieces)],
    ['on_insert', onInsert(pieces)],
    ['on_update', onUpdate(pieces)],
    ['on_delete', onDelete(pieces)],
    ['on_truncate', onTruncate(pieces)],
    ...(model.pointer === 'deferred' ? [['on_commit', onCommit(pieces)] as const] : []),
    ...(model.partitioned ? [['on_rekey', onRekey(pieces)] as const] : []),
    ['hands_off', handsOff(pieces)],
    ...(model.counts ? [['on_links', onLinks(pieces)] as const, ['roll_up', rollUp(pieces)] as const] : []),
    ...(model.counts && model.foreignKeys ? [['on_rekeyed_link', onRekeyedLink(pieces)] as const] : []),
  ]
}

/** What makes every function, in order. */
export function postgresFunctions(model: TreeModel): readonly string[] {
  return named(model).map(([, sql]) => sql)
}

/** The bodies of the same, by the names of the functions, as the catalogue has them. */
export function postgresBodies(model: TreeModel): ReadonlyMap<string, string> {
  const { bare } = treeText(model)
  const { body } = piecesOf(model)
  return new Map(named(model).map(([suffix, sql]) => [unquoted(bare(suffix)), sql.split(body)[1] ?? '']))
}

/** What drops them, the other way round. A trigger goes with what it calls, whatever its table is called by now. */
export function dropPostgresFunctions(model: TreeModel): readonly string[] {
  const { own } = treeText(model)
  const types = list([...model.scope, ...model.key].map(({ sqlType }) => sqlType))
  const drop = (name: string, parameters = ''): string => `DROP FUNCTION IF EXISTS ${own(name)}(${parameters})`
  const called = (name: string): string => `${drop(name)} CASCADE`
  return [
    called('on_rekeyed_link'),
    ...(model.counts ? [drop('roll_up'), called('on_links')] : []),
    called('hands_off'),
    called('on_rekey'),
    called('on_commit'),
    called('on_truncate'),
    called('on_delete'),
    called('on_update'),
    called('on_insert'),
    drop('move', `${types}, ${types}`),
    drop('adopt', types),
  ]
}
