/**
 * Rows that go.
 *
 * @module
 */
import { list, named, same } from '../../text.js'
import { anew, kept, sharedIfOlder, sharedIfOlderOf, takenBelow } from './locks.js'
import { type Pieces, record, routine } from './pieces.js'
import { childrenLeft, currentReadsOnly, insertsAnywhere, keyTaken, told } from './refusals.js'

export function onDelete(t: Pieces): string {
  const unchecked = t.model.pointer === 'unchecked'
  return routine(
    t,
    t.own('on_delete'),
    '',
    'trigger',
    `
DECLARE
  _old record;
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _before ${t.oneType}[];
  _wrong ${t.oneType};
  _taken ${t.oneType};
BEGIN
${unchecked ? currentReadsOnly(t) : insertsAnywhere(t)}
  SELECT ${record(t, 'o')}, EXISTS (SELECT FROM old_rows OFFSET 1) AS _more INTO _old FROM old_rows AS o LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT _old._more THEN
${takenBelow(t, `FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.k('_old'))}`, kept)}
${sharedIfOlder(t, t.k('_old'))}
${unchecked ? `    SELECT ${t.one(t.key('c'))} INTO _wrong FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.k('_old'))} LIMIT 1;` : ''}
    IF EXISTS (SELECT FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k('_old'))}) THEN
      ${keyTaken(t, told(t, t.k('_old')))}
    END IF;
    DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k('_old'))};
    DELETE FROM ${t.links} AS l WHERE ${same(t.ancestor('l'), t.k('_old'))};
  ELSE
${takenBelow(t, `FROM ${t.links} AS d JOIN old_rows AS o ON ${same(t.ancestor('d'), t.key('o'))}`, anew(t))}
${sharedIfOlderOf(t, `SELECT ${named(t.key('o'), t.k())} FROM old_rows AS o`)}
${
  unchecked
    ? `    EXECUTE ${t.q}SELECT ${t.one(t.key('c'))} FROM old_rows AS o JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.key('o'))} LIMIT 1${t.q} INTO _wrong;`
    : ''
}
    EXECUTE ${t.q}SELECT ${t.one(t.key('o'))} FROM old_rows AS o JOIN ${t.table} AS n ON ${same(t.key('n'), t.key('o'))} LIMIT 1${t.q} INTO _taken;
    IF _taken IS NOT NULL THEN
      ${keyTaken(t, '_taken::text')}
    END IF;
    EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING old_rows AS o WHERE ${same(t.node('l'), t.key('o'))}${t.q};
    EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING old_rows AS o WHERE ${same(t.ancestor('l'), t.key('o'))}${t.q};
  END IF;
  IF _wrong IS NOT NULL THEN
    ${childrenLeft(t, '_wrong::text')}
  END IF;
  RETURN NULL;
END`,
  )
}

/** Links with foreign keys are emptied by the same statement, and are not to be touched again within it. */
export function onTruncate(t: Pieces): string {
  const tables = [...(t.model.foreignKeys ? [] : [t.links]), ...(t.model.counts ? [t.counts, t.deltas] : [])]
  return routine(
    t,
    t.own('on_truncate'),
    '',
    'trigger',
    `
BEGIN
  ${t.model.foreignKeys ? `-- ${t.links} has been emptied by its foreign keys\n` : ''}  ${tables.length > 0 ? `TRUNCATE ${list(tables)};` : ''}
  RETURN NULL;
END`,
  )
}
