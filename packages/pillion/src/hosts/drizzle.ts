/**
 * Riding on Drizzle over node-postgres.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Host } from '../run/host.js'
import { checkoutsOf, transactionRefusal } from './postgres-checkouts.js'
import { isClient, isObject, isPool, type PgPool, pgClient, pgPool } from './postgres-client.js'
import { type PostgresHostOptions, postgresHost, type Ride } from './postgres-host.js'
import { clientRide, poolRide } from './postgres-ride.js'

export type { PostgresHostOptions }

/** A Drizzle database over node-postgres, as far as users must know it. */
export interface DrizzleDatabase {
  readonly $client: object
}

/**
 * A host over a Drizzle database on node-postgres.
 *
 * The root is the pool or client that Drizzle was made with; of replicas, the primary. A transaction is the `tx` that
 * `transaction` hands out; nested ones are on its connection. Drizzle marks no transaction as ended: a `tx` is refused
 * once its connection is back in the pool or has no transaction open, and also when it is somebody else's by then,
 * provided that this host saw the `tx` while it lived.
 *
 * ```ts
 * const db = await pillion<DB>(drizzleHost(drizzle(pool)))
 * await orm.transaction(tx => ranked.on(tx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Drizzle database; `HOST_SHAPE` when it is not on node-postgres.
 */
export function drizzleHost(database: DrizzleDatabase, options: PostgresHostOptions = {}): Host {
  const root = primaryOf(database)
  const client: unknown = isObject(root) ? root.$client : undefined
  if (!isObject(root) || (!isObject(client) && typeof client !== 'function')) {
    throw new PillionError('HOST_UNKNOWN', 'drizzleHost takes a database of Drizzle.')
  }
  if (isPool(client)) return postgresHost('drizzle', root, overPool(root, pgPool(client)), options)
  if (isClient(client)) return postgresHost('drizzle', root, overClient(root, clientRide(pgClient(client))), options)
  throw shape('The database is not on node-postgres.')
}

function overPool(root: unknown, pool: PgPool): Ride {
  const ride = poolRide(pool)
  const checkouts = checkoutsOf(pool)
  /** The checkout each transaction was first seen under. */
  const firstSeen = new WeakMap<object, { readonly checkout: number | undefined }>()
  return async (target, job) => {
    if (isRoot(root, target)) return ride(undefined, job)
    const session = sessionOf(target)
    const client = pgClient(session.client)
    const seen = firstSeen.get(session) ?? { checkout: checkouts.of(client) }
    firstSeen.set(session, seen)
    return job({ client, borrowed: false, refusal: transactionRefusal(checkouts, client, seen.checkout) })
  }
}

function overClient(root: unknown, ride: Ride): Ride {
  return async (target, job) =>
    isRoot(root, target) ? ride(undefined, job) : ride(pgClient(sessionOf(target).client), job)
}

function isRoot(root: unknown, target: unknown): boolean {
  return target === undefined || primaryOf(target) === root
}

/** Behind `withReplicas`, the database that writes. */
function primaryOf(database: unknown): unknown {
  return isObject(database) && '$primary' in database ? database.$primary : database
}

/** The session a transaction runs in: `tx._.session`, where the connection is. */
function sessionOf(target: unknown): { readonly client: unknown } {
  const inner = isObject(target) ? target._ : undefined
  if (!isObject(inner) || !('session' in inner)) {
    throw new PillionError('HOST_UNKNOWN', 'A transaction of Drizzle is the object its `transaction` hands out.')
  }
  const { session } = inner
  if (isObject(session) && isObject(session.client)) return session as { readonly client: unknown }
  throw shape('The transaction does not hold its connection where it is looked for.')
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: 'drizzle-orm 0.45 with drizzle-orm/node-postgres is expected.',
  })
}
