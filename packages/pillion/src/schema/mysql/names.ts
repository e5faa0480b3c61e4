/**
 * What schemas and tables are called in the model.
 *
 * @module
 */
import { mainSchema } from '../reflection.js'
import type { CatalogueRows } from './rows.js'
import type { Server } from './server.js'
import { withoutDatabase } from './text.js'

export interface ModelNames {
  /** `main` for the connection's database. */
  schemaOf(database: string): string
  /** `main.user`. The names of a foreign key's target may have lost their case. */
  idOf(database: string, table: string): string
  /** Ids of all tables and views. */
  readonly known: ReadonlySet<string>
  /** Printed SQL without the name of the connection's database. */
  portable(sql: string): string
}

export function modelNames(rows: CatalogueRows, { database, foldsNames }: Server): ModelNames {
  const fold = (name: string): string => (foldsNames ? name.toLowerCase() : name)
  const own = database === undefined ? undefined : fold(database)
  const schemaOf = (name: string): string => (fold(name) === own ? mainSchema : name)
  const plainId = (schema: string, table: string): string => `${schemaOf(schema)}.${table}`
  const tables = rows.part('table')
  const ids = new Map(tables.map(([, schema, name]) => [fold(plainId(schema, name)), plainId(schema, name)]))
  const ownTables = new Set(tables.flatMap(([, schema, name]) => (fold(schema) === own ? [fold(name)] : [])))
  return {
    schemaOf,
    idOf: (schema, table) => ids.get(fold(plainId(schema, table))) ?? plainId(schema, table),
    known: new Set(ids.values()),
    portable: sql => withoutDatabase(sql, database, name => ownTables.has(fold(name))),
  }
}
