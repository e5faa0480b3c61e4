/**
 * The statements that make a tree's links on MariaDB, and those that take them away.
 *
 * Triggers fire row by row here, and each row is a move of its own. Every read is a locking one, and so sees what is
 * committed whatever the isolation level. Foreign keys delete at most 15 levels and fire no triggers: where the pointer
 * cascades, each node has an anchor, its children hang from that too, and the trigger cuts the anchors from the bottom up.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { recount } from '../counts.js'
import type { Nameable } from '../taken.js'
import { marker } from '../marker.js'
import type { TreeModel } from '../model.js'
import { refusalText } from '../refusal.js'
import { letters, list, literal, named, plainLiteral, same, tail, type TreeText, treeText, unquoted } from '../text.js'

/** What `installMariadb` makes, one statement after the other: DDL commits by itself here. Running it again changes nothing. */
export function installMariadb(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    refuseUnlessTree(model, t),
    linksTable(model, t),
    `CREATE TABLE IF NOT EXISTS ${t.own('load')} (n bigint NOT NULL) ENGINE=InnoDB`,
    ...(model.counts ? [...countTables(model, t), rollUp(t)] : []),
    ...(anchored(model) ? [anchorTable(model, t)] : []),
    `CREATE TABLE IF NOT EXISTS ${t.own('keep')} (\n  ${list(columnsOf(model, t.key()))},\n  PRIMARY KEY (${list(t.key())}),\n  CONSTRAINT ${t.bare('keep_fkey')} FOREIGN KEY (${list(asReferenced(model, t.key()))}) REFERENCES ${t.table} (${list(asReferenced(model, t.key()))})\n) ENGINE=InnoDB COMMENT 'Stays empty: a table that others point to is not truncated.'`,
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

/** A foreign key that came later may need it, and has it then. */
function dropIndex(t: TreeText): string {
  return `BEGIN NOT ATOMIC
  DECLARE CONTINUE HANDLER FOR 1553 BEGIN END;
  DROP INDEX IF EXISTS ${t.bare('children')} ON ${t.table};
END`
}

export function mariadbTriggerNames(model: TreeModel): readonly string[] {
  return triggers(model, treeText(model)).map(({ name }) => unquoted(name))
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

const anchored = (model: TreeModel): boolean => model.onDelete === 'cascade'

/** Columns of a key, given with the scope's first, in the order that foreign keys to the nodes need. */
function asReferenced({ scope, key, referenced }: TreeModel, columns: readonly string[]): readonly string[] {
  const names = [...scope, ...key].map(({ name }) => name)
  return (referenced ?? names).map(name => columns[names.indexOf(name)] ?? '')
}

const columnsOf = (model: TreeModel, names: readonly string[]): readonly string[] =>
  names.map((name, i) => `${name} ${[...model.scope, ...model.key][i]?.sqlType} NOT NULL`)

function linksTable(model: TreeModel, t: TreeText): string {
  const ancestors = tail(model, t.ancestor()).map((name, i) => `${name} ${model.key[i]?.sqlType} NOT NULL`)
  return `CREATE TABLE IF NOT EXISTS ${t.links} (
  ${list(columnsOf(model, t.node()), ancestors, `${t.distance} int NOT NULL`).replaceAll(', ', ',\n  ')},
  PRIMARY KEY (${linkKey(model, t)}),
  KEY ${t.bare('down')} (${list(t.ancestor(), tail(model, t.node()))})
) ENGINE=InnoDB COMMENT ${literal(comment(model))}`
}

/** Where MariaDB is not strict it would cut what is longer. */
function comment(model: TreeModel): string {
  const text = marker(model)
  if (text.length <= 2048) return text
  throw new PillionError(
    'TREE_INVALID',
    `What there is to remember of the tree ${model.links.name} takes ${text.length} characters, and MariaDB has 2048 for a table’s comment.`,
    {
      hint: 'Names and types of the key and the pointer are in it: take a key of shorter ones, as a number for a long ENUM.',
    },
  )
}

function countTables(model: TreeModel, t: TreeText): readonly string[] {
  const columns = list(columnsOf(model, t.ancestor()))
  return [
    `CREATE TABLE IF NOT EXISTS ${t.counts} (\n  ${columns},\n  n bigint NOT NULL,\n  PRIMARY KEY (${list(t.ancestor())})\n) ENGINE=InnoDB`,
    `CREATE TABLE IF NOT EXISTS ${t.deltas} (\n  ${columns},\n  n bigint NOT NULL,\n  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  KEY ${t.bare('delta_node')} (${list(t.ancestor())})\n) ENGINE=InnoDB`,
  ]
}

function anchorTable(model: TreeModel, t: TreeText): string {
  return `CREATE TABLE IF NOT EXISTS ${t.own('anchor')} (\n  ${list(columnsOf(model, t.key()))},\n  PRIMARY KEY (${list(t.key())})\n) ENGINE=InnoDB`
}

const linkKey = (model: TreeModel, t: TreeText): string => list(t.node(), tail(model, t.ancestor()))

/** Nothing is made where the pointers make no tree: DDL cannot be rolled back here. */
function refuseUnlessTree(model: TreeModel, t: TreeText): string {
  const k = letters('_k', model)
  return `BEGIN NOT ATOMIC
  DECLARE _all, _reached bigint;
  SELECT COUNT(*) INTO _all FROM ${t.table};
  SET STATEMENT max_recursive_iterations = 4294967295 FOR
  WITH RECURSIVE _found (${list(k)}) AS (
    SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${t.isRoot('n')}
    UNION ALL SELECT ${list(t.key('n'))} FROM _found AS r JOIN ${t.table} AS n ON ${same(
      t.pointer('n'),
      k.map(each => `r.${each}`),
    )}
  ) SELECT COUNT(*) INTO _reached FROM _found;
  IF _all <> _reached THEN
    ${signal(4025, 'The table is no tree: a node has no path to a root. It is below itself, or its parent is missing.')}
  END IF;
END`
}

/** Each name that a later statement gives a table is locked by itself: names that no table has, for one is not locked twice. */
function lockTables(model: TreeModel, t: TreeText): string {
  const locked = [
    `${t.table} WRITE`,
    `${t.table} AS _n WRITE`,
    `${t.table} AS _c WRITE`,
    `${t.links} WRITE`,
    `${t.links} AS _l WRITE`,
    `${t.own('keep')} WRITE`,
    ...(anchored(model) ? [`${t.own('anchor')} WRITE`] : []),
    ...(model.counts ? [`${t.counts} WRITE`, `${t.deltas} WRITE`] : []),
  ]
  return `LOCK TABLES ${list(locked)}`
}

/** All links from the pointers: from every node downwards. */
export function fillMariadb(model: TreeModel, t: TreeText): string {
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const of = (names: readonly string[]) => names.map(name => `m.${name}`)
  return `SET STATEMENT max_recursive_iterations = 4294967295 FOR
INSERT IGNORE INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
WITH RECURSIVE _made (${list(k, a)}, _far) AS (
  SELECT ${list(t.key('_n'), t.key('_n'))}, 0 FROM ${t.table} AS _n
  UNION ALL SELECT ${list(t.key('_c'), of(a))}, m._far + 1 FROM _made AS m JOIN ${t.table} AS _c ON ${same(t.pointer('_c'), of(k))}
)
SELECT ${list(of(k), tail(model, of(a)))}, m._far FROM _made AS m ORDER BY ${list(of(k), tail(model, of(a)))}`
}

function anchors(t: TreeText): readonly string[] {
  return [
    `INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) SELECT ${list(t.key('_n'))} FROM ${t.table} AS _n`,
    `SET STATEMENT foreign_key_checks = 0 FOR
ALTER TABLE ${t.table} ADD CONSTRAINT ${t.bare('anchor_fkey')} FOREIGN KEY IF NOT EXISTS ${t.bare('anchor_fkey')} (${list(t.pointer())}) REFERENCES ${t.own('anchor')} (${list(t.key())}) ON DELETE CASCADE`,
  ]
}

/** The table that hangs from the anchors may have another name by now, and another table its own. */
function unhangAll(t: TreeText): string {
  return `BEGIN NOT ATOMIC
  FOR _key IN (SELECT table_name, constraint_name FROM information_schema.referential_constraints
      WHERE constraint_schema = database() AND constraint_name = ${plainLiteral(unquoted(t.bare('anchor_fkey')))}) DO
    EXECUTE IMMEDIATE CONCAT('ALTER TABLE \`', REPLACE(_key.table_name, '\`', '\`\`'), '\` DROP FOREIGN KEY \`', REPLACE(_key.constraint_name, '\`', '\`\`'), '\`');
  END FOR;
END`
}

const linkKeyNames = ['node_fkey', 'ancestor_fkey']

function linkKeys(model: TreeModel, t: TreeText): readonly string[] {
  const key = (name: string, columns: readonly string[]): string =>
    `ALTER TABLE ${t.links} ADD CONSTRAINT ${t.bare(name)} FOREIGN KEY IF NOT EXISTS ${t.bare(name)} (${list(asReferenced(model, columns))}) REFERENCES ${t.table} (${list(asReferenced(model, t.key()))}) ON DELETE CASCADE`
  return linkKeyNames.map((name, i) => key(name, i === 0 ? t.node() : t.ancestor()))
}

interface TriggerText {
  readonly name: string
  readonly create: string
}

// columns are always said of their table: a trigger takes what has none for its own variable, where there is one of that name
function triggers(model: TreeModel, t: TreeText): readonly TriggerText[] {
  const trigger = (suffix: string, when: string, on: string, body: string): TriggerText => ({
    name: t.own(suffix),
    create: `CREATE OR REPLACE TRIGGER ${t.own(suffix)} ${when} ON ${on} FOR EACH ROW\nBEGIN\n${body}\nEND`,
  })
  const count = (row: string, n: number): string =>
    `  IF ${row}.${t.distance} > 0 THEN
    INSERT INTO ${t.deltas} (${list(t.ancestor())}, n) VALUES (${list(t.ancestor(row))}, ${n});
  END IF;`
  return [
    trigger('insert', 'AFTER INSERT', t.table, onInsert(model, t)),
    trigger('update', 'AFTER UPDATE', t.table, onUpdate(model, t)),
    ...(anchored(model)
      ? [trigger('delete', 'BEFORE DELETE', t.table, cutAnchors(model, t))]
      : [trigger('delete', model.foreignKeys ? 'BEFORE DELETE' : 'AFTER DELETE', t.table, onDelete(model, t))]),
    ...(uproots(model) ? [trigger('deleted', 'AFTER DELETE', t.table, uproot(t))] : []),
    ...(model.counts
      ? [
          trigger('count_up', 'AFTER INSERT', t.links, count('NEW', 1)),
          trigger('count_down', 'AFTER DELETE', t.links, count('OLD', -1)),
        ]
      : []),
  ]
}

const signal = (errno: number, message: string): string =>
  `SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = ${literal(message)};`

const cycle = signal(4025, refusalText('TREE_CYCLE'))
const missingParent = signal(1452, refusalText('TREE_PARENT_MISSING'))
const stillNeeded = signal(1451, refusalText('TREE_CHILDREN_LEFT'))

/**
 * Shares the locks of everything on the paths of some nodes, and reads again until nothing changed. A lock is the link of a
 * node to itself.
 */
function lockPaths(t: TreeText, nodes: string, step: string): string {
  // a session may have been told to cut what is longer
  const seen = `SET STATEMENT group_concat_max_len = 4294967295 FOR
    SELECT GROUP_CONCAT(DISTINCT ${t.ancestor('own').join(`, ',', `)} ORDER BY ${list(t.ancestor('own'))} SEPARATOR ';') INTO _${step}
      FROM ${t.links} AS path STRAIGHT_JOIN ${t.links} AS own ON ${same(t.node('own'), t.ancestor('path'))} AND ${same(t.ancestor('own'), t.ancestor('path'))}
      WHERE ${nodes} LOCK IN SHARE MODE;`
  return `  REPEAT
    ${seen}
    ${seen.replace(` INTO _${step}`, ' INTO _again')}
  UNTIL _${step} <=> _again END REPEAT;`
}

const hasParent = (model: TreeModel, t: TreeText, row: string): string =>
  tail(model, t.pointer(row))
    .map(column => `${column} IS NOT NULL`)
    .join(' AND ')

/** A parent that a load has brought has no links before the load is done. */
const unlessUnlinked = (
  t: TreeText,
): string => `    SELECT COUNT(*) INTO _there FROM ${t.table} AS c WHERE ${same(t.key('c'), t.pointer('NEW'))} LOCK IN SHARE MODE;
    IF _there = 0 THEN
      ${missingParent}
    END IF;`

/** Links a node that has no links yet, and hangs below it what waited for it: rows may come in any order without foreign keys. */
function link(model: TreeModel, t: TreeText): string {
  const columns = `${linkKey(model, t)}, ${t.distance}`
  return `  IF ${same(t.key('NEW'), t.pointer('NEW'))} THEN
    ${cycle}
  END IF;
${lockPaths(t, same(t.node('path'), t.pointer('NEW')), 'path')}
${
  model.pointer === 'unchecked'
    ? `  IF ${hasParent(model, t, 'NEW')} AND _path IS NULL AND @@foreign_key_checks THEN
${unlessUnlinked(t)}
  END IF;\n`
    : ''
}${anchored(model) ? `  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('NEW'))});\n` : ''}  INSERT INTO ${t.links} (${columns})
  SELECT ${list(t.key('NEW'), tail(model, t.ancestor('path')))}, path.${t.distance} + 1 FROM ${t.links} AS path
  WHERE ${same(t.node('path'), t.pointer('NEW'))} LOCK IN SHARE MODE;
  INSERT INTO ${t.links} (${columns}) VALUES (${list(t.key('NEW'), tail(model, t.key('NEW')))}, 0);
  IF EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('NEW'))}) THEN
    IF EXISTS (SELECT 1 FROM ${t.table} AS c JOIN ${t.links} AS path ON ${same(t.ancestor('path'), t.key('c'))}
        WHERE ${same(t.pointer('c'), t.key('NEW'))} AND ${same(t.node('path'), t.key('NEW'))}) THEN
      ${cycle}
    END IF;
    INSERT IGNORE INTO ${t.links} (${columns})
    SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
    FROM ${t.table} AS c STRAIGHT_JOIN ${t.links} AS d ON ${same(t.ancestor('d'), t.key('c'))} STRAIGHT_JOIN ${t.links} AS a
    WHERE ${same(t.pointer('c'), t.key('NEW'))} AND ${same(t.node('a'), t.key('NEW'))} LOCK IN SHARE MODE;
  END IF;`
}

