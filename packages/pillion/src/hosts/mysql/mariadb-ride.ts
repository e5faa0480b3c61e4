/**
 * The ways to a seat on the pool and the connections of `mariadb`'s connector, for every host over them.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import {
  assertPromises,
  type Client,
  clientOf,
  type Handle,
  isMariadbConnection,
  isMariadbPool,
  type Pool,
} from './mariadb-client.js'
import { oncePerProcess } from '../../run/once.js'
import { noMysqlConnection } from './failure.js'
import { mysqlHost } from './host.js'
import { type Driver, givenBack, isLost, type Ride, type Seat } from '../seat.js'
import { unknownHost } from '../shape.js'

/** The way to a pool's connections. */
export function poolRide(pool: Pool): Ride {
  assertPromises(pool)
  const checkouts = checkoutsOf(pool)
  return async (target, job) => {
    if (target === undefined || target === pool) return await borrowing(pool, job)
    if (!isMariadbConnection(target)) throw unknownHost('A transaction of a pool is the connection it was begun on.')
    return await job(transactionSeat(checkouts, target as unknown as Handle))
  }
}

/** The way to one connection. As an explicit target it must be in a transaction; as the root it need not. */
export function handleRide(handle: Handle): Ride {
  const root: Seat = { connection: handle, borrowed: false, transaction: false, refusal: () => undefined }
  return async (target, job) => {
    if (target === undefined) return await job(root)
    if (target === handle) return await job({ ...root, transaction: true })
    if (isMariadbConnection(target)) {
      throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not the one of this host.')
    }
    throw unknownHost('The only transaction of a connection is the connection itself.')
  }
}

/** The connector by itself. */
export const mariadbDriver: Driver = Object.freeze({
  opens: value => isMariadbPool(value) || isMariadbConnection(value),
  ride: root => (isMariadbPool(root) ? poolRide(root as unknown as Pool) : handleRide(root as Handle)),
  seating: mysqlHost,
} satisfies Driver)

/** Which checkout a connection is out under, and whether it is one of the pool's. */
interface Checkouts {
  of(client: Client): number | undefined
  has(client: Client): boolean
  /** The checkout that a handle was made for. */
  first(handle: Handle, client: Client): number | undefined
}

// a server that loads its pages anew keeps its pool: each copy of the package would listen to it once more
const watches = oncePerProcess('mariadb-checkouts.1', () => new WeakMap<Pool, Checkouts>())

/** Counts a pool's checkouts from now on: one pair of listeners a pool, however many hosts ask. */
function checkoutsOf(pool: Pool): Checkouts {
  const known = watches.get(pool)
  if (known !== undefined) return known
  const numbers = new WeakMap<object, number | undefined>()
  const firsts = new WeakMap<Handle, number | undefined>()
  let last = 0
  pool.on('acquire', client => numbers.set(client, ++last))
  pool.on('release', client => numbers.set(client, undefined))
  const checkouts: Checkouts = Object.freeze({
    of: (client: Client) => numbers.get(client),
    has: (client: Client) => numbers.has(client),
    first(handle: Handle, client: Client) {
      if (!firsts.has(handle)) firsts.set(handle, numbers.get(client))
      return firsts.get(handle)
    },
  })
  watches.set(pool, checkouts)
  return checkouts
}

/**
 * The seat on a pool's connection that stands for a transaction: what the pool hands out is made anew for each checkout,
 * but goes on working under the next.
 *
 * @throws PillionError `TRANSACTION_FOREIGN`
 */
function transactionSeat(checkouts: Checkouts, handle: Handle): Seat {
  const client = clientOf(handle)
  if (!checkouts.has(client)) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
      hint: 'Make a host of the pool that the transaction was opened on, before it is opened.',
    })
  }
  const checkout = checkouts.first(handle, client)
  const refusal = (): PillionError | undefined =>
    checkout === undefined || checkouts.of(client) !== checkout ? givenBack() : undefined
  return { connection: handle, borrowed: false, transaction: true, refusal, checkout }
}

async function borrowing<T>(pool: Pool, job: (seat: Seat) => Promise<T>): Promise<T> {
  const handle = await pool.getConnection().catch(error => {
    throw noMysqlConnection(error)
  })
  let failure: unknown
  try {
    return await job({ connection: handle, borrowed: true, transaction: false, refusal: () => undefined })
  } catch (error) {
    failure = error
    throw error
  } finally {
    if (isLost(failure)) handle.destroy()
    // it is the pool's at once; for what that does to it before the next one has it, as a reset, nobody here need wait
    else void handle.release?.()
  }
}
