/**
 * Tables as values: one root handle a table of the catalogue.
 *
 * @module
 */
import { viewsThatJoinLeft } from '../schema/left-joins.js'
import type { Catalog, Table } from '../schema/model.js'
import { connect, handleOf, rootNode } from './handle.js'
import type { ColumnRef, TableSource } from './node.js'
import type { Roots } from './types.js'

/**
 * The tables of a reflected catalogue, each a root handle under its key. Opens nothing: with a generated
 * file's snapshot, whole queries can be module constants before anything connects.
 *
 * ```ts
 * const { interview, user } = tables<DB>(catalog)
 * ```
 */
export function tables<DB extends object>(catalog: Catalog): Roots<DB> {
  const sources = new Map<string, TableSource>()
  const joiningLeft = viewsThatJoinLeft(catalog.tables)
  for (const table of catalog.tables) sources.set(table.id, tableSource(table, catalog.defaultSchema, joiningLeft))
  const roots: Record<string, object> = Object.create(null)
  for (const source of sources.values()) {
    connect(source, id => sources.get(id))
    let handle: object | undefined
    Object.defineProperty(roots, source.table.key, {
      enumerable: true,
      get: () => (handle ??= handleOf(rootNode(source))),
    })
  }
  return Object.freeze(roots) as Roots<DB>
}

function tableSource(table: Table, defaultSchema: string, joiningLeft: ReadonlySet<string>): TableSource {
  return Object.freeze({
    kind: 'table',
    name: table.name,
    table,
    qualified: table.schema !== defaultSchema,
    joinsLeft: joiningLeft.has(table.id),
    columns: Object.freeze(table.columns.map(columnRef)),
  })
}

function columnRef({ name, key, type, nullable }: Table['columns'][number]): ColumnRef {
  return Object.freeze({ name, key, type, nullable })
}
