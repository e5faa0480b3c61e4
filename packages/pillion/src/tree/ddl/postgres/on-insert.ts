/**
 * Rows that come.
 *
 * @module
 */
import { list, named, same } from '../../text.js'
import { lockOf, sharedIfOlderOf, sharedPaths } from './locks.js'
import { linkable, linkableInto, linkVariables, linking } from './one-node.js'
import { above, declared, insertInto, type Pieces, record, routine } from './pieces.js'
import { cycle, insertsAnywhere } from './refusals.js'
import { orphansMoved, orphansOfOneMoved, writtenDown } from './late.js'
import { asTheyAre, parentsThere, thatStands } from './rows.js'

export function onInsert(t: Pieces): string {
  const row = asTheyAre(t)
  const parents = `SELECT DISTINCT ${named(t.pointer('n'), t.k())} FROM ${row}`
  const one = `  IF NOT _more THEN
    SELECT ${linkable(t)}
    INTO ${linkableInto(t)} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())};
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
${linking(t)}
${orphansOfOneMoved(t)}
    RETURN NULL;
  END IF;`
  return routine(
    t,
    t.own('on_insert'),
    '',
    'trigger',
    `
DECLARE
${declared([...t.kVariables, ...linkVariables(t)])}
  _more boolean;
  _row record;
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _wrong ${t.oneType};
BEGIN
${insertsAnywhere(t)}
  IF current_setting('pillion.tree', true) = 'load' THEN
    RETURN NULL;
  END IF;
  SELECT ${list(t.key('n'))}, EXISTS (SELECT FROM new_rows OFFSET 1) INTO ${list(t.k())}, _more FROM new_rows AS n LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
${one}
${sharedIfOlderOf(t, `SELECT ${named(t.key('i'), t.k())} FROM new_rows AS i`)}
  FOR _row IN EXECUTE ${t.q}
    SELECT DISTINCT ${named(t.pointer('n'), t.p())} FROM ${row}
    WHERE ${t.isChild('n')} AND NOT EXISTS (SELECT FROM new_rows AS i WHERE ${same(t.key('i'), t.pointer('n'))})
      AND NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.pointer('n'))})
  ${t.q} LOOP
    PERFORM ${t.own('adopt')}(${list(t.p('_row'))});
  END LOOP;
${sharedPaths(t, parents)}
${writtenDown(t, `SELECT ${record(t, 'n')} FROM ${row}`)}
${parentsThere(t, `SELECT ${record(t, 'n')} FROM ${row}`)}
  EXECUTE ${t.q}
    WITH RECURSIVE fresh AS (SELECT ${record(t, 'n')} FROM ${row}),
    made (${list(t.k(), t.p(), '_far')}) AS (
      SELECT ${list(t.k('f'))}, v.* FROM fresh AS f CROSS JOIN LATERAL (
        SELECT ${list(t.ancestor('path'))}, path.${t.distance} + 1 FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p('f'))}${thatStands(t, t.ancestor('path'))}
        UNION ALL SELECT ${list(t.k('f'))}, 0
      ) AS v WHERE NOT EXISTS (SELECT FROM fresh AS i WHERE ${same(t.k('i'), t.p('f'))})
      UNION ALL
      SELECT ${list(t.k('f'))}, v.* FROM made AS m JOIN fresh AS f ON ${same(t.p('f'), t.k('m'))} CROSS JOIN LATERAL (
        SELECT ${list(t.p('m'))}, m._far + 1
        UNION ALL SELECT ${list(t.k('f'))}, 0 WHERE m._far = 0
      ) AS v
    )
    ${insertInto(t)}
    SELECT ${list(t.k('made'), above(t, t.p('made')))}, made._far FROM made ON CONFLICT DO NOTHING
  ${t.q};
  EXECUTE ${t.q}
    SELECT ${t.one(t.key('n'))} FROM ${row} WHERE NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.key('n'))}) LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${cycle(t, '_wrong::text')}
  END IF;
${orphansMoved(t, row)}
  RETURN NULL;
END`,
  )
}
