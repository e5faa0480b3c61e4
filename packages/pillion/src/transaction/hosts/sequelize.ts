/**
 * Transactions on Sequelize.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import { isFunction } from '../../hosts/shape.js'
import type { Passage } from '../../run/ambient.js'
import { notBegun } from '../failure.js'
import type { Coming, Dialect, Droppable, Later, Link, Opening, Taking, Transactor } from '../transactor.js'
import { committing, drop } from './gone.js'
import { killQuery } from './mysql.js'
import { guardedMysql2 } from './mysql2-callbacks.js'
import { guarded } from './pg.js'
import { probing } from './postgres.js'
import { setPostgres } from './sql.js'
import { guardedSqlite3 } from './sqlite3-callbacks.js'
import { turnOn } from './turns.js'
import { type Watch, watchOn } from './watch.js'

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

/** A connection of `pg`'s, `mysql2`'s or `sqlite3`'s. */
interface Connection {
  readonly threadId?: unknown
  readonly filename?: string
  query(sql: string, told: (error: unknown) => void): unknown
  interrupt(): void
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
  /** How Sequelize is told to begin. */
  begin(opening: Opening): object
  /** May a transaction that Sequelize has begun still be told what it is, READ ONLY say? */
  readonly tells: boolean
  /** Transactions take turns: there is one writer. */
  readonly turns: boolean
  guard(connection: Connection, passage: Passage, watch: Watch): object
  /** By Sequelize's own means, whose COMMIT a lost connection may fail. */
  commit(transaction: Transaction, watch: Watch): Promise<unknown>
  cancel(sequelize: Sequelize, connection: Connection, isWanted: () => boolean): Promise<void>
}

const isolated = ({ isolation }: Opening): object =>
  isolation === undefined ? {} : { isolationLevel: isolation.toUpperCase() }

const committed = (transaction: Transaction): Promise<unknown> =>
  committing(
    transaction.connection,
    () => transaction.commit(),
    () => transaction.rollback(),
  )

const parts: { readonly [dialect: string]: Part | undefined } = {
  postgres: {
    dialect: 'postgres',
    begin: isolated,
    tells: true,
    turns: false,
    guard: (connection, passage) => guarded(pgClient(connection), passage),
    commit: committed,
    cancel: (_, connection) => cancelRequest(pgClient(connection)),
  },
  mysql: {
    dialect: 'mysql',
    begin: isolated,
    tells: false,
    turns: false,
    guard: guardedMysql2,
    commit: committed,
    cancel: killing,
  },
  sqlite: {
    dialect: 'sqlite',
    // the lock of the writer at once: a transaction that would want it later could fail for it then
    begin: () => ({ type: 'IMMEDIATE' }),
    tells: false,
    turns: true,
    guard: guardedSqlite3,
    commit: (transaction, watch) =>
      watch.commit(
        () => transaction.commit(),
        () => transaction.rollback(),
      ),
    // in memory all statements of the instance's are on one connection, and all would be stopped
    cancel: async (_, connection) => void (connection.filename === ':memory:' || connection.interrupt()),
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
    connections: part.turns ? 1 : (sequelize.config.pool?.max ?? 5),
    open: async (opening: Opening, _: Coming<object>, taking: Taking) => {
      const leave = part.turns ? await turnOn(root) : undefined
      try {
        return endingTurn(await open(sequelize, part, opening, taking), leave)
      } catch (error) {
        leave?.()
        throw error
      }
    },
  })
}

/** Who comes next is let in when it has ended, however that went. */
function endingTurn(link: Link<object>, leave: (() => void) | undefined): Link<object> {
  if (leave === undefined) return link
  return Object.freeze({
    ...link,
    commit: () => link.commit().finally(leave),
    rollback: () => link.rollback().finally(leave),
  })
}

async function open(sequelize: Sequelize, part: Part, opening: Opening, taking: Taking): Promise<Link<object>> {
  const { dialect } = part
  const { readOnly, deferrable } = opening
  if (readOnly === true && !part.tells) {
    throw new PillionError('TRANSACTION_UNSUPPORTED', `Sequelize begins no READ ONLY transaction on ${dialect}.`, {
      hint: 'Leave the option out: pillion puts nothing else in its place.',
    })
  }
  const dropping = (connection: Connection): Droppable => (dialect === 'sqlite' ? {} : { drop: () => drop(connection) })
  const told = (connection: Connection): void => taking(dropping(connection))
  const transaction = await begun(sequelize, part.begin(opening), told).catch(error => {
    throw notBegun(error)
  })
  const execute = async (sql: string): Promise<void> => void (await sequelize.query(sql, { transaction }))
  const { connection } = transaction
  try {
    const characteristics = part.tells ? setPostgres({ readOnly, deferrable }) : ''
    if (characteristics !== '') await execute(characteristics)
  } catch (error) {
    await transaction.rollback().catch(() => {})
    throw error
  }
  const watch = watchOn(dialect, execute, connection)
  return Object.freeze({
    target: transaction,
    // Sequelize takes the connection from the transaction that a statement is given
    view: (passage, later) =>
      Object.create(transaction, {
        connection: { value: part.guard(connection, passage, watch) },
        // whether it may still be used, the passage says; Sequelize notes a deadlock's end here
        finished: { get: () => undefined, set: () => {} },
        // who opened it ends it: Sequelize would roll back by itself after a deadlock
        commit: { value: undefined },
        rollback: { value: undefined },
        // Sequelize would run its hooks inside of its own commit, those of savepoints that were rolled back, too
        afterCommit: { value: leaving(later) },
      }) as object,
    execute,
    commit: () => part.commit(transaction, watch),
    rollback: () => transaction.rollback(),
    aborted: dialect === 'postgres' ? probing(execute) : async () => false,
    endedBy: watch.endedBy,
    cancel: isWanted => part.cancel(sequelize, connection, isWanted),
    ...dropping(connection),
  } satisfies Link<object>)
}

/**
 * Begins by Sequelize's own means, which hand the connection out when BEGIN has been answered only.
 *
 * @param taken is told of it before
 */
async function begun(
  sequelize: Sequelize,
  options: object,
  taken: (connection: Connection) => void,
): Promise<Transaction> {
  const { connectionManager } = sequelize
  const telling = Object.create(connectionManager, {
    getConnection: {
      value: async (asked: object) => {
        const connection = await connectionManager.getConnection(asked)
        taken(connection)
        return connection
      },
    },
  }) as Sequelize['connectionManager']
  const asking = Object.create(sequelize, { connectionManager: { value: telling } }) as Sequelize
  const transaction = await asking.transaction(options)
  return Object.assign(transaction, { sequelize })
}

/** `afterCommit` of Sequelize's own: the hook is given the transaction that it was left with. */
function leaving(later: Later) {
  return function (this: object, hook: unknown): void {
    if (!isFunction(hook)) throw new Error('"fn" must be a function')
    later(() => Reflect.apply(hook, this, [this]))
  }
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
