/**
 * A PostgreSQL schema as statements, in the order they can run.
 *
 * @module
 */
import { quoteLiteral, quoteName } from '../../base-types.js'
import { createComments } from './comment.js'
import { addKeys, addReferences, createIndexes } from './constraint.js'
import { createPolicies, createTriggers } from './guard.js'
import { createRoutine, routinesByStage } from './routine.js'
import { createSequences, ownSequences } from './sequence.js'
import { createTables, tablesInOrder } from './table.js'
import { completeDomains, createTypes } from './type.js'
import { createViews, refreshViews, viewsInOrder } from './view.js'
import type { Catalog, ForeignServer } from '../../model.js'

export function postgresStatements(catalog: Catalog): readonly string[] {
  const tables = tablesInOrder(catalog)
  const views = viewsInOrder(catalog)
  const routines = routinesByStage(catalog)
  return [
    // A body may use what comes later in the script.
    'SET check_function_bodies = off',
    ...catalog.schemas.map(createSchema),
    ...createExtensions(catalog),
    ...createTypes(catalog),
    ...createSequences(catalog),
    ...routines.beforeTables.map(createRoutine),
    ...completeDomains(catalog),
    ...(catalog.servers ?? []).flatMap(createServer),
    ...createTables(catalog, routines.amongTables),
    ...ownSequences(catalog),
    ...addKeys(tables),
    ...createViews(catalog, routines.amongViews),
    ...createIndexes([...tables, ...views]),
    ...addReferences(catalog, tables),
    ...createTriggers([...tables, ...views]),
    ...createPolicies(tables),
    ...refreshViews(catalog),
    ...createComments(catalog),
    'RESET check_function_bodies',
  ]
}

/** Each in its own schema, by which what it brought is called; that may be one that is not reflected. */
function createExtensions({ extensions, extensionSchemas = {} }: Catalog): readonly string[] {
  const schemas = [...new Set(Object.values(extensionSchemas))].filter(schema => schema !== 'pg_catalog')
  const place = (schema: string | undefined): string => (schema === undefined ? '' : ` SCHEMA ${quoteName(schema)}`)
  return [
    ...schemas.map(createSchema),
    ...extensions.map(name => `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}${place(extensionSchemas[name])}`),
  ]
}

const createSchema = (schema: string): string => `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`

function createServer({ name, wrapper }: ForeignServer): readonly string[] {
  // An extension may have brought the wrapper.
  const make = `IF NOT EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE fdwname = ${quoteLiteral(wrapper)}) THEN CREATE FOREIGN DATA WRAPPER ${quoteName(wrapper)}; END IF;`
  return [
    `DO ${quoteLiteral(`BEGIN ${make} END`)}`,
    `CREATE SERVER ${quoteName(name)} FOREIGN DATA WRAPPER ${quoteName(wrapper)}`,
  ]
}
