/**
 * Transactions on TypeORM, each on a query runner of its own.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import { now } from '../../run/clock.js'
import { failureOf, noConnection } from '../../run/failure.js'
import { type Dialect, type Link, type Opening, savepoint, type Transactor } from '../transactor.js'
import { committing, drop } from './gone.js'
import { killQuery } from './mysql.js'
import { guardedMysql2 } from './mysql2-callbacks.js'
import { guarded } from './pg.js'
import { probing } from './postgres.js'
import { watchOn, type Watch } from './watch.js'
import { turnOn } from './turns.js'

/** A data source from the inside. */
interface DataSource {
  readonly manager: object
  readonly options: { readonly type: string }
  readonly driver: {
    readonly master?: { readonly options?: { readonly max?: number } }
    /** Of SQLite's: there when the data source is initialized. */
    readonly databaseConnection?: object
    readonly pool?: { readonly config?: { readonly connectionLimit?: number } }
  }
  createQueryRunner(mode: 'master'): QueryRunner
  createEntityManager(runner: object): object
}

interface QueryRunner {
  readonly isReleased: boolean
  isTransactionActive: boolean
  /** One in a transaction, and one more for each savepoint of TypeORM's in it. */
  transactionDepth: number
  /** The one that subscribers are handed: whoever makes a manager of the runner puts it here. */
  manager: object
  /** Tells the subscribers. */
  readonly broadcaster: { broadcast(event: `${'Before' | 'After'}TransactionCommit`): Promise<void> }
  connect(): Promise<object>
  query(sql: string): Promise<unknown>
  startTransaction(isolation?: string): Promise<void>
  commitTransaction(): Promise<void>
  rollbackTransaction(): Promise<void>
  release(): Promise<void>
  /** Of the PostgreSQL runner: release, and condemn the connection. */
  releasePostgresConnection?(error?: unknown): Promise<void>
}

/** A connection of `mysql2`'s with callbacks. */
interface MysqlConnection {
  destroy(): void
}

const dialects: { readonly [type: string]: Dialect | undefined } = {
  postgres: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  'better-sqlite3': 'sqlite',
}

export function typeormTransactor(root: object): Transactor<object> | undefined {
  if (!('createQueryRunner' in root) || !('createEntityManager' in root)) return undefined
  const dataSource = root as DataSource
  const { type } = dataSource.options
  const dialect = dialects[type]
  if (dialect === undefined) {
    throw new PillionError('HOST_SHAPE', `The data source is of type ${type}.`, {
      hint: `TypeORM on one of these is expected: ${Object.keys(dialects).join(', ')}.`,
    })
  }
  return Object.freeze({
    name: 'typeorm',
    root,
    orm: dataSource.manager,
    dialect,
    get connections() {
      // there when the data source is initialized
      if (dialect === 'sqlite') return 1
      const { master, pool } = dataSource.driver ?? {}
      return master?.options?.max ?? pool?.config?.connectionLimit
    },
    open: async (opening: Opening) => {
      assertNoneAround(dataSource)
      return open(dataSource, dialect, opening, await turnIn(dataSource, dialect))
    },
  })
}

/**
 * `typeorm-transactional` leads every repository to the transaction that it has open around the code, also one that is asked of
 * the manager of another transaction: what `t.orm` writes by repositories would be in that, and the rest in pillion's.
 */
function assertNoneAround({ manager }: DataSource): void {
  const { queryRunner } = manager as { readonly queryRunner?: QueryRunner }
  if (queryRunner?.isTransactionActive !== true) return
  throw new PillionError(
    'TRANSACTION_AMBIGUOUS',
    'typeorm-transactional has a transaction open around the code, and TypeORM’s repositories would stay in that.',
    { hint: 'Begin both in one way: by `transactions(dataSource)`, or by `@Transactional` and `runInTransaction`.' },
  )
}

/** Is this a connection of `better-sqlite3`'s with a transaction open? */
function isInSqlites(connection: object): boolean {
  return (connection as { readonly inTransaction?: unknown }).inTransaction === true
}

/** On SQLite there is one query runner for all. */
async function turnIn(dataSource: DataSource, dialect: Dialect): Promise<() => void> {
  return dialect === 'sqlite' ? turnOn(dataSource.driver.databaseConnection ?? dataSource) : () => {}
}

/** Milliseconds to wait at most until a transaction of TypeORM's own on SQLite's one connection is over. */
const grace = 1_000

/**
 * SQLite's one runner would begin in a transaction of TypeORM's own by a savepoint, and end that one with it. A `save` is such a
 * transaction, and soon over.
 */
async function alone(runner: QueryRunner, connection: object, patience: number): Promise<void> {
  const until = now() + Math.min(patience / 2, grace)
  while (runner.isTransactionActive || isInSqlites(connection)) {
    if (now() < until) await pause(5)
    else if (runner.transactionDepth > 0 && !isInSqlites(connection)) forget(runner)
    else throw besideOwn()
  }
}

