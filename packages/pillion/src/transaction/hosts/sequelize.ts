/**
 * Transactions on Sequelize.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import type { Passage } from '../../run/ambient.js'
import { failureOf, noConnection } from '../../run/failure.js'
import type { Dialect, Link, Opening, Transactor } from '../transactor.js'
import { committing } from './gone.js'
import { killQuery } from './mysql.js'
import { guardedMysql2 } from './mysql2-callbacks.js'
import { guarded } from './pg.js'
import { probing } from './postgres.js'
import { watchOn } from './watch.js'

/** An instance from the inside. */
interface Sequelize {
  readonly config: { readonly pool?: { readonly max?: number } }
  readonly connectionManager: {
    getConnection(options: object): Promise<Connection>
    releaseConnection(connection: Connection): void
  }
  getDialect(): string
  transaction(options: object): Promise<Transaction>
  query(sql: string, options: { readonly transaction: Transaction }): Promise<unknown>
}

/** A connection of `pg`'s or `mysql2`'s. */
interface Connection {
  readonly threadId?: unknown
  query(sql: string, told: (error: unknown) => void): unknown
}

interface Transaction {
  readonly connection: Connection
  readonly finished?: string
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** What differs by the database below. */
interface Part {
  readonly dialect: Dialect
  /** What a transaction that Sequelize has begun is told yet; `undefined` where that is too late. */
  readonly tells: boolean
  guard(connection: Connection, passage: Passage): object
  cancel(sequelize: Sequelize, connection: Connection, isWanted: () => boolean): Promise<void>
}

const parts: { readonly [dialect: string]: Part | undefined } = {
  postgres: {
    dialect: 'postgres',
    tells: true,
    guard: (connection, passage) => guarded(pgClient(connection), passage),
    cancel: (_, connection) => cancelRequest(pgClient(connection)),
  },
  mysql: {
    dialect: 'mysql',
    tells: false,
    guard: guardedMysql2,
    cancel: killing,
  },
}

export function sequelizeTransactor(root: object): Transactor<object> | undefined {
  if (!('getDialect' in root) || !('connectionManager' in root)) return undefined
  const sequelize = root as unknown as Sequelize
  const found = sequelize.getDialect()
  const part = parts[found]
  if (part === undefined) {
    throw new PillionError('HOST_SHAPE', `Sequelize is on ${found}.`, {
      hint: `Sequelize 6 on one of these is expected: ${Object.keys(parts).join(', ')}.`,
    })
  }
  return Object.freeze({
    name: 'sequelize',
    root,
    orm: root,
    dialect: part.dialect,
    // Sequelize's own default
    connections: sequelize.config.pool?.max ?? 5,
    open: (opening: Opening) => open(sequelize, part, opening),
  })
}

async function open(
  sequelize: Sequelize,
  { dialect, tells, guard, cancel }: Part,
  { isolation, readOnly, deferrable }: Opening,
): Promise<Link<object>> {
  const words = [readOnly && 'READ ONLY', deferrable && 'DEFERRABLE'].filter(Boolean).join(', ')
  if (words !== '' && !tells) {
    throw new PillionError('TRANSACTION_UNSUPPORTED', `Sequelize begins no ${words} transaction on ${dialect}.`, {
      hint: 'Leave the option out: pillion puts nothing else in its place.',
    })
  }
  const transaction = await sequelize
    .transaction(isolation === undefined ? {} : { isolationLevel: isolation.toUpperCase() })
    .catch(error => {
      const { name } = error as Error
      throw name.startsWith('SequelizeConnection')
        ? noConnection(error)
        : failureOf(error, { text: 'BEGIN', values: [] })
    })
  const execute = async (sql: string): Promise<void> => void (await sequelize.query(sql, { transaction }))
  const { connection } = transaction
  try {
    if (words !== '') await execute(`SET TRANSACTION ${words}`)
  } catch (error) {
    await transaction.rollback().catch(() => {})
    throw error
  }
  return Object.freeze({
    target: transaction,
    // Sequelize takes the connection from the transaction that a statement is given
    view: passage =>
      Object.create(transaction, {
        connection: { value: guard(connection, passage) },
        // whether it may still be used, the passage says; Sequelize notes a deadlock's end here
        finished: { get: () => undefined, set: () => {} },
        // who opened it ends it: Sequelize would roll back by itself after a deadlock
        commit: { value: undefined },
        rollback: { value: undefined },
      }) as object,
    execute,
    commit: () =>
      committing(
        connection,
        () => transaction.commit(),
        () => transaction.rollback(),
      ),
    rollback: () => transaction.rollback(),
    aborted: dialect === 'postgres' ? probing(execute) : async () => false,
    endedBy: watchOn(dialect, execute, connection).endedBy,
    cancel: isWanted => cancel(sequelize, connection, isWanted),
  } satisfies Link<object>)
}

/** Stops a statement of MySQL's by another connection of the pool's. */
async function killing(
  { connectionManager }: Sequelize,
  { threadId }: Connection,
  isWanted: () => boolean,
): Promise<void> {
  const other = await connectionManager.getConnection({ type: 'SELECT', useMaster: true })
  try {
    if (!isWanted()) return
    await new Promise<void>((resolve, reject) => {
      other.query(killQuery(threadId), error => (error ? reject(error as Error) : resolve()))
    })
  } finally {
    connectionManager.releaseConnection(other)
  }
}
