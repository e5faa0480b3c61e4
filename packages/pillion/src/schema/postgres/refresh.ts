/**
 * Keeping a catalog true to a living database, by re-reading only what changed.
 *
 * @module
 */
import type { Catalog } from '../model.js'
import { catalogOf } from './catalog.js'
import {
  changedSince,
  type Fingerprint,
  type FingerprintChanges,
  fingerprintPostgres,
  objectOf,
} from './fingerprint.js'
import { byText } from './plain.js'
import { arrayLiteral, type Read } from './read.js'
import { completed, type ReflectOptions, reflectPostgres } from './reflect.js'
import { catalogueRows } from './rows.js'
import { touchedStatement } from './statement.js'

/** A catalog, and the fingerprint to refresh it by. */
export interface Refreshed {
  readonly catalog: Catalog
  readonly fingerprint: Fingerprint
  readonly changes: FingerprintChanges
}

/**
 * The catalog as a whole reflection would give it now, by at most two statements: a fingerprint and, where it
 * differs, the changed relations with everything that depends on them. The same catalog where nothing changed.
 *
 * DDL between the two statements is caught by the next refresh, for the fingerprint given back is the earlier one.
 *
 * @param catalog What `reflectPostgres` or an earlier refresh gave.
 * @param fingerprint Taken just before that catalog.
 * @param options As the catalog was reflected with.
 * @example ({ catalog, fingerprint } = await refreshPostgres(read, catalog, fingerprint))
 */
export async function refreshPostgres(
  read: Read,
  catalog: Catalog,
  fingerprint: Fingerprint,
  options: ReflectOptions = {},
): Promise<Refreshed> {
  const now = await fingerprintPostgres(read, options.schemas)
  const changes = changedSince(fingerprint, now)
  const { added, removed, changed } = changes
  if (added.length + removed.length + changed.length === 0) return { catalog, fingerprint: now, changes }
  const objects = [...added, ...changed].map(entry => objectOf(now, entry))
  const schemas = options.schemas ? arrayLiteral(options.schemas) : null
  const rows = catalogueRows(await read(touchedStatement(catalog.version), [schemas, arrayLiteral(objects)]))
  const fresh = catalogOf(rows, catalog.version, options)
  // Another default schema gives every table another key.
  if (fresh.defaultSchema !== catalog.defaultSchema) {
    return { catalog: await reflectPostgres(read, options), fingerprint: now, changes }
  }
  return { catalog: completed(merged(catalog, fresh, removed), options), fingerprint: now, changes }
}

/** What was re-read in place of what was, and all that `fresh` holds whole. */
function merged(catalog: Catalog, fresh: Catalog, removed: readonly string[]): Catalog {
  const gone = new Set(removed)
  const tables = byId([...catalog.tables.filter(({ id }) => !gone.has(id)), ...fresh.tables])
  const sequences = byId([...catalog.sequences.filter(({ id }) => !gone.has(`sequence ${id}`)), ...fresh.sequences])
  return {
    ...fresh,
    tables: Object.freeze(tables.sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name))),
    sequences: Object.freeze(sequences.sort((a, b) => byText(a.id, b.id))),
  }
}

/** The last of each id. */
const byId = <T extends { readonly id: string }>(items: readonly T[]): T[] => [
  ...new Map(items.map(item => [item.id, item])).values(),
]
