/**
 * The statements that make a tree's links on SQLite, and those that take them away.
 *
 * Triggers fire row by row here, and one statement may pass through states that are no tree. What hangs in the air meanwhile,
 * below a node that is not there yet or below itself, is cut off and waits: its row in `…_waiting` breaks a foreign key,
 * which SQLite looks at when the statement is over. By then the row must have found its place, or the statement fails.
 *
 * @module
 */
import { recount } from '../counts.js'
import type { Nameable } from '../taken.js'
import { marker } from '../marker.js'
import type { TreeModel } from '../model.js'
import { refusalText, type TreeRefusalCode } from '../refusal.js'
import { differ, keepMet, look, metBy, refuseReplace, unlookedAt } from './sqlite/replace.js'
import { letters, list, literal, same, tail, type TreeText, treeText, unquoted } from '../text.js'

/** Deeper than this a subtree is deleted flat: SQLite's own cascades end at 1,000 levels. */
const deep = 400

/** In one transaction. Running it again changes nothing. */
export function installSqlite(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    ...tables(model, t),
    ...(model.indexed ? [] : [`CREATE INDEX IF NOT EXISTS ${t.bare('children')} ON ${t.table} (${list(t.pointer())})`]),
    ...triggers(model, t).map(({ drop }) => drop),
    fillSqlite(model, t),
    ...recount(model),
    refuseUnlessTree(t),
    ...triggers(model, t).map(({ create }) => create),
  ]
}

/** What `installSqlite` made, and nothing else. */
export function uninstallSqlite(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    ...triggers(model, t).map(({ drop }) => drop),
    ...[
      t.links,
      t.own('waiting'),
      t.own('nowhere'),
      t.own('looked'),
      t.own('load'),
      ...(model.counts ? [t.counts, t.deltas] : []),
    ].map(table => `DROP TABLE IF EXISTS ${table}`),
    ...(model.indexed ? [] : [`DROP INDEX IF EXISTS ${t.bare('children')}`]),
  ]
}

/** The names of its triggers, and the table that each is on. */
export function sqliteTriggers(model: TreeModel): readonly { readonly name: string; readonly on: string }[] {
  return triggers(model, treeText(model)).map(({ name, on }) => ({ name: unquoted(name), on: unquoted(on) }))
}

/** Each as the catalogue has it, by its name. */
export function sqliteBodies(model: TreeModel): ReadonlyMap<string, string> {
  return new Map(
    triggers(model, treeText(model)).map(({ name, create }) => [
      unquoted(name),
      create.replace(`TRIGGER IF NOT EXISTS `, 'TRIGGER '),
    ]),
  )
}

/** What it makes beside tables. */
export function sqliteNames(model: TreeModel): readonly Nameable[] {
  const sql = `SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ? COLLATE NOCASE`
  return sqliteTriggers(model).map(({ name }) => ({ what: 'a trigger', name, sql, values: [name] }))
}

const columnsOf = (model: TreeModel, names: readonly string[]): readonly string[] =>
  names.map((name, i) => `${name} ${[...model.scope, ...model.key][i]?.sqlType} NOT NULL`)

/**
 * Who waits, and the parent that it waits for: by names of their own, for a key may be called `place`. The parent is written there, so that
 * no trigger but those on the nodes reads these: SQLite lets no table take a name that the trigger of another reads, and by such a name
 * migrations make a table anew.
 */
const waiter = (model: TreeModel, alias?: string): readonly string[] => lettered('_k', model, alias)
const awaited = (model: TreeModel, alias?: string): readonly string[] => [
  ...waiter(model, alias).slice(0, model.scope.length),
  ...tail(model, lettered('_p', model, alias)),
]
const lettered = (letter: string, model: TreeModel, alias?: string): readonly string[] =>
  letters(letter, model).map(name => (alias === undefined ? name : `${alias}.${name}`))

/** What is written of one that waits. */
const waiterColumns = (model: TreeModel): string => list(waiter(model), tail(model, awaited(model)))

const linkKey = (model: TreeModel, t: TreeText): string => list(t.node(), tail(model, t.ancestor()))

