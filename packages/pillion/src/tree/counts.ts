/**
 * Numbers of descendants in side tables: counted afresh from the links, and compared with them.
 *
 * @module
 */
import type { TreeModel } from './model.js'
import { list, treeText } from './text.js'

/** Statements that count everything again; none where no counts are kept. Nobody else may write counts meanwhile. */
export function recount(model: TreeModel): readonly string[] {
  if (!model.counts) return []
  const t = treeText(model)
  return [
    `DELETE FROM ${t.counts}`,
    `DELETE FROM ${t.deltas}`,
    `INSERT INTO ${t.counts} (${list(t.ancestor())}, n)
SELECT ${list(t.ancestor('_l'))}, COUNT(*) FROM ${t.links} AS _l WHERE _l.${t.distance} > 0 GROUP BY ${list(t.ancestor('_l'))}`,
  ]
}

/** A SELECT of every count that is wrong: key, how many there are below it by the links, and how many by the counts. */
export function wrongCounts(model: TreeModel): string {
  const t = treeText(model)
  const a = list(t.ancestor('c'))
  const kept = (table: string): string => `SELECT ${list(t.ancestor())}, 0 AS _wanted, n AS _found FROM ${table}`
  return `SELECT ${a}, SUM(c._wanted), SUM(c._found) FROM (
  SELECT ${list(t.ancestor('l'))}, COUNT(*) AS _wanted, 0 AS _found FROM ${t.links} AS l WHERE l.${t.distance} > 0 GROUP BY ${list(t.ancestor('l'))}
  UNION ALL ${kept(t.counts)}
  UNION ALL ${kept(t.deltas)}
) AS c GROUP BY ${a} HAVING SUM(c._wanted) <> SUM(c._found)`
}
