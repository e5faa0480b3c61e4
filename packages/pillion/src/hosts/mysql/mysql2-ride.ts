/**
 * The ways to a seat on `mysql2`'s own pool and connections, for every host over them.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { oncePerProcess } from '../../run/once.js'
import { noMysqlConnection } from './failure.js'
import { mysqlHost } from './host.js'
import { type Client, clientInside, type Pool, poolInside } from './mysql2-client.js'
import { listen } from './mysql2-status.js'
import { type Driver, givenBack, isLost, type Ride, type Seat } from '../seat.js'
import { unknownHost } from '../shape.js'

/** The way to a pool's connections. */
export function poolRide(pool: Pool): Ride {
  const checkouts = checkoutsOf(pool)
  return async (target, job) => {
    if (target === undefined || poolInside(target) === pool) return await borrowing(pool, job)
    const client = clientInside(target)
    if (client === undefined) throw unknownHost('A transaction of a pool is the connection it was begun on.')
    return await job(transactionSeat(checkouts, pool, client))
  }
}

/** The way to one connection. As an explicit target it must be in a transaction; as the root it need not. */
export function clientRide(client: Client): Ride {
  const checkout = checkoutOf(client)
  const refusal = (): PillionError | undefined => (checkoutOf(client) === checkout ? undefined : givenBack())
  const root: Seat = { connection: client, borrowed: false, transaction: false, refusal }
  return async (target, job) => {
    if (target === undefined) return await job(root)
    const given = clientInside(target)
    if (given === client) return await job({ ...root, transaction: true })
    if (given !== undefined)
      throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not the one of this host.')
    throw unknownHost('The only transaction of a connection is the connection itself.')
  }
}

/** `mysql2` by itself. */
export const mysql2Driver: Driver = Object.freeze({
  opens: value => poolInside(value) !== undefined || clientInside(value) !== undefined,
  ride: root => {
    const pool = poolInside(root)
    return pool === undefined ? clientRide(clientInside(root) as Client) : poolRide(pool)
  },
  seating: mysqlHost,
} satisfies Driver)

/** How often a connection went back to its pool; `undefined` while it is there. */
export type Checkouts = (client: Client) => number | undefined

// one for all copies of the package in a process: each would put its own method in the place of the last one's
const watches = oncePerProcess('mysql2-checkouts.1', () => new WeakMap<Pool, Checkouts>())

/**
 * Counts a pool's checkouts from now on. The pool tells of none that hands a connection from one to the next who waits,
 * so that its own method is listened to, once a pool.
 */
export function checkoutsOf(pool: Pool): Checkouts {
  const known = watches.get(pool)
  if (known !== undefined) return known
  const returns = new WeakMap<Client, number>()
  const release = pool.releaseConnection
  pool.releaseConnection = client => {
    listen(client)
    returns.set(client, (returns.get(client) ?? 0) + 1)
    release.call(pool, client)
  }
  const checkouts: Checkouts = client => (client._released === true ? undefined : (returns.get(client) ?? 0))
  watches.set(pool, checkouts)
  return checkouts
}

/** Of a connection that may be one of a pool's which no host was made of. */
function checkoutOf(client: Client): number | undefined {
  const { _pool: pool } = client
  return pool ? checkoutsOf(pool)(client) : 0
}

/** @throws PillionError `TRANSACTION_FOREIGN` */
export function transactionSeat(checkouts: Checkouts, pool: Pool, client: Client): Seat {
  if (client._pool === null) throw givenBack()
  if (client._pool !== pool) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
      hint: 'Make a host of the pool that the transaction was opened on.',
    })
  }
  const checkout = checkouts(client)
  const refusal = (): PillionError | undefined =>
    checkout === undefined || checkouts(client) !== checkout ? givenBack() : undefined
  return { connection: client, borrowed: false, transaction: true, refusal, checkout }
}

async function borrowing<T>(pool: Pool, job: (seat: Seat) => Promise<T>): Promise<T> {
  const client = await checkOut(pool)
  try {
    return await onBorrowed(client, job)
  } finally {
    client.release?.()
  }
}

/** Does a job on a connection that is borrowed for it. Of one that is destroyed nothing goes back to the pool. */
export async function onBorrowed<T>(client: Client, job: (seat: Seat) => Promise<T>): Promise<T> {
  try {
    return await job({ connection: client, borrowed: true, transaction: false, refusal: () => undefined })
  } catch (error) {
    if (isLost(error)) client.destroy()
    throw error
  }
}

function checkOut(pool: Pool): Promise<Client> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, client) => (client === undefined ? reject(noMysqlConnection(error)) : resolve(client)))
  })
}
