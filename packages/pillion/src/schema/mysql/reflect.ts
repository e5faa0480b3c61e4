/**
 * What a live MySQL or MariaDB holds.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { changedSince, type Fingerprint, isUnchanged, type Refreshed } from '../fingerprint.js'
import { hashed } from '../hash.js'
import type { Catalog, Sequence } from '../model.js'
import { type Read, type TextRow, textRows } from '../read.js'
import { completed, mainSchema, type ReflectOptions } from '../reflection.js'
import { catalogOf } from './catalog.js'
import { modelNames, type ModelNames } from './names.js'
import { type CatalogueRows, catalogueRows } from './rows.js'
import { readSequences } from './sequences.js'
import { type Server, serverOf } from './server.js'
import { catalogueStatement } from './statement.js'

/**
 * Reads the schema of a database: a question for the server's version, one statement over `information_schema`, and
 * one for the sequences, where MariaDB has any.
 *
 * The catalogue of these servers knows no snapshots. DDL of others that runs meanwhile may be seen in part; what a
 * later refresh sees is whole again.
 *
 * @param read Runs one statement and gives rows of cells.
 * @throws REFLECT_FAILED when the server is older than MySQL 8.4 and MariaDB 10.6, or the connection is in no database
 *   and none is named; OVERRIDE_INVALID when an override names what is not there. Errors of `read` pass through.
 * @example const catalog = await reflectMysql(read, { names: 'camel' })
 */
export async function reflectMysql(read: Read, options: ReflectOptions = {}): Promise<Catalog> {
  return catalogFrom(await readAll(read, options.schemas), options)
}

/**
 * Takes the fingerprint of a database. It takes the statements of a reflection, for the server keeps no versions of
 * definitions.
 *
 * @param schemas As given to `reflectMysql`.
 * @example const before = await fingerprintMysql(read)
 */
export async function fingerprintMysql(read: Read, schemas?: readonly string[]): Promise<Fingerprint> {
  return fingerprintOf(await readAll(read, schemas))
}

/**
 * The catalog as a whole reflection would give it now, by the statements of one. The same catalog where nothing
 * changed.
 *
 * @param catalog What `reflectMysql` or an earlier refresh gave.
 * @param fingerprint Taken just before that catalog.
 * @param options As the catalog was reflected with.
 * @example ({ catalog, fingerprint } = await refreshMysql(read, catalog, fingerprint))
 */
export async function refreshMysql(
  read: Read,
  catalog: Catalog,
  fingerprint: Fingerprint,
  options: ReflectOptions = {},
): Promise<Refreshed> {
  const all = await readAll(read, options.schemas)
  const now = fingerprintOf(all)
  const changes = changedSince(fingerprint, now)
  return { catalog: isUnchanged(changes) ? catalog : catalogFrom(all, options), fingerprint: now, changes }
}

/** What was read, once. */
interface Reading {
  readonly server: Server
  readonly model: ModelNames
  readonly text: readonly TextRow[]
  readonly rows: CatalogueRows
  readonly sequences: readonly Sequence[]
}

async function readAll(read: Read, schemas: readonly string[] = [mainSchema]): Promise<Reading> {
  const server = await serverOf(read)
  const databases = schemas.map(schema => (schema === mainSchema ? ownDatabase(server) : schema))
  const { sql, branches } = catalogueStatement(server, databases.length)
  const text = await textRows(read(sql, Array<readonly string[]>(branches).fill(databases).flat()))
  const rows = catalogueRows(text)
  const model = modelNames(rows, server)
  return { server, model, text, rows, sequences: await readSequences(read, rows, model) }
}

function ownDatabase({ database }: Server): string {
  if (database !== undefined) return database
  throw new PillionError('REFLECT_FAILED', 'the connection is in no database', {
    hint: 'Name one in the URL of the connection, or give `schemas`.',
  })
}

function catalogFrom({ rows, sequences, server, model }: Reading, options: ReflectOptions): Catalog {
  return completed(catalogOf(rows, sequences, server, model, options.names), options)
}

/** A hash of all that was read about a thing, by the thing. */
function fingerprintOf({ text, sequences, model }: Reading): Fingerprint {
  const sequenceIds = new Set(sequences.map(({ id }) => id))
  const entryOf = ([tag, schema, name]: TextRow): string => {
    const id = model.idOf(schema ?? '', name ?? '')
    if (tag === 'schema') return `schema ${model.schemaOf(schema ?? '')}`
    if (tag === 'routine' || tag === 'parameter') return `routine ${id}`
    return sequenceIds.has(id) ? `sequence ${id}` : id
  }
  return Object.freeze(
    hashed([
      ...text.map(row => [entryOf(row), JSON.stringify(row)] as const),
      ...sequences.map(sequence => [`sequence ${sequence.id}`, JSON.stringify(sequence)] as const),
    ]),
  )
}
