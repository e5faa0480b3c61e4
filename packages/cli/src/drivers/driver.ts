/**
 * Connections of the command's own: one small file for each database, over the driver that the project has.
 *
 * @module
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Read } from 'pillion/schema'
import type { TreeSession } from 'pillion/tree'
import { UsageError } from '../failure.js'

/** A database that is open. */
interface Open {
  /** Stops the statement under way, from elsewhere. Without it the database runs in this process, and hears no signal before it is done. */
  readonly cancel?: () => Promise<void>
  close(): Promise<unknown>
}

/** A database that is open to be read. */
export interface Connection extends Open {
  readonly read: Read
}

/** A database that is open to keep trees in: it is written to. */
export interface Session extends TreeSession, Open {}

/** A way to open the databases of some URLs. */
export interface Driver {
  readonly dialect: 'postgres' | 'mysql' | 'sqlite'
  /** Does it know this URL? */
  matches(url: string): boolean
  /** The URL as it may be shown: without password and parameters, which may hold one. */
  shown(url: string): string
  open(url: string): Promise<Connection>
  session(url: string): Promise<Session>
}

/** `scheme://user@host/database` of a URL. */
export function withoutSecrets(url: string): string {
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/** The first of some packages that the project has, or else the command. `Exports` is what it is known to export. */
export async function importAny<Exports>(
  names: readonly string[],
  what: string,
): Promise<readonly [name: string, exports: Exports]> {
  const from = [createRequire(join(process.cwd(), 'package.json')), createRequire(import.meta.url)]
  for (const require of from)
    for (const name of names) {
      const path = resolved(require, name)
      if (path !== undefined) return [name, await import(path.startsWith('node:') ? path : pathToFileURL(path).href)]
    }
  // npm would take mysql2/promise for a repository of GitHub's
  const packages = names.filter(name => !name.startsWith('node:')).map(name => name.split('/')[0])
  throw UsageError(`${what} needs a driver: install ${packages.join(' or ')}`)
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}
