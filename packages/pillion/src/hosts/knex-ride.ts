/**
 * The way to a seat on Knex, for whatever is built upon it.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import type { Host } from '../run/host.js'
import { mysqlHost } from './mysql/host.js'
import { postgresHost } from './postgres/host.js'
import { datesAs, finished, type HostOptions, isLost, type Ride, type Seat, type Seating } from './seat.js'
import { isFunction, isHandle } from './shape.js'
import { sqliteHost } from './sqlite/host.js'

/** A Knex instance, or one of its transactions, from the inside. */
export interface Knex {
  readonly client: KnexClient
  readonly isTransaction?: boolean
  isCompleted?(): boolean
}

interface KnexClient {
  readonly driverName?: string
  /** One object for an instance and all its transactions. */
  readonly config: object
  /** Of the pool; of a transaction's client always its connection, also when that has been given back. */
  acquireConnection(): Promise<KnexConnection>
  releaseConnection(connection: KnexConnection): Promise<void>
}

interface KnexConnection {
  /** Set by Knex where a connection broke: the pool replaces it. */
  __knex__disposed?: unknown
}

const seatings: { readonly [driverName: string]: Seating | undefined } = {
  pg: postgresHost,
  mysql2: mysqlHost,
  'better-sqlite3': sqliteHost,
}

export function isKnex(value: unknown): value is Knex {
  if (!isHandle(value) || !isHandle(value.client)) return false
  const { client } = value
  return isFunction(client.acquireConnection) && isFunction(client.releaseConnection)
}

/**
 * A host over a Knex instance.
 *
 * @param transactionOf what is to be taken for a transaction, as Knex's own.
 * @throws PillionError `HOST_SHAPE` when Knex is on a driver that is not known here.
 */
export function knexHostOf(
  name: string,
  knex: Knex & object,
  options: HostOptions,
  transactionOf: (target: unknown) => Knex,
): Host {
  const { driverName = '' } = knex.client
  const seating = seatings[driverName]
  if (seating === undefined) {
    throw new PillionError('HOST_SHAPE', `Knex is on the driver ${driverName}.`, {
      hint: `Knex 3 on one of these is expected: ${Object.keys(seatings).join(', ')}.`,
    })
  }
  // Knex binds a Date to SQLite by its milliseconds
  return seating(name, knex, knexRide(knex, transactionOf), datesAs('epoch-ms', options))
}

function knexRide(root: Knex, transactionOf: (target: unknown) => Knex): Ride {
  return async (target, job) => {
    const knex = target === undefined ? root : transactionOf(target)
    if (knex.isTransaction === true) return await job(await seatOf(root, knex))
    return await borrowing(root.client, job)
  }
}

async function seatOf(root: Knex, transaction: Knex): Promise<Seat> {
  if (transaction.client.config !== root.client.config) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The transaction is of another Knex instance than this host.')
  }
  const refusal = (): PillionError | undefined =>
    transaction.isCompleted?.() ? finished('Knex has completed the transaction.') : undefined
  const refused = refusal()
  if (refused !== undefined) throw refused
  return { connection: await transaction.client.acquireConnection(), borrowed: false, transaction: true, refusal }
}

async function borrowing<T>(client: KnexClient, job: (seat: Seat) => Promise<T>): Promise<T> {
  const connection = await client.acquireConnection().catch(error => {
    throw noConnection(error)
  })
  try {
    return await job({ connection, borrowed: true, transaction: false, refusal: () => undefined })
  } catch (error) {
    if (isLost(error)) connection.__knex__disposed ??= error
    throw error
  } finally {
    await client.releaseConnection(connection)
  }
}
