/**
 * What every reflection is told, and what comes of the rows once a dialect has read them.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { checkOverrides } from './check-overrides.js'
import { checkExcludedColumns } from './excluded-columns.js'
import type { Catalog, Names, Table } from './model.js'
import { withTableKeys } from './names.js'
import { applyOverrides, type Overrides } from './overrides.js'
import { withRelations } from './relations.js'

/** What to reflect, and how to name it. */
export interface ReflectOptions {
  /**
   * Default: in PostgreSQL all but the server's own; in MySQL the database of the connection, which is called `main`
   * whatever its name; in SQLite `main` and what is attached.
   */
  readonly schemas?: readonly string[] | undefined
  /** Default: `database`. */
  readonly names?: Names | undefined
  /**
   * The schema whose tables need no qualifying. PostgreSQL's alone: `public` where there is one, else the session's.
   * In MySQL and SQLite it is `main`.
   */
  readonly defaultSchema?: string | undefined
  /** What is known better than the catalogue knows it. */
  readonly overrides?: Overrides | undefined
  /** An earlier pull, whose relation names are to stay. */
  readonly previous?: Catalog | undefined
}

/** What a dialect's connection is in, where the dialect has a word of its own for it or none. */
export const mainSchema = 'main'

/**
 * Overrides, keys and relations, on what the catalogue says.
 *
 * @throws REFLECT_FAILED where two tables have one id; OVERRIDE_INVALID
 */
export function completed(catalog: Catalog, options: ReflectOptions): Catalog {
  const { overrides = {} } = options
  checkOverrides(overrides)
  checkExcludedColumns(catalog, overrides)
  return completedAgain(catalog, options)
}

/** The same of what is partly from an earlier pull, and so without its excluded columns. */
export function completedAgain(catalog: Catalog, { overrides = {}, previous }: ReflectOptions): Catalog {
  const overridden = applyOverrides(catalog, overrides)
  checkIds(overridden.tables)
  return Object.freeze(withRelations(withTableKeys(overridden), { overrides, ...(previous && { previous }) }))
}

/** Dots in names can make one id of two: all that is told of tables by id would be told of the other, too. */
function checkIds(tables: readonly Table[]): void {
  const known = new Map<string, Table>()
  for (const table of tables) {
    const other = known.get(table.id)
    if (other !== undefined) throw sharedId(other, table)
    known.set(table.id, table)
  }
}

function sharedId(one: Table, other: Table): PillionError {
  const told = [one, other].map(({ schema, name }) => `${name} of the schema ${schema}`)
  return new PillionError('REFLECT_FAILED', `two tables are told apart by no id: ${told.join(' and ')}`, {
    hint: `Leave one out, by schemas or by exclude: ['${one.name}']; or rename one.`,
  })
}