function tables(model: TreeModel, t: TreeText): readonly string[] {
  const ancestors = tail(model, t.ancestor()).map((name, i) => `${name} ${model.key[i]?.sqlType} NOT NULL`)
  // looked at when a statement is over: by then the triggers have seen to every row but those that REPLACE took without a trigger
  const references = (columns: readonly string[]): string =>
    `  FOREIGN KEY (${list(columns)}) REFERENCES ${t.table} (${list(t.key())})`
  const lines = [
    ...columnsOf(model, t.node()).map(each => `  ${each}`),
    ...ancestors.map(each => `  ${each}`),
    `  ${t.distance} integer NOT NULL`,
    `  PRIMARY KEY (${linkKey(model, t)}) ON CONFLICT IGNORE`,
    ...(model.foreignKeys ? [references(t.node()), references(t.ancestor())] : []),
  ]
  const parents = tail(model, awaited(model)).map((name, i) => `${name} ${model.key[i]?.sqlType}`)
  const when = model.pointer === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ''
  return [
    `CREATE TABLE IF NOT EXISTS ${t.links} ( -- ${marker(model)}\n${lines.join(',\n')}\n) WITHOUT ROWID`,
    `CREATE INDEX IF NOT EXISTS ${t.bare('down')} ON ${t.links} (${list(t.ancestor(), tail(model, t.node()))})`,
    `CREATE TABLE IF NOT EXISTS ${t.own('load')} (n integer NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${t.own('nowhere')} (place integer PRIMARY KEY CHECK (place IS NULL))`,
    `CREATE TABLE IF NOT EXISTS ${t.own('looked')} (place integer PRIMARY KEY, followed integer NOT NULL REFERENCES ${t.bare('looked')} (place) ON UPDATE CASCADE)`,
    `INSERT INTO ${t.own('looked')} SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM ${t.own('looked')})`,
    // nobody waits now, and that of an earlier version had other columns
    `DROP TABLE IF EXISTS ${t.own('waiting')}`,
    `CREATE TABLE ${t.own('waiting')} (
  ${[...columnsOf(model, waiter(model)), ...parents].join(',\n  ')},
  place integer NOT NULL DEFAULT 1 REFERENCES ${t.bare('nowhere')} (place)${when},
  PRIMARY KEY (${list(waiter(model))}) ON CONFLICT IGNORE
) WITHOUT ROWID`,
    `CREATE INDEX ${t.own('waiting_for')} ON ${t.bare('waiting')} (${list(awaited(model))})`,
    ...(model.counts
      ? [
          `CREATE TABLE IF NOT EXISTS ${t.counts} (${list(columnsOf(model, t.ancestor()))}, n integer NOT NULL, PRIMARY KEY (${list(t.ancestor())})) WITHOUT ROWID`,
          `CREATE TABLE IF NOT EXISTS ${t.deltas} (${list(columnsOf(model, t.ancestor()))}, n integer NOT NULL)`,
        ]
      : []),
  ]
}

/** From the roots downwards, which ends also where the pointers run in circles. */
export function fillSqlite(model: TreeModel, t: TreeText): string {
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const of = (alias: string, names: readonly string[]) => names.map(name => `${alias}.${name}`)
  return `WITH RECURSIVE _reached (${list(k)}) AS (
  SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${t.isRoot('n')}
  UNION ALL SELECT ${list(t.key('n'))} FROM _reached AS r JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('r', k))}
),
_made (${list(k, a)}, _far) AS (
  SELECT ${list(of('r', k), of('r', k))}, 0 FROM _reached AS r
  UNION ALL SELECT ${list(t.key('n'), of('m', a))}, m._far + 1 FROM _made AS m JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('m', k))}
)
INSERT INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
SELECT ${list(of('m', k), tail(model, of('m', a)))}, m._far FROM _made AS m ORDER BY ${list(of('m', k), tail(model, of('m', a)))}`
}

/** SQLite raises errors in triggers only, so that a row that may not be NULL has to do. */
function refuseUnlessTree(t: TreeText): string {
  return `INSERT INTO ${t.own('nowhere')} (place)
SELECT 1 FROM ${t.table} AS n WHERE NOT EXISTS (SELECT 1 FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key('n'))} AND ${same(t.ancestor('own'), t.key('n'))}) LIMIT 1`
}

