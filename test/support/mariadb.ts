/**
 * MariaDB databases for tests, on the server that `servers.ts` starts where MariaDB is installed.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { inject } from 'vitest'
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
  const name = `pillion_${randomBytes(8).toString('hex')}`
  await onConnection(server, connection => connection.query(`create database ${name} character set utf8mb4`))
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => onConnection(server, connection => drop(connection, name)) }
}

/** Unlike PostgreSQL's, this DROP DATABASE waits for transactions that use the database: their sessions are ended first. */
async function drop(connection: Connection, name: string): Promise<void> {
  const [sessions] = await connection.query<RowDataPacket[]>(
    'select id from information_schema.processlist where db = ?',
    [name],
  )
  for (const { id } of sessions) await connection.query(`kill ${id}`).catch(gone)
  await connection.query(`drop database if exists ${name}`)
}

/** A session that ended before it could be killed is no failure. */
function gone(error: { readonly code?: string }): void {
  if (error.code !== 'ER_NO_SUCH_THREAD') throw error
}

async function onConnection(url: string, work: (connection: Connection) => Promise<unknown>): Promise<void> {
  const connection = await createConnection(url)
  try {
    await work(connection)
  } finally {
    await connection.end()
  }
}
