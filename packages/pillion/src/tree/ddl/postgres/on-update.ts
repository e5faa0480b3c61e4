/**
 * Pointers and keys that change.
 *
 * @module
 */
import { letters, list, named, same } from '../../text.js'
import { anew, lockOf, sharedIfOlderOf, sharedPaths, takenBelow } from './locks.js'
import { orphansMoved, writtenDown } from './late.js'
import { above, insertInto, linkKey, noParent, type Pieces, record, routine } from './pieces.js'
import { currentReadsOnly, cycle, keyTaken, missingParent } from './refusals.js'
import { allTold } from './rekeyed.js'
import { asTheyAre, parentsThere, pointerAsItIs, thatStands } from './rows.js'

export function onUpdate(t: Pieces): string {
  const changed = (
    rows: string,
    row: string,
  ): string => `SELECT DISTINCT ${record(t, 'n')} FROM ${rows} LEFT JOIN old_rows AS o ON ${same(t.key('o'), t.key(row))}
      WHERE ${t.key('o')[0]} IS NULL OR ROW(${list(t.pointer('o'))}) IS DISTINCT FROM ROW(${list(t.pointer(row))})`
  const changedRows = changed(asTheyAre(t), '_i')
  const moved = `moved AS (
      ${changedRows}
    )`
  const gone = `SELECT ${named(t.key('o'), t.k())} FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE ${same(t.key('n'), t.key('o'))})`
  const come = `SELECT ${named(t.key('n'), t.k())} FROM new_rows AS n WHERE NOT EXISTS (SELECT FROM old_rows AS o WHERE ${same(t.key('o'), t.key('n'))})`
  const parents = `SELECT DISTINCT ${named(t.p('m'), t.k())} FROM (${changedRows}) AS m`
  const tops = `FROM ${t.links} AS d JOIN (SELECT ${list(t.k('m'))} FROM (${changedRows}) AS m UNION ${gone}) AS m ON ${same(t.ancestor('d'), t.k('m'))}`
  // the nearest moved node above: what lies between keeps its links, whatever else moved
  const segments = `segment AS (
      SELECT DISTINCT ON (${list(t.node('l'))}) ${named(t.node('l'), t.k())}, ${named(t.k('m'), t.p())}, l.${t.distance} AS _far
      FROM moved AS m JOIN ${t.links} AS l ON ${same(t.ancestor('l'), t.k('m'))}${thatStands(t, t.node('l'))}
      ORDER BY ${list(t.node('l'))}, l.${t.distance}
    )`
  return routine(
    t,
    t.own('on_update'),
    '',
    'trigger',
    `
DECLARE
  _old record;
  _new record;
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _before ${t.oneType}[];
  _wrong ${t.oneType};
  _changed boolean;
  _row record;
BEGIN
${allTold(t)}
  SELECT ${record(t, 'n')}, EXISTS (SELECT FROM new_rows OFFSET 1) AS _more INTO _new FROM new_rows AS n LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT _new._more THEN
    SELECT ${record(t, 'o')} INTO _old FROM old_rows AS o;
    IF ${same(t.k('_old'), t.k('_new'))} THEN
      IF ROW(${list(t.p('_old'))}) IS DISTINCT FROM ROW(${list(t.p('_new'))}) THEN
        ${pointerAsItIs(t, t.k('_new'), t.p('_old'))}
        PERFORM ${t.own('move')}(${list(t.k('_new'), t.p('_old'))});
      END IF;
      RETURN NULL;
    END IF;
  END IF;
  EXECUTE ${t.q}SELECT EXISTS (${changed('new_rows AS n', 'n')})${t.q} INTO _changed;
  IF NOT _changed THEN
    RETURN NULL;
  END IF;
${currentReadsOnly(t)}
${sharedIfOlderOf(t, come)}
  EXECUTE ${t.q}
    WITH ${moved}, locked AS (
      SELECT ${named(t.node('own'), t.k())} FROM ${t.links} AS own JOIN moved AS m ON ${lockOf(t, 'own', t.k('m'))} ORDER BY ${list(t.node('own'))} FOR UPDATE OF own
    )
    UPDATE ${t.links} AS own SET ${t.distance} = 0 FROM locked AS m WHERE ${lockOf(t, 'own', t.k('m'))}
  ${t.q};
${takenBelow(t, tops, anew(t))}
  FOR _new IN EXECUTE ${t.q}
    WITH ${moved} SELECT DISTINCT ${list(t.p('m'))} FROM moved AS m
    WHERE NOT (${noParent(t, t.p('m'))}) AND NOT EXISTS (SELECT FROM new_rows AS i WHERE ${same(t.key('i'), t.p('m'))})
      AND NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.p('m'))})
  ${t.q} LOOP
    PERFORM ${t.own('adopt')}(${list(t.p('_new'))});
  END LOOP;
${sharedPaths(t, parents)}
${writtenDown(t, `WITH ${moved} SELECT * FROM moved`)}
${parentsThere(t, `WITH ${moved} SELECT * FROM moved`)}
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, walk (${list(t.k(), t.p())}) AS (
      SELECT ${list(t.k('m'), t.p('m'))} FROM moved AS m
      UNION SELECT ${list(t.k('w'), t.pointer('n'))} FROM walk AS w JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('w'))}
    )
    SELECT ${t.one(t.k('w'))} FROM walk AS w WHERE ${same(t.k('w'), t.p('w'))} LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${cycle(t, '_wrong::text')}
  END IF;
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, ${segments}, ${recursivePath(t)}
    ${insertInto(t)}
    SELECT ${list(t.k('s'), above(t, t.p('a')))}, s._far + a._far
    FROM segment AS s JOIN path AS a ON ${same(t.k('a'), t.p('s'))}
    UNION ALL
    SELECT ${list(t.k('a'), above(t, t.p('a')))}, a._far FROM path AS a
    WHERE NOT EXISTS (SELECT FROM segment AS s WHERE ${same(t.k('s'), t.k('a'))})
    UNION ALL
    SELECT ${list(t.k('m'), above(t, t.k('m')))}, 0 FROM moved AS m
    ON CONFLICT (${linkKey(t)}) DO UPDATE SET ${t.distance} = excluded.${t.distance}
    WHERE l.${t.distance} <> excluded.${t.distance}
  ${t.q};
  -- by the links of a statement that is under way yet, whose own trigger comes later, a node may be below what is below it by the pointers
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, ${recursivePath(t)}
    SELECT ${t.one(t.k('a'))} FROM (SELECT DISTINCT ${named(t.p('a'), t.k())} FROM path AS a) AS a
    JOIN ${t.links} AS own ON ${lockOf(t, 'own', t.k('a'))} WHERE own.${t.distance} > 0 LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${cycle(t, '_wrong::text')}
  END IF;
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, ${segments}, ${recursivePath(t)}
    DELETE FROM ${t.links} AS l USING segment AS s, ${t.links} AS old
    WHERE ${same(t.node('l'), t.k('s'))} AND ${same(t.node('old'), t.p('s'))} AND old.${t.distance} > 0 AND ${same(t.ancestor('l'), t.ancestor('old'))}
      AND NOT EXISTS (SELECT FROM path AS a WHERE ${same(t.k('a'), t.p('s'))} AND ${same(t.p('a'), t.ancestor('old'))})
  ${t.q};
  EXECUTE ${t.q}SELECT ${t.one(t.k('g'))} FROM (${gone}) AS g JOIN ${t.table} AS n ON ${same(t.key('n'), t.k('g'))} LIMIT 1${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${keyTaken(t, '_wrong::text')}
  END IF;
  EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING (${gone}) AS g WHERE ${same(t.node('l'), t.k('g'))}${t.q};
  EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING (${gone}) AS g WHERE ${same(t.ancestor('l'), t.k('g'))}${t.q};
${
  t.model.pointer === 'unchecked'
    ? `  EXECUTE ${t.q}
    SELECT ${t.one(t.key('c'))} FROM (${gone}) AS g JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.k('g'))} LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${missingParent(t, '_wrong::text')}
  END IF;`
    : ''
}
${orphansMoved(t, asTheyAre(t), ` AND NOT EXISTS (SELECT FROM old_rows AS o WHERE ${same(t.key('o'), t.key('n'))})`)}
  RETURN NULL;
END`,
  )
}

/** Of each moved node every ancestor that it has now, by the pointers. */
function recursivePath(t: Pieces): string {
  const next = letters('_n', t.model)
  return `path (${list(t.k(), t.p(), next)}, _far) AS (
      SELECT ${list(t.k('m'), t.key('n'), t.pointer('n'))}, 1 FROM moved AS m JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('m'))}
      UNION ALL SELECT ${list(t.k('a'), t.key('n'), t.pointer('n'))}, a._far + 1
      FROM path AS a JOIN ${t.table} AS n ON ${same(
        t.key('n'),
        next.map(each => `a.${each}`),
      )}
    )`
}