interface TriggerText {
  readonly name: string
  readonly on: string
  readonly create: string
  readonly drop: string
  readonly counts: boolean
}

function trigger(t: TreeText, suffix: string, when: string, on: string, body: readonly string[]): TriggerText {
  return {
    name: t.own(suffix),
    on,
    // a function, for a name may have a $ that would mean something
    create: `CREATE TRIGGER IF NOT EXISTS ${t.own(suffix)} ${when.replace(' ON @on', () => ` ON ${on}`)}\nBEGIN\n${body.map(each => `  ${each};`).join('\n')}\nEND`,
    drop: `DROP TRIGGER IF EXISTS ${t.own(suffix)}`,
    counts: suffix.startsWith('count_'),
  }
}

function triggers(model: TreeModel, t: TreeText): readonly TriggerText[] {
  // SQLite goes by the names as an UPDATE writes them: a key that is the rowid has these, too
  const keys = list(t.key(), model.key.length + model.scope.length === 1 ? ['rowid', '_rowid_', 'oid'] : [])
  const named = list(keys, tail(model, t.pointer()))
  const linked = (row: string): string =>
    `EXISTS (SELECT 1 FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key(row))} AND ${same(t.ancestor('own'), t.key(row))})`
  const keyChanged = differ(t.key('OLD'), t.key('NEW'))
  return [
    trigger(t, 'insert', `AFTER INSERT ON @on WHEN NOT EXISTS (SELECT 1 FROM ${t.own('load')})`, t.table, [
      hasKey(t),
      notItself(t),
      detach(t, 'NEW', 1),
      // one that REPLACE took, which no trigger was told of
      waitsNoMore(model, t),
      linkItself(model, t),
      ...attach(model, t),
      ...nobodyWaits(model, t, 'TREE_PARENT_MISSING'),
    ]),
    trigger(
      t,
      'update',
      `AFTER UPDATE OF ${named} ON @on WHEN NOT ${keyChanged} AND ${differ(t.pointer('OLD'), t.pointer('NEW'))} AND ${linked('NEW')}`,
      t.table,
      [
        notItself(t),
        detach(t, 'NEW', 1),
        waitsNoMore(model, t),
        ...attach(model, t),
        ...nobodyWaits(model, t, 'TREE_PARENT_MISSING'),
      ],
    ),
    trigger(
      t,
      'take',
      `BEFORE UPDATE OF ${keys} ON @on WHEN ${keyChanged} AND EXISTS (SELECT 1 FROM ${t.table} AS n WHERE ${same(t.key('n'), t.key('NEW'))})`,
      t.table,
      refuseReplace(model, t),
    ),
    ...others(model, t),
    trigger(t, 'rename', `AFTER UPDATE OF ${keys} ON @on WHEN ${keyChanged} AND ${linked('OLD')}`, t.table, [
      hasKey(t),
      notItself(t),
      ...release(model, t),
      detach(t, 'NEW', 1),
      // one that REPLACE took, whose links are still there, was let go with the rest
      waitsNoMore(model, t),
      linkItself(model, t),
      ...attach(model, t),
      ...nobodyWaits(model, t, 'TREE_PARENT_MISSING'),
    ]),
    trigger(
      t,
      'delete',
      `${model.onDelete === 'cascade' ? 'BEFORE' : 'AFTER'} DELETE ON @on WHEN ${linked('OLD')}`,
      t.table,
      model.onDelete === 'cascade'
        ? fell(model, t)
        : [...release(model, t), ...nobodyWaits(model, t, 'TREE_CHILDREN_LEFT')],
    ),
    // who was let go by a node that goes is still linked to that, and finds no place before it has gone
    trigger(
      t,
      'settle',
      `AFTER INSERT ON @on WHEN NOT EXISTS (SELECT 1 FROM ${t.links} AS l WHERE ${same(t.node('l'), waiter(model, 'NEW'))} AND l.${t.distance} > 0)`,
      t.own('waiting'),
      settle(model, t),
    ),
    ...(model.counts ? countTriggers(t) : []),
  ]
}

