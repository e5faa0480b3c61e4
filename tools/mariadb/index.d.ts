import type { Server } from '../server/index.js'

/** How to start a server. */
export interface MariadbOptions {
  /** Server settings, as `{ max_connections: 300 }`. They add to, and override, those of the launcher. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** The programs of the MariaDB that is installed; nothing where none is. */
export function findMariadb(): { readonly server: string; readonly install: string } | undefined

/**
 * Starts a server of the MariaDB that is installed: in a fresh temporary folder, on a free port of the loopback
 * interface, with a random password for its one user, `root`. Durability is off, for nothing in it is meant to last.
 *
 * The server ends with whichever comes first: `stop()`, or the end of this process, however it ends.
 *
 * @example
 * const mariadb = await startMariadb({ settings: { max_connections: 300 } })
 * const connection = await createConnection(mariadb.url)
 * await mariadb.stop()
 */
export function startMariadb(options?: MariadbOptions): Promise<Server>
