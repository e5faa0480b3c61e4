/**
 * Riding on Drizzle.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Host, SyncHost } from '../run/host.js'
import { mysql2Driver } from './mysql/mysql2-ride.js'
import { pgliteDriver } from './postgres/pglite-host.js'
import { pgDriver } from './postgres/ride.js'
import { postgresJsDriver } from './postgres/postgresjs-host.js'
import { type Driver, firstCheckouts, type HostOptions, led, type Ride } from './seat.js'
import { isHandle, isObject, unknownHost } from './shape.js'
import type { BetterSqlite3Database } from './sqlite/database.js'
import { sqliteDriver } from './sqlite/ride.js'

export type { HostOptions }

/** A Drizzle database, as far as users must know it. */
export interface DrizzleDatabase {
  readonly $client: object
}

const drivers: readonly Driver[] = [pgDriver, postgresJsDriver, pgliteDriver, mysql2Driver, sqliteDriver]

/**
 * A host over a Drizzle database.
 *
 * The root is what Drizzle was made with: a pool or client of node-postgres, a postgres.js, a PGlite, a pool or
 * connection of mysql2, a Database of better-sqlite3; of replicas, the primary. A transaction is the `tx` that
 * `transaction` hands out; nested ones are on its connection. Drizzle marks no transaction as ended. On node-postgres and
 * mysql2 a `tx` is refused once its connection is back in the pool or has no transaction open, and also when it is
 * somebody else's by then, provided that this host saw the `tx` while it lived. On better-sqlite3, transactions are
 * synchronous, and so are the terminals in them: `ranked.on(tx).allSync()`.
 *
 * ```ts
 * const db = await pillion<DB>(drizzleHost(drizzle(pool)))
 * await orm.transaction(tx => ranked.on(tx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Drizzle database; `HOST_SHAPE` when it is on another driver.
 */
export function drizzleHost(
  database: DrizzleDatabase & { readonly $client: BetterSqlite3Database },
  options?: HostOptions,
): SyncHost
export function drizzleHost(database: DrizzleDatabase, options?: HostOptions): Host
export function drizzleHost(database: DrizzleDatabase, options: HostOptions = {}): Host {
  const root = primaryOf(database)
  if (!isObject(root) || !isHandle(root.$client)) throw unknownHost('drizzleHost takes a database of Drizzle.')
  const client = root.$client
  const driver = drivers.find(each => each.opens(client))
  if (driver === undefined) throw shape('The database is on a driver that is not known here.')
  return driver.seating('drizzle', root, drizzleRide(root, driver.ride(client)), options)
}

function drizzleRide(root: unknown, ride: Ride): Ride {
  const underFirst = firstCheckouts()
  return led(ride, target => {
    if (target === undefined || primaryOf(target) === root) return { target: undefined }
    const session = sessionOf(target)
    return { target: session.client, seat: seat => underFirst(session, seat) }
  })
}

/** Behind `withReplicas`, the database that writes. */
function primaryOf(database: unknown): unknown {
  return isObject(database) && '$primary' in database ? database.$primary : database
}

/** The session a transaction runs in, where the connection is: `tx._.session`, or `tx.session` where that is not told. */
function sessionOf(target: unknown): { readonly client: unknown } {
  const inner = isObject(target) ? target._ : undefined
  if (!isObject(target) || !isObject(inner)) {
    throw unknownHost('A transaction of Drizzle is the object its `transaction` hands out.')
  }
  const session = inner.session ?? target.session
  if (isObject(session) && isHandle(session.client)) return session as { readonly client: unknown }
  throw shape('The transaction does not hold its connection where it is looked for.')
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: 'drizzle-orm 0.45 with node-postgres, postgres-js, pglite, mysql2 or better-sqlite3 is expected.',
  })
}
