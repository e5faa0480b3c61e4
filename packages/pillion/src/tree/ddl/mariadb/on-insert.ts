/**
 * What comes with a node.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { list, same, tail, type TreeText } from '../../text.js'
import { anchored, cycle, hasParent, linkKey, missingParent, variables } from './pieces.js'
import { lockPaths } from './locks.js'

/** A parent that a load has brought has no links before the load is done. */
export const unlessUnlinked = (
  t: TreeText,
): string => `    SELECT COUNT(*) INTO _there FROM ${t.table} AS c WHERE ${same(t.key('c'), t.pointer('NEW'))} LOCK IN SHARE MODE;
    IF _there = 0 THEN
      ${missingParent}
    END IF;`

/** Links a node that has no links yet, and hangs below it what waited for it: rows may come in any order without foreign keys. */
export function link(model: TreeModel, t: TreeText): string {
  const columns = `${linkKey(model, t)}, ${t.distance}`
  return `  IF ${same(t.key('NEW'), t.pointer('NEW'))} THEN
    ${cycle}
  END IF;
${lockPaths(t, same(t.node('path'), t.pointer('NEW')), 'path')}
${
  model.pointer === 'unchecked'
    ? `  IF ${hasParent(model, t, 'NEW')} AND _path IS NULL AND @@foreign_key_checks THEN
${unlessUnlinked(t)}
  END IF;\n`
    : ''
}${anchored(model) ? `  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('NEW'))});\n` : ''}  INSERT INTO ${t.links} (${columns})
  SELECT ${list(t.key('NEW'), tail(model, t.ancestor('path')))}, path.${t.distance} + 1 FROM ${t.links} AS path
  WHERE ${same(t.node('path'), t.pointer('NEW'))} LOCK IN SHARE MODE;
  INSERT INTO ${t.links} (${columns}) VALUES (${list(t.key('NEW'), tail(model, t.key('NEW')))}, 0);
  IF EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('NEW'))}) THEN
    IF EXISTS (SELECT 1 FROM ${t.table} AS c JOIN ${t.links} AS path ON ${same(t.ancestor('path'), t.key('c'))}
        WHERE ${same(t.pointer('c'), t.key('NEW'))} AND ${same(t.node('path'), t.key('NEW'))}) THEN
      ${cycle}
    END IF;
    INSERT IGNORE INTO ${t.links} (${columns})
    SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
    FROM ${t.table} AS c STRAIGHT_JOIN ${t.links} AS d ON ${same(t.ancestor('d'), t.key('c'))} STRAIGHT_JOIN ${t.links} AS a
    WHERE ${same(t.pointer('c'), t.key('NEW'))} AND ${same(t.node('a'), t.key('NEW'))} LOCK IN SHARE MODE;
  END IF;`
}

/** While a load goes on in this session links are left for its end; anchors are not, for children hang from them. */
export function onInsert(model: TreeModel, t: TreeText): string {
  return `${variables}
${anchored(model) ? `  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('NEW'))});\n` : ''}  IF COALESCE(@pillion_tree, '') <> 'load' THEN
${link(model, t)}
  END IF;`
}
