/**
 * The tables beside that of the nodes.
 *
 * @module
 */
import { PillionError } from '../../../errors.js'
import { marker } from '../../marker.js'
import type { TreeModel } from '../../model.js'
import { list, literal, tail, type TreeText } from '../../text.js'
import { asReferenced, columnsOf, linkKey } from './pieces.js'

export function linksTable(model: TreeModel, t: TreeText): string {
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

export function countTables(model: TreeModel, t: TreeText): readonly string[] {
  const columns = list(columnsOf(model, t.ancestor()))
  return [
    `CREATE TABLE IF NOT EXISTS ${t.counts} (\n  ${columns},\n  n bigint NOT NULL,\n  PRIMARY KEY (${list(t.ancestor())})\n) ENGINE=InnoDB`,
    `CREATE TABLE IF NOT EXISTS ${t.deltas} (\n  ${columns},\n  n bigint NOT NULL,\n  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  KEY ${t.bare('delta_node')} (${list(t.ancestor())})\n) ENGINE=InnoDB`,
  ]
}

export function anchorTable(model: TreeModel, t: TreeText): string {
  return `CREATE TABLE IF NOT EXISTS ${t.own('anchor')} (\n  ${list(columnsOf(model, t.key()))},\n  PRIMARY KEY (${list(t.key())})\n) ENGINE=InnoDB`
}

export const loadTable = (t: TreeText): string =>
  `CREATE TABLE IF NOT EXISTS ${t.own('load')} (n bigint NOT NULL) ENGINE=InnoDB`

/** A table that others point to is not truncated. */
export function keepTable(model: TreeModel, t: TreeText): string {
  return `CREATE TABLE IF NOT EXISTS ${t.own('keep')} (\n  ${list(columnsOf(model, t.key()))},\n  PRIMARY KEY (${list(t.key())}),\n  CONSTRAINT ${t.bare('keep_fkey')} FOREIGN KEY (${list(asReferenced(model, t.key()))}) REFERENCES ${t.table} (${list(asReferenced(model, t.key()))})\n) ENGINE=InnoDB COMMENT 'Stays empty: a table that others point to is not truncated.'`
}

export const linkKeyNames = ['node_fkey', 'ancestor_fkey']

export function linkKeys(model: TreeModel, t: TreeText): readonly string[] {
  const key = (name: string, columns: readonly string[]): string =>
    `ALTER TABLE ${t.links} ADD CONSTRAINT ${t.bare(name)} FOREIGN KEY IF NOT EXISTS ${t.bare(name)} (${list(asReferenced(model, columns))}) REFERENCES ${t.table} (${list(asReferenced(model, t.key()))}) ON DELETE CASCADE`
  return linkKeyNames.map((name, i) => key(name, i === 0 ? t.node() : t.ancestor()))
}
