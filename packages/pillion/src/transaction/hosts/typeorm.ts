/**
 * Transactions on TypeORM, each on a query runner of its own.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import { isFunction } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import { nextTurn, now, soon } from '../../run/clock.js'
import { failureOf, noConnection } from '../../run/failure.js'
import {
  type Coming,
  type Dialect,
  type Link,
  type Opening,
  savepointBySql,
  type Subscribed,
  type Transactor,
} from '../transactor.js'
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
  readonly subscribers: readonly object[]
  readonly logger: { logQuery(sql: string, values: undefined, runner: object): unknown }
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
  readonly broadcaster: {
    broadcast(event: `${'Before' | 'After'}Transaction${'Start' | 'Commit' | 'Rollback'}`): Promise<void>
  }
  connect(): Promise<object>
  query(sql: string): Promise<unknown>
  startTransaction(isolation?: string): Promise<void>
  commitTransaction(): Promise<void>
  rollbackTransaction(): Promise<void>
  release(): Promise<void> | undefined
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
    open: (opening: Opening, coming: Coming<object>) => open(dataSource, dialect, opening, coming),
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

/** A connection of `better-sqlite3`'s. */
interface SqliteConnection {
  readonly inTransaction?: unknown
  exec(sql: string): unknown
}

/** Is this a connection of `better-sqlite3`'s with a transaction open? */
function isInSqlites(connection: object): boolean {
  return (connection as SqliteConnection).inTransaction === true
}

/** SQLite's one connection is the next one's: nothing is left open on it, whatever TypeORM's subscribers and logger fail with. */
function freeSqlites(connection: object): void {
  if (!isInSqlites(connection)) return
  try {
    ;(connection as SqliteConnection).exec('ROLLBACK')
  } catch {
    // what keeps it open is told by the next one
  }
}

/** BEGIN and its like go to SQLite at once, with what TypeORM's one runner says of itself: one of TypeORM's own would begin, or end, in between. */
function say(dataSource: DataSource, runner: QueryRunner, connection: object, sql: string): void {
  dataSource.logger.logQuery(sql, undefined, runner)
  ;(connection as SqliteConnection).exec(sql)
}

/** Milliseconds to wait at most until a transaction of TypeORM's own on SQLite's one connection is over. */
const grace = 1_000

/**
 * SQLite's one runner would begin in a transaction of TypeORM's own by a savepoint, and end that one with it. A `save` is such a
 * transaction, and soon over.
 */
async function beginAlone(
  dataSource: DataSource,
  runner: QueryRunner,
  connection: object | undefined,
  patience: number,
): Promise<void> {
  if (connection === undefined) throw noConnection(new Error('the data source is not initialized'))
  await runner.broadcaster.broadcast('BeforeTransactionStart')
  const until = now() + Math.min(patience / 2, grace)
  while (runner.isTransactionActive || isInSqlites(connection)) {
    if (now() < until) await pause(5)
    else if (runner.transactionDepth > 0 && !isInSqlites(connection)) forget(runner)
    else throw besideOwn()
  }
  say(dataSource, runner, connection, 'BEGIN TRANSACTION')
  runner.isTransactionActive = true
  runner.transactionDepth = 1
  try {
    await runner.broadcaster.broadcast('AfterTransactionStart')
  } catch (error) {
    freeSqlites(connection)
    forget(runner)
    throw error
  }
}

/** SQLite has ended the transaction by itself, and TypeORM, which could not roll it back, takes it for open. */
function forget(runner: QueryRunner): void {
  runner.isTransactionActive = false
  runner.transactionDepth = 0
}

/** It has begun since it was looked for. */
function overOwn(): PillionError {
  return new PillionError(
    'TRANSACTION_NESTED',
    'The transaction was to be committed while one of TypeORM’s own is open in it, on SQLite’s one connection. Both were rolled back.',
    { hint: 'Begin both by `transactions(dataSource).run`, so that they take turns.' },
  )
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
  coming: Coming<object>,
): Promise<Link<object>> {
  assertNoneAround(dataSource)
  // on SQLite there is one query runner for all
  const leave = dialect === 'sqlite' ? await turnOn(dataSource.driver.databaseConnection ?? dataSource) : nothing
  const runner = dataSource.createQueryRunner('master')
  if (isFunction(runner.releasePostgresConnection)) runner.release = condemning
  const connection = await runner.connect().catch(error => {
    leave()
    throw noConnection(error)
  })
  const taken = { runner, connection, dialect, giveBack: givingBack(runner, connection, dialect, leave) }
  const link = linkOf(dataSource, taken)
  try {
    if (dialect === 'sqlite') {
      await beginAlone(dataSource, runner, connection, opening.patience)
      return link
    }
    const characteristics = said(opening)
    if (dialect === 'mysql' && characteristics !== '') await runner.query(characteristics)
    const begun = runner.startTransaction(opening.isolation?.toUpperCase())
    // subscribers are told of the begin, and handed the manager that the runner had before
    if (dataSource.subscribers.length === 0) soon(() => coming(link))
    await begun
    if (dialect === 'postgres' && characteristics !== '') await runner.query(characteristics)
  } catch (error) {
    await taken.giveBack(error)
    throw failureOf(error, { text: 'START TRANSACTION', values: [] })
  }
  return link
}

