/**
 * Who holds a pool's clients: a pool hands the same client object out again and again, and a reference kept past its
 * release looks like any other. Each checkout gets a number here.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import { type PgClient, type PgPool, pgClient } from './postgres-client.js'

/** The checkouts of one pool. */
export interface Checkouts {
  /** The number of the checkout that a client is out under, `undefined` when it is in the pool. */
  of(client: object): number | undefined
  /** Is or was the client one of the pool's? */
  has(client: object): boolean
}

const watches = new WeakMap<PgPool, Checkouts>()

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

/**
 * The refusal of a pool's client that stands for a transaction: given back, handed out to somebody else, or without a
 * transaction. Bound to the checkout of this moment, or to an earlier one that is given.
 *
 * @throws PillionError `TRANSACTION_FOREIGN`
 */
export function transactionRefusal(
  checkouts: Checkouts,
  client: PgClient,
  checkout = checkouts.of(client),
): () => PillionError | undefined {
  if (!checkouts.has(client)) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
      hint: 'Make a host of the pool that the transaction was opened on.',
    })
  }
  return () =>
    checkout === undefined || checkouts.of(client) !== checkout
      ? finished('Its connection has been given back to the pool.')
      : noTransaction(client)
}

/** The refusal of a connection that has to be in a transaction and is not. */
export function noTransaction(client: PgClient): PillionError | undefined {
  return client.getTransactionStatus() === 'I' ? finished('No transaction is open on its connection.') : undefined
}

export function finished(summary: string, cause?: unknown): PillionError {
  return new PillionError('TRANSACTION_FINISHED', summary, {
    cause,
    hint: 'Nothing was sent. Use the transaction object only while its transaction is open, and await every use.',
  })
}

/**
 * Borrows a client of a pool for a job, and gives it back.
 *
 * @throws PillionError `CONNECTION_UNAVAILABLE`
 */
export async function borrowing<T>(pool: PgPool, job: (client: PgClient) => Promise<T>): Promise<T> {
  const client = await checkOut(pool)
  // The pool listens to idle clients only; a connection that breaks now is told through the statement.
  client.on('error', quiet)
  let failure: unknown
  try {
    return await job(pgClient(client))
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.removeListener('error', quiet)
    client.release?.(isLost(failure) ? failure : undefined)
  }
}

function checkOut(pool: PgPool): Promise<PgClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => (client === undefined ? reject(noConnection(error)) : resolve(client)))
  })
}

/** Is the connection of no more use? */
export function isLost(failure: unknown): boolean {
  return isPillionError(failure) && failure.code === 'CONNECTION_LOST'
}

function quiet(): void {}
