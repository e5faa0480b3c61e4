/**
 * The statements that make a tree's links on PostgreSQL, and those that take them away.
 *
 * @module
 */
import { recount } from '../counts.js'
import { marker } from '../marker.js'
import type { TreeColumn, TreeModel } from '../model.js'
import { dollars, letters, list, literal, named, same, tail, type TreeText, treeText, unquoted } from '../text.js'
import { dropPostgresFunctions, postgresFunctions } from './postgres/functions.js'

/** In one transaction: the first statement keeps other writers out until all is there. Running it again changes nothing. */
export function installPostgres(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    // all of its rows are to be linked, or none
    'SET LOCAL row_security = off',
    `LOCK TABLE ${t.table} IN SHARE ROW EXCLUSIVE MODE`,
    linksTable(model, t),
    `CREATE TABLE IF NOT EXISTS ${t.own('load')} (n bigint NOT NULL)`,
    ...(model.pointer === 'deferred' ? lateTable(model, t) : []),
    ...(model.partitioned ? [rekeyedTable(model, t)] : []),
    ...(model.counts ? countTables(model, t) : []),
    ...keyless(model, t).map(each => `ALTER TABLE ${each} REPLICA IDENTITY FULL`),
    ...(model.indexed ? [] : [`CREATE INDEX IF NOT EXISTS ${t.bare('children')} ON ${t.table} (${list(t.pointer())})`]),
    ...postgresTriggers(model).flatMap(({ drop }) => drop),
    ...postgresFunctions(model),
    ...fillPostgres(model),
    ...recount(model),
    ...postgresTriggers(model).map(({ create }) => create),
    `COMMENT ON TABLE ${t.links} IS ${literal(marker(model))}`,
  ]
}

/** What `installPostgres` made, and nothing else. */
export function uninstallPostgres(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [
    ...postgresTriggers(model)
      .filter(({ on }) => on === 'nodes')
      .flatMap(({ drop }) => drop),
    `DROP TABLE IF EXISTS ${list(t.links, t.own('load'), t.late, t.own('rekeyed'), model.counts ? [t.counts, t.deltas] : [])}`,
    ...dropPostgresFunctions(model),
    ...(model.indexed ? [] : [`DROP INDEX IF EXISTS ${t.own('children')}`]),
  ]
}

/** Compared as the node's own is, and by its index. */
const columnLike = (name: string, like: TreeColumn | undefined): string =>
  `${name} ${like?.sqlType}${like?.collate === undefined ? '' : ` COLLATE ${like.collate}`} NOT NULL`

/** The columns of a node's key, by their names in another table. */
const keyColumns = ({ scope, key }: TreeModel, names: readonly string[]): readonly string[] =>
  names.map((name, i) => columnLike(name, [...scope, ...key][i]))

function linksTable(model: TreeModel, t: TreeText): string {
  const columns = [
    ...keyColumns(model, t.node()),
    ...tail(model, keyColumns(model, t.ancestor())),
    `${t.distance} integer NOT NULL`,
  ]
  return `CREATE TABLE IF NOT EXISTS ${t.links} (\n  ${columns.join(',\n  ')}\n)`
}

/** Of nodes whose parent is yet to come. Of one node there may be several. */
function lateTable(model: TreeModel, t: TreeText): readonly string[] {
  const columns = keyColumns(model, t.node())
  return [
    `CREATE TABLE IF NOT EXISTS ${t.late} (\n  ${columns.join(',\n  ')}\n)`,
    `CREATE INDEX IF NOT EXISTS ${t.bare('late_node')} ON ${t.late} (${list(t.node())})`,
  ]
}

/** Tables that have no key. Where they are published, as FOR ALL TABLES does, PostgreSQL lets no row of such a table go otherwise. */
const keyless = (model: TreeModel, t: TreeText): readonly string[] => [
  t.own('load'),
  ...(model.pointer === 'deferred' ? [t.late] : []),
  ...(model.partitioned ? [t.own('rekeyed')] : []),
  ...(model.counts ? [t.deltas] : []),
]

/** Keys that rows of partitions have just got, within one statement. */
const rekeyedTable = (model: TreeModel, t: TreeText): string =>
  `CREATE TABLE IF NOT EXISTS ${t.own('rekeyed')} (\n  ${[...keyColumns(model, t.node()), 'depth integer NOT NULL'].join(',\n  ')}\n)`

