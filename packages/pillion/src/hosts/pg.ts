/**
 * Riding on `pg` itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import type { PostgresClient, PostgresPool } from './postgres/client.js'
import { pgDriver } from './postgres/ride.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions, PostgresClient, PostgresPool }

/**
 * A host over a pool or one client of `pg`.
 *
 * With a **Pool**, the root is any connection of it, borrowed for one statement; a transaction is the `PoolClient` that
 * BEGIN was sent on. With a **Client** or `PoolClient`, the root is that connection, in its transaction or not.
 *
 * A pool hands one `PoolClient` object out again and again. A reference kept past `release()` is refused while the
 * client is in the pool or out without a transaction; when somebody else has a transaction open on it, the object is
 * theirs too, and nothing tells the two uses apart.
 *
 * ```ts
 * const db = await pillion<DB>(pgHost(pool))
 * await client.query('BEGIN')
 * await ranked.on(client).all()
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when neither is given; `HOST_SHAPE` when its inside is not that of `pg` 8.21.
 */
export function pgHost(poolOrClient: PostgresPool | PostgresClient, options: HostOptions = {}): Host {
  if (!pgDriver.opens(poolOrClient)) throw unknownHost('pgHost takes a Pool, a PoolClient or a Client of pg.')
  return pgDriver.seating('pg', poolOrClient, pgDriver.ride(poolOrClient), options)
}
