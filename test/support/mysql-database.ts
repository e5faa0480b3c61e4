/**
 * Databases of MySQL and MariaDB, which one client makes and drops alike.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Database } from './postgres.js'

/** Makes an empty database under a random name on a server, in utf8mb4 whatever the server's default. */
export async function createDatabaseOn(server: string): Promise<Database> {
  const name = `pillion_${randomBytes(8).toString('hex')}`
  await onConnection(server, connection => connection.query(`create database ${name} character set utf8mb4`))
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => onConnection(server, connection => drop(connection, name)) }
}

/** Unlike PostgreSQL's, this DROP DATABASE waits for transactions that use the database: their sessions are ended first. */
async function drop(connection: Connection, name: string): Promise<void> {
  const [sessions] = await connection.query<RowDataPacket[]>(
    'select id as session from information_schema.processlist where db = ?',
    [name],
  )
  for (const { session } of sessions) await connection.query(`kill ${session}`).catch(gone)
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