/** Gives the connection back; condemned, where something has failed on it. */
type GiveBack = (failure?: unknown) => Promise<void> | undefined

function givingBack(runner: QueryRunner, connection: object, dialect: Dialect, leave: () => void): GiveBack {
  return failure => {
    leave()
    if (runner.isReleased) return undefined
    if (isFunction(runner.releasePostgresConnection)) return runner.releasePostgresConnection(failure)
    // it may still be in the transaction
    if (failure !== undefined && dialect === 'mysql') (connection as MysqlConnection).destroy()
    return runner.release()
  }
}

/** Stands for `release` on a runner: a data source that is destroyed would leave the transaction to who waits for its connection. */
function condemning(this: QueryRunner): Promise<void> | undefined {
  return this.releasePostgresConnection?.(true)
}

/** A runner, and the connection that it has. */
interface Taken {
  readonly runner: QueryRunner
  readonly connection: object
  readonly dialect: Dialect
  readonly giveBack: GiveBack
}

function linkOf(dataSource: DataSource, { runner, connection, dialect, giveBack }: Taken): Link<object> {
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
  // an end of one on SQLite comes at the beginning of a turn of the event loop: none of TypeORM's own is half way to its begin or its end then
  const rolledBackOnSqlite = async (): Promise<void> => {
    try {
      await runner.broadcaster.broadcast('BeforeTransactionRollback')
    } finally {
      await nextTurn()
      try {
        say(dataSource, runner, connection, 'ROLLBACK')
      } finally {
        freeSqlites(connection)
        over()
      }
    }
    await runner.broadcaster.broadcast('AfterTransactionRollback')
  }
  const rolledBack = async (): Promise<void> => {
    if (dialect === 'sqlite') return rolledBackOnSqlite()
    // what is left open of TypeORM's own goes with it, and a subscriber that kept one from beginning has had this one taken for ended
    runner.transactionDepth = 1
    runner.isTransactionActive = true
    try {
      await runner.rollbackTransaction()
    } finally {
      over()
    }
  }
  // TypeORM's own commit is as well what subscribers do before and after: what they fail with says nothing of COMMIT
  const committed = async (): Promise<void> => {
    if (dialect === 'postgres') {
      if (isBusy(connection)) await settled(connection)
      if (isAborted(connection)) {
        await rolledBack().catch(nothing)
        throw abortedUnseen()
      }
    }
    await runner.query('COMMIT')
    over()
  }
  const committedOnSqlite = async (): Promise<void> => {
    try {
      await nextTurn()
      if (runner.transactionDepth > 1) throw overOwn()
      say(dataSource, runner, connection, 'COMMIT')
    } catch (error) {
      // SQLite keeps it open
      await rolledBack().catch(nothing)
      throw error
    }
    over()
  }
  const rollback = (): Promise<void> => ending(rolledBack)
  const view: ViewAt = depth => passage =>
    managerOver(dataSource, { runner, connection, dialect, passage, watch, depth })
  // written out: what is spread takes the engine as long as all the rest of it
  const link: Link<object> = Object.freeze({
    target: runner.manager,
    view: view(1),
    execute,
    subscribed: () => (dataSource.subscribers.length > 0 ? telling(runner) : undefined),
    commit: () => committing(connection, () => ending(dialect === 'sqlite' ? committedOnSqlite : committed), rollback),
    rollback,
    aborted: dialect === 'postgres' ? probing(execute) : async () => false,
    endedBy: watch.endedBy,
    hasOwn: () => runner.transactionDepth > 1,
    cancel: cancels[dialect]?.(dataSource, connection),
    drop: dialect === 'sqlite' ? undefined : () => drop(connection),
    nest: () => nested(link, runner, view),
  } satisfies Link<object>)
  return link
}

