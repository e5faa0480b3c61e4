/**
 * What a live PostgreSQL holds.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Catalog, Names } from '../model.js'
import { withTableKeys } from '../names.js'
import { applyOverrides, type Overrides } from '../overrides.js'
import { withRelations } from '../relations.js'
import { catalogOf } from './catalog.js'
import { arrayLiteral, type Read, textRows } from './read.js'
import { catalogueRows } from './rows.js'
import { wholeStatement } from './statement.js'

/** What to reflect, and how to name it. */
export interface ReflectOptions {
  /** Default: all but the server's own. */
  readonly schemas?: readonly string[]
  /** Default: `database`. */
  readonly names?: Names
  /** The schema whose tables need no qualifying. Default: `public` where there is one, else the session's. */
  readonly defaultSchema?: string
  /** What is known better than the catalogue knows it. */
  readonly overrides?: Overrides
  /** An earlier pull, whose relation names are to stay. */
  readonly previous?: Catalog
}

/**
 * Reads the schema of a database in one statement, so in one snapshot, whatever connection it rides on.
 *
 * @param read Runs one statement and gives rows of text.
 * @throws REFLECT_FAILED when the server answers what no PostgreSQL from 13 on would; OVERRIDE_INVALID when an
 *   override names what is not there. Errors of `read` pass through.
 * @example const catalog = await reflectPostgres(read, { names: 'camel' })
 */
export async function reflectPostgres(read: Read, options: ReflectOptions = {}): Promise<Catalog> {
  const version = await serverVersion(read)
  const schemas = options.schemas ? arrayLiteral(options.schemas) : null
  const rows = catalogueRows(await textRows(read(wholeStatement(version), [schemas])))
  return completed(catalogOf(rows, version, options), options)
}

/** Overrides, keys and relations, on what the catalogue says. */
export function completed(catalog: Catalog, { overrides = {}, previous }: ReflectOptions): Catalog {
  return Object.freeze(
    withRelations(withTableKeys(applyOverrides(catalog, overrides)), { overrides, ...(previous && { previous }) }),
  )
}

const oldest = 130_000

/** `server_version_num`: 150018 for 15.18. */
async function serverVersion(read: Read): Promise<number> {
  const rows = await read("SELECT current_setting('server_version_num')")
  const version = Number(rows[0]?.[0])
  if (version >= oldest) return version
  throw new PillionError('REFLECT_FAILED', `the server calls itself version ${rows[0]?.[0]}`, {
    hint: 'Reflection needs PostgreSQL 13 or later.',
  })
}
