/**
 * Riding on `mysql2` itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import type { Mysql2Connection, Mysql2Pool } from './mysql/mysql2-client.js'
import { mysql2Driver } from './mysql/mysql2-ride.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions, Mysql2Connection, Mysql2Pool }

/**
 * A host over a pool or one connection of `mysql2`, of its callbacks or of its promises.
 *
 * With a **pool**, the root is any connection of it, borrowed for one statement; a transaction is the connection that
 * START TRANSACTION was sent on. With a **connection**, the root is that connection, in its transaction or not.
 *
 * Ours are sent by the binary protocol, prepared once a connection and kept there by the driver's own cache; with
 * `prepare: false` each is closed after use. Options of the pool that change how values are read change nothing.
 *
 * ```ts
 * const db = await pillion<DB>(mysql2Host(pool))
 * await connection.beginTransaction()
 * await ranked.on(connection).all()
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when neither is given; `HOST_SHAPE` when its inside is not that of `mysql2` 3.
 */
export function mysql2Host(poolOrConnection: Mysql2Pool | Mysql2Connection, options: HostOptions = {}): Host {
  if (!mysql2Driver.opens(poolOrConnection)) throw unknownHost('mysql2Host takes a pool or a connection of mysql2.')
  return mysql2Driver.seating('mysql2', poolOrConnection, mysql2Driver.ride(poolOrConnection), options)
}
