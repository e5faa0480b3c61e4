/**
 * Riding on MikroORM.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import type { Host } from '../run/host.js'
import { driverBelow } from './kysely-driver.js'
import { isKysely, type Kysely, type KyselyRide } from './kysely-ride.js'
import { mysqlHost } from './mysql/host.js'
import { postgresHost } from './postgres/host.js'
import { datesAs, finished, type HostOptions, type Ride, type Seat, type Seating } from './seat.js'
import { isFunction, isObject, unknownHost } from './shape.js'
import { sqliteHost } from './sqlite/host.js'

export type { HostOptions }

/** A `MikroORM`, or an `EntityManager` of it, as far as users must know it. */
export interface MikroOrmInstance {
  readonly em?: object
  getTransactionContext?(): unknown
}

/** An entity manager from the inside. */
interface EntityManager {
  /** One object for an instance of MikroORM and all its entity managers. */
  readonly config: object
  /** Of what it needs of npm, the driver is one. */
  getDriver(): { getDependencies(): readonly string[] }
  /** The transaction that is open around the code, or on this fork: a Kysely of MikroORM's. */
  getTransactionContext(): unknown
  getConnection(type: 'write'): Connection
  /** Calls back in a transaction that has the session context applied to it, where there is one to apply. */
  withSessionContext<T>(transaction: undefined, work: (transaction: unknown) => Promise<T>): Promise<T>
}

interface Connection {
  /** False before the first use, and after `close`: then too the next use opens it. */
  readonly connected: boolean
  getClient(): unknown
  /** The pool; opens it where need be. */
  getNativeClient(): Promise<unknown>
}

/**
 * A host over MikroORM on PostgreSQL, on MariaDB or MySQL by mysql2, or on SQLite by better-sqlite3.
 *
 * The root is the transaction that is open around the code, as of `em.transactional` and of a request's entity manager,
 * else a connection that MikroORM takes of its pool: with the session context of the entity manager that is current,
 * whichever strategy applies it. A transaction is the entity manager that `transactional` hands out, or a fork on which
 * `begin` was called. What is not flushed is not in the database: `em.flush()` before.
 *
 * ```ts
 * const db = await pillion<DB>(mikroOrmHost(orm))
 * await orm.em.transactional(async em => {
 *   em.persist(interview)
 *   await em.flush()
 *   return ranked.all()
 * })
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is neither; `HOST_SHAPE` when it is not on one of these drivers.
 */
export function mikroOrmHost(orm: MikroOrmInstance, options: HostOptions = {}): Host {
  const em = managerOf(isObject(orm) && isObject(orm.em) ? orm.em : orm)
  const driver = em
    .getDriver()
    .getDependencies()
    .find(each => seatings[each] !== undefined)
  const seating = seatings[driver ?? '']
  if (seating === undefined) throw shape('The driver of MikroORM is not known here.')
  return seating('mikro-orm', em.config, mikroOrmRide(em), datesAs('epoch-ms', options))
}

const seatings: { readonly [driver: string]: Seating | undefined } = {
  pg: postgresHost,
  mysql2: mysqlHost,
  'better-sqlite3': sqliteHost,
}

function mikroOrmRide(root: EntityManager): Ride {
  const rides = new WeakMap<object, KyselyRide>()
  let wasOpen = false
  const rideOn = async <T>(kysely: unknown, job: (seat: Seat) => Promise<T>): Promise<T> => {
    const connection = root.getConnection('write')
    const opened = (await connection.getNativeClient()) as object
    const ride = rides.get(opened) ?? driverBelow(opened).ride(opened, kyselyOf(connection.getClient()))
    rides.set(opened, ride)
    return await ride(kyselyOf(kysely), job)
  }
  const rideRoot = async <T>(job: (seat: Seat) => Promise<T>): Promise<T> => {
    const connection = root.getConnection('write')
    // MikroORM would open what was closed again, and nobody would close it.
    if (wasOpen && !connection.connected) throw noConnection(new Error('MikroORM has been closed'))
    await connection.getNativeClient().catch(error => {
      throw noConnection(error)
    })
    wasOpen = true
    return root.withSessionContext(undefined, transaction => rideOn(transaction ?? connection.getClient(), job))
  }
  return async (target, job) => {
    const transaction =
      target === undefined || target === root ? root.getTransactionContext() : transactionOf(root, target)
    return transaction === undefined ? rideRoot(job) : rideOn(transaction, job)
  }
}

function transactionOf(root: EntityManager, target: unknown): unknown {
  if (isKysely(target)) return target
  const em = managerOf(target)
  if (em.config !== root.config) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The entity manager is of another MikroORM than this host.')
  }
  const transaction = em.getTransactionContext()
  if (transaction === undefined) throw finished('No transaction is open on the entity manager.')
  return transaction
}

function managerOf(value: unknown): EntityManager {
  if (!isObject(value) || !isFunction(value.getTransactionContext)) {
    throw unknownHost('This is neither a MikroORM nor one of its entity managers.')
  }
  if (!isFunction(value.withSessionContext) || !isObject(value.config)) {
    throw shape('The entity manager is not the one of MikroORM 7 for SQL.')
  }
  return value as unknown as EntityManager
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: 'MikroORM 7.2 or a later 7, with @mikro-orm/postgresql, mariadb, mysql or sqlite, is expected.',
  })
}

function kyselyOf(value: unknown): Kysely {
  if (isKysely(value)) return value
  throw new PillionError('HOST_SHAPE', 'The transaction of MikroORM is not a Kysely.', {
    hint: 'MikroORM 7.2 or a later 7 is expected.',
  })
}
