/**
 * What happens to the links themselves: what others write there, and how many there are below a node.
 *
 * @module
 */
import { refusalText } from '../../refusal.js'
import { list, literal } from '../../text.js'
import { type Pieces, routine } from './pieces.js'

/** What others write into the links: a restore's rows are passed over, for the triggers have made them; the rest is refused. A rebuild and a load may. */
export function handsOff(t: Pieces): string {
  return routine(
    t,
    t.own('hands_off'),
    '',
    'trigger',
    `
BEGIN
  IF current_setting('pillion.tree', true) IN ('rebuild', 'load') THEN
    RETURN NEW;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION ${literal(refusalText('TREE_LINKS_KEPT'))} USING ERRCODE = '55000',
      HINT = ${literal(`Change ${t.model.table}; to mend the links: pillion tree rebuild.`)};
  END IF;
  RETURN NULL;
END`,
  )
}

/** Counts are those of links that came and went. Deltas are appended, so that nobody waits for the root. */
export function onLinks(t: Pieces): string {
  const sum = (sign: string, rows: string): string => `INSERT INTO ${t.deltas} (${list(t.ancestor())}, n)
    SELECT ${list(t.ancestor('l'))}, ${sign}count(*) FROM ${rows} AS l WHERE l.${t.distance} > 0 GROUP BY ${list(t.ancestor('l'))};`
  return routine(
    t,
    t.own('on_links'),
    '',
    'trigger',
    `
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${sum('', 'new_links')}
  ELSE
    ${sum('-', 'old_links')}
  END IF;
  RETURN NULL;
END`,
  )
}

/** Of one link: a node that gets another key takes its links with it by their foreign keys, and these neither come nor go. */
export function onRekeyedLink(t: Pieces): string {
  return routine(
    t,
    t.own('on_rekeyed_link'),
    '',
    'trigger',
    `
BEGIN
  INSERT INTO ${t.deltas} (${list(t.ancestor())}, n) VALUES (${list(t.ancestor('OLD'))}, -1), (${list(t.ancestor('NEW'))}, 1);
  RETURN NULL;
END`,
  )
}

/** Adds the deltas up into the counts. Run it as often as you like, by as many as like. */
export function rollUp(t: Pieces): string {
  return routine(
    t,
    t.own('roll_up'),
    '',
    'void',
    `
BEGIN
  WITH gone AS (DELETE FROM ${t.deltas} RETURNING *)
  INSERT INTO ${t.counts} AS c (${list(t.ancestor())}, n)
  SELECT ${list(t.ancestor('g'))}, sum(g.n) FROM gone AS g GROUP BY ${list(t.ancestor('g'))} ORDER BY ${list(t.ancestor('g'))}
  ON CONFLICT (${list(t.ancestor())}) DO UPDATE SET n = c.n + excluded.n;
  DELETE FROM ${t.counts} WHERE n = 0;
END`,
    // counts that others write are passed over
    ` SET pillion.tree = 'rebuild'`,
  )
}