/** BEFORE, for what is written has not yet taken the place of another. */
function others(model: TreeModel, t: TreeText): readonly TriggerText[] {
  const { others: keys } = model
  if (keys === undefined) return []
  const columns = [...new Set([...keys.flatMap(key => key.columns), 'rowid', '_rowid_', 'oid'])]
  const met = (of: 'NEW' | 'OLD'): string => keys.map(key => `EXISTS (SELECT 1 FROM ${metBy(t, key, of)})`).join(' OR ')
  return [
    trigger(t, 'meet', `BEFORE INSERT ON @on WHEN ${met('NEW')}`, t.table, keepMet(model, t, 'NEW')),
    trigger(
      t,
      'meet_again',
      `BEFORE UPDATE OF ${list(columns.map(t.quote))} ON @on WHEN ${met('OLD')}`,
      t.table,
      keepMet(model, t, 'OLD'),
    ),
  ]
}

/**
 * Passes over a row that is there. It is said in each statement, for what the outer statement does where keys meet, OR REPLACE
 * say, goes for those of its triggers and for the tables' own ON CONFLICT; an upsert's clause alone it leaves as it is.
 */
const once = 'ON CONFLICT DO NOTHING'

/** A key that is no INTEGER PRIMARY KEY may be NULL to SQLite, and IGNORE would leave the node without links. */
const hasKey = (t: TreeText): string =>
  `SELECT RAISE(ABORT, ${literal(refusalText('TREE_KEY_MISSING'))}) WHERE ${t
    .key('NEW')
    .map(column => `${column} IS NULL`)
    .join(' OR ')}`

const notItself = (t: TreeText): string =>
  `SELECT RAISE(ABORT, ${literal(refusalText('TREE_CYCLE'))}) WHERE ${same(t.key('NEW'), t.pointer('NEW'))}`

/** A trigger of somebody's that came before may have deleted the row. */
const isThere = (t: TreeText): string =>
  `EXISTS (SELECT 1 FROM ${t.table} AS n WHERE ${same(t.key('n'), t.key('NEW'))})`

const linkItself = (model: TreeModel, t: TreeText): string =>
  `INSERT INTO ${t.links} SELECT ${list(t.key('NEW'), tail(model, t.key('NEW')))}, 0 WHERE ${isThere(t)} ${once}`

/** Cuts a node, with what is below it, from what is above it; with `0` also what is below it from the node. */
const detach = (t: TreeText, row: string, least: 0 | 1): string => {
  const below = `SELECT ${list(t.node('d'))} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key(row))}${least === 0 ? ` AND d.${t.distance} > 0` : ''}`
  const above = `SELECT ${list(t.ancestor('a'))} FROM ${t.links} AS a WHERE ${same(t.node('a'), t.key(row))}${least === 1 ? ` AND a.${t.distance} > 0` : ''}`
  return `DELETE FROM ${t.links} WHERE (${list(t.node())}) IN (${below}) AND (${list(t.ancestor())}) IN (${above})`
}

/** Until `attach` says otherwise. */
const waitsNoMore = (model: TreeModel, t: TreeText): string =>
  `DELETE FROM ${t.own('waiting')} WHERE ${same(waiter(model), t.key('NEW'))}`

/** By the links of the parent where those are whole; else the node waits, and so does a root where somebody does for whom it may be the way. */
function attach(model: TreeModel, t: TreeText): readonly string[] {
  const whole = `NOT EXISTS (SELECT 1 FROM ${t.own('waiting')})`
  const below = `EXISTS (SELECT 1 FROM ${t.links} AS l WHERE ${same(t.node('l'), t.pointer('NEW'))} AND ${same(t.ancestor('l'), t.key('NEW'))})`
  const there = `EXISTS (SELECT 1 FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('NEW'))} AND ${same(t.ancestor('l'), t.pointer('NEW'))})`
  const isChild = tail(model, t.pointer('NEW'))
    .map(column => `${column} IS NOT NULL`)
    .join(' AND ')
  return [
    `INSERT INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
  SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
  FROM ${t.links} AS d CROSS JOIN ${t.links} AS a
  WHERE ${same(t.ancestor('d'), t.key('NEW'))} AND ${same(t.node('a'), t.pointer('NEW'))} AND ${whole} AND NOT ${below} ${once}`,
    // an action of a foreign key may have changed the pointer of the row itself by now
    `INSERT INTO ${t.own('waiting')} (${waiterColumns(model)})
  SELECT ${list(t.key('n'), tail(model, t.pointer('n')))} FROM ${t.table} AS n
  WHERE ${same(t.key('n'), t.key('NEW'))} AND ((${isChild} AND NOT ${there}) OR NOT ${whole}) ${once}`,
  ]
}

