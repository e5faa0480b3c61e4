/**
 * Who holds a pool's clients: a pool hands the same client object out again and again, and a reference kept past its
 * release looks like any other. Each checkout gets a number here.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { noConnection } from '../../run/failure.js'
import { oncePerProcess } from '../../run/once.js'
import { type PgClient, type PgPool, pgClient } from './client.js'
import { finished, givenBack, isLost, type Seat } from '../seat.js'

/** The checkouts of one pool. */
export interface Checkouts {
  /** The number of the checkout that a client is out under, `undefined` when it is in the pool. */
  of(client: object): number | undefined
  /** Is or was the client one of the pool's? */
  has(client: object): boolean
}

// a server that loads its pages anew keeps its pool: each copy of the package would listen to it once more
const watches = oncePerProcess('pg-checkouts.1', () => new WeakMap<PgPool, Checkouts>())

/** Counts a pool's checkouts from now on: one pair of listeners a pool, however many hosts ask. */
export function checkoutsOf(pool: PgPool): Checkouts {
  const known = watches.get(pool)
  if (known !== undefined) return known
  const numbers = new WeakMap<object, number | undefined>()
  let last = 0
  const idle = new Set(pool._idle.map(item => item.client))
  for (const client of pool._clients) numbers.set(client, idle.has(client) ? undefined : ++last)
  pool.on('acquire', client => numbers.set(client, ++last))
  pool.on('release', (_error, client) => numbers.set(client, undefined))
  const checkouts = Object.freeze({
    of: (client: object) => numbers.get(client),
    has: (client: object) => numbers.has(client),
  })
  watches.set(pool, checkouts)
  return checkouts
}

/** A seat on a client of `pg`. */
export interface PgSeat extends Seat {
  readonly client: PgClient
}

/**
 * The seat with its client, whose own state is a reason for refusal, too.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function pgSeat(seat: Seat): PgSeat {
  const client = pgClient(seat.connection)
  const { connection, borrowed, transaction, checkout, ending } = seat
  const refusal = transaction ? () => seat.refusal() ?? noTransaction(client) : seat.refusal
  // clause by clause: on the way of every statement a copy by spreading costs more than all else here
  return { connection, borrowed, transaction, refusal, checkout, ending, client }
}

/**
 * The seat on a pool's client that stands for a transaction. It is refused once that has been given back or handed out
 * to somebody else.
 *
 * @throws PillionError `TRANSACTION_FOREIGN`
 */
export function transactionSeat(checkouts: Checkouts, client: object): Seat {
  if (!checkouts.has(client)) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
      hint: 'Make a host of the pool that the transaction was opened on.',
    })
  }
  const checkout = checkouts.of(client)
  const refusal = (): PillionError | undefined =>
    checkout === undefined || checkouts.of(client) !== checkout ? givenBack() : undefined
  return { connection: client, borrowed: false, transaction: true, refusal, checkout }
}

/** The refusal of a connection that has to be in a transaction and is not. */
export function noTransaction(client: PgClient): PillionError | undefined {
  return client.getTransactionStatus() === 'I' ? finished('No transaction is open on its connection.') : undefined
}

/**
 * Borrows a client of a pool for a job, and gives it back.
 *
 * @throws PillionError `CONNECTION_UNAVAILABLE`
 */
export async function borrowing<T>(pool: PgPool, job: (seat: Seat) => Promise<T>): Promise<T> {
  const client = await checkOut(pool)
  let failure: unknown
  try {
    return await quietly(client, job)
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release?.(isLost(failure) ? failure : undefined)
  }
}

/**
 * Does a job on a client that is borrowed for it. A pool listens to idle clients only: a connection that breaks now is
 * told through the statement, and must not be an error of the process.
 */
export async function quietly<T>(client: PgClient, job: (seat: Seat) => Promise<T>): Promise<T> {
  client.on('error', quiet)
  try {
    return await job({ connection: client, borrowed: true, transaction: false, refusal: quiet })
  } finally {
    client.removeListener('error', quiet)
  }
}

function checkOut(pool: PgPool): Promise<PgClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => (client === undefined ? reject(noConnection(error)) : resolve(client)))
  })
}

function quiet(): undefined {}
