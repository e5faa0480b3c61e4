/**
 * A catalogue as SQL: a script that makes the same schema in an empty database.
 *
 * @module
 */
import { mysqlScript, mysqlStatements } from './ddl/mysql/statements.js'
import { postgresStatements } from './ddl/postgres/statements.js'
import { sqliteStatements } from './ddl/sqlite.js'
import type { Catalog, DialectName } from './model.js'

const statementsOf: Readonly<Record<DialectName, (catalog: Catalog) => readonly string[]>> = {
  postgres: postgresStatements,
  mysql: mysqlStatements,
  mariadb: mysqlStatements,
  sqlite: sqliteStatements,
}

/**
 * The SQL that recreates a catalogue, statement by statement: run one after another in an empty database and
 * reflected, it gives the catalogue again. It holds what the model holds, so no rows, owners, grants, definers or
 * statistics; and in PostgreSQL neither storage settings nor rules.
 *
 * @example
 * ```ts
 * for (const statement of ddlStatements(catalog)) await connection.query(statement)
 * ```
 */
export function ddlStatements(catalog: Catalog): readonly string[] {
  return statementsOf[catalog.dialect](catalog).map(statement => statement.trim().replace(/;$/, ''))
}

/**
 * The same as a script for the database's own client: `psql`, `mysql` or `mariadb`, `sqlite3`.
 *
 * @example
 * ```ts
 * await client.query(emitDdl(await reflectPostgres(read)))
 * ```
 */
export function emitDdl(catalog: Catalog): string {
  const statements = ddlStatements(catalog)
  return catalog.dialect === 'mysql' || catalog.dialect === 'mariadb'
    ? mysqlScript(statements)
    : statements.map(statement => `${statement};\n`).join('\n')
}
