/**
 * Riding on `mariadb`'s connector itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import type { MariadbConnection, MariadbPool } from './mysql/mariadb-client.js'
import { mariadbDriver } from './mysql/mariadb-ride.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions, MariadbConnection, MariadbPool }

/**
 * A host over a pool or one connection of `mariadb`, of its promises.
 *
 * With a **pool**, the root is any connection of it, borrowed for one statement; a transaction is the connection that
 * BEGIN was sent on. With a **connection**, the root is that connection, in its transaction or not.
 *
 * Ours are sent by the binary protocol, prepared once a connection and kept there by the connector's own cache; with
 * `prepare: false` each is closed after use. Options of the pool that change how values are read change nothing.
 *
 * ```ts
 * const db = await pillion<DB>(mariadbHost(pool))
 * await connection.beginTransaction()
 * await ranked.on(connection).all()
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when neither is given; `HOST_SHAPE` when its inside is not that of `mariadb` 3.
 */
export function mariadbHost(poolOrConnection: MariadbPool | MariadbConnection, options: HostOptions = {}): Host {
  if (!mariadbDriver.opens(poolOrConnection)) throw unknownHost('mariadbHost takes a pool or a connection of mariadb.')
  return mariadbDriver.seating('mariadb', poolOrConnection, mariadbDriver.ride(poolOrConnection), options)
}
