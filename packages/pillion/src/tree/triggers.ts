/**
 * Are the triggers there that keep the links? A migration that makes the table anew drops them, and no error tells of it.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { mariadbTriggerNames } from './ddl/mariadb.js'
import { postgresTriggerNames } from './ddl/postgres.js'
import { sqliteTriggers } from './ddl/sqlite.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { list, literal, plainLiteral, treeText } from './text.js'

interface Catalogue {
  /** What must be there. */
  names(model: TreeModel): readonly string[]
  /** A SELECT of the names of what is there, and is on. */
  there(model: TreeModel): string
  /** Tells what this user may do, where triggers are hidden from who may but read. */
  readonly rights?: string
}

const catalogues: { readonly [dialect in TreeDialect]: Catalogue } = {
  postgres: {
    names: postgresTriggerNames,
    there: model => {
      const { table, links, counts, deltas, late } = treeText(model)
      const tables = [table, links, counts, deltas, late].map(each => `to_regclass(${literal(each)})`)
      return `SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN (${list(tables)})`
    },
  },
  mariadb: {
    names: mariadbTriggerNames,
    // a trigger goes with its table when that is renamed
    there: ({ table, links }) =>
      `SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = database() AND event_object_table IN (${list(plainLiteral(table), plainLiteral(links.name))})`,
    rights: 'SHOW GRANTS',
  },
  sqlite: {
    names: model => sqliteTriggers(model).map(({ name }) => name),
    // a table that is renamed takes its triggers with it
    there: model => {
      const each = sqliteTriggers(model).map(
        ({ name, on }) => `name = ${literal(name)} AND tbl_name = ${literal(on)} COLLATE NOCASE`,
      )
      return `SELECT name FROM sqlite_master WHERE type = 'trigger' AND (${each.join(' OR ')})`
    },
  },
}

/**
 * The names of those that are not there, or off.
 *
 * @throws TREE_REFUSED where this user is not shown triggers
 */
export async function missingTriggers(session: TreeSession, model: TreeModel): Promise<readonly string[]> {
  const { names, there, rights } = catalogues[session.dialect]
  const found = new Set((await session.run(there(model))).map(([name]) => name))
  const missing = names(model).filter(name => !found.has(name))
  if (rights !== undefined && missing.length === names(model).length && !(await isShown(session, rights))) {
    throw new PillionError(
      'TREE_REFUSED',
      `This user is not shown the triggers of ${model.links.name}: it cannot be told whether they are there.`,
      {
        hint: 'MariaDB hides them from users who may but SELECT: grant this one another right on the tables of the tree, as TRIGGER.',
      },
    )
  }
  return missing
}

async function isShown(session: TreeSession, rights: string): Promise<boolean> {
  const grants = await session.run(rights)
  return grants.some(([grant]) => moreThanReading.test(String(grant)))
}

const moreThanReading = /\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE|DROP|REFERENCES|INDEX|ALTER|TRIGGER)\b.* ON /
