/**
 * Are the triggers there that keep the links, and as they are to be? A migration that makes the table anew drops them, another version of
 * pillion leaves them as they were, and no error tells of it.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { mariadbBodies, mariadbTriggerNames } from './ddl/mariadb.js'
import { postgresBodies } from './ddl/postgres/functions.js'
import { postgresTriggerNames } from './ddl/postgres.js'
import { sqliteBodies, sqliteTriggers } from './ddl/sqlite.js'
import { plainMode } from './mode.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { list, literal, plainLiteral, treeText } from './text.js'

interface Catalogue {
  /** What must be there. */
  names(model: TreeModel): readonly string[]
  /** A SELECT of the names of what is there, and is on. */
  there(model: TreeModel): string
  /** What each does, as this version writes it: of PostgreSQL's the functions. */
  bodies(model: TreeModel): ReadonlyMap<string, string>
  /** A SELECT of names and what they do by now. */
  written(model: TreeModel): string
  /** Tells what this user may do, where triggers are hidden from who may but read. */
  readonly rights?: string
}

const catalogues: { readonly [dialect in TreeDialect]: Catalogue } = {
  postgres: {
    names: postgresTriggerNames,
    there: model => {
      const { table, links, counts, deltas, late, own } = treeText(model)
      const tables = [table, links, counts, deltas, late].map(each => `to_regclass(${literal(each)})`)
      // a schema that is renamed takes them with it, and their functions go on to write where it was: the links, or keys that rows get
      const written = [links, own('rekeyed')].map(each => `strpos(p.prosrc, ${literal(each)}) > 0`)
      return `SELECT tgname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgenabled IN ('O', 'A') AND t.tgrelid IN (${list(tables)}) AND (t.tgrelid <> to_regclass(${literal(table)}) OR ${written.join(' OR ')})`
    },
    bodies: postgresBodies,
    written: model =>
      `SELECT p.proname, p.prosrc FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = ${literal(model.schema)} AND p.proname IN (${list([...postgresBodies(model).keys()].map(literal))})`,
  },
  mariadb: {
    names: mariadbTriggerNames,
    // a trigger goes with its table when that is renamed
    there: ({ table, links }) =>
      `SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = database() AND event_object_table IN (${list(plainLiteral(table), plainLiteral(links.name))})`,
    bodies: mariadbBodies,
    // who keeps another mode reads the same text otherwise
    written: ({ table, links }) =>
      `SELECT trigger_name, CASE WHEN action_statement IS NULL OR sql_mode = ${literal(plainMode)} THEN action_statement ELSE '' END FROM information_schema.triggers WHERE event_object_schema = database() AND event_object_table IN (${list(plainLiteral(table), plainLiteral(links.name))})`,
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
    bodies: sqliteBodies,
    written: model =>
      `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (${list([...sqliteBodies(model).keys()].map(literal))})`,
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

/**
 * The names of those that are there and do not do what this version of pillion would have them do: an older one made them, or somebody
 * changed them. Asked where none are missing.
 */
export async function outdatedTriggers(session: TreeSession, model: TreeModel): Promise<readonly string[]> {
  const { bodies, written } = catalogues[session.dialect]
  const found = (await session.run(written(model))).map(([name, body]) => ({ name, body: unspaced(body) }))
  return [...bodies(model)]
    .filter(
      ([name, body]) => !found.some(each => each.name === name && [unspaced(body), undefined].includes(each.body)),
    )
    .map(([name]) => name)
}

/** A migration's tool may end lines in its own way. Who may not make triggers is shown none of it on MariaDB. */
const unspaced = (text: string | null | undefined): string | undefined => text?.replaceAll(/\s+/g, ' ').trim()

async function isShown(session: TreeSession, rights: string): Promise<boolean> {
  const grants = await session.run(rights)
  return grants.some(([grant]) => moreThanReading.test(String(grant)))
}

const moreThanReading = /\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE|DROP|REFERENCES|INDEX|ALTER|TRIGGER)\b.* ON /
