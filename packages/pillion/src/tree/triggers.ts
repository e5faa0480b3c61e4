/**
 * Are the triggers there that keep the links? A migration that makes the table anew drops them, and no error tells of it.
 *
 * @module
 */
import { mariadbTriggerNames } from './ddl/mariadb.js'
import { postgresTriggerNames } from './ddl/postgres.js'
import { sqliteTriggerNames } from './ddl/sqlite.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { list, literal, treeText } from './text.js'

interface Catalogue {
  /** What must be there. */
  names(model: TreeModel): readonly string[]
  /** A SELECT of the names of what is there, and is on. */
  there(model: TreeModel): string
}

const catalogues: { readonly [dialect in TreeDialect]: Catalogue } = {
  postgres: {
    names: postgresTriggerNames,
    there: model => {
      const { table, links, counts, deltas } = treeText(model)
      const tables = [table, links, counts, deltas].map(each => `to_regclass(${literal(each)})`)
      return `SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN (${list(tables)})`
    },
  },
  mariadb: {
    names: mariadbTriggerNames,
    there: () => 'SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = database()',
  },
  sqlite: {
    names: sqliteTriggerNames,
    there: () => `SELECT name FROM sqlite_master WHERE type = 'trigger'`,
  },
}

/** The names of those that are not there, or off. */
export async function missingTriggers(session: TreeSession, model: TreeModel): Promise<readonly string[]> {
  const { names, there } = catalogues[session.dialect]
  const found = new Set((await session.run(there(model))).map(([name]) => name))
  return names(model).filter(name => !found.has(name))
}
