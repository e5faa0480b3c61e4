/**
 * MySQL databases for tests, on the server that `servers.ts` starts where `npm run mysql` has fetched one.
 *
 * @module
 */
import { inject } from 'vitest'
import { createDatabaseOn } from './mysql-database.js'
import type { Database } from './postgres.js'
import type {} from './servers.js'

/** The superuser's URL of a MySQL, or of the server that `PILLION_TEST_MYSQL_URL` names; nothing where there is none. */
export function mysqlUrl(): string | undefined {
  return inject('mysql')
}

/** Makes an empty database under a random name, in utf8mb4 whatever the server's default. */
export async function createMysqlDatabase(): Promise<Database> {
  const server = mysqlUrl()
  if (server === undefined) throw new Error('there is no MySQL: skip the test')
  return createDatabaseOn(server)
}
