/**
 * Databases for tests. The servers are started by `servers.ts`; a test makes its own database on one of them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { inject } from 'vitest'
import type {} from './servers.js'

/** A server to test against. */
export interface PostgresServer {
  readonly version: 15 | 18
  /** The superuser's URL. */
  readonly url: string
}

/** A database of one test file's own. */
export interface Database {
  /** The superuser's URL of this database. */
  readonly url: string
  /** Ends every session in it and removes it. */
  drop(): Promise<void>
}

/** The superuser's URL of a PostgreSQL 18, or of the server that `PILLION_TEST_POSTGRES_URL` names. */
export function postgresUrl(): string {
  return inject('postgres18')
}

/**
 * Every server at hand, for tests whose subject differs from one version to the next.
 *
 * @example
 * describe.each(postgresServers())('on PostgreSQL $version', ({ url }) => { … await createDatabase(url) … })
 */
export function postgresServers(): readonly PostgresServer[] {
  const older = inject('postgres15')
  return [{ version: 18, url: postgresUrl() }, ...(older === undefined ? [] : [{ version: 15, url: older } as const])]
}

/** Makes an empty UTF-8 database under a random name. */
export async function createDatabase(server: string = postgresUrl()): Promise<Database> {
  const name = `pillion_${randomBytes(8).toString('hex')}`
  await onServer(server, client => create(client, name))
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => onServer(server, client => drop(client, name)) }
}

async function create(client: Client, name: string): Promise<void> {
  const { rows } = await client.query(`select current_setting('server_version_num')::int >= 150000 as logs`)
  // From 15 on a copy goes through the log unless told otherwise, which takes twice as long.
  const strategy = rows[0].logs ? 'strategy file_copy' : ''
  // template0 takes no sessions, so no parallel test can be in the way of the copy.
  await client.query(`create database ${name} template template0 encoding 'UTF8' ${strategy}`)
}

/**
 * A session whose client has ended may be there for a moment yet. It would tell that client of a drop by force, and a pool
 * that has ended no longer listens: those that are leaving are let go first.
 */
async function drop(client: Client, name: string): Promise<void> {
  const sessions = `select from pg_stat_activity where datname = '${name}'`
  for (let left = 50; left > 0 && (await client.query(sessions)).rowCount !== 0; left--) await pause(10)
  await client.query(`drop database if exists ${name} with (force)`)
}

async function onServer(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
