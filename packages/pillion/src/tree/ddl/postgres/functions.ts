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
import { list, treeText } from '../../text.js'
import { onCommit } from './late.js'
import { onDelete, onTruncate } from './on-delete.js'
import { onInsert } from './on-insert.js'
import { handsOff, onLinks, rollUp } from './on-links.js'
import { onUpdate } from './on-update.js'
import { adopt, move } from './one-node.js'
import { piecesOf } from './pieces.js'

/** Every function, in the order in which they are made. */
export function postgresFunctions(model: TreeModel): readonly string[] {
  const pieces = piecesOf(model)
  return [
    adopt(pieces),
    move(pieces),
    onInsert(pieces),
    onUpdate(pieces),
    onDelete(pieces),
    onTruncate(pieces),
    ...(model.pointer === 'deferred' ? [onCommit(pieces)] : []),
    handsOff(pieces),
    ...(model.counts ? [onLinks(pieces), rollUp(pieces)] : []),
  ]
}

/** Their names with arguments, to drop them by: the other way round. */
export function postgresFunctionNames(model: TreeModel): readonly string[] {
  const { own } = treeText(model)
  const types = list([...model.scope, ...model.key].map(({ sqlType }) => sqlType))
  return [
    ...(model.counts ? [`${own('roll_up')}()`, `${own('on_links')}()`] : []),
    `${own('hands_off')}()`,
    `${own('on_commit')}()`,
    `${own('on_truncate')}()`,
    `${own('on_delete')}()`,
    `${own('on_update')}()`,
    `${own('on_insert')}()`,
    `${own('move')}(${types}, ${types})`,
    `${own('adopt')}(${types})`,
  ]
}
