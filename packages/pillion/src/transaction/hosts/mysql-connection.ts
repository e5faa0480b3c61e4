/**
 * A connection of MySQL's or MariaDB's in a transaction's own hands: for `mysql2` and `mariadb`, which differ in names only.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { mysqlFailure, noMysqlConnection } from '../../hosts/mysql/failure.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import { inNoFrame, type Passage, passing, standing } from '../../run/ambient.js'
import { unsent } from '../failure.js'
import type { Coming, Link, Opening } from '../transactor.js'
import { type Destroyable, streamingIn } from './at-once.js'
import { refuseEnding } from './ending-text.js'
import { lossOf } from './gone.js'
import { beginMysql, endedBySql, hasEnded, isConflict, isOutside, isOver, killQuery, owners } from './mysql.js'
import { guardedMysql2 } from './mysql2-callbacks.js'
import { probed } from './probed.js'

/** A connection of either driver, by promises. */
export interface MysqlConnection {
  query(sql: string): Promise<unknown>
  release(): unknown
  destroy(): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  removeListener(event: 'error', listener: (error: unknown) => void): unknown
}

export interface MysqlPool {
  getConnection(): Promise<MysqlConnection>
}

/** The methods of both drivers that send statements. */
const statements = new Set<PropertyKey>(['query', 'execute', 'batch'])
const streams = new Set<PropertyKey>(['queryStream', 'executeStream'])

/** Tells, before `getConnection` has returned, of an idle connection that it takes. */
export interface AcquireEvents {
  on(event: 'acquire', listener: (below: object) => void): unknown
  removeListener(event: 'acquire', listener: (below: object) => void): unknown
}

/** What differs between the drivers. */
export interface MysqlDriver {
  events(pool: MysqlPool): AcquireEvents
  /** Sends a statement of ours by the shortest way. */
  send(connection: MysqlConnection, sql: string): Promise<unknown>
  /** Sends one on what `acquire` tells of. */
  sendBelow(below: object, sql: string): Promise<unknown>
  /** The number by which the server knows the connection. */
  threadOf(connection: MysqlConnection): unknown
  /** What knows whether the connection is there. */
  below(connection: MysqlConnection): object
  /** Ends it from this side, and fails what is under way. */
  drop(connection: MysqlConnection): void
}

/** Begins on a connection of a pool's. By callbacks: each promise of ours in between costs a turn of the microtasks. */
export function openMysql(
  pool: MysqlPool,
  driver: MysqlDriver,
  opening: Opening,
  coming: Coming<object>,
): Promise<Link<object>> {
  const texts = beginMysql(opening)
  let sending: Promise<unknown> | undefined
  const idle = (below: object): void => {
    sending = driver.sendBelow(below, texts[0])
    // it is listened to a tick later
    sending.catch(() => {})
  }
  return new Promise((begun, failed) => {
    acquired(driver.events(pool), pool, idle).then(
      connection => {
        const link = linkOn(pool, driver, connection)
        const refused = (refusal: PillionError): void => {
          connection.destroy()
          failed(refusal)
        }
        begin(link, texts, sending ?? link.execute(texts[0]), { coming, begun, refused })
      },
      error => failed(noMysqlConnection(error)),
    )
  })
}

/** Who is told what. */
interface Told {
  readonly coming: Coming<object>
  readonly begun: (link: Link<object>) => void
  readonly refused: (refusal: PillionError) => void
}

/** Says one text after the other, of which the first is on its way. */
function begin(
  link: Link<object>,
  texts: readonly [string, ...string[]],
  answered: Promise<unknown>,
  told: Told,
): void {
  const [text, following, ...rest] = texts
  if (following === undefined) told.coming(link)
  answered.then(
    () =>
      following === undefined ? told.begun(link) : begin(link, [following, ...rest], link.execute(following), told),
    error => told.refused(mysqlFailure(error, { text, values: [] })),
  )
}

/**
 * Asks a pool for a connection. It hands an idle one out a tick later, but tells of it at once: what is sent then is under way while what
 * belongs to a transaction is made.
 */
function acquired(events: AcquireEvents, pool: MysqlPool, idle: (below: object) => void): Promise<MysqlConnection> {
  events.on('acquire', idle)
  try {
    return pool.getConnection()
  } finally {
    events.removeListener('acquire', idle)
  }
}

