import type { Server } from '../server/index.js'

/** How to start a server. */
export interface MysqlOptions {
  /** Server settings, as `{ max_connections: 300 }`. They add to, and override, those of the launcher. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** The folder of the MySQL that `npm run mysql` has fetched; nothing where it has not. */
export function findMysql(): string | undefined

/**
 * Starts a server of the MySQL that `npm run mysql` has fetched: in a fresh temporary folder, on a free port of the loopback
 * interface, with a random password for its one user, `root`. Durability is off, for nothing in it is meant to last.
 *
 * The server ends with whichever comes first: `stop()`, or the end of this process, however it ends.
 *
 * @example
 * const mysql = await startMysql({ settings: { max_connections: 300 } })
 * const connection = await createConnection(mysql.url)
 * await mysql.stop()
 */
export function startMysql(options?: MysqlOptions): Promise<Server>
