/**
 * Where the pointer cascades, each node has an anchor from which its children hang by a foreign key.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { list, plainLiteral, same, type TreeText, treeText, unquoted } from '../../text.js'
import { anchored } from './pieces.js'

export function anchors(t: TreeText): readonly string[] {
  return [
    hangAll(t),
    `SET STATEMENT foreign_key_checks = 0 FOR
ALTER TABLE ${t.table} ADD CONSTRAINT ${t.bare('anchor_fkey')} FOREIGN KEY IF NOT EXISTS ${t.bare('anchor_fkey')} (${list(t.pointer())}) REFERENCES ${t.own('anchor')} (${list(t.key())}) ON DELETE CASCADE`,
  ]
}

/**
 * An anchor for each node, and none for keys that are gone: rows that a foreign key takes tell no trigger. From one that children hang
 * from, behind the triggers' backs, they are not taken.
 */
export function mendAnchors(model: TreeModel): readonly string[] {
  if (!anchored(model)) return []
  const t = treeText(model)
  return [
    `DELETE a FROM ${t.own('anchor')} AS a LEFT JOIN ${t.table} AS n ON ${same(t.key('n'), t.key('a'))}
WHERE ${t.key('n')[0]} IS NULL AND NOT EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('a'))})`,
    hangAll(t),
  ]
}

const hangAll = (t: TreeText): string =>
  `INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) SELECT ${list(t.key('_n'))} FROM ${t.table} AS _n`

/** The table that hangs from the anchors may have another name by now, and another table its own. */
export function unhangAll(t: TreeText): string {
  return `BEGIN NOT ATOMIC
  FOR _key IN (SELECT table_name, constraint_name FROM information_schema.referential_constraints
      WHERE constraint_schema = database() AND constraint_name = ${plainLiteral(unquoted(t.bare('anchor_fkey')))}) DO
    EXECUTE IMMEDIATE CONCAT('ALTER TABLE \`', REPLACE(_key.table_name, '\`', '\`\`'), '\` DROP FOREIGN KEY \`', REPLACE(_key.constraint_name, '\`', '\`\`'), '\`');
  END FOR;
END`
}
