/**
 * A catalogue as SQL: a script that makes the same schema in an empty database.
 *
 * @module
 */
import { quoteLiteral, quoteName } from './base-types.js'
import { createComments } from './ddl/comment.js'
import { addKeys, addReferences, createIndexes } from './ddl/constraint.js'
import { createPolicies, createTriggers } from './ddl/guard.js'
import { createRoutines } from './ddl/routine.js'
import { createSequences, ownSequences } from './ddl/sequence.js'
import { createTables, tablesInOrder } from './ddl/table.js'
import { completeDomains, createTypes } from './ddl/type.js'
import { createViews, refreshViews, viewsInOrder } from './ddl/view.js'
import type { Catalog, ForeignServer } from './model.js'

/**
 * The SQL that recreates a catalogue: loaded into an empty database and reflected, it gives the catalogue again.
 * It holds what the model holds, so no rows, owners, grants, storage settings, rules or statistics.
 *
 * @example
 * ```ts
 * await client.query(emitDdl(await reflectPostgres(read)))
 * ```
 */
export function emitDdl(catalog: Catalog): string {
  const tables = tablesInOrder(catalog)
  const views = viewsInOrder(catalog)
  const routines = createRoutines(catalog)
  const statements = [
    // A body may use what comes later in the script.
    'SET check_function_bodies = off',
    ...catalog.schemas.map(schema => `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`),
    ...catalog.extensions.map(extension => `CREATE EXTENSION IF NOT EXISTS ${quoteName(extension)}`),
    ...createTypes(catalog),
    ...createSequences(catalog),
    ...routines.beforeTables,
    ...completeDomains(catalog),
    ...(catalog.servers ?? []).flatMap(createServer),
    ...createTables(catalog),
    ...ownSequences(catalog),
    ...routines.afterTables,
    ...addKeys(tables),
    ...addReferences(catalog, tables),
    ...createViews(catalog),
    ...createIndexes([...tables, ...views]),
    ...createTriggers([...tables, ...views]),
    ...createPolicies(tables),
    ...refreshViews(catalog),
    ...createComments(catalog),
    'RESET check_function_bodies',
  ]
  return statements.map(statement => `${statement.trim().replace(/;$/, '')};\n`).join('\n')
}

function createServer({ name, wrapper }: ForeignServer): readonly string[] {
  // An extension may have brought the wrapper.
  const make = `IF NOT EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE fdwname = ${quoteLiteral(wrapper)}) THEN CREATE FOREIGN DATA WRAPPER ${quoteName(wrapper)}; END IF;`
  return [
    `DO ${quoteLiteral(`BEGIN ${make} END`)}`,
    `CREATE SERVER ${quoteName(name)} FOREIGN DATA WRAPPER ${quoteName(wrapper)}`,
  ]
}
