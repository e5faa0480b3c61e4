/**
 * What a table is read from.
 *
 * @module
 */
import type { CreateTable } from './create-table.js'
import type { CatalogueRows, TableRow } from './rows.js'

/** A table as rows, and its CREATE, read. */
export interface Subject {
  readonly row: TableRow
  readonly rows: CatalogueRows
  readonly words: CreateTable
  /** What a name means, whose case does not count. */
  readonly idOf: (schema: string, name: string) => string
  /** Ids of all tables and views. */
  readonly known: ReadonlySet<string>
}

/** Is it the collation that needs no mention? */
export const isBinary = (collation: string): boolean => collation === '' || collation.toUpperCase() === 'BINARY'