function countTables(model: TreeModel, t: TreeText): readonly string[] {
  const columns = keyColumns(model, t.ancestor())
  return [
    `CREATE TABLE IF NOT EXISTS ${t.counts} (\n  ${[...columns, 'n bigint NOT NULL', `PRIMARY KEY (${list(t.ancestor())})`].join(',\n  ')}\n)`,
    `CREATE TABLE IF NOT EXISTS ${t.deltas} (\n  ${[...columns, 'n bigint NOT NULL'].join(',\n  ')}\n)`,
    `CREATE INDEX IF NOT EXISTS ${t.bare('delta_node')} ON ${t.deltas} (${list(t.ancestor())})`,
  ]
}

/** Without indexes a table that has no rows is filled several times as fast. */
export function barePostgres(model: TreeModel): readonly string[] {
  const t = treeText(model)
  return [`ALTER TABLE ${t.links} DROP CONSTRAINT IF EXISTS ${t.bare('pkey')}`, `DROP INDEX IF EXISTS ${t.own('down')}`]
}

/** Statements that fill the links, by a session that may: no trigger is asked of each row whether it is so. */
export function freelyPostgres(model: TreeModel, statements: readonly string[]): readonly string[] {
  const t = treeText(model)
  const asked = (whether: string): string => `ALTER TABLE ${t.links} ${whether} TRIGGER ${t.bare('pass_over')}`
  return [asked('DISABLE'), ...statements, asked('ENABLE')]
}

/** All links from the pointers, set by set, the indexes after; refused where the pointers make no tree. */
export function fillPostgres(model: TreeModel): readonly string[] {
  const t = treeText(model)
  const q = dollars('pillion', model)
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const of = (alias: string, names: readonly string[]) => names.map(name => `${alias}.${name}`)
  const key = list(t.node(), tail(model, t.ancestor()))
  return [
    `WITH RECURSIVE made (${list(k, a, '_far')}) AS (
  SELECT ${list(t.key('n'), t.key('n'))}, 0 FROM ${t.table} AS n WHERE ${t.isRoot('n')}
  UNION ALL
  SELECT ${list(t.key('n'))}, v.* FROM made AS m JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('m', k))}
  CROSS JOIN LATERAL (SELECT ${list(of('m', a))}, m._far + 1 UNION ALL SELECT ${list(t.key('n'))}, 0 WHERE m._far = 0) AS v
)
INSERT INTO ${t.links} (${list(key, t.distance)})
SELECT ${list(of('made', k), tail(model, of('made', a)))}, made._far FROM made
ON CONFLICT DO NOTHING`,
    unlessThere(model, 'pkey', `PRIMARY KEY (${key})`),
    `CREATE INDEX IF NOT EXISTS ${t.bare('down')} ON ${t.links} (${list(t.ancestor(), tail(model, t.node()))})`,
    ...(model.foreignKeys
      ? [
          unlessThere(model, 'node_fkey', references(t, t.node())),
          unlessThere(model, 'ancestor_fkey', references(t, t.ancestor())),
        ]
      : []),
    `DO ${q}
DECLARE
  _lost record;
BEGIN
  SELECT ${named(t.key('n'), k)} INTO _lost FROM ${t.table} AS n
  WHERE NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${same(t.node('own'), t.key('n'))} AND ${same(t.ancestor('own'), t.key('n'))}) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The table % is no tree: a node has no path to a root.', ${literal(model.table)}
      USING ERRCODE = '23514', DETAIL = 'Node: ' || _lost::text, HINT = 'It is below itself, or its parent is missing.';
  END IF;
END
${q}`,
  ]
}

const references = (t: TreeText, columns: readonly string[]): string =>
  `FOREIGN KEY (${list(columns)}) REFERENCES ${t.table} (${list(t.key())}) ON UPDATE CASCADE ON DELETE CASCADE`

