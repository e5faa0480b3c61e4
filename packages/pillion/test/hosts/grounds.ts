/**
 * The databases that hosts are tried on, beside the servers of MySQL's protocol, which are in `mysql-observer.ts`.
 */
import { createDatabase } from '../../../../test/support/postgres.js'
import type { Database } from './conforms.js'
import { createSqlite } from './sqlite-observer.js'

export const onPg: Database = { name: 'PostgreSQL by pg', create: createDatabase }
export const onPostgres: Database = { name: 'PostgreSQL by other drivers', create: createDatabase }
export const onSqlite: Database = { name: 'SQLite', create: createSqlite }
