/**
 * The databases that hosts are tried on.
 */
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import type { Database } from './conforms.js'
import { createSqlite } from './sqlite-observer.js'

export const onPg: Database = { name: 'PostgreSQL by pg', create: createDatabase }
export const onPostgres: Database = { name: 'PostgreSQL by other drivers', create: createDatabase }
export const onMariadb: Database = { name: 'MySQL and MariaDB', create: createMariadbDatabase }
export const onSqlite: Database = { name: 'SQLite', create: createSqlite }