/** Cuts a node, with what is below it, from what is above it. */
const detach = (t: TreeText, row: string, least: 0 | 1): string => `  DELETE l
  FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS o STRAIGHT_JOIN ${t.links} AS l ON ${same(t.node('l'), t.node('d'))} AND ${same(t.ancestor('l'), t.ancestor('o'))}
  WHERE ${same(t.ancestor('d'), t.key(row))} AND ${same(t.node('o'), t.key(row))} AND ${least === 1 ? 'o' : 'd'}.${t.distance} > 0;`

/** What was seen on the way; no DECLARE may come later. */
const variables = `  DECLARE _path, _paths, _above, _again longtext;
  DECLARE _own, _under, _there bigint;`

/** While a load goes on in this session links are left for its end; anchors are not, for children hang from them. */
function onInsert(model: TreeModel, t: TreeText): string {
  return `${variables}
${anchored(model) ? `  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('NEW'))});\n` : ''}  IF COALESCE(@pillion_tree, '') <> 'load' THEN
${link(model, t)}
  END IF;`
}

const takeLock = (t: TreeText, row: string): string =>
  `  SELECT COUNT(*) INTO _own FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key(row))} AND ${same(t.ancestor('own'), t.key(row))} FOR UPDATE;`

function onUpdate(model: TreeModel, t: TreeText): string {
  const differ = (left: readonly string[], right: readonly string[]): string =>
    `NOT (${left.map((each, i) => `${each} <=> ${right[i]}`).join(' AND ')})`
  const there = (row: string, rest = ''): string =>
    `EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.key('c'), t.key(row))}${rest})`
  // a fraction of a second is not the same to <=> here, though it is to =
  const written = t
    .pointer('c')
    .map((column, i) => [column, t.pointer('NEW')[i]])
    .map(([column, value]) => ` AND (${column} = ${value} OR (${column} IS NULL AND ${value} IS NULL))`)
    .join('')
  // UPDATE IGNORE calls triggers for rows that it could not change, too
  return `${variables}
  IF ${differ(t.key('OLD'), t.key('NEW'))} THEN
    IF ${there('NEW', written)} AND NOT ${there('OLD')} THEN
${remove(t, model.pointer === 'unchecked' ? childless(t) : '')}
${anchored(model) ? `    DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), t.key('OLD'))};\n` : ''}${link(model, t)}
    END IF;
  ELSEIF ${differ(t.pointer('OLD'), t.pointer('NEW'))} AND ${there('NEW', written)} THEN
${takeLock(t, 'NEW')}
${lockPaths(t, `(${same(t.node('path'), t.key('NEW'))} AND path.${t.distance} > 0) OR (${same(t.node('path'), t.pointer('NEW'))})`, 'paths')}
    SELECT COUNT(*) INTO _under FROM ${t.links} AS path
    WHERE ${same(t.node('path'), t.pointer('NEW'))} AND ${same(t.ancestor('path'), t.key('NEW'))} LOCK IN SHARE MODE;
    IF _under > 0 THEN
      ${cycle}
    END IF;
${
  model.pointer === 'unchecked'
    ? `    SELECT COUNT(*) INTO _there FROM ${t.links} AS own WHERE ${same(t.node('own'), t.pointer('NEW'))} AND own.${t.distance} = 0 LOCK IN SHARE MODE;
    IF ${hasParent(model, t, 'NEW')} AND _there = 0 AND @@foreign_key_checks THEN
