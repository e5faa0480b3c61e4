/**
 * The rows of a statement, as its trigger finds them.
 *
 * @module
 */
import { list, same } from '../../text.js'
import { noParent, type Pieces } from './pieces.js'
import { missingParent } from './refusals.js'

/**
 * The rows of a statement as they are by now, `n`: triggers of others, on each row, have run in between and may have changed them. Each
 * is looked for by its key: a table that was analysed when it had few rows is taken for small, and joined to the rows one by one.
 */
export const asTheyAre = (t: Pieces): string =>
  `new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM ${t.table} AS n WHERE ${same(t.key('n'), t.key('_i'))} OFFSET 0) AS n`

/** The same of a single row, whose key is in variables. What is not there any more was seen to by the trigger of its going. */
export const pointerAsItIs = (
  t: Pieces,
  k: readonly string[],
  p: readonly string[],
): string => `SELECT ${list(t.pointer('n'))} INTO ${list(p)} FROM ${t.table} AS n WHERE ${same(t.key('n'), k)};
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;`

/** Looked at once their locks are held, for they may have gone while we waited. Where there is a foreign key it has seen to that. */
export function parentsThere(t: Pieces, rows: string): string {
  if (t.model.pointer !== 'unchecked') return ''
  return `  EXECUTE ${t.q}
    SELECT ${t.one(t.k('r'))} FROM (${rows}) AS r
    WHERE NOT (${noParent(t, t.p('r'))}) AND NOT EXISTS (SELECT FROM ${t.table} AS p WHERE ${same(t.key('p'), t.p('r'))}) LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${missingParent(t, '_wrong::text')}
  END IF;`
}

/**
 * Keys on the links refuse a link of what the same statement has deleted, which is above and below others yet: the trigger of its
 * going, or of what goes or is moved with it, has still to come.
 */
export const thatStands = (t: Pieces, key: readonly string[]): string =>
  t.model.foreignKeys ? ` AND EXISTS (SELECT FROM ${t.table} AS s WHERE ${same(t.key('s'), key)})` : ''
