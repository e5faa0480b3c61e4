/**
 * Riding on Node's own SQLite.
 *
 * @module
 */
import type { SyncHost } from '../run/host.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'
import { isNodeSqlite, type NodeSqliteDatabase } from './sqlite/database.js'
import { sqliteDriver } from './sqlite/ride.js'

export type { HostOptions, NodeSqliteDatabase }

/**
 * A host over a `DatabaseSync` of `node:sqlite`, as Node has it from 22.16.
 *
 * There is one connection, so the root is inside whatever transaction is open on it, also one of another request's.
 * Given to `on`, the database stands for that transaction, and is refused when there is none. Every terminal has a
 * synchronous twin.
 *
 * ```ts
 * const db = pillionSync<DB>(nodeSqliteHost(new DatabaseSync('app.db')))
 * ranked.allSync(me.is(7))
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no DatabaseSync, or one of a Node before 22.16.
 */
export function nodeSqliteHost(database: NodeSqliteDatabase, options: HostOptions = {}): SyncHost {
  if (!isNodeSqlite(database))
    throw unknownHost('nodeSqliteHost takes a DatabaseSync of node:sqlite, of Node 22.16 or later.')
  return sqliteDriver.seating('node:sqlite', database, sqliteDriver.ride(database), options) as SyncHost
}