${unlessUnlinked(t)}
    END IF;`
    : ''
}
${detach(t, 'NEW', 1)}
    INSERT INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
    SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
    FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS a
    WHERE ${same(t.ancestor('d'), t.key('NEW'))} AND ${same(t.node('a'), t.pointer('NEW'))} LOCK IN SHARE MODE;
  END IF;`
}

/** Takes a node out of the links; what is below it stays, as roots. */
function remove(t: TreeText, check = ''): string {
  return `${takeLock(t, 'OLD')}
${lockPaths(t, `${same(t.node('path'), t.key('OLD'))} AND path.${t.distance} > 0`, 'above')}${check}
${detach(t, 'OLD', 0)}
  DELETE FROM ${t.links} WHERE ${same(t.node(t.links), t.key('OLD'))};`
}

/** Once the row is gone, for DELETE IGNORE may leave it. The links' own foreign keys would come before that. */
function onDelete(model: TreeModel, t: TreeText): string {
  return `${variables}\n${remove(t, model.pointer === 'unchecked' ? childless(t) : '')}`
}

/** Looked at once the lock is held, and by a reading that waits for what is under way. */
const childless = (t: TreeText): string => `
  SELECT COUNT(*) INTO _under FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('OLD'))} LOCK IN SHARE MODE;
  IF _under > 0 AND @@foreign_key_checks THEN
    ${stillNeeded}
  END IF;`

