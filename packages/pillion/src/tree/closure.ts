/**
 * The links that the pointers ask for, as SQL that every dialect understands: by walking down from every node that a root
 * is above. It ends where pointers run in circles, for no root is above those.
 *
 * @module
 */
import type { TreeModel } from './model.js'
import { letters, list, same, tail, treeText } from './text.js'

/** `alias._k1, alias._k2`. */
export function of(alias: string, names: readonly string[]): readonly string[] {
  return names.map(name => `${alias}.${name}`)
}

/** Two common table expressions: `_reached` (keys), all that a root is above; `_made` (key, ancestor, distance), their links. */
export function expectedLinks(model: TreeModel): string {
  const t = treeText(model)
  const [k, a] = [letters('_k', model), letters('_p', model)]
  return `_reached (${list(k)}) AS (
  SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${t.isRoot('n')}
  UNION ALL SELECT ${list(t.key('n'))} FROM _reached AS r JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('r', k))}
),
_made (${list(k, a)}, _far) AS (
  SELECT ${list(of('r', k), of('r', k))}, 0 FROM _reached AS r
  UNION ALL SELECT ${list(t.key('n'), of('m', a))}, m._far + 1 FROM _made AS m JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('m', k))}
)`
}

/**
 * A SELECT of every link that is wrong: key, ancestor (without the scope), the distance it should have or NULL, the distance
 * it has or NULL. One pass over both, sorted together.
 */
export function wrongLinks(model: TreeModel): string {
  const t = treeText(model)
  const [k, a] = [letters('_k', model), tail(model, letters('_p', model))]
  return `${deeply(model)}WITH RECURSIVE ${expectedLinks(model)}
SELECT ${list(of('w', k), of('w', a))}, MAX(w._wanted), MAX(w._found) FROM (
  SELECT ${list(of('m', k), of('m', a))}, m._far AS _wanted, NULL AS _found FROM _made AS m
  UNION ALL SELECT ${list(t.node('l'), tail(model, t.ancestor('l')))}, NULL, l.${t.distance} FROM ${t.links} AS l
) AS w GROUP BY ${list(of('w', k), of('w', a))}
HAVING MAX(w._wanted) IS NULL OR MAX(w._found) IS NULL OR MAX(w._wanted) <> MAX(w._found) OR COUNT(w._found) > 1`
}

/** A SELECT of every node that no root is above: key, pointer, and whether the parent is there. */
export function lostNodes(model: TreeModel): string {
  const t = treeText(model)
  const k = letters('_k', model)
  return `${deeply(model)}WITH RECURSIVE ${expectedLinks(model).split(',\n_made')[0]}
SELECT ${list(t.key('n'), tail(model, t.pointer('n')))}, CASE WHEN EXISTS (SELECT 1 FROM ${t.table} AS p WHERE ${same(t.key('p'), t.pointer('n'))}) THEN 1 ELSE 0 END
FROM ${t.table} AS n LEFT JOIN _reached AS r ON ${same(of('r', k), t.key('n'))} WHERE r.${k[0]} IS NULL`
}

/** MariaDB stops a recursion after 1,000 rounds, in silence. */
export function deeply({ dialect }: TreeModel): string {
  return dialect === 'mariadb' ? 'SET STATEMENT max_recursive_iterations = 4294967295 FOR ' : ''
}