/** A constraint has no IF NOT EXISTS. */
function unlessThere(model: TreeModel, suffix: string, constraint: string): string {
  const t = treeText(model)
  const q = dollars('pillion', model)
  return `DO ${q}
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = ${literal(t.links)}::regclass AND conname = ${literal(unquoted(t.bare(suffix)))}) THEN
    ALTER TABLE ${t.links} ADD CONSTRAINT ${t.bare(suffix)} ${constraint};
  END IF;
END
${q}`
}

export function postgresTriggerNames(model: TreeModel): readonly string[] {
  return postgresTriggers(model).map(({ name }) => unquoted(name))
}

interface TriggerText {
  readonly name: string
  readonly on: 'nodes' | 'links' | 'counts' | 'deltas' | 'late'
  readonly create: string
  readonly drop: readonly string[]
}

/** Direct writes only. It is read anew for each statement that writes links, so the rest is asked in the function. */
const direct = 'pg_trigger_depth() = 0'

/** The triggers on the nodes, and those on the links. */
export function postgresTriggers(model: TreeModel): readonly TriggerText[] {
  const t = treeText(model)
  const made =
    (kind: string) =>
    (on: TriggerText['on'], name: string, when: string, rest: string, routine: string): TriggerText => {
      const table = { nodes: t.table, links: t.links, counts: t.counts, deltas: t.deltas, late: t.late }[on]
      return {
        name: t.bare(name),
        on,
        create: `CREATE ${kind} ${t.bare(name)} ${when} ON ${table} ${rest} EXECUTE FUNCTION ${t.own(routine)}()`,
        drop: [`DROP TRIGGER IF EXISTS ${t.bare(name)} ON ${table}`],
      }
    }
  const [trigger, constraint] = [made('TRIGGER'), made('CONSTRAINT TRIGGER')]
  const each = 'FOR EACH STATEMENT'
  // a lock of a link writes none of these columns
  const rekeyed = trigger(
    'links',
    'count_rekeyed',
    `AFTER UPDATE OF ${list(t.ancestor())}`,
    `FOR EACH ROW WHEN (OLD.${t.distance} > 0 AND ROW(${list(t.ancestor('OLD'))}) IS DISTINCT FROM ROW(${list(t.ancestor('NEW'))}))`,
    'on_rekeyed_link',
  )
  return [
    trigger('nodes', 'insert', 'AFTER INSERT', `REFERENCING NEW TABLE AS new_rows ${each}`, 'on_insert'),
    trigger(
      'nodes',
      'update',
      'AFTER UPDATE',
      `REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows ${each}`,
      'on_update',
    ),
    trigger('nodes', 'delete', 'AFTER DELETE', `REFERENCING OLD TABLE AS old_rows ${each}`, 'on_delete'),
    ...(model.partitioned
      ? [
          trigger(
            'nodes',
            'rekey',
            'BEFORE UPDATE',
            `FOR EACH ROW WHEN (ROW(${list(t.key('OLD'))}) IS DISTINCT FROM ROW(${list(t.key('NEW'))}))`,
            'on_rekey',
          ),
        ]
      : []),
    trigger('nodes', 'truncate', 'AFTER TRUNCATE', each, 'on_truncate'),
    trigger('links', 'pass_over', 'BEFORE INSERT', `FOR EACH ROW WHEN (${direct})`, 'hands_off'),
    trigger('links', 'refuse', 'BEFORE UPDATE OR DELETE', `${each} WHEN (${direct})`, 'hands_off'),
    ...(model.pointer === 'deferred'
      ? [constraint('late', 'commit', 'AFTER INSERT', 'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW', 'on_commit')]
      : []),
    ...(model.counts
      ? [
          trigger('links', 'count_up', 'AFTER INSERT', `REFERENCING NEW TABLE AS new_links ${each}`, 'on_links'),
          trigger('links', 'count_down', 'AFTER DELETE', `REFERENCING OLD TABLE AS old_links ${each}`, 'on_links'),
          ...(model.foreignKeys ? [rekeyed] : []),
          // a restore of data has rows of these, too, and its nodes have been counted
          trigger('counts', 'pass_count', 'BEFORE INSERT', `FOR EACH ROW WHEN (${direct})`, 'hands_off'),
          trigger('deltas', 'pass_delta', 'BEFORE INSERT', `FOR EACH ROW WHEN (${direct})`, 'hands_off'),
        ]
      : []),
  ]
}
