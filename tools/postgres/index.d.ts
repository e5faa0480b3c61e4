import type { Server } from '../server/index.js'

/** How to start a server. */
export interface PostgresOptions {
  /** Server settings, as `{ max_connections: 300 }`. They add to, and override, those of the launcher. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** A folder with the `initdb` and `postgres` of another version, in place of npm's. */
  readonly binaries?: string
  /** The folder `native` of npm's package of another version. */
  readonly native?: string
}

/** A running server. */
export type Postgres = Server

/**
 * Starts a PostgreSQL 18 of its own: in a fresh temporary folder, on a free port of the loopback interface,
 * with a random password. Durability is off, for nothing in it is meant to last.
 *
 * The server ends with whichever comes first: `stop()`, or the end of this process, however it ends.
 *
 * @example
 * const postgres = await startPostgres({ settings: { max_connections: 300 } })
 * const client = new Client(postgres.url)
 * await postgres.stop()
 */
export function startPostgres(options?: PostgresOptions): Promise<Postgres>
