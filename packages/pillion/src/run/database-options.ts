/**
 * That a database can be ridden as it is said, where no compiler has looked.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { nameOf } from '../query/expr.js'
import { checkOverrides } from '../schema/check-overrides.js'
import { checkLeftOut } from '../schema/excluded-columns.js'
import { isTexts } from '../schema/plain.js'
import { checkCatalog } from '../schema/snapshot.js'
import type { DatabaseOptions } from './database.js'

const styles: ReadonlySet<unknown> = new Set<DatabaseOptions['names']>([undefined, 'database', 'camel'])
const places: ReadonlySet<unknown> = new Set<DatabaseOptions['origins']>([undefined, 'clause', 'call', 'none'])

/** @throws PillionError `QUERY_INVALID`; `SNAPSHOT_INVALID` for a catalogue that is none; `OVERRIDE_INVALID` */
export function checkDatabaseOptions(options: DatabaseOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new PillionError('QUERY_INVALID', `The options of a database are an object, and not ${nameOf(options)}.`, {
      hint: "Give them behind the host: pillion(host, { names: 'camel' }).",
    })
  }
  const { schemas, names, origins, shapes = 0, overrides, previous, catalog } = options
  if (schemas !== undefined && !isTexts(schemas)) throw noOption('schemas', "an array of text: ['public']")
  if (!styles.has(names)) throw noOption('names', 'database or camel, as text')
  if (!places.has(origins)) throw noOption('origins', 'clause, call or none, as text')
  if (!(typeof shapes === 'number' && shapes >= 0)) throw noOption('shapes', 'a number from 0')
  if (overrides !== undefined) checkOverrides(overrides)
  if (previous !== undefined) checkCatalog(previous, 'previous')
  if (catalog === undefined) return
  checkCatalog(catalog, 'catalog')
  checkLeftOut(catalog, overrides ?? {})
}

function noOption(name: string, takes: string): PillionError {
  return new PillionError('QUERY_INVALID', `The option ${name} of a database is to be ${takes}.`, {
    hint: 'Leave it out for the default.',
  })
}
