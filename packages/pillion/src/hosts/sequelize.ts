/**
 * Riding on Sequelize.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import type { Host } from '../run/host.js'
import { mysqlHost } from './mysql/host.js'
import { postgresHost } from './postgres/host.js'
import {
  alone,
  datesAs,
  finished,
  type HostOptions,
  isLost,
  type Ride,
  type Seat,
  type Seating,
  streamingFrom,
} from './seat.js'
import { isFunction, isHandle, isObject, unknownHost } from './shape.js'
import { sqlite3Host } from './sqlite/sqlite3-host.js'

export type { HostOptions }

/** A Sequelize instance, as far as users must know it. */
export interface SequelizeInstance {
  readonly connectionManager: object
  getDialect(): string
}

/** An instance from the inside. */
interface Sequelize extends SequelizeInstance {
  readonly connectionManager: ConnectionManager
  /** The class: what `useCLS` was given is kept there, once for all instances. */
  readonly constructor: { readonly _cls?: Namespace }
}

/** As `useCLS` takes it; and of cls-hooked the context that code runs in, which inherits from the one around. */
interface Namespace {
  get(key: 'transaction'): unknown
  readonly active?: object | null
}

interface ConnectionManager {
  getConnection(options: { readonly type: 'SELECT'; readonly useMaster: true }): Promise<object>
  releaseConnection(connection: object): void
  destroyConnection(connection: object): Promise<void>
}

interface Transaction {
  readonly sequelize: unknown
  /** Absent until it has begun; stays when it has ended. */
  readonly connection?: object
  readonly finished?: 'commit' | 'rollback'
  /** Of a nested one, the transaction around it. */
  readonly parent?: Transaction
}

const seatings: { readonly [dialect: string]: Seating | undefined } = {
  postgres: postgresHost,
  mysql: mysqlHost,
  mariadb: mysqlHost,
  sqlite: sqlite3Host,
}

/**
 * A host over a Sequelize instance.
 *
 * The root is a connection of Sequelize's pool; of replicas, the one that writes. A transaction is the `t` that
 * `transaction` hands out or gives, nested ones each with an end of their own. Where `Sequelize.useCLS` was called, the
 * root is the managed transaction of this instance that is open around the code, also around another instance's: the namespace
 * is one for all of them.
 *
 * ```ts
 * const db = await pillion<DB>(sequelizeHost(sequelize))
 * await sequelize.transaction(t => ranked.on(t).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Sequelize instance; `HOST_SHAPE` when its dialect is not known here.
 */
export function sequelizeHost(sequelize: SequelizeInstance, options: HostOptions = {}): Host {
  if (!isObject(sequelize) || !isFunction(sequelize.getDialect) || !isObject(sequelize.connectionManager)) {
    throw unknownHost('sequelizeHost takes an instance of Sequelize.')
  }
  const dialect = sequelize.getDialect()
  const seating = seatings[dialect]
  if (seating === undefined) throw shape(`Sequelize is on ${dialect}.`)
  const { connectionManager } = sequelize
  if (!isFunction(connectionManager.getConnection) || !isFunction(connectionManager.destroyConnection)) {
    throw shape('The connection manager is not the one of Sequelize 6.')
  }
  const root = sequelize as unknown as Sequelize
  const host = seating('sequelize', sequelize, sequelizeRide(root), datesAs('sql-offset', options))
  return streamingFrom(host, () => ambientOf(root))
}

function sequelizeRide(sequelize: Sequelize): Ride {
  return async (target, job) => {
    const transaction = targeted(sequelize, target)
    return await (transaction === undefined ? borrowing(sequelize.connectionManager, job) : job(seatOf(transaction)))
  }
}

function targeted(sequelize: Sequelize, target: unknown): Transaction | undefined {
  if (target === alone) return undefined
  return target === undefined || target === sequelize ? ambientOf(sequelize) : transactionOf(sequelize, target)
}

/**
 * The nearest one of this instance: inside of another instance's it is hidden.
 *
 * @throws PillionError `TRANSACTION_AMBIGUOUS`
 */
function ambientOf(sequelize: Sequelize): Transaction | undefined {
  const namespace = sequelize.constructor._cls
  const nearest = namespace?.get('transaction')
  if (!isTransaction(nearest)) return undefined
  if (nearest.sequelize === sequelize) return nearest
  if (!isObject(namespace?.active)) throw hidden()
  return around(namespace.active).find(transaction => transaction.sequelize === sequelize)
}

/** The transactions of a context and of those around it, from the inside out. */
function around(context: object): readonly Transaction[] {
  const contexts: object[] = []
  for (let each: unknown = context; isObject(each); each = Object.getPrototypeOf(each)) contexts.push(each)
  return contexts.map(each => (each as { readonly transaction?: unknown }).transaction).filter(isTransaction)
}

function hidden(): PillionError {
  return new PillionError(
    'TRANSACTION_AMBIGUOUS',
    'A transaction of another Sequelize instance is current, and the namespace does not tell whether one of this instance is around it.',
    {
      hint: 'Say which is meant: query.on(transaction); or, for none, set the namespace’s `transaction` to null around it. A namespace of cls-hooked tells.',
    },
  )
}

function transactionOf(sequelize: Sequelize, target: unknown): Transaction {
  if (!isTransaction(target)) throw unknownHost('A transaction of Sequelize is what its `transaction` gives.')
  if (target.sequelize === sequelize) return target
  throw new PillionError('TRANSACTION_FOREIGN', 'The transaction is of another Sequelize instance than this host.')
}

function isTransaction(value: unknown): value is Transaction {
  return isObject(value) && isHandle(value.sequelize) && isFunction(value.commit) && isFunction(value.rollback)
}

function seatOf(transaction: Transaction): Seat {
  const refusal = (): PillionError | undefined => {
    for (let each: Transaction | undefined = transaction; each !== undefined; each = each.parent) {
      if (each.finished !== undefined) return finished(`Sequelize has ended the transaction (${each.finished}).`)
    }
    return undefined
  }
  const refused = refusal()
  if (refused !== undefined) throw refused
  const { connection } = transaction
  if (connection === undefined) throw finished('The transaction has not begun.')
  return { connection, borrowed: false, transaction: true, refusal }
}

async function borrowing<T>(manager: ConnectionManager, job: (seat: Seat) => Promise<T>): Promise<T> {
  const connection = await manager.getConnection({ type: 'SELECT', useMaster: true }).catch(error => {
    throw noConnection(error)
  })
  let lost = false
  try {
    return await job({ connection, borrowed: true, transaction: false, refusal: () => undefined })
  } catch (error) {
    lost = isLost(error)
    throw error
  } finally {
    // Sequelize may have thrown the broken connection out by itself, and says so then.
    if (lost) await manager.destroyConnection(connection).catch(() => {})
    else manager.releaseConnection(connection)
  }
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: `Sequelize 6 on one of these is expected: ${Object.keys(seatings).join(', ')}.`,
  })
}
