/**
 * What is refused before its row is written.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { same, tail, type TreeText } from '../../text.js'
import { alike, cycle, hasParent } from './pieces.js'
import { unlessUnlinked } from './on-insert.js'

const isNode = (t: TreeText, key: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.key('c'), key)})`

/** By a snapshot, which locks nothing; what it refuses it has read again as it is by now. */
const parentThere = (model: TreeModel, t: TreeText): string =>
  model.pointer === 'unchecked'
    ? `  IF ${hasParent(model, t, 'NEW')} AND @@foreign_key_checks AND NOT ${isNode(t, t.pointer('NEW'))} THEN
${unlessUnlinked(t)}
  END IF;\n`
    : ''

/**
 * Once a row is written a refusal undoes it with its statement, but for one within a function or another trigger: there a handler that
 * passes over the error has MariaDB keep the row. So what can be seen before is refused before. A row that is there may be met by
 * IGNORE or ON DUPLICATE KEY, which write something else; an AUTO_INCREMENT is 0 yet.
 */
export function beforeInsert(model: TreeModel, t: TreeText): string {
  const isKnown = tail(model, t.key('NEW'))
    .map(column => `CONCAT(${column}) <> '0'`)
    .join(' AND ')
  return `  DECLARE _there bigint;
  IF COALESCE(@pillion_tree, '') <> 'load' AND NOT ${isNode(t, t.key('NEW'))} THEN
  IF ${same(t.key('NEW'), t.pointer('NEW'))} AND ${isKnown} THEN
    ${cycle}
  END IF;
${parentThere(model, t)}  END IF;`
}

/** The same for a move. */
export function beforeUpdate(model: TreeModel, t: TreeText): string {
  const under = `FROM ${t.links} AS path WHERE ${same(t.node('path'), t.pointer('NEW'))} AND ${same(t.ancestor('path'), t.key('NEW'))}`
  return `  DECLARE _under, _there bigint;
  IF ${alike(t.key('OLD'), t.key('NEW'))} AND NOT (${alike(t.pointer('OLD'), t.pointer('NEW'))}) THEN
  IF EXISTS (SELECT 1 ${under}) THEN
    SELECT COUNT(*) INTO _under ${under} LOCK IN SHARE MODE;
    IF _under > 0 THEN
      ${cycle}
    END IF;
  END IF;
${parentThere(model, t)}  END IF;`
}
