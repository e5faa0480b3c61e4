/**
 * Riding on Kysely.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { driverBelow } from './kysely-driver.js'
import { isKysely } from './kysely-ride.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export {
  kyselyDialect,
  type KyselyDialectClass,
  type KyselyDialectOptions,
  type RiddenDatabase,
} from './kysely-dialect.js'
export type { HostOptions }

/** A Kysely instance, as far as users must know it. */
export interface KyselyInstance {
  getExecutor(): object
  readonly isTransaction: boolean
}

/**
 * A host over a Kysely instance on `PostgresDialect`, on `MysqlDialect`, or on `SqliteDialect` with better-sqlite3.
 *
 * The root is a connection that Kysely takes of its pool, hooks of the dialect and all. A transaction is the `trx` that
 * `transaction().execute` hands out or `startTransaction().execute()` gives; savepoints are on its connection. Kysely lends
 * no connection of the driver's, so the pool or the database is given, too. On SQLite, Kysely has one connection and a lock
 * on it: a root query inside a transaction waits for ever, as queries of Kysely's own do there.
 *
 * ```ts
 * const orm = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
 * const db = await pillion<DB>(kyselyHost(orm, pool))
 * await orm.transaction().execute(trx => ranked.on(trx).all())
 * ```
 *
 * @param below the pool or database that the dialect was made with.
 * @throws PillionError `HOST_UNKNOWN` when it is no Kysely instance; `HOST_SHAPE` when `below` is neither a pool of `pg`
 *   or `mysql2` nor a database of better-sqlite3.
 */
export function kyselyHost(kysely: KyselyInstance, below: object, options: HostOptions = {}): Host {
  if (!isKysely(kysely)) throw unknownHost('kyselyHost takes an instance of Kysely.')
  const { seating, ride } = driverBelow(below)
  const rideOn = ride(below, kysely)
  const host = seating(
    'kysely',
    kysely,
    async (target, job) => {
      if (target === undefined) return rideOn(kysely, job)
      if (isKysely(target)) return rideOn(target, job)
      throw unknownHost('A transaction of Kysely is the trx that `transaction` hands out.')
    },
    options,
  )
  return Object.freeze({ ...host, knownBy: executorOf })
}

const executorOf = (target: object): unknown => (isKysely(target) ? target.getExecutor() : undefined)