/**
 * Gives their places to those who wait and now have a way to a root. Nobody who waited before had one, so it leads over the row
 * that has just come to wait: they are below that by the pointers, and none of them has one where that row itself has none.
 */
function settle(model: TreeModel, t: TreeText): readonly string[] {
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const of = (alias: string, names: readonly string[]) => names.map(name => `${alias}.${name}`)
  const isRoot = (alias: string): string =>
    `(${tail(model, awaited(model, alias))
      .map(column => `${column} IS NULL`)
      .join(' OR ')})`
  // who is linked to the top of what was cut off waits with that
  const top = (from: string): string =>
    `${from} CROSS JOIN ${t.links} AS l CROSS JOIN ${t.own('waiting')} AS w WHERE ${same(t.node('l'), of(from, a))} AND ${same(waiter(model, 'w'), t.ancestor('l'))}`
  const whole = `EXISTS (SELECT 1 FROM ${t.links} AS own WHERE ${same(t.node('own'), of('_way', a))}) AND NOT EXISTS (SELECT 1 FROM ${t.links} AS l CROSS JOIN ${t.own('waiting')} AS w WHERE ${same(t.node('l'), of('_way', a))} AND ${same(waiter(model, 'w'), t.ancestor('l'))})`
  // at a distance: a cascade may have pointed a node to itself, whose link to itself says nothing of a parent
  const placed = `(${isRoot('NEW')} OR EXISTS (SELECT 1 FROM ${t.links} AS l WHERE ${same(t.node('l'), waiter(model, 'NEW'))} AND ${same(t.ancestor('l'), awaited(model, 'NEW'))} AND l.${t.distance} > 0))`
  return [
    // way and below are without distances, so that a circle is walked once
    `INSERT INTO ${t.links} (${linkKey(model, t)}, ${t.distance})
  WITH RECURSIVE _way (${list(a)}, _end) AS (
    SELECT ${list(awaited(model, 'NEW'))}, ${isRoot('NEW')}
    UNION SELECT ${list(awaited(model, 'w'))}, ${isRoot('w')} FROM ${top('_way')}
  ), _below (${list(k)}) AS (
    SELECT ${list(waiter(model, 'NEW'))} WHERE EXISTS (SELECT 1 FROM _way WHERE _end OR (${whole}))
    UNION SELECT ${list(waiter(model, 'w'))} FROM _below CROSS JOIN ${t.links} AS d CROSS JOIN ${t.own('waiting')} AS w
    WHERE ${same(t.ancestor('d'), of('_below', k))} AND ${same(awaited(model, 'w'), t.node('d'))}
  ), _path (${list(k, a)}, _far) AS (
    SELECT ${list(of('_below', k), awaited(model, 'w'))}, 1 FROM _below CROSS JOIN ${t.own('waiting')} AS w WHERE ${same(waiter(model, 'w'), of('_below', k))}
    UNION ALL SELECT ${list(of('_path', k), awaited(model, 'w'))}, _path._far + l.${t.distance} + 1 FROM ${top('_path')}
  )
  SELECT ${list(t.node('d'), tail(model, t.ancestor('a')))}, d.${t.distance} + _path._far + a.${t.distance}
  FROM _path CROSS JOIN ${t.links} AS a CROSS JOIN ${t.links} AS d
  WHERE ${same(t.node('a'), of('_path', a))} AND ${same(t.ancestor('d'), of('_path', k))} ${once}`,
    `DELETE FROM ${t.own('waiting')} WHERE ${placed} AND (${list(waiter(model))}) IN (SELECT ${list(t.node('d'))} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), waiter(model, 'NEW'))})`,
  ]
}

