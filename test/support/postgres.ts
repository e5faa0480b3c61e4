/**
 * Databases for tests. The servers are started by `servers.ts`; a test makes its own database on one of them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
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
  // template0 takes no sessions, so no parallel test can be in the way of the copy.
  await run(server, `create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => run(server, `drop database if exists ${name} with (force)`) }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
