/**
 * A tree's DDL as text, for a team's own migrations.
 *
 * @module
 */
import { installMariadb, uninstallMariadb } from './ddl/mariadb.js'
import { installPostgres, uninstallPostgres } from './ddl/postgres.js'
import { installSqlite, uninstallSqlite } from './ddl/sqlite.js'
import { inPlainMode } from './mode.js'
import type { TreeDialect, TreeModel } from './model.js'
import { shortened } from './names.js'

type Printer = (model: TreeModel) => readonly string[]

const printers: { readonly [dialect in TreeDialect]: { readonly install: Printer; readonly uninstall: Printer } } = {
  postgres: { install: installPostgres, uninstall: uninstallPostgres },
  mariadb: { install: installMariadb, uninstall: uninstallMariadb },
  sqlite: { install: installSqlite, uninstall: uninstallSqlite },
}

/** As they are to be run by any client. */
const scripts: { readonly [dialect in TreeDialect]: (statements: readonly string[]) => readonly string[] } = {
  postgres: statements => statements,
  mariadb: inPlainMode,
  sqlite: statements => statements,
}

/**
 * The statements that install a tree's links and triggers and fill them, one by one. Running them again changes nothing.
 *
 * ```ts
 * for (const statement of installDdl(model)) await client.query(statement)   // in one transaction
 * ```
 */
export function installDdl(model: TreeModel): readonly string[] {
  return scripts[model.dialect](installing(model))
}

/** The same, for a session in a mode that is known. */
export function installing(model: TreeModel): readonly string[] {
  return printers[model.dialect].install(model)
}

/** The tables that {@link installDdl} makes beside that of the links. */
export function sideTables({ dialect, links, counts, onDelete }: TreeModel): readonly string[] {
  const own = {
    postgres: [],
    mariadb: onDelete === 'cascade' ? ['keep', 'anchor'] : ['keep'],
    sqlite: ['waiting', 'nowhere', 'looked'],
  }
  return ['load', ...own[dialect], ...(counts ? ['count', 'delta'] : [])].map(suffix =>
    shortened(`${links.name}_${suffix}`),
  )
}

/**
 * The statements that take away what {@link installDdl} made.
 *
 * ```ts
 * for (const statement of uninstallDdl(model)) await client.query(statement)
 * ```
 */
export function uninstallDdl(model: TreeModel): readonly string[] {
  return scripts[model.dialect](uninstalling(model))
}

/** The same, for a session in a mode that is known. */
export function uninstalling(model: TreeModel): readonly string[] {
  return printers[model.dialect].uninstall(model)
}
