/**
 * All links from the pointers at once.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { letters, list, same, tail, type TreeText } from '../../text.js'
import { anchored, linkKey, signal } from './pieces.js'

/** Nothing is made where the pointers make no tree: DDL cannot be rolled back here. */
export function refuseUnlessTree(model: TreeModel, t: TreeText): string {
  const k = letters('_k', model)
  return `BEGIN NOT ATOMIC
  DECLARE _all, _reached bigint;
  SELECT COUNT(*) INTO _all FROM ${t.table};
  SET STATEMENT max_recursive_iterations = 4294967295 FOR
  WITH RECURSIVE _found (${list(k)}) AS (
    SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${t.isRoot('n')}
    UNION ALL SELECT ${list(t.key('n'))} FROM _found AS r JOIN ${t.table} AS n ON ${same(
      t.pointer('n'),
      k.map(each => `r.${each}`),
    )}
  ) SELECT COUNT(*) INTO _reached FROM _found;
  IF _all <> _reached THEN
    ${signal(4025, 'The table is no tree: a node has no path to a root. It is below itself, or its parent is missing.')}
  END IF;
END`
}

/** Each name that a later statement gives a table is locked by itself: names that no table has, for one is not locked twice. */
export function lockTables(model: TreeModel, t: TreeText): string {
  const locked = [
    `${t.table} WRITE`,
    `${t.table} AS _n WRITE`,
    `${t.table} AS _c WRITE`,
    `${t.links} WRITE`,
    `${t.links} AS _l WRITE`,
    `${t.own('keep')} WRITE`,
    ...(anchored(model) ? [`${t.own('anchor')} WRITE`] : []),
    ...(model.counts ? [`${t.counts} WRITE`, `${t.deltas} WRITE`] : []),
  ]
  return `LOCK TABLES ${list(locked)}`
}

/** All links from the pointers: from every node downwards. */
export function fillMariadb(model: TreeModel, t: TreeText): string {
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const of = (names: readonly string[]) => names.map(name => `m.${name}`)
  return `SET STATEMENT max_recursive_iterations = 4294967295 FOR
INSERT IGNORE INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
WITH RECURSIVE _made (${list(k, a)}, _far) AS (
  SELECT ${list(t.key('_n'), t.key('_n'))}, 0 FROM ${t.table} AS _n
  UNION ALL SELECT ${list(t.key('_c'), of(a))}, m._far + 1 FROM _made AS m JOIN ${t.table} AS _c ON ${same(t.pointer('_c'), of(k))}
)
SELECT ${list(of(k), tail(model, of(a)))}, m._far FROM _made AS m ORDER BY ${list(of(k), tail(model, of(a)))}`
}
