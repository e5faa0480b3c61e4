/**
 * Rows of partitions that get another key. MERGE that moves a row to another partition tells no trigger of the statement: neither the
 * rows that it changed have it, nor those that came or went. Each such row is written down before it is changed, and looked for among
 * the rows of its statement.
 *
 * @module
 */
import { list, same } from '../../text.js'
import { type Pieces, routine } from './pieces.js'
import { raise } from './refusals.js'

/** Of one row: the key that it gets, and how deep in triggers. */
export function onRekey(t: Pieces): string {
  return routine(
    t,
    t.own('on_rekey'),
    '',
    'trigger',
    `
BEGIN
  INSERT INTO ${t.own('rekeyed')} VALUES (${list(t.key('NEW'))}, pg_trigger_depth());
  RETURN NEW;
END`,
  )
}

/** Refuses the statement where one of them is in the table, and not among its rows. A statement within a trigger looks at its own. */
export function allTold(t: Pieces): string {
  if (!t.model.partitioned) return ''
  const mine = `${t.own('rekeyed')} AS r WHERE r.depth >= pg_trigger_depth()`
  const untold = `EXISTS (SELECT FROM ${t.table} AS n WHERE ${same(t.key('n'), t.node('r'))}) AND NOT EXISTS (SELECT FROM new_rows AS n WHERE ${same(t.key('n'), t.node('r'))})`
  return `  IF EXISTS (SELECT FROM ${mine}) THEN
    EXECUTE ${t.q}SELECT ${t.one(t.node('r'))} FROM ${mine} AND ${untold} LIMIT 1${t.q} INTO _wrong;
    IF _wrong IS NOT NULL THEN
      ${raise(t, '0A000', 'MERGE tells no trigger of a row that it moves to another partition.', '_wrong::text', 'Change its key by UPDATE.')}
    END IF;
    DELETE FROM ${mine};
  END IF;`
}
