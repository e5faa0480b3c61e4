/**
 * Keeping a catalog true to a living database, by re-reading only what changed.
 *
 * @module
 */
import { changedSince, type Fingerprint, isUnchanged, type Refreshed } from '../fingerprint.js'
import type { Catalog, Table } from '../model.js'
import { withTableKeys } from '../names.js'
import { applyOverrides } from '../overrides.js'
import { byText } from '../plain.js'
import { type Read, textRows } from '../read.js'
import { completedAgain, type ReflectOptions } from '../reflection.js'
import { catalogOf } from './catalog.js'
import { fingerprintPostgres, objectOf } from './fingerprint.js'
import { arrayLiteral } from './read.js'
import { reflectPostgres } from './reflect.js'
import { catalogueRows } from './rows.js'
import { touchedStatement } from './statement.js'

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
  if (isUnchanged(changes)) return { catalog, fingerprint: now, changes }
  const objects = [...added, ...changed].map(entry => objectOf(now, entry))
  const schemas = options.schemas ? arrayLiteral(options.schemas) : null
  const rows = catalogueRows(await textRows(read(touchedStatement(catalog.version), [schemas, arrayLiteral(objects)])))
  const fresh = catalogOf(rows, catalog.version, options)
  // Another default schema gives every table another key.
  if (fresh.defaultSchema !== catalog.defaultSchema) {
    return { catalog: await reflectPostgres(read, options), fingerprint: now, changes }
  }
  const merge = merged(catalog, fresh, removed)
  const complete = sameKeys(catalog, applyOverrides(merge, options.overrides ?? {}))
    ? keepingRelations(catalog, merge, options)
    : completedAgain(merge, options)
  return { catalog: complete, fingerprint: now, changes }
}

/** Are all tables there still, with the keys and the columns that relations are made and named from? */
function sameKeys(before: Catalog, after: Catalog): boolean {
  const known = new Map(before.tables.map(table => [table.id, table]))
  return (
    before.tables.length === after.tables.length &&
    after.tables.every(table => {
      const old = known.get(table.id)
      return old === table || (old !== undefined && keysOf(old) === keysOf(table))
    })
  )
}

function keysOf({ columns, inheritedBy, primaryKey, uniques, foreignKeys, indexes }: Table): string {
  const names = columns.map(({ name, nullable }) => [name, nullable])
  return JSON.stringify([names, inheritedBy, primaryKey, uniques, foreignKeys, indexes.filter(index => index.unique)])
}

function keepingRelations(before: Catalog, after: Catalog, { overrides = {} }: ReflectOptions): Catalog {
  const known = new Map(before.tables.map(table => [table.id, table]))
  const named = withTableKeys(applyOverrides(after, overrides))
  const tables = named.tables.map(table => {
    const old = known.get(table.id) as Table
    return old === table ? table : Object.freeze({ ...table, relations: old.relations })
  })
  return Object.freeze({ ...named, tables: Object.freeze(tables) })
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
