/**
 * The locks of writers: a lock is the link of a node to itself.
 *
 * @module
 */
import { list, same, type TreeText } from '../../text.js'

/**
 * Shares the locks of everything on the paths of some nodes, and reads again until nothing changed. A lock is the link of a
 * node to itself.
 */
export function lockPaths(t: TreeText, nodes: string, step: string): string {
  // a session may have been told to cut what is longer
  const seen = `SET STATEMENT group_concat_max_len = 4294967295 FOR
    SELECT GROUP_CONCAT(DISTINCT ${t.ancestor('own').join(`, ',', `)} ORDER BY ${list(t.ancestor('own'))} SEPARATOR ';') INTO _${step}
      FROM ${t.links} AS path STRAIGHT_JOIN ${t.links} AS own ON ${same(t.node('own'), t.ancestor('path'))} AND ${same(t.ancestor('own'), t.ancestor('path'))}
      WHERE ${nodes} LOCK IN SHARE MODE;`
  return `  REPEAT
    ${seen}
    ${seen.replace(` INTO _${step}`, ' INTO _again')}
  UNTIL _${step} <=> _again END REPEAT;`
}

export const takeLock = (t: TreeText, row: string): string =>
  `  SELECT COUNT(*) INTO _own FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key(row))} AND ${same(t.ancestor('own'), t.key(row))} FOR UPDATE;`

/** Who deletes takes part: its own lock, and the shared ones of the path above it. */
export const takeLocks = (t: TreeText): string => `${takeLock(t, 'OLD')}
${lockPaths(t, `${same(t.node('path'), t.key('OLD'))} AND path.${t.distance} > 0`, 'above')}`
