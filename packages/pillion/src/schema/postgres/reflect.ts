/**
 * What a live PostgreSQL holds.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Catalog } from '../model.js'
import { type Read, textRows } from '../read.js'
import { completed, type ReflectOptions } from '../reflection.js'
import { catalogOf } from './catalog.js'
import { arrayLiteral } from './read.js'
import { catalogueRows } from './rows.js'
import { assertPlainSession, sessionSettings } from './session.js'
import { assertNotShadowed } from './shadowed.js'
import { wholeStatement } from './statement.js'

/**
 * Reads the schema of a database in one statement, so in one snapshot, whatever connection it rides on.
 *
 * @param read Runs one statement and gives rows of text.
 * @throws REFLECT_FAILED when the server answers what no PostgreSQL from 13 on would, or the session is told what
 *   would change values, or its `search_path` leads from one reflected table to another; OVERRIDE_INVALID when an
 *   override names what is not there. Errors of `read` pass through.
 * @example const catalog = await reflectPostgres(read, { names: 'camel' })
 */
export async function reflectPostgres(read: Read, options: ReflectOptions = {}): Promise<Catalog> {
  const { version, path } = await serverOf(read)
  const schemas = options.schemas ? arrayLiteral(options.schemas) : null
  const rows = catalogueRows(await textRows(read(wholeStatement(version), [schemas])))
  const catalog = completed(catalogOf(rows, version, options), options)
  assertNotShadowed(catalog, path)
  return catalog
}

const oldest = 130_000

/** `server_version_num`: 150018 for 15.18; and the schemas in which a name without one is looked for. */
async function serverOf(read: Read): Promise<{ readonly version: number; readonly path: readonly string[] }> {
  const [[found, encoding, digits, path] = []] = await read(
    `SELECT current_setting('server_version_num'), ${sessionSettings}, array_to_json(current_schemas(false))::text`,
  )
  const version = Number(found)
  if (!(version >= oldest)) {
    throw new PillionError('REFLECT_FAILED', `the server calls itself version ${found}`, {
      hint: 'Reflection needs PostgreSQL 13 or later.',
    })
  }
  assertPlainSession(encoding, digits)
  return { version, path: JSON.parse(String(path)) }
}
