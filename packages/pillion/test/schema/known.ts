/** Short words for what a catalogue is known to hold. */
import type { Catalog, Column, Relation, Table } from '../../src/schema/index.js'

export const tableOf = (catalog: Catalog, name: string): Table | undefined =>
  catalog.tables.find(table => table.name === name)

export const columnOf = (catalog: Catalog, table: string, name: string): Column | undefined =>
  tableOf(catalog, table)?.columns.find(column => column.name === name)

/** Words for the parts of a catalogue that is read before the tests run: a table by its name or id, and its columns. Each must be there. */
export function partsOf(catalog: () => Catalog) {
  const table = (called: string): Table => {
    const found = catalog().tables.find(({ id, name }) => id === called || name === called)
    if (found === undefined) throw new Error(`no table ${called}`)
    return found
  }
  const column = (of: string, name: string): Column => {
    const found = table(of).columns.find(each => each.name === name)
    if (found === undefined) throw new Error(`no column ${of}.${name}`)
    return found
  }
  return { table, column }
}

export const relationOf = (catalog: Catalog, table: string, key: string): Relation | undefined =>
  tableOf(catalog, table)?.relations.find(relation => relation.key === key)

/** How many tables there are of each kind. */
export function kindsOf({ tables }: Catalog): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { kind } of tables) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
