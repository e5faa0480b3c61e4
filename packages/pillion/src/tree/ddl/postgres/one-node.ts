/**
 * One node by itself: linked below its parent, or moved with all that is below it.
 *
 * @module
 */
import { list, same } from '../../text.js'
import { kept, lockOf, locksWrong, seesAll, sharedPath, takenBelow } from './locks.js'
import { above, declared, insertInto, noParent, type Pieces, routine } from './pieces.js'
import { currentReadsOnly, cycle, missingParent, told, unseen } from './refusals.js'
import { thatStands } from './rows.js'

/** The links of a node, as `l`. */
const linksOf = (t: Pieces, key: readonly string[]): string => `FROM ${t.links} AS l WHERE ${same(t.node('l'), key)}`

/**
 * Shares the lock of the parent `_p1`: its path stays as it is. A parent without links is yet to get them, or is not there.
 *
 * @param absent what is done where it is not
 */
export const parentShared = (t: Pieces, absent: string): string => `  WHILE NOT (${noParent(t, t.p())}) LOOP
${sharedPath(t, t.p())}
    EXIT WHEN FOUND;
    PERFORM ${t.own('adopt')}(${list(t.p())});
    IF NOT EXISTS (SELECT FROM ${t.table} AS n WHERE ${same(t.key('n'), t.p())}) THEN
      ${absent}
    END IF;
  END LOOP;`

/** The same; a node whose parent is not there may get it yet. */
const parentSharedIfThere = (t: Pieces): string =>
  parentShared(
    t,
    t.model.pointer === 'deferred' ? `INSERT INTO ${t.late} VALUES (${list(t.k())});\n      EXIT;` : 'EXIT;',
  )

/** Those of `linking`, beside the node's key. */
export const linkVariables = (t: Pieces): readonly string[] => [...t.pVariables, '_linked boolean']

/** Where `linkable` goes. */
export const linkableInto = (t: Pieces): string => list(t.p(), '_linked')

/** Of one node of the table, `n`: its pointer, and whether it has links. */
export const linkable = (t: Pieces): string => `${list(t.pointer('n'))},
      -- asked for once: ON CONFLICT would ask for each link, and takes as long as all the rest of them
      EXISTS (SELECT ${linksOf(t, t.key('n'))})`

/** Links one node below its parent: `_k1`, and what `linkable` has found of it. */
export const linking = (t: Pieces): string => `  IF ${same(t.k(), t.p())} THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
${parentSharedIfThere(t)}
  IF _linked THEN
    DELETE ${linksOf(t, t.k())};
  END IF;
  ${insertInto(t)}
  SELECT ${list(t.k(), above(t, t.ancestor('path')))}, path.${t.distance} + 1 FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}${thatStands(t, t.ancestor('path'))}
  UNION ALL SELECT ${list(t.k(), above(t, t.k()))}, 0;`

/** Without links the ancestors are linked first, one after the other: in a circle that would go on for ever. */
const unlessCircular = (t: Pieces): string => `  IF EXISTS (
    WITH RECURSIVE walk (${list(t.p())}) AS (
      SELECT ${list(t.pointer('n'))} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())}
      UNION SELECT ${list(t.pointer('n'))} FROM walk AS w JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('w'))}
      WHERE NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.key('n'))})
    )
    SELECT FROM walk AS w WHERE ${same(t.p('w'), t.k())}
  ) THEN
    ${cycle(t, told(t, t.k()))}
  END IF;`

/** Links a node that is in the table already, and its ancestors first: rows of a statement whose own trigger is still to come. */
export function adopt(t: Pieces): string {
  const absent = {
    unchecked: missingParent(t, told(t, t.k())),
    // it may come yet, by the end of the transaction
    deferred: 'RETURN;',
    // a foreign key has found it, if by a newer snapshot
    immediate: `IF NOT ${seesAll} THEN
      ${unseen(t, told(t, t.k()))}
    END IF;
    RETURN;`,
  }[t.model.pointer]
  return routine(
    t,
    t.own('adopt'),
    list(t.kTypes),
    'void',
    `
DECLARE
${declared(linkVariables(t))}
BEGIN
  SELECT ${linkable(t)}
  INTO ${linkableInto(t)} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())};
  IF NOT FOUND THEN
    ${absent}
  END IF;
  IF _linked THEN
    -- by somebody else, meanwhile
    IF EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.k())}) THEN
      RETURN;
    END IF;
    ${locksWrong(t, told(t, t.k()))}
  END IF;
${unlessCircular(t)}
${linking(t)}
END`,
  )
}

