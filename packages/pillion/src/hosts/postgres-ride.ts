/**
 * The ways to a seat on `pg`'s own pool and clients, for every host over them.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { borrowing, checkoutsOf, finished, noTransaction, transactionRefusal } from './postgres-checkouts.js'
import { isClient, type PgClient, type PgPool, pgClient } from './postgres-client.js'
import type { Ride, Seat } from './postgres-host.js'

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

/** The object is not what a host was to be made of. */
export function unknownHost(summary: string): PillionError {
  return new PillionError('HOST_UNKNOWN', summary)
}

function none(): undefined {}
