/**
 * The way to a seat through Kysely, which keeps its connections to itself: what it lends is an object that hands the text
 * of a query to the driver as it is. Which connection is behind that, the family of the database finds out.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import { finished, firstCheckouts, refusing, type Seat } from './seat.js'
import { isFunction, isHandle } from './shape.js'

/** A Kysely instance, or one of its transactions, from the inside. */
export interface Kysely {
  getExecutor(): Executor
  readonly isTransaction: boolean
  /** Of a transaction that is begun and ended by hand. */
  readonly isCommitted?: boolean
  readonly isRolledBack?: boolean
}

interface Executor {
  /** One object for an instance and its transactions. */
  readonly adapter: object
  provideConnection<T>(consumer: (connection: Connection) => Promise<T>): Promise<T>
}

/** Finds a seat on the connection of a Kysely's, and does the job there. */
export type KyselyRide = <T>(kysely: Kysely, job: (seat: Seat) => Promise<T>) => Promise<T>

/** One object for a connection of the driver's. */
export interface Connection {
  executeQuery(query: object): Promise<unknown>
}

/** What is behind a Kysely over a pool of a driver's. */
export interface Behind<Client extends object> {
  /** The driver's connection that is behind one of Kysely's. */
  find(connection: Connection): Promise<Client>
  /** Does the job on a connection that Kysely has lent. Kysely gives each back as sound: one that is lost is condemned. */
  onLent<T>(client: Client, job: (seat: Seat) => Promise<T>): Promise<T>
  inTransaction(client: Client): Seat
}

export function isKysely(value: unknown): value is Kysely {
  return isHandle(value) && isFunction(value.getExecutor) && typeof value.isTransaction === 'boolean'
}

/**
 * The way through a Kysely over a pool.
 *
 * A transaction is asked for its connection once. After that Kysely's own lock on it is not taken: whoever holds it while
 * the application runs a query of its own in the same transaction waits for ever.
 */
export function kyselyPoolRide<Client extends object>(behind: Behind<Client>): KyselyRide {
  const clients = new WeakMap<Connection, Client>()
  const underFirst = firstCheckouts()
  const known = new WeakMap<Kysely, Client>()

  const clientOf = async (connection: Connection): Promise<Client> => {
    const client = clients.get(connection) ?? (await behind.find(connection))
    clients.set(connection, client)
    return client
  }
  const transactionClient = async (transaction: Kysely): Promise<Client> => {
    const client = known.get(transaction) ?? (await lent(transaction, clientOf))
    known.set(transaction, client)
    return client
  }

  return async (kysely, job) => {
    if (!kysely.isTransaction) {
      return await lent(kysely, async connection => behind.onLent(await clientOf(connection), job))
    }
    const refusal = (): PillionError | undefined => ended(kysely)
    const refused = refusal()
    if (refused !== undefined) throw refused
    const seat = underFirst(kysely, behind.inTransaction(await transactionClient(kysely)))
    return await job(refusing(seat, () => refusal() ?? seat.refusal()))
  }
}

/** A query of Kysely's whose text is a probe, for the driver to be handed. */
export function probing(probe: object): object {
  return { sql: probe, parameters: [], query: { kind: 'RawNode' }, queryId: { queryId: '0' } }
}

export function notOfPool(): PillionError {
  return new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
    hint: 'Give the host the pool that the dialect was made with.',
  })
}

/**
 * The way through a Kysely over a SQLite database in the process. Kysely has one connection there and a lock on it, which
 * the root waits for: inside a transaction of Kysely's it would for ever, as queries of Kysely's own do.
 */
export function kyselySqliteRide(database: object, root: Kysely): KyselyRide {
  const { adapter } = root.getExecutor()
  return async (kysely, job) => {
    const seat: Seat = {
      connection: database,
      borrowed: false,
      transaction: kysely.isTransaction,
      refusal: () => ended(kysely),
    }
    if (kysely.getExecutor().adapter !== adapter) throw foreign()
    return kysely.isTransaction ? job(seat) : lent(kysely, () => job(seat))
  }
}

function ended({ isCommitted, isRolledBack }: Kysely): PillionError | undefined {
  return isCommitted || isRolledBack ? finished('Kysely has ended the transaction.') : undefined
}

function foreign(): PillionError {
  return new PillionError('TRANSACTION_FOREIGN', 'The transaction is of another Kysely instance than this host.')
}

/** What Kysely lends for the time of the job. Its own refusal is told from a failure of the job. */
async function lent<T>(kysely: Kysely, job: (connection: Connection) => Promise<T>): Promise<T> {
  let aboard = false
  try {
    return await kysely.getExecutor().provideConnection(connection => {
      aboard = true
      return job(connection)
    })
  } catch (error) {
    if (aboard) throw error
    throw kysely.isTransaction ? finished('Kysely has ended the transaction.', error) : noConnection(error)
  }
}
