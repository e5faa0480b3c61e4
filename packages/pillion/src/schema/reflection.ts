/**
 * What every reflection is told, and what comes of the rows once a dialect has read them.
 *
 * @module
 */
import type { Catalog, Names } from './model.js'
import { withTableKeys } from './names.js'
import { applyOverrides, type Overrides } from './overrides.js'
import { withRelations } from './relations.js'

/** What to reflect, and how to name it. */
export interface ReflectOptions {
  /**
   * Default: in PostgreSQL all but the server's own; in MySQL the database of the connection, which is called `main`
   * whatever its name; in SQLite `main` and what is attached.
   */
  readonly schemas?: readonly string[]
  /** Default: `database`. */
  readonly names?: Names
  /**
   * The schema whose tables need no qualifying. PostgreSQL's alone: `public` where there is one, else the session's.
   * In MySQL and SQLite it is `main`.
   */
  readonly defaultSchema?: string
  /** What is known better than the catalogue knows it. */
  readonly overrides?: Overrides
  /** An earlier pull, whose relation names are to stay. */
  readonly previous?: Catalog
}

/** What a dialect's connection is in, where the dialect has a word of its own for it or none. */
export const mainSchema = 'main'

/** Overrides, keys and relations, on what the catalogue says. */
export function completed(catalog: Catalog, { overrides = {}, previous }: ReflectOptions): Catalog {
  return Object.freeze(
    withRelations(withTableKeys(applyOverrides(catalog, overrides)), { overrides, ...(previous && { previous }) }),
  )
}
