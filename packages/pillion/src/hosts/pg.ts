/**
 * Riding on `pg` itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { isClient, isPool, type PostgresClient, type PostgresPool, pgClient, pgPool } from './postgres-client.js'
import { type PostgresHostOptions, postgresHost, type Ride } from './postgres-host.js'
import { clientRide, poolRide, unknownHost } from './postgres-ride.js'

export type { PostgresClient, PostgresHostOptions, PostgresPool }

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
export function pgHost(poolOrClient: PostgresPool | PostgresClient, options: PostgresHostOptions = {}): Host {
  return postgresHost('pg', poolOrClient, rideOn(poolOrClient), options)
}

function rideOn(poolOrClient: unknown): Ride {
  if (isPool(poolOrClient)) return poolRide(pgPool(poolOrClient))
  if (isClient(poolOrClient)) return clientRide(pgClient(poolOrClient))
  throw unknownHost('pgHost takes a Pool, a PoolClient or a Client of pg.')
}
