/**
 * From the rows of the catalogue statement to everything but relations between tables.
 *
 * @module
 */
import type { Catalog, NamedType, Names, Sequence, Table } from '../model.js'
import { byText } from '../plain.js'
import { mainSchema } from '../reflection.js'
import type { ModelNames } from './names.js'
import { routinesOf } from './routines.js'
import type { CatalogueRows } from './rows.js'
import type { Server } from './server.js'
import { tablesOf } from './tables.js'

/** A catalog whose tables have no keys and relations yet. */
export function catalogOf(
  rows: CatalogueRows,
  sequences: readonly Sequence[],
  server: Server,
  model: ModelNames,
  names: Names = 'database',
): Catalog {
  const tables = tablesOf(rows, { server, model, names })
  return {
    dialect: server.kind,
    version: server.version,
    defaultSchema: mainSchema,
    names,
    schemas: Object.freeze(
      rows
        .part('schema')
        .map(([, schema]) => model.schemaOf(schema))
        .sort(byText),
    ),
    extensions: Object.freeze([]),
    tables,
    types: Object.freeze(tables.flatMap(enumerations).sort((a, b) => byText(a.id, b.id))),
    sequences,
    routines: routinesOf(rows, model),
  }
}

const enumerations = ({ columns, schema }: Table): readonly NamedType[] =>
  columns.flatMap(({ type }) => (type.kind === 'enum' ? [Object.freeze({ id: `${schema}.${type.name}`, type })] : []))
