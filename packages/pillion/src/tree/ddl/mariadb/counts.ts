/**
 * Counts: each link that comes or goes leaves a delta, and these are added up.
 *
 * @module
 */
import { list, same, type TreeText } from '../../text.js'

/** Adds the deltas up into the counts. Run it as often as you like, by as many as like: what others add up, or have not committed, is left to them. */
export function rollUp(t: TreeText): string {
  const ancestor = list(t.ancestor())
  return `CREATE OR REPLACE PROCEDURE ${t.own('roll_up')}() MODIFIES SQL DATA
BEGIN
  IF @@in_transaction THEN
    SIGNAL SQLSTATE '25001' SET MESSAGE_TEXT = 'Counts are added up in a transaction of their own: call this outside of any.';
  END IF;
  BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    START TRANSACTION;
    CREATE OR REPLACE TEMPORARY TABLE pillion_gone ENGINE=InnoDB AS SELECT id, ${ancestor}, n FROM ${t.deltas} FOR UPDATE SKIP LOCKED;
    INSERT INTO ${t.counts} (${ancestor}, n)
      SELECT ${ancestor}, SUM(n) AS gone FROM pillion_gone GROUP BY ${ancestor} ORDER BY ${ancestor}
      ON DUPLICATE KEY UPDATE n = ${t.counts}.n + VALUES(n);
    DELETE d FROM pillion_gone AS g STRAIGHT_JOIN ${t.deltas} AS d ON d.id = g.id;
    DELETE c FROM pillion_gone AS g STRAIGHT_JOIN ${t.counts} AS c ON ${same(t.ancestor('c'), t.ancestor('g'))} WHERE c.n = 0;
    COMMIT;
    DROP TEMPORARY TABLE pillion_gone;
  END;
END`
}