/** Moves one node, with all that is below it. Links to what was above it and still is are not touched unless it comes nearer, or farther. */
export function move(t: Pieces): string {
  const below = `FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.k())}`
  const old = `${t.links} AS old WHERE ${same(t.node('old'), t.k())}`
  // by its name: a column there cannot be said of its table, and might be called as a variable is
  const nearer = `ON CONFLICT ON CONSTRAINT ${t.bare('pkey')} DO UPDATE SET ${t.distance} = excluded.${t.distance}
    WHERE l.${t.distance} <> excluded.${t.distance}`
  return routine(
    t,
    t.own('move'),
    list(t.kTypes, t.pTypes),
    'void',
    `
DECLARE
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _before ${t.oneType}[];
  _circular boolean;
  _shifted boolean;
BEGIN
${currentReadsOnly(t)}
  UPDATE ${t.links} AS own SET ${t.distance} = 0 WHERE ${lockOf(t, 'own', t.k())};
  IF NOT FOUND THEN
    PERFORM ${t.own('adopt')}(${list(t.k())});
    RETURN;
  END IF;
${takenBelow(t, `${below} AND d.${t.distance} > 0`, kept)}
${parentSharedIfThere(t)}
  -- also what is below it by the links alone: a statement around this one may have moved that, and its own trigger comes later
  SELECT coalesce(bool_or(EXISTS (SELECT FROM ${t.links} AS b WHERE ${same(t.node('b'), t.ancestor('path'))} AND ${same(t.ancestor('b'), t.k())})), false), coalesce(bool_or(old.${t.distance} <> path.${t.distance} + 1), false)
  INTO _circular, _shifted FROM ${t.links} AS path
  LEFT JOIN ${t.links} AS old ON ${same(t.node('old'), t.k())} AND ${same(t.ancestor('old'), t.ancestor('path'))}
  WHERE ${same(t.node('path'), t.p())};
  IF _circular THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
  ${insertInto(t)}
  SELECT ${list(t.node('d'), above(t, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
  FROM (
    SELECT path.* FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}${thatStands(t, t.ancestor('path'))}
      AND NOT EXISTS (SELECT FROM ${old} AND ${same(t.ancestor('old'), t.ancestor('path'))})
  ) AS a CROSS JOIN ${t.links} AS d
  WHERE ${same(t.ancestor('d'), t.k())}${thatStands(t, t.node('d'))}
  ${nearer};
  IF _shifted THEN
    UPDATE ${t.links} AS l SET ${t.distance} = d.${t.distance} + a.${t.distance} + 1
    FROM ${t.links} AS d, ${t.links} AS a, ${t.links} AS old
    WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('a'), t.p())}
      AND ${same(t.node('old'), t.k())} AND ${same(t.ancestor('old'), t.ancestor('a'))} AND old.${t.distance} > 0
      AND ${same(t.node('l'), t.node('d'))} AND ${same(t.ancestor('l'), t.ancestor('a'))};
  END IF;
  DELETE FROM ${t.links} AS l USING (
    SELECT old.* FROM ${old} AND old.${t.distance} > 0
      AND NOT EXISTS (SELECT FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())} AND ${same(t.ancestor('path'), t.ancestor('old'))})
  ) AS gone CROSS JOIN ${t.links} AS d
  WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('l'), t.node('d'))} AND ${same(t.ancestor('l'), t.ancestor('gone'))};
END`,
    // what is below a node is another number each time: a plan for that takes longer than what it is for
    ' SET plan_cache_mode = force_generic_plan',
  )
}
