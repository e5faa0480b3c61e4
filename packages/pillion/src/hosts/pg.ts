/**
 * Riding on `pg` itself.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Host } from '../run/host.js'
import { borrowing, checkoutsOf, finished, noTransaction, transactionRefusal } from './postgres-checkouts.js'
import {
  isClient,
  isPool,
  type PgClient,
  type PgPool,
  type PostgresClient,
  type PostgresPool,
  pgClient,
  pgPool,
} from './postgres-client.js'
import { type PostgresHostOptions, postgresHost, type Ride, type Seat } from './postgres-host.js'

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
  return postgresHost('pg', rideOn(poolOrClient), options)
}

function rideOn(poolOrClient: unknown): Ride {
  if (isPool(poolOrClient)) return poolRide(pgPool(poolOrClient))
  if (isClient(poolOrClient)) return clientRide(pgClient(poolOrClient))
  throw unknownHost('pgHost takes a Pool, a PoolClient or a Client of pg.')
}

/** The way to a pool's connections. */
export function poolRide(pool: PgPool): Ride {
  const checkouts = checkoutsOf(pool)
  return async (target, job) => {
    if (target === undefined || target === pool) {
      return borrowing(pool, client => job({ client, borrowed: true, refusal: none }))
    }
    if (!isClient(target)) throw unknownHost('A transaction of a pool is the PoolClient it was begun on.')
    const client = pgClient(target)
    return job({ client, borrowed: false, refusal: transactionRefusal(checkouts, client) })
  }
}

/** The way to one connection. As an explicit target it must be in a transaction; as the root it need not. */
export function clientRide(client: PgClient): Ride {
  const checkout = client.release
  const refusal = (): PillionError | undefined =>
    client.release === checkout ? undefined : finished('The connection has been given back to the pool.')
  const root: Seat = { client, borrowed: false, refusal }
  const transaction: Seat = { client, borrowed: false, refusal: () => refusal() ?? noTransaction(client) }
  return async (target, job) => {
    if (target === undefined) return job(root)
    if (target === client) return job(transaction)
    if (isClient(target)) throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not the one of this host.')
    throw unknownHost('The only transaction of a Client is the Client itself.')
  }
}

function unknownHost(summary: string): PillionError {
  return new PillionError('HOST_UNKNOWN', summary)
}

function none(): undefined {}
