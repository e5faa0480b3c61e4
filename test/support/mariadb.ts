/**
 * MariaDB databases for tests, on the server that `servers.ts` starts where MariaDB is installed.
 *
 * @module
 */
import { inject } from 'vitest'
import { createDatabaseOn } from './mysql-database.js'
import type { Database } from './postgres.js'
import type {} from './servers.js'

/** The superuser's URL of a MariaDB, or of the server that `PILLION_TEST_MARIADB_URL` names; nothing where there is none. */
export function mariadbUrl(): string | undefined {
  return inject('mariadb')
}

/** Makes an empty database under a random name, in utf8mb4 whatever the server's default. */
export async function createMariadbDatabase(): Promise<Database> {
  const server = mariadbUrl()
  if (server === undefined) throw new Error('there is no MariaDB: skip the test')
  return createDatabaseOn(server)
}
