/**
 * Riding on postgres.js itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { postgresJsDriver } from './postgres/postgresjs-host.js'
import type { PostgresJsSql } from './postgres/postgresjs-sql.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions, PostgresJsSql }

/**
 * A host over postgres.js.
 *
 * The root is any connection of its pool. A transaction is the `sql` that `begin` or `savepoint` hands out, until the
 * callback is over: postgres.js marks no transaction as ended, so `begin` is listened to from here on, and the host is to
 * be made before a transaction begins. What the application has set up for parsing and serializing changes nothing.
 *
 * ```ts
 * const sql = postgres(url)
 * const db = await pillion<DB>(postgresHost(sql))
 * await sql.begin(tx => ranked.on(tx).all())
 * ```
 *
 * A statement that fails in a transaction fails the transaction, also when the error is caught: `savepoint: true` spares it.
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no postgres.js; `HOST_SHAPE` when it transforms rows.
 */
export function postgresHost(sql: PostgresJsSql, options: HostOptions = {}): Host {
  if (!postgresJsDriver.opens(sql)) throw unknownHost('postgresHost takes what postgres() of postgres.js gives.')
  return postgresJsDriver.seating('postgres', sql, postgresJsDriver.ride(sql), options)
}
