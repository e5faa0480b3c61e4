/**
 * A PostgreSQL schema as statements, in the order they can run.
 *
 * @module
 */
import { quoteLiteral, quoteName } from '../../base-types.js'
import { createComments } from './comment.js'
import { addKeys, addReferences, createIndexes } from './constraint.js'
import { createPolicies, createTriggers } from './guard.js'
import { createRoutines } from './routine.js'
import { createSequences, ownSequences } from './sequence.js'
import { createTables, tablesInOrder } from './table.js'
import { completeDomains, createTypes } from './type.js'
import { createViews, refreshViews, viewsInOrder } from './view.js'
import type { Catalog, ForeignServer } from '../../model.js'

export function postgresStatements(catalog: Catalog): readonly string[] {
  const tables = tablesInOrder(catalog)
  const views = viewsInOrder(catalog)
  const routines = createRoutines(catalog)
  return [
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
}

function createServer({ name, wrapper }: ForeignServer): readonly string[] {
  // An extension may have brought the wrapper.
  const make = `IF NOT EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE fdwname = ${quoteLiteral(wrapper)}) THEN CREATE FOREIGN DATA WRAPPER ${quoteName(wrapper)}; END IF;`
  return [
    `DO ${quoteLiteral(`BEGIN ${make} END`)}`,
    `CREATE SERVER ${quoteName(name)} FOREIGN DATA WRAPPER ${quoteName(wrapper)}`,
  ]
}
