/**
 * What goes with a node.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { letters, list, named, same, type TreeText } from '../../text.js'
import { anchored, detach, stillNeeded, variables } from './pieces.js'
import { takeLocks } from './locks.js'

/** Takes a node out of the links; what is below it stays, as roots. */
export function remove(t: TreeText, check = ''): string {
  return `${takeLocks(t)}${check}
${detach(t, 'OLD', 0)}
  DELETE FROM ${t.links} WHERE ${same(t.node(t.links), t.key('OLD'))};`
}

/** Looked at once the lock is held, and by a reading that waits for what is under way. */
export const childless = (t: TreeText): string => `
  SELECT COUNT(*) INTO _under FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('OLD'))} LOCK IN SHARE MODE;
  IF _under > 0 AND @@foreign_key_checks THEN
    ${stillNeeded}
  END IF;`

interface DeleteTrigger {
  readonly suffix: string
  readonly when: 'BEFORE DELETE' | 'AFTER DELETE'
  readonly body: string
}

/**
 * What can be done once the row is gone is done then, for DELETE IGNORE may leave it: that of a fact, say, whose foreign key holds on
 * to it. Where links go with their rows, by foreign keys of their own, nothing is left then to tell whom to count, or what hung below.
 */
export function onDelete(model: TreeModel, t: TreeText): readonly DeleteTrigger[] {
  const check = model.pointer === 'unchecked' ? childless(t) : ''
  const before = (body: string): DeleteTrigger => ({ suffix: 'delete', when: 'BEFORE DELETE', body })
  const after = (suffix: string, body: string): DeleteTrigger => ({ suffix, when: 'AFTER DELETE', body })
  if (anchored(model))
    return [before(cutAnchors(model, t)), ...(goesBefore(model) ? [] : [after('deleted', uprootBelow(t))])]
  const removed = `${variables}\n${remove(t, check)}`
  if (!model.foreignKeys) return [after('delete', removed)]
  // the locks before the links go
  return goesBefore(model) ? [before(removed)] : [before(`${variables}\n${takeLocks(t)}`), after('deleted', removed)]
}

/** Do the links' own foreign keys leave nothing to be told from, once a row is gone? */
const goesBefore = ({ foreignKeys, counts, onDelete: does }: TreeModel): boolean =>
  foreignKeys && (counts || does.startsWith('set'))

/** Takes a node out by itself. What is below it stays: that is so where foreign keys are not looked at. */
const uproot = (t: TreeText): string => `${remove(t)}
  DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), t.key('OLD'))};`

/** Once the row is gone, and what is below it by its foreign key, of which no trigger was told. */
function uprootBelow(t: TreeText): string {
  const below = (table: string, key: readonly string[]): string =>
    `DELETE x FROM ${t.links} AS d STRAIGHT_JOIN ${table} AS x ON ${same(key, t.node('d'))} WHERE ${same(t.ancestor('d'), t.key('OLD'))};`
  return `${variables}
  IF @@foreign_key_checks THEN
    ${below(t.own('anchor'), t.key('x'))}
    ${below(t.links, t.node('x'))}
    DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), t.key('OLD'))};
  ELSE
${uproot(t)}
  END IF;`
}

/**
 * So many levels are left to the engine, which takes 15 at once: below nodes there may be facts that go with them, and where another
 * foreign key takes nodes, a tree of another pointer.
 */
const shallow = ({ foreignKeys }: TreeModel): number => (foreignKeys ? 4 : 10)

/**
 * A deep subtree from the bottom up, so that no cascade of the engine's own is ever more than one level deep. It cannot wait until the
 * row is gone: the engine would refuse.
 */
function cutAnchors(model: TreeModel, t: TreeText): string {
  const k = letters('_k', model)
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  const isDeep = `EXISTS (SELECT 1 FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))} AND d.${t.distance} > ${shallow(model)})`
  const links = (
    least: string,
  ): string => `  DELETE l FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS l ON ${same(t.node('l'), t.node('d'))}
  WHERE ${same(t.ancestor('d'), t.key('OLD'))}${least};`
  const cut = `  cutting: LOOP
    FETCH _below INTO ${list(k)};
    IF _done THEN
      LEAVE cutting;
    END IF;
    DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), k)};
  END LOOP;
  CLOSE _below;`
  return `${variables}
  DECLARE _done boolean DEFAULT FALSE;
${k.map((name, i) => `  DECLARE ${name} ${types[i]};`).join('\n')}
  DECLARE _below CURSOR FOR
    SELECT ${named(t.node('d'), k)} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))} ORDER BY d.${t.distance} DESC LOCK IN SHARE MODE;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET _done = TRUE;
  IF @@foreign_key_checks THEN
${takeLocks(t)}
${
  // the cursor has read them all by then; rows that a cut takes take their links with them, and those count nothing down
  goesBefore(model)
    ? `  OPEN _below;
${links('')}
${cut}
  ELSE
${uproot(t)}
  END IF;`
    : `  IF ${isDeep} THEN
  OPEN _below;
${cut}
${links(` AND d.${t.distance} > 0`)}
  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('OLD'))});
  END IF;
  END IF;`
}`
}
