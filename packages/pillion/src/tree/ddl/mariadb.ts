/**
 * The statements that make a tree's links on MariaDB, and those that take them away.
 *
 * Triggers fire row by row here, and each row is a move of its own. Every read is a locking one, and so sees what is
 * committed whatever the isolation level. Foreign keys delete at most 15 levels and fire no triggers: where the pointer
 * cascades, each node has an anchor, its children hang from that too, and the trigger cuts the anchors from the bottom up.
 *
 * @module
 */
import { recount } from '../counts.js'
import type { Nameable } from '../taken.js'
import type { TreeModel } from '../model.js'
import { list, type TreeText, treeText, unquoted } from '../text.js'
import { anchored } from './mariadb/pieces.js'
import { anchorTable, countTables, keepTable, linkKeyNames, linkKeys, linksTable, loadTable } from './mariadb/tables.js'
import { anchors, unhangAll } from './mariadb/anchors.js'
import { fillMariadb, lockTables, refuseUnlessTree } from './mariadb/fill.js'
import { rollUp } from './mariadb/counts.js'
import { triggers } from './mariadb/triggers.js'

/** What `installMariadb` makes, one statement after the other: DDL commits by itself here. Running it again changes nothing. */
export function installMariadb(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    refuseUnlessTree(model, t),
    linksTable(model, t),
    loadTable(t),
    ...(model.counts ? [...countTables(model, t), rollUp(t)] : []),
    ...(anchored(model) ? [anchorTable(model, t)] : []),
    keepTable(model, t),
    ...(model.indexed ? [] : [`CREATE INDEX IF NOT EXISTS ${t.bare('children')} ON ${t.table} (${list(t.pointer())})`]),
    lockTables(model, t),
    fillMariadb(model, t),
    ...recount(model),
    ...(anchored(model) ? anchors(t) : []),
    ...(model.foreignKeys ? linkKeys(model, t) : []),
    ...triggers(model, t).map(({ create }) => create),
    'UNLOCK TABLES',
  ]
}

/** What `installMariadb` made, and nothing else. */
export function uninstallMariadb(model: TreeModel): readonly string[] {
  const t = treeText(model)
  // the links last: they say what else there is, to whoever goes on where this was interrupted
  const tables = [t.own('keep'), t.own('load'), ...(model.counts ? [t.counts, t.deltas] : []), t.links]
  return [
    ...triggers(model, t).map(({ name }) => `DROP TRIGGER IF EXISTS ${name}`),
    ...(anchored(model) ? [unhangAll(t), `DROP TABLE IF EXISTS ${t.own('anchor')}`] : []),
    ...(model.counts ? [`DROP PROCEDURE IF EXISTS ${t.own('roll_up')}`] : []),
    ...(model.indexed ? [] : [dropIndex(t)]),
    `DROP TABLE IF EXISTS ${list(tables)}`,
  ]
}

/** A foreign key that came later may need it, and has it then; so has a table that is called otherwise by now. */
function dropIndex(t: TreeText): string {
  return `BEGIN NOT ATOMIC
  DECLARE CONTINUE HANDLER FOR 1553, 1146 BEGIN END;
  DROP INDEX IF EXISTS ${t.bare('children')} ON ${t.table};
END`
}

export function mariadbTriggerNames(model: TreeModel): readonly string[] {
  return triggers(model, treeText(model)).map(({ name }) => unquoted(name))
}

/** What each trigger does, by its name, as the catalogue has it. */
export function mariadbBodies(model: TreeModel): ReadonlyMap<string, string> {
  return new Map(triggers(model, treeText(model)).map(({ name, body }) => [unquoted(name), body]))
}

/** What it makes beside tables, and a SELECT that finds something of that name. */
export function mariadbNames(model: TreeModel): readonly Nameable[] {
  const t = treeText(model)
  const bare = (suffix: string): string => unquoted(t.bare(suffix))
  const found = (what: string, from: string, name: string, ...values: readonly string[]) => ({
    what,
    name,
    sql: `SELECT 1 FROM information_schema.${from} LIMIT 1`,
    values: [name, ...values],
  })
  const keys = ['keep_fkey', ...(anchored(model) ? ['anchor_fkey'] : []), ...(model.foreignKeys ? linkKeyNames : [])]
  const pointer = t.pointer().map(unquoted)
  return [
    ...mariadbTriggerNames(model).map(name =>
      found('a trigger', 'triggers WHERE event_object_schema = database() AND trigger_name = ?', name),
    ),
    ...(model.counts
      ? [
          found(
            'a procedure',
            `routines WHERE routine_schema = database() AND routine_type = 'PROCEDURE' AND routine_name = ?`,
            bare('roll_up'),
          ),
        ]
      : []),
    ...keys.map(key =>
      found(
        'a foreign key',
        'referential_constraints WHERE constraint_schema = database() AND constraint_name = ?',
        bare(key),
      ),
    ),
    // its own may have been left to a foreign key
    ...(model.indexed
      ? []
      : [
          found(
            'an index',
            `statistics WHERE table_schema = database() AND index_name = ? AND table_name = ? AND COALESCE(column_name, '') NOT IN (${list(pointer.map(() => '?'))})`,
            bare('children'),
            model.table,
            ...pointer,
          ),
        ]),
  ]
}
