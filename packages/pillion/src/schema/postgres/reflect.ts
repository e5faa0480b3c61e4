/**
 * What a live PostgreSQL holds.
 *
 * @module
 */
import type { Catalog, Names } from '../model.js'
import { catalogOf } from './catalog.js'
import { arrayLiteral, type Read } from './read.js'
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
}

/** Reads the schema of a database in one statement. */
export async function reflectPostgres(read: Read, options: ReflectOptions = {}): Promise<Catalog> {
  const version = await serverVersion(read)
  const rows = catalogueRows(
    await read(wholeStatement(version), [options.schemas ? arrayLiteral(options.schemas) : null]),
  )
  return catalogOf(rows, { version, names: options.names ?? 'database', defaultSchema: options.defaultSchema })
}

async function serverVersion(read: Read): Promise<number> {
  const rows = await read("SELECT current_setting('server_version_num')")
  return Number(rows[0]?.[0])
}
