/**
 * What a SQLite database holds.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { changedSince, type Fingerprint, isUnchanged, type Refreshed } from '../fingerprint.js'
import { hashed } from '../hash.js'
import type { Catalog } from '../model.js'
import { byText } from '../plain.js'
import { asText, type Read, type Reading, readAtOnce, readBy, type SyncRead, type TextRow } from '../read.js'
import { completed, mainSchema, type ReflectOptions } from '../reflection.js'
import { type CatalogueRows, catalogueRows } from './rows.js'
import { catalogueStatement, objectsStatement, serverStatement, singleStatement } from './statement.js'
import { tablesOf } from './tables.js'

/**
 * Reads the schema of a database, and of those attached to it, in two statements: one for the version, one for
 * everything, so in one snapshot.
 *
 * SQLite refuses to describe anything beside a view whose tables are gone, or a virtual table whose module is not
 * loaded. Where there is one, each view and virtual table is asked for by itself, and those that fail have no columns.
 *
 * @param read Runs one statement and gives rows of cells.
 * @throws REFLECT_FAILED when SQLite is older than 3.38; OVERRIDE_INVALID when an override names what is not there.
 *   Errors of `read` pass through.
 * @example const catalog = await reflectSqlite(read, { names: 'camel' })
 */
export function reflectSqlite(read: Read, options: ReflectOptions = {}): Promise<Catalog> {
  return readBy(read, reflecting(options))
}

/** The same where the database answers at once. */
export function reflectSqliteSync(read: SyncRead, options: ReflectOptions = {}): Catalog {
  return readAtOnce(read, reflecting(options))
}

function* reflecting(options: ReflectOptions): Reading<Catalog> {
  const server = yield* serverOf(options.schemas)
  const rows = catalogueRows(yield* wholeRows(server.schemas))
  return completed(
    {
      dialect: 'sqlite',
      version: server.version,
      defaultSchema: mainSchema,
      names: options.names ?? 'database',
      schemas: Object.freeze([...server.schemas].sort(byText)),
      extensions: Object.freeze([]),
      tables: tablesOf(rows, options.names ?? 'database'),
      types: Object.freeze([]),
      sequences: Object.freeze([]),
      routines: Object.freeze([]),
    },
    options,
  )
}

/**
 * Takes the fingerprint of a database in two statements: of `main` its `schema_version`, of each table and view its
 * definition.
 *
 * @param schemas As given to `reflectSqlite`.
 * @example const before = await fingerprintSqlite(read)
 */
export function fingerprintSqlite(read: Read, schemas?: readonly string[]): Promise<Fingerprint> {
  return readBy(read, fingerprinting(schemas))
}

function* fingerprinting(schemas?: readonly string[]): Reading<Fingerprint> {
  return yield* fingerprintOf(yield* serverOf(schemas))
}

/**
 * The catalog as a whole reflection would give it now. The same catalog, after a look at one number, where nothing
 * changed and nothing is attached.
 *
 * @param catalog What `reflectSqlite` or an earlier refresh gave.
 * @param fingerprint Taken just before that catalog.
 * @param options As the catalog was reflected with.
 * @example ({ catalog, fingerprint } = await refreshSqlite(read, catalog, fingerprint))
 */
export function refreshSqlite(
  read: Read,
  catalog: Catalog,
  fingerprint: Fingerprint,
  options: ReflectOptions = {},
): Promise<Refreshed> {
  return readBy(read, refreshing(catalog, fingerprint, options))
}

function* refreshing(catalog: Catalog, fingerprint: Fingerprint, options: ReflectOptions): Reading<Refreshed> {
  const server = yield* serverOf(options.schemas)
  const isAlone = server.schemas.length === 1 && server.schemas[0] === mainSchema
  if (isAlone && fingerprint[mainEntry] === server.schemaVersion)
    return { catalog, fingerprint, changes: changedSince(fingerprint, fingerprint) }
  const now = yield* fingerprintOf(server)
  // The number of a schema also counts what leaves every definition as it was.
  const changes = changedSince({ ...fingerprint, [mainEntry]: '' }, { ...now, [mainEntry]: '' })
  if (isUnchanged(changes)) return { catalog, fingerprint: now, changes }
  return { catalog: yield* reflecting(options), fingerprint: now, changes }
}

interface Server {
  /** 35302 for 3.53.2. */
  readonly version: number
  readonly schemas: readonly string[]
  readonly schemaVersion: string
}

const oldest = 33_800

function* serverOf(asked: readonly string[] | undefined): Reading<Server> {
  const rows = asText(yield serverStatement)
  const [[, text, schemaVersion] = []] = rows
  const [major = 0, minor = 0, patch = 0] = (text ?? '').split('.').map(Number)
  const version = major * 10_000 + minor * 100 + patch
  if (!(version >= oldest))
    throw new PillionError('REFLECT_FAILED', `SQLite calls itself version ${text}`, {
      hint: 'Reflection needs SQLite 3.38 or later.',
    })
  const attached = rows.map(([name]) => name ?? '')
  const schemas =
    asked === undefined ? attached.filter(name => name !== 'temp') : attached.filter(name => asked.includes(name))
  return { version, schemas, schemaVersion: schemaVersion ?? '' }
}

function* wholeRows(schemas: readonly string[]): Reading<readonly TextRow[]> {
  if (schemas.length === 0) return []
  try {
    return asText(yield catalogueStatement(schemas, ['table', 'view', 'virtual']))
  } catch {
    return yield* rowsApart(schemas)
  }
}

/** The tables together, and each view and virtual table by itself. */
function* rowsApart(schemas: readonly string[]): Reading<readonly TextRow[]> {
  const tables = asText(yield catalogueStatement(schemas, ['table']))
  const known = new Set(
    catalogueRows(tables)
      .part('table')
      .map(([, schema, name]) => `${schema}.${name}`),
  )
  const others = catalogueRows(tables)
    .part('object')
    .filter(([, schema, name, type]) => (type === 'view' || type === 'table') && !known.has(`${schema}.${name}`))
  const apart: TextRow[] = []
  for (const [, schema, name, type] of others) apart.push(...(yield* singleRows(schema, name, type)))
  return [...tables, ...apart]
}

function* singleRows(schema: string, name: string, type: string): Reading<readonly TextRow[]> {
  const broken: TextRow = ['table', schema, name, type === 'view' ? 'view' : 'virtual', '0', '0']
  const rows = yield* rowsOr(singleStatement(schema, name), broken)
  return rows.some(([tag, , , kind]) => tag === 'table' && (kind === 'view' || kind === 'virtual')) ? rows : []
}

function* rowsOr(statement: string, broken: TextRow): Reading<readonly TextRow[]> {
  try {
    return asText(yield statement)
  } catch {
    return [broken]
  }
}

const mainEntry = `schema ${mainSchema}`

function* fingerprintOf({ schemas, schemaVersion }: Server): Reading<Fingerprint> {
  if (schemas.length === 0) return Object.freeze({})
  const rows: CatalogueRows = catalogueRows(asText(yield objectsStatement(schemas)))
  const parts = rows
    .part('object')
    .map(([, schema, name, type, table, sql]) => [`${schema}.${table}`, `${type} ${name} ${sql}`] as const)
  const entries = schemas.map(schema => [`schema ${schema}`, schema === mainSchema ? schemaVersion : ''] as const)
  return Object.freeze({ ...Object.fromEntries(entries), ...hashed(parts) })
}