function linkOn(pool: MysqlPool, driver: MysqlDriver, connection: MysqlConnection): Link<object> {
  const { send, threadOf, below } = driver
  let lost: unknown
  const lose = (error: unknown): void => {
    lost ??= error
  }
  connection.on('error', lose)
  const giveBack = (condemned: boolean): void => {
    connection.removeListener('error', lose)
    if (condemned || lost !== undefined) connection.destroy()
    else connection.release()
  }
  const ending = async (sql: string): Promise<void> => {
    const unsendable = lost === undefined ? lossOf(below(connection), sql) : unsent(lost, sql)
    if (unsendable !== undefined) {
      giveBack(true)
      throw unsendable
    }
    try {
      await send(connection, sql)
    } catch (error) {
      giveBack(true)
      throw error
    }
    giveBack(false)
  }
  return Object.freeze({
    target: connection,
    view: passage => viewOf({ connection, passage, execute: sql => send(connection, sql) }),
    execute: sql => send(connection, sql),
    commit: () => ending('COMMIT'),
    rollback: () => ending('ROLLBACK'),
    aborted: async () => false,
    endedBy: failure => isConflict(failure) || hasEnded(failure),
    cancel: async isWanted => {
      const other = await pool.getConnection()
      try {
        if (isWanted()) await other.query(killQuery(threadOf(connection)))
      } finally {
        other.release()
      }
    },
    drop: () => driver.drop(connection),
  } satisfies Link<object>)
}

/** Where the statements of a transaction's go. */
interface Way {
  readonly connection: MysqlConnection
  readonly passage: Passage
  /** Sends a statement of ours. */
  readonly execute: (sql: string) => Promise<unknown>
}

/** A connection each of whose statements enters by a passage; those that it prepares, too. */
function viewOf(way: Way): object {
  const { connection, passage } = way
  return new Proxy(connection, {
    get(target, key) {
      if (owners.has(key)) return undefined
      if (key === standing) return passage
      if (key === 'importFile' && key in target) return refusingFiles
      const value: unknown = Reflect.get(target, key)
      // below a connection of mysql2 with promises there is one with callbacks
      if (key === 'connection' && isObject(value)) return guardedMysql2(value, passage)
      if (key === 'prepare' && isFunction(value)) {
        return async (...args: unknown[]) => preparedOver(await sent(way, target, value, args), way)
      }
      return entering(way, target, key, value)
    },
  })
}

/** `mariadb` sends what is in the file, one statement after the other: any of them may end the transaction. */
async function refusingFiles(): Promise<never> {
  throw new PillionError(
    'TRANSACTION_UNSUPPORTED',
    'importFile is not for transactions: a statement of the file may end one in the server. Nothing was sent.',
    { hint: 'Import the file by the pool, outside of transactions.' },
  )
}

function preparedOver(prepared: object, way: Way): object {
  return new Proxy(prepared, {
    get: (target, key) => entering(way, target, key, Reflect.get(target, key)),
  })
}

function entering(way: Way, target: object, key: PropertyKey, value: unknown): unknown {
  if (!isFunction(value)) return value
  if (statements.has(key)) return (...args: unknown[]) => sent(way, target, value, args)
  if (streams.has(key)) {
    return (...args: unknown[]) => streamingIn(way.passage, () => Reflect.apply(value, target, args) as Destroyable)
  }
  return value.bind(target as never)
}

function sent(
  { connection, passage, execute }: Way,
  target: object,
  method: (...args: never[]) => unknown,
  args: readonly unknown[],
): Promise<object> {
  return passing(passage, () => {
    const send = (): Promise<object> => inNoFrame(() => Reflect.apply(method, target, args) as Promise<object>)
    // of one that is prepared the text has come before
    if (target !== connection) return send().then(told)
    refuseEnding(args[0], 'mysql')
    return probed(args[0], execute, send).then(told)
  })

  function told(result: object): object {
    const [results] = Array.isArray(result) ? (result as readonly unknown[]) : []
    if (isOutside(results) || isOver((connection as Status).info?.status)) throw endedBySql()
    return result
  }
}

/** `mariadb` keeps what the server said last. */
interface Status {
  readonly info?: { readonly status?: unknown } | undefined
}