/** Is a node's own part put off until its row is gone? */
const uproots = (model: TreeModel): boolean => anchored(model) && !model.foreignKeys

/** Once the row is gone. Where foreign keys are not looked at nothing was cut before, and what is below it stays. */
const uproot = (t: TreeText): string => `${variables}
${remove(t)}
  DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), t.key('OLD'))};`

/** From the bottom up, so that no cascade of the engine's own is ever more than one level deep. */
function cutAnchors(model: TreeModel, t: TreeText): string {
  const k = letters('_k', model)
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  return `${variables}
  DECLARE _done boolean DEFAULT FALSE;
${k.map((name, i) => `  DECLARE ${name} ${types[i]};`).join('\n')}
  DECLARE _below CURSOR FOR
    SELECT ${named(t.node('d'), k)} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))} ORDER BY d.${t.distance} DESC LOCK IN SHARE MODE;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET _done = TRUE;
  IF @@foreign_key_checks THEN
${takeLock(t, 'OLD')}
${lockPaths(t, `${same(t.node('path'), t.key('OLD'))} AND path.${t.distance} > 0`, 'above')}
  OPEN _below;
  cutting: LOOP
    FETCH _below INTO ${list(k)};
    IF _done THEN
      LEAVE cutting;
    END IF;
    DELETE FROM ${t.own('anchor')} WHERE ${same(t.key(t.own('anchor')), k)};
  END LOOP;
  CLOSE _below;
  DELETE l FROM ${t.links} AS d STRAIGHT_JOIN ${t.links} AS l ON ${same(t.node('l'), t.node('d'))}
  WHERE ${same(t.ancestor('d'), t.key('OLD'))}${
    uproots(model)
      ? ` AND d.${t.distance} > 0;
  INSERT IGNORE INTO ${t.own('anchor')} (${list(t.key())}) VALUES (${list(t.key('OLD'))});
  END IF;`
      : `;
  ELSE
${uproot(t).slice(variables.length + 1)}
  END IF;`
  }`
}

/** Adds the deltas up into the counts. Run it as often as you like, by as many as like: what others add up, or have not committed, is left to them. */
function rollUp(t: TreeText): string {
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
