/**
 * Tables of the default schema are written without it, so that a session's `search_path` leads to those of its tenant. Where it leads
 * to another table that is reflected, too, two names are of that one, and none is of the other.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Catalog } from '../model.js'

/**
 * Looks at one session, when the database is reflected.
 *
 * @param path The schemas of its `search_path` that are there, in their order.
 * @throws REFLECT_FAILED naming both tables
 */
export function assertNotShadowed({ tables, defaultSchema }: Catalog, path: readonly string[]): void {
  const first = path.includes(defaultSchema) ? path.slice(0, path.indexOf(defaultSchema)) : path
  const unqualified = new Set(tables.filter(({ schema }) => schema === defaultSchema).map(({ name }) => name))
  const shadow = tables.find(({ schema, name }) => first.includes(schema) && unqualified.has(name))
  if (shadow === undefined) return
  throw new PillionError(
    'REFLECT_FAILED',
    `the session’s search_path leads to ${shadow.id} where ${defaultSchema}.${shadow.name} is meant, which is written without its schema`,
    {
      hint: `Reflect one of them: schemas: ['${defaultSchema}'], whose tables are then those of whichever schema a session has first; or take ${shadow.schema} out of the search_path.`,
    },
  )
}