/** SQLite has ended the transaction by itself, and TypeORM, which could not roll it back, takes it for open. */
function forget(runner: QueryRunner): void {
  runner.isTransactionActive = false
  runner.transactionDepth = 0
}

/** What a begin that failed has left on SQLite's one runner. */
async function unbegun(runner: QueryRunner, connection: object, error: unknown): Promise<void> {
  const isRefused = isObject(error) && error['query'] === 'BEGIN TRANSACTION'
  if (isRefused) {
    // TypeORM takes it for begun; or somebody else was first
    if (!isInSqlites(connection)) forget(runner)
    return
  }
  // a subscriber's failure
  if (isInSqlites(connection)) await runner.query('ROLLBACK').catch(() => {})
  forget(runner)
}

function besideOwn(): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    'SQLite has one connection here, and a transaction that pillion has not begun is open on it: TypeORM’s own.',
    {
      hint: 'Begin either of them outside of the other: `transactions(dataSource).run` in place of `dataSource.transaction`, so that they take turns.',
    },
  )
}

async function open(
  dataSource: DataSource,
  dialect: Dialect,
  opening: Opening,
  leave: () => void,
): Promise<Link<object>> {
  const runner = dataSource.createQueryRunner('master')
  const connection = await runner.connect().catch(error => {
    leave()
    throw noConnection(error)
  })
  const giveBack = async (failure?: unknown): Promise<void> => {
    leave()
    if (runner.isReleased) return
    if (failure !== undefined && isFunction(runner.releasePostgresConnection)) {
      await runner.releasePostgresConnection(failure)
      return
    }
    // it may still be in the transaction
    if (failure !== undefined && dialect === 'mysql') (connection as MysqlConnection).destroy()
    await runner.release()
  }
  if (dialect === 'sqlite') {
    await alone(runner, connection, opening.patience).catch(refusal => {
      leave()
      throw refusal
    })
  }
  try {
    const characteristics = [
      opening.readOnly !== undefined && (opening.readOnly ? 'READ ONLY' : 'READ WRITE'),
      opening.deferrable !== undefined && (opening.deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'),
    ]
      .filter(Boolean)
      .join(', ')
    if (dialect === 'mysql' && characteristics !== '') await runner.query(`SET TRANSACTION ${characteristics}`)
    await runner.startTransaction(opening.isolation?.toUpperCase())
    if (dialect === 'postgres' && characteristics !== '') await runner.query(`SET TRANSACTION ${characteristics}`)
  } catch (error) {
    if (dialect === 'sqlite') await unbegun(runner, connection, error)
    await giveBack(error)
    throw failureOf(error, { text: 'START TRANSACTION', values: [] })
  }
  const execute = async (sql: string): Promise<void> => void (await runner.query(sql))
  const watch = watchOn(dialect, execute, connection)
  const over = (): void => {
    runner.isTransactionActive = false
    runner.transactionDepth = 0
    // the runner's own is of no more use when that is released
    runner.manager = dataSource.manager
  }
  const ending = async (how: () => Promise<unknown>): Promise<void> => {
    if (runner.isReleased) throw new PillionError('CONNECTION_LOST', 'The connection ended before the transaction did.')
    try {
      await how()
    } catch (error) {
      await giveBack(error)
      throw error
    }
    await giveBack()
  }
  const rolledBack = async (): Promise<void> => {
    // what is left open of TypeORM's own goes with it
    runner.transactionDepth = 1
    try {
      await runner.rollbackTransaction()
    } catch (error) {
      // a subscriber's failure has kept it from being sent, and SQLite's one connection is the next one's
      if (isInSqlites(connection)) await execute('ROLLBACK').catch(() => {})
      throw error
    } finally {
      over()
    }
  }
  // TypeORM's own commit is as well what subscribers do before and after: what they fail with says nothing of COMMIT
  const committed = async (): Promise<void> => {
    if (dialect === 'postgres' && (await isAborted(connection))) {
      await rolledBack().catch(() => {})
      throw abortedUnseen()
    }
    try {
      await runner.query('COMMIT')
    } catch (error) {
      // SQLite keeps it open
      if (dialect === 'sqlite') await rolledBack().catch(() => {})
      throw error
    }
    over()
  }
  const rollback = (): Promise<void> => ending(rolledBack)
  const link = {
    target: runner.manager,
    view: passage => managerOver(dataSource, runner, connection, dialect, passage, watch),
    execute,
    beforeCommit: () => runner.broadcaster.broadcast('BeforeTransactionCommit'),
    afterCommit: () => runner.broadcaster.broadcast('AfterTransactionCommit'),
    commit: () => committing(connection, () => ending(committed), rollback),
    rollback,
    aborted: dialect === 'postgres' ? probing(execute) : async () => false,
    endedBy: watch.endedBy,
    hasOwn: () => runner.transactionDepth > 1,
    ...cancels[dialect](dataSource, connection),
    ...(dialect === 'sqlite' ? {} : { drop: () => drop(connection) }),
  } satisfies Link<object>
  return nesting(link, runner)
}

/** A link whose savepoints leave the runner at the depth, and with the manager for subscribers, that it had before them. */
function nesting(link: Link<object>, runner: QueryRunner): Link<object> {
  let manager = runner.manager
  return Object.freeze({
    ...link,
    view: (passage, later) => (manager = link.view(passage, later)),
    nest: async () => {
      const { transactionDepth } = runner
      const inner = await savepoint(link)
      const ending = async (how: () => Promise<unknown>): Promise<void> => {
        try {
          await how()
        } finally {
          runner.manager = manager
        }
      }
      const rollback = async (): Promise<void> => {
        await inner.rollback()
        runner.transactionDepth = transactionDepth
      }
      return nesting(
        {
          ...inner,
          commit: () => ending(inner.commit),
          rollback: () => ending(rollback),
          hasOwn: () => runner.transactionDepth > transactionDepth,
        },
        runner,
      )
    },
  } satisfies Link<object>)
}

type Cancels = Pick<Link<object>, 'cancel'>

/** How a statement is stopped. SQLite's keep the process busy: nobody is there to stop them. */
const cancels: { readonly [dialect in Dialect]: (dataSource: DataSource, connection: object) => Cancels } = {
  postgres: (_, connection) => ({ cancel: () => cancelRequest(pgClient(connection)) }),
  mysql: (dataSource, connection) => ({
    cancel: isWanted => killing(dataSource, (connection as { readonly threadId?: unknown }).threadId, isWanted),
  }),
  sqlite: () => ({}),
}

/** Stops a statement of MySQL's by another connection of the pool's. */
async function killing(dataSource: DataSource, thread: unknown, isWanted: () => boolean): Promise<void> {
  const other = dataSource.createQueryRunner('master')
  try {
    await other.connect()
    if (isWanted()) await other.query(killQuery(thread))
  } finally {
    await other.release()
  }
}

/** An entity manager over the runner, each of whose statements enters by a passage. */
function managerOver(
  dataSource: DataSource,
  runner: QueryRunner,
  connection: object,
  dialect: Dialect,
  passage: Passage,
  watch: Watch,
): object {
  const depth = runner.transactionDepth
  const nested = (how: 'commitTransaction' | 'rollbackTransaction') => async (): Promise<void> => {
    if (runner.transactionDepth <= depth) throw notYours(how)
    await runner[how].call(view)
  }
  const gated: Partial<Record<PropertyKey, unknown>> = {
    commitTransaction: nested('commitTransaction'),
    rollbackTransaction: nested('rollbackTransaction'),
    release: refusing('release'),
    releasePostgresConnection: refusing('releasePostgresConnection'),
    [Symbol.asyncDispose]: refusing('[Symbol.asyncDispose]'),
    query: (...args: [string]) => passing(passage, () => watch.over(args[0], () => runner.query(...args))),
    // what streams reads the connection by itself
    ...(dialect === 'postgres' && { connect: async () => guarded(pgClient(connection), passage) }),
    ...(dialect === 'mysql' && { connect: async () => guardedMysql2(connection, passage) }),
  }
  const view: QueryRunner = new Proxy(runner, {
    get(target, key) {
      if (key === 'manager') return manager
      // whether it may still be used, the passage says
      if (key === 'isReleased') return false
      return Object.hasOwn(gated, key) ? gated[key] : Reflect.get(target, key)
    },
  })
  const manager = dataSource.createEntityManager(view)
  return manager
}

/** What a client of `pg`'s knows of where it is. */
interface Told {
  readonly readyForQuery?: boolean
  query(text: string): Promise<unknown>
  getTransactionStatus?(): unknown
}

/** Has a statement that pillion did not see aborted the transaction? */
async function isAborted(connection: object): Promise<boolean> {
  const client = connection as Told
  // that a statement has failed is told before the state that it has left
  if (client.readyForQuery === false) await client.query('').catch(() => {})
  return client.getTransactionStatus?.() === 'E'
}

/** PostgreSQL would answer COMMIT by rolling back, without an error. */
function abortedUnseen(): PillionError {
  return new PillionError(
    'ROLLBACK_ONLY',
    'A statement of the query runner that TypeORM hands its subscribers failed and its error was caught, but the server had aborted the transaction by then. It was rolled back.',
    { hint: 'Let the error through, or set a savepoint before what may fail.' },
  )
}

/** The transaction owns its connection, and who opened it ends it. */
function refusing(method: string): () => Promise<never> {
  return async () => {
    throw notYours(method)
  }
}

function notYours(method: string): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    `${method} of the query runner would end a transaction that pillion has opened.`,
    { hint: 'It is ended by the end of its work, or by its handle. What the runner itself has begun, it may end.' },
  )
}