/**
 * With foreign keys off nobody looks at who waits when the statement is over; so then nobody may wait. A CASE asks one after the
 * other: of an AND SQLite makes a join, and goes through all who wait before it finds the other side false.
 */
function nobodyWaits(model: TreeModel, t: TreeText, absent: TreeRefusalCode): readonly string[] {
  const raiseWhere = (code: TreeRefusalCode, rows: string): string =>
    `SELECT RAISE(ABORT, ${literal(`${refusalText(code)} With PRAGMA foreign_keys off each row must leave a tree.`)})
  WHERE CASE WHEN ${unlookedAt(t)} THEN EXISTS (SELECT 1 FROM ${rows}) END`
  const withParent = `${t.own('waiting')} AS w JOIN ${t.table} AS n ON ${same(t.key('n'), waiter(model, 'w'))} JOIN ${t.table} AS p ON ${same(t.key('p'), t.pointer('n'))}`
  return [
    look(t, `EXISTS (SELECT 1 FROM ${t.own('waiting')})`),
    raiseWhere('TREE_CYCLE', withParent),
    raiseWhere(absent, t.own('waiting')),
  ]
}

/** Takes a node out; its children wait for whatever the statement does with them. */
function release(model: TreeModel, t: TreeText): readonly string[] {
  return [
    `INSERT INTO ${t.own('waiting')} (${waiterColumns(model)}) SELECT ${list(t.node('d'), tail(model, t.key('OLD')))} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))} AND d.${t.distance} = 1 ${once}`,
    detach(t, 'OLD', 0),
    `DELETE FROM ${t.links} WHERE ${same(t.node(), t.key('OLD'))}`,
    `DELETE FROM ${t.own('waiting')} WHERE ${same(waiter(model), t.key('OLD'))}`,
  ]
}

/**
 * Takes a node out with all that is below it. A deep subtree is felled here: without pointers its rows are no subtree any
 * more, and no cascade has any depth. Triggers pass over nodes that have no link to themselves.
 */
function fell(model: TreeModel, t: TreeText): readonly string[] {
  const below = `SELECT ${list(t.node('d'))} FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))}`
  const isDeep = `EXISTS (SELECT 1 FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.key('OLD'))} AND d.${t.distance} > ${deep})`
  const rows = `(${list(t.key())}) IN (${below} AND d.${t.distance} > 0) AND ${isDeep}`
  const hasChildren = `EXISTS (SELECT 1 FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.key('OLD'))})`
  return [
    look(t, hasChildren),
    `SELECT RAISE(ABORT, ${literal(`${refusalText('TREE_CHILDREN_LEFT')} With PRAGMA foreign_keys off nothing deletes what is below a node.`)})
  WHERE CASE WHEN ${unlookedAt(t)} THEN ${hasChildren} END`,
    `DELETE FROM ${t.own('waiting')} WHERE (${list(waiter(model))}) IN (${below})`,
    `DELETE FROM ${t.links} WHERE ${t.distance} = 0 AND (${list(t.node())}) IN (${below})`,
    `UPDATE ${t.table} SET ${tail(model, t.pointer())
      .map(column => `${column} = NULL`)
      .join(', ')} WHERE ${rows}`,
    `DELETE FROM ${t.table} WHERE ${rows}`,
    `DELETE FROM ${t.links} WHERE (${list(t.node())}) IN (${below}) OR (${list(t.node())}) = (${list(t.key('OLD'))})`,
  ]
}

/** One writer at a time: nobody waits for the root, and counts need no deltas. */
function countTriggers(t: TreeText): readonly TriggerText[] {
  const add = (row: string, n: string): string =>
    `INSERT INTO ${t.counts} (${list(t.ancestor())}, n) VALUES (${list(t.ancestor(row))}, ${n}) ON CONFLICT (${list(t.ancestor())}) DO UPDATE SET n = n + ${n}`
  return [
    trigger(t, 'count_up', `AFTER INSERT ON @on WHEN NEW.${t.distance} > 0`, t.links, [add('NEW', '1')]),
    trigger(t, 'count_down', `AFTER DELETE ON @on WHEN OLD.${t.distance} > 0`, t.links, [add('OLD', '-1')]),
  ]
}
