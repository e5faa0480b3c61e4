/**
 * From the rows of the catalogue statement to everything but relations between tables.
 *
 * @module
 */
import type { Catalog, Names, Routine, Sequence } from '../model.js'
import { dependenciesOf, neverNullOf } from './nullability.js'
import { byText, isTrue, present } from '../plain.js'
import type { CatalogueRows, RoutineRow, SequenceRow } from './rows.js'
import { tablesOf } from './tables.js'
import { namedTypes, typesOf } from './types.js'

/** What the rows do not say. */
export interface CatalogOptions {
  readonly names?: Names | undefined
  readonly defaultSchema?: string | undefined
}

const routineKinds: Record<RoutineRow[6], Routine['kind']> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'window',
}

const volatilities: Record<RoutineRow[7], Routine['volatility']> = { i: 'immutable', s: 'stable', v: 'volatile' }

/** A catalog whose tables have no keys and relations yet. */
export function catalogOf(
  rows: CatalogueRows,
  version: number,
  { names = 'database', defaultSchema }: CatalogOptions,
): Catalog {
  const types = typesOf(rows)
  const schemas = rows
    .part('schema')
    .map(row => row[1])
    .sort(byText)
  const schema = defaultSchema ?? (schemas.includes('public') ? 'public' : (rows.part('session')[0]?.[1] ?? 'public'))
  return {
    dialect: 'postgres',
    version,
    defaultSchema: schema,
    names,
    schemas: Object.freeze(schemas),
    extensions: Object.freeze(
      rows
        .part('extension')
        .map(row => row[1])
        .sort(byText),
    ),
    ...present({ extensionSchemas: extensionSchemasOf(rows) }),
    tables: tablesOf(rows, {
      types,
      neverNull: neverNullOf(rows, types),
      dependencies: dependenciesOf(rows),
      names,
    }),
    types: Object.freeze(namedTypes(rows, types)),
    sequences: Object.freeze(sortById(rows.part('sequence').map(sequence))),
    routines: Object.freeze(sortById(rows.part('routine').map(routine))),
    servers: Object.freeze(
      rows
        .part('server')
        .map(([, name, wrapper]) => Object.freeze({ name, wrapper }))
        .sort((a, b) => byText(a.name, b.name)),
    ),
  }
}

/** Where extensions are that are elsewhere than CREATE EXTENSION alone would put them. */
function extensionSchemasOf(rows: CatalogueRows): Catalog['extensionSchemas'] | null {
  const elsewhere = rows.part('extension').flatMap(([, name, at]) => (at === 'public' ? [] : [[name, at] as const]))
  if (elsewhere.length === 0) return null
  return Object.freeze(Object.fromEntries(elsewhere.sort(([a], [b]) => byText(a, b))))
}

const sortById = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  [...items].sort((a, b) => byText(a.id, b.id))

function sequence(row: SequenceRow): Sequence {
  const [, schema, name, type, start, increment, min, max, cache, cycle, ownedBy, comment] = row
  return Object.freeze({
    id: `${schema}.${name}`,
    schema,
    name,
    type,
    start,
    increment,
    min,
    max,
    cache,
    cycle: isTrue(cycle),
    ...present({ ownedBy, comment }),
  })
}

function routine(row: RoutineRow): Routine {
  const [, schema, name, identity, args, result, kind, volatility, definition, comment] = row
  return Object.freeze({
    id: `${schema}.${name}(${identity})`,
    schema,
    name,
    arguments: args,
    kind: routineKinds[kind],
    volatility: volatilities[volatility],
    definition,
    ...present({ result, comment }),
  })
}