/** What TypeORM does not say of a transaction by itself; empty where there is nothing to say. */
function said({ readOnly, deferrable }: Opening): string {
  if (readOnly === undefined && deferrable === undefined) return ''
  const characteristics = [
    readOnly !== undefined && (readOnly ? 'READ ONLY' : 'READ WRITE'),
    deferrable !== undefined && (deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE'),
  ]
  return `SET TRANSACTION ${characteristics.filter(Boolean).join(', ')}`
}

function telling({ broadcaster }: QueryRunner): Subscribed {
  return {
    beforeCommit: () => broadcaster.broadcast('BeforeTransactionCommit'),
    afterCommit: () => broadcaster.broadcast('AfterTransactionCommit'),
  }
}

/** The view of a transaction, or of a savepoint, of TypeORM's at a depth. */
type ViewAt = (depth: number) => Link<object>['view']

/** A savepoint, which leaves the runner at the depth, and with the manager for subscribers, that it had before. */
async function nested(outer: Link<object>, runner: QueryRunner, view: ViewAt): Promise<Link<object>> {
  const { transactionDepth, manager } = runner
  const inner = await savepointBySql(outer)
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
  const link: Link<object> = Object.freeze({
    ...inner,
    view: view(transactionDepth),
    commit: () => ending(inner.commit),
    rollback: () => ending(rollback),
    hasOwn: () => runner.transactionDepth > transactionDepth,
    nest: () => nested(link, runner, view),
  } satisfies Link<object>)
  return link
}

type Cancelling = (dataSource: DataSource, connection: object) => Link<object>['cancel']

/** How a statement is stopped. SQLite's keep the process busy: nobody is there to stop them. */
const cancels: { readonly [dialect in Dialect]: Cancelling | undefined } = {
  postgres: (_, connection) => () => cancelRequest(pgClient(connection)),
  mysql: (dataSource, connection) => isWanted =>
    killing(dataSource, (connection as { readonly threadId?: unknown }).threadId, isWanted),
  sqlite: undefined,
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

/** How statements get in. */
interface Gate {
  readonly runner: QueryRunner
  readonly connection: object
  readonly dialect: Dialect
  readonly passage: Passage
  readonly watch: Watch
  /** How deep TypeORM is when users are handed the manager. */
  readonly depth: number
}

/** An entity manager over the runner, each of whose statements enters by a passage. */
function managerOver(dataSource: DataSource, by: Gate): object {
  const view: QueryRunner = new Proxy(by.runner, {
    get(target, key) {
      if (key === 'manager') return manager
      // whether it may still be used, the passage says
      if (key === 'isReleased') return false
      return Object.hasOwn(gates, key) ? gates[key]?.(by, view) : Reflect.get(target, key)
    },
    // without it the engine goes the long way round, by way of the proxy
    set: (target, key, value) => Reflect.set(target, key, value),
  })
  const manager = dataSource.createEntityManager(view)
  return manager
}

/** What of a runner is another's. */
const gates: { readonly [key: PropertyKey]: ((by: Gate, view: QueryRunner) => unknown) | undefined } = {
  // TypeORM takes it for open from before its first statement on, and SQLite's one runner is the next one's, too
  startTransaction:
    ({ runner, passage }, view) =>
    async (isolation?: string): Promise<void> => {
      const leave = await passage.enter()
      leave()
      await runner.startTransaction.call(view, isolation)
    },
  commitTransaction: endOfOwn('commitTransaction'),
  rollbackTransaction: endOfOwn('rollbackTransaction'),
  release: () => refusing('release'),
  releasePostgresConnection: () => refusing('releasePostgresConnection'),
  [Symbol.asyncDispose]: () => refusing('[Symbol.asyncDispose]'),
  query:
    ({ runner, passage, watch }) =>
    (...args: [string]) =>
      passing(passage, () => watch.over(args[0], () => runner.query(...args))),
  // what streams reads the connection by itself
  connect: ({ runner, connection, dialect, passage }) => {
    if (dialect === 'postgres') return async () => guarded(pgClient(connection), passage)
    return dialect === 'mysql' ? async () => guardedMysql2(connection, passage) : runner.connect
  },
}

/** An end of what TypeORM itself has begun inside. */
function endOfOwn(how: 'commitTransaction' | 'rollbackTransaction') {
  return ({ runner, depth }: Gate, view: QueryRunner) =>
    async (): Promise<void> => {
      if (runner.transactionDepth <= depth) throw notYours(how)
      await runner[how].call(view)
    }
}

/** What a client of `pg`'s knows of where it is. */
interface Told {
  readonly readyForQuery?: boolean
  query(text: string): Promise<unknown>
  getTransactionStatus?(): unknown
}

function isBusy(connection: object): boolean {
  return (connection as Told).readyForQuery === false
}

/** That a statement has failed is told before the state that it has left. */
async function settled(connection: object): Promise<void> {
  await (connection as Told).query('').catch(nothing)
}

/** Has a statement that pillion did not see aborted the transaction? */
function isAborted(connection: object): boolean {
  return (connection as Told).getTransactionStatus?.() === 'E'
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

function nothing(): void {}
