/**
 * What a move changes, and another key.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { list, same, tail, type TreeText } from '../../text.js'
import { alike, anchored, cycle, detach, hasParent, linkKey, variables } from './pieces.js'
import { lockPaths, takeLock } from './locks.js'
import { link, unlessUnlinked } from './on-insert.js'
import { childless, remove } from './on-delete.js'

export function onUpdate(model: TreeModel, t: TreeText): string {
  const differ = (left: readonly string[], right: readonly string[]): string => `NOT (${alike(left, right)})`
  const there = (row: string, rest = ''): string =>
    `EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.key('c'), t.key(row))}${rest})`
  // a fraction of a second is not the same to <=> here, though it is to =
  const written = t
    .pointer('c')
    .map((column, i) => [column, t.pointer('NEW')[i]])
    .map(([column, value]) => ` AND (${column} = ${value} OR (${column} IS NULL AND ${value} IS NULL))`)
    .join('')
  // UPDATE IGNORE calls triggers for rows that it could not change, too
  return `${variables}
  IF ${differ(t.key('OLD'), t.key('NEW'))} THEN
    IF ${there('NEW', written)} AND NOT ${there('OLD')} THEN
${remove(t, model.pointer === 'unchecked' ? childless(t) : '')}
${anchored(model) ? `    DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), t.key('OLD'))};\n` : ''}${link(model, t)}
    END IF;
  ELSEIF ${differ(t.pointer('OLD'), t.pointer('NEW'))} AND ${there('NEW', written)} THEN
${takeLock(t, 'NEW')}
${lockPaths(t, `(${same(t.node('path'), t.key('NEW'))} AND path.${t.distance} > 0) OR (${same(t.node('path'), t.pointer('NEW'))})`, 'paths')}
    SELECT COUNT(*) INTO _under FROM ${t.links} AS path
    WHERE ${same(t.node('path'), t.pointer('NEW'))} AND ${same(t.ancestor('path'), t.key('NEW'))} LOCK IN SHARE MODE;
    IF _under > 0 THEN
      ${cycle}
    END IF;
${
  model.pointer === 'unchecked'
    ? `    SELECT COUNT(*) INTO _there FROM ${t.links} AS own WHERE ${same(t.node('own'), t.pointer('NEW'))} AND own.${t.distance} = 0 LOCK IN SHARE MODE;
    IF ${hasParent(model, t, 'NEW')} AND _there = 0 AND @@foreign_key_checks THEN
${unlessUnlinked(t)}
    END IF;`
    : ''
}
${detach(t, 'NEW', 1)}
    INSERT INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
    SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
    FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS a
    WHERE ${same(t.ancestor('d'), t.key('NEW'))} AND ${same(t.node('a'), t.pointer('NEW'))} LOCK IN SHARE MODE;
  END IF;`
}
