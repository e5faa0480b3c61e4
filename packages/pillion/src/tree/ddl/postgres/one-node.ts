/**
 * One node by itself: linked below its parent, or moved with all that is below it.
 *
 * @module
 */
import { list, named, same } from '../../text.js'
import { lockOf, pathOf, shared, unlessWrong } from './locks.js'
import { above, declared, insertInto, noParent, type Pieces, routine } from './pieces.js'
import { currentReadsOnly, cycle, missingParent, told } from './refusals.js'

/** Those of `linking`, beside the node's key. */
export const linkVariables = (t: Pieces): readonly string[] => [
  ...t.pVariables,
  `_locked ${t.oneType}[]`,
  `_before ${t.oneType}[]`,
  `_linked ${t.oneType}[]`,
  '_linked_before boolean',
  '_adopted boolean',
]

/** Where `lockedWith` goes. */
export const lockedInto = (t: Pieces): string => list(t.p(), '_linked_before', '_locked')

/** The columns of one node of the table, `n`: its pointer, whether it has links, and the locks of its path, shared. */
export const lockedWith = (t: Pieces): string => `${list(t.pointer('n'))},
      -- asked for once: ON CONFLICT would ask for each link, and takes as long as all the rest of them
      EXISTS (SELECT FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('n'))}),
      ${shared(t, pathOf(t, t.pointer('n')))}`

/** Links one node below its parent: `_k1`, and what `lockedWith` has found of it. */
export function linking(t: Pieces): string {
  const path = `FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}`
  return `  IF ${same(t.k(), t.p())} THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
  _adopted := ${noParent(t, t.p())};
  LOOP
    IF _linked_before THEN
      DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k())};
    END IF;
    WITH made AS (
      ${insertInto(t)}
      SELECT ${list(t.k(), above(t, t.ancestor('path')))}, path.${t.distance} + 1 ${path}
      UNION ALL SELECT ${list(t.k(), above(t, t.k()))}, 0
      RETURNING ${t.one(t.ancestor('l'))} AS one, l.${t.distance} AS far
    )
    SELECT array_agg(made.one) FILTER (WHERE made.far > 0) INTO _linked FROM made;
    EXIT WHEN _linked <@ _locked OR (_linked IS NULL AND _adopted);
    -- another path by now; or a parent without links, which is yet to get them, or gone
    IF _linked IS NULL THEN
      PERFORM ${t.own('adopt')}(${list(t.p())});
      _adopted := true;
    ELSE
${unlessWrong(t)}
    END IF;
    _locked := ${shared(t, pathOf(t, t.p()))};
    _linked_before := true;
  END LOOP;`
}

/** Links a node that is in the table already, and its ancestors first: rows of a statement whose own trigger is still to come. */
export function adopt(t: Pieces): string {
  const absent = t.model.pointer === 'unchecked' ? missingParent(t, told(t, t.k())) : 'RETURN;'
  return routine(
    t,
    t.own('adopt'),
    list(t.kTypes),
    'void',
    `
DECLARE
${declared(linkVariables(t))}
BEGIN
  SELECT ${lockedWith(t)}
  INTO ${lockedInto(t)} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())};
  IF NOT FOUND THEN
    ${absent}
  END IF;
${linking(t)}
END`,
  )
}

/** Moves one node, with all that is below it. Most nodes are leaves: one has but a path to change, by plans that are kept. */
export function move(t: Pieces): string {
  const old = `FROM ${t.links} AS old WHERE ${same(t.node('old'), t.k())} AND old.${t.distance} > 0`
  const path = `FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}`
  const paths = `SELECT ${named(t.ancestor('old'), t.k())} ${old} UNION SELECT ${list(t.ancestor('path'))} ${path}`
  // by its name: a column there cannot be said of its table, and might be called as a variable is
  const nearer = `ON CONFLICT ON CONSTRAINT ${t.bare('pkey')} DO UPDATE SET ${t.distance} = excluded.${t.distance}
    WHERE l.${t.distance} <> excluded.${t.distance}`
  const notAbove = (ancestor: readonly string[]): string =>
    `NOT EXISTS (SELECT FROM ${t.links} AS a WHERE ${same(t.node('a'), t.p())} AND ${same(t.ancestor('a'), ancestor)})`
  return routine(
    t,
    t.own('move'),
    list(t.kTypes, t.pTypes),
    'void',
    `
DECLARE
  _locked ${t.oneType}[];
  _before ${t.oneType}[];
  _adopted boolean := ${noParent(t, t.p())};
  _settled boolean;
  _there boolean;
  _circular boolean;
  _leaf boolean;
BEGIN
${currentReadsOnly(t)}
  UPDATE ${t.links} AS own SET ${t.distance} = 0 WHERE ${lockOf(t, 'own', t.k())};
  IF NOT FOUND THEN
    PERFORM ${t.own('adopt')}(${list(t.k())});
    RETURN;
  END IF;
  LOOP
    _locked := ${shared(t, paths)};
    SELECT coalesce(bool_and(${t.one(t.ancestor('path'))} = ANY (_locked)), true)
        AND NOT EXISTS (SELECT ${old} AND NOT ${t.one(t.ancestor('old'))} = ANY (_locked)),
      coalesce(bool_or(${same(t.ancestor('path'), t.p())}), false),
      coalesce(bool_or(${same(t.ancestor('path'), t.k())}), false),
      NOT EXISTS (SELECT FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.k())} AND NOT (${same(t.node('d'), t.k())}))
    INTO _settled, _there, _circular, _leaf ${path};
    EXIT WHEN _settled AND (_there OR _adopted);
    -- another path by now; or a parent without links, which is yet to get them, or gone
    IF _settled THEN
      PERFORM ${t.own('adopt')}(${list(t.p())});
      _adopted := true;
    ELSE
${unlessWrong(t)}
    END IF;
  END LOOP;
  IF _circular THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
  IF _leaf THEN
    ${insertInto(t)}
    SELECT ${list(t.k(), above(t, t.ancestor('path')))}, path.${t.distance} + 1 ${path}
    ${nearer};
    DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k())} AND l.${t.distance} > 0 AND ${notAbove(t.ancestor('l'))};
    RETURN;
  END IF;
  ${insertInto(t)}
  SELECT ${list(t.node('d'), above(t, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
  FROM ${t.links} AS d CROSS JOIN ${t.links} AS a
  WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('a'), t.p())}
  ${nearer};
  DELETE FROM ${t.links} AS l USING ${t.links} AS d, ${t.links} AS old
  WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('l'), t.node('d'))}
    AND ${same(t.node('old'), t.k())} AND old.${t.distance} > 0 AND ${same(t.ancestor('l'), t.ancestor('old'))}
    AND ${notAbove(t.ancestor('old'))};
END`,
  )
}
