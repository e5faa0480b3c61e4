/**
 * Names that a tree would give to what it makes, and somebody else gave already: these are neither replaced nor, when an
 * install fails, dropped.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { mariadbNames } from './ddl/mariadb.js'
import { sqliteNames } from './ddl/sqlite.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'

/** Something by its name, and a SELECT that finds it. */
export interface Nameable {
  readonly what: string
  readonly name: string
  readonly sql: string
  readonly values: readonly string[]
}

/** What is made beside tables: PostgreSQL refuses by itself what would take the place of another. */
const names: { readonly [dialect in TreeDialect]: (model: TreeModel) => readonly Nameable[] } = {
  postgres: () => [],
  mariadb: mariadbNames,
  sqlite: sqliteNames,
}

/**
 * Asked where no links are there, so that none of these is the tree’s own.
 *
 * @throws TREE_REFUSED when one is taken
 */
export async function unlessNamesTaken(session: TreeSession, model: TreeModel): Promise<void> {
  for (const { what, name, sql, values } of names[session.dialect](model)) {
    const [found] = await session.run(sql, values)
    if (found === undefined) continue
    throw new PillionError('TREE_REFUSED', `There is ${what} ${name} already, which the tree would make for itself.`, {
      hint: 'Name the links otherwise: closure. Or drop it, where it is of a tree whose links are gone: pillion tree ddl --down.',
    })
  }
}
