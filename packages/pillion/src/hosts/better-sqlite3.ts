/**
 * Riding on better-sqlite3 itself.
 *
 * @module
 */
import type { SyncHost } from '../run/host.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'
import { type BetterSqlite3Database, isBetterSqlite3 } from './sqlite/database.js'
import { sqliteDriver } from './sqlite/ride.js'

export type { BetterSqlite3Database, HostOptions }

/**
 * A host over a `Database` of better-sqlite3.
 *
 * There is one connection, so the root is inside whatever transaction is open on it, also one of another request's.
 * Given to `on`, the database stands for that transaction, and is refused when there is none. Every terminal has a
 * synchronous twin, which is how a query runs inside `database.transaction(…)`.
 *
 * ```ts
 * const db = pillionSync<DB>(betterSqlite3Host(database))
 * database.transaction(() => ranked.allSync(me.is(7)))()
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Database of better-sqlite3.
 */
export function betterSqlite3Host(database: BetterSqlite3Database, options: HostOptions = {}): SyncHost {
  if (!isBetterSqlite3(database)) throw unknownHost('betterSqlite3Host takes a Database of better-sqlite3.')
  return sqliteDriver.seating('better-sqlite3', database, sqliteDriver.ride(database), options) as SyncHost
}
