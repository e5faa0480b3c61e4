/**
 * The way to a seat through Kysely, which keeps its connections to itself.
 *
 * What Kysely does lend is an object that hands the text of a query to the driver as it is. So a probe is handed over: the
 * driver calls it when the connection is free, it sees which one that is, and refuses itself, so that nothing is sent.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import { checkoutsOf, quietly, transactionSeat } from './postgres/checkouts.js'
import { type PgClient, type PgConnection, type PgPool, pgPool, type Submittable } from './postgres/client.js'
import { finished, firstCheckouts, isLost, type Seat } from './seat.js'
import { isFunction, isHandle, isObject } from './shape.js'

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
interface Connection {
  executeQuery(query: object): Promise<unknown>
}

export function isKysely(value: unknown): value is Kysely {
  return isHandle(value) && isFunction(value.getExecutor) && typeof value.isTransaction === 'boolean'
}

/**
 * The way through a Kysely over a pool of `pg`.
 *
 * A transaction is asked for its connection once. After that Kysely's own lock on it is not taken: whoever holds it while
 * the application runs a query of its own in the same transaction waits for ever.
 */
export function kyselyRide(pool: PgPool): KyselyRide {
  const clients = new WeakMap<Connection, PgClient>()
  const checkouts = checkoutsOf(pool)
  const underFirst = firstCheckouts()
  const known = new WeakMap<Kysely, PgClient>()

  const clientOf = async (connection: Connection): Promise<PgClient> => {
    const client = clients.get(connection) ?? ownerOf(pool, await probed(connection))
    clients.set(connection, client)
    return client
  }
  const transactionClient = async (transaction: Kysely): Promise<PgClient> => {
    const client = known.get(transaction) ?? (await lent(transaction, clientOf))
    known.set(transaction, client)
    return client
  }

  return async (kysely, job) => {
    if (!kysely.isTransaction) {
      return lent(kysely, async connection => condemning(await clientOf(connection), job))
    }
    const refusal = (): PillionError | undefined => ended(kysely)
    const refused = refusal()
    if (refused !== undefined) throw refused
    const seat = underFirst(kysely, transactionSeat(checkouts, await transactionClient(kysely)))
    return job({ ...seat, refusal: () => refusal() ?? seat.refusal() })
  }
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

/** Kysely gives every connection back as sound: of one that is lost the pool must see that by itself. */
async function condemning<T>(client: PgClient, job: (seat: Seat) => Promise<T>): Promise<T> {
  try {
    return await quietly(client, job)
  } catch (error) {
    if (isLost(error)) client.end().catch(() => {})
    throw error
  }
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

/** The connection of `pg` that is behind one of Kysely's. */
async function probed(connection: Connection): Promise<PgConnection> {
  const probe = new Probe()
  await connection.executeQuery({ sql: probe, parameters: [], query: { kind: 'RawNode' }, queryId: { queryId: '0' } })
  return probe.found
}

/** Asked when the connection is free, it notes which one that is and sends nothing. */
class Probe implements Submittable {
  readonly found: Promise<PgConnection>
  callback = (): void => {}
  #connection: PgConnection | undefined
  #settle: (error: unknown) => void = () => {}

  constructor() {
    this.found = new Promise((resolve, reject) => {
      this.#settle = error => (this.#connection === undefined ? reject(error) : resolve(this.#connection))
    })
  }

  submit(connection: PgConnection): Error {
    this.#connection = connection
    return new Error('the probe of pillion, which sends nothing')
  }

  handleError(error: unknown): void {
    this.#settle(error)
  }

  /** What a logger of Kysely's prints. */
  toString(): string {
    return '-- pillion looks which connection this is'
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
  handleReadyForQuery(): void {}
}

function ownerOf(pool: PgPool, connection: PgConnection): PgClient {
  const client = pool._clients.find(each => (each as PgClient).connection === connection)
  if (client !== undefined) return client as PgClient
  throw new PillionError('TRANSACTION_FOREIGN', 'The connection is not one of the pool of this host.', {
    hint: 'Give the host the pool that the dialect was made with.',
  })
}

/** The pool that a dialect was made with. */
export function poolOf(opened: unknown): PgPool {
  if (isObject(opened) && isFunction(opened.connect)) return pgPool(opened)
  throw new PillionError('HOST_SHAPE', 'The dialect is not on a pool of pg.', {
    hint: 'Give the pool that the dialect was made with: kyselyHost(db, pool).',
  })
}
