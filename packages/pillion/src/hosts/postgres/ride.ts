/**
 * The ways to a seat on `pg`'s own pool and clients, for every host over them.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { borrowing, checkoutsOf, transactionSeat } from './checkouts.js'
import { isClient, isPool, type PgClient, type PgPool, pgClient, pgPool } from './client.js'
import { postgresHost } from './host.js'
import { type Driver, givenBack, type Ride, type Seat } from '../seat.js'
import { unknownHost } from '../shape.js'

/** The way to a pool's connections. */
export function poolRide(pool: PgPool): Ride {
  const checkouts = checkoutsOf(pool)
  return async (target, job) => {
    if (target === undefined || target === pool) return await borrowing(pool, job)
    if (!isClient(target)) throw unknownHost('A transaction of a pool is the PoolClient it was begun on.')
    return await job(transactionSeat(checkouts, target))
  }
}

/** The way to one connection. As an explicit target it must be in a transaction; as the root it need not. */
export function clientRide(client: PgClient): Ride {
  const checkout = client.release
  const refusal = (): PillionError | undefined => (client.release === checkout ? undefined : givenBack())
  const root: Seat = { connection: client, borrowed: false, transaction: false, refusal }
  const transaction: Seat = { ...root, transaction: true }
  return async (target, job) => {
    if (target === undefined) return await job(root)
    if (target === client) return await job(transaction)
    if (isClient(target)) throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not the one of this host.')
    throw unknownHost('The only transaction of a Client is the Client itself.')
  }
}

/** `pg` by itself. */
export const pgDriver: Driver = Object.freeze({
  opens: value => isPool(value) || isClient(value),
  ride: root => (isPool(root) ? poolRide(pgPool(root)) : clientRide(pgClient(root))),
  seating: postgresHost,
} satisfies Driver)
