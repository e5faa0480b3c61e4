/**
 * Transactions on `better-sqlite3`: one connection, so one transaction at a time; the next waits for its turn.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import { type Passage, standing } from '../../run/ambient.js'
import { failureOf } from '../../run/failure.js'
import { iteratingUntil } from '../../run/iterating.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { enterNow } from './at-once.js'
import { turnOn } from './turns.js'

interface Database {
  readonly inTransaction: boolean
  exec(sql: string): unknown
  unsafeMode(on: boolean): unknown
}

/** It takes the lock of the writer at once: a transaction that would want it later could fail for it then. */
const begin = 'BEGIN IMMEDIATE'

export function betterSqlite3Transactor(root: object): Transactor<object> | undefined {
  if (!('inTransaction' in root) || !('exec' in root) || !('pragma' in root)) return undefined
  const database = root as unknown as Database
  return Object.freeze({
    name: 'better-sqlite3',
    root,
    orm: root,
    dialect: 'sqlite',
    connections: 1,
    open: async (_opening: Opening) => {
      const turn = turnOn(database)
      return open(database, isFunction(turn) ? turn : await turn)
    },
  })
}

function open(database: Database, leave: () => void): Link<object> {
  const rollback = (): void => {
    // some failures have rolled back by themselves
    if (database.inTransaction) send(database, 'ROLLBACK')
  }
  try {
    send(database, begin)
  } catch (error) {
    leave()
    throw failureOf(error, { text: begin, values: [] })
  }
  return Object.freeze({
    target: database,
    view: passage => viewOf(database, passage),
    execute: async sql => send(database, sql),
    commit: async () => {
      try {
        send(database, 'COMMIT')
      } catch (error) {
        throw refused(error, rollback)
      } finally {
        leave()
      }
    },
    rollback: async () => {
      try {
        rollback()
      } finally {
        leave()
      }
    },
    aborted: async () => false,
    endedBy: () => !database.inTransaction,
  } satisfies Link<object>)
}

/**
 * Sends what is ours. While an iterator is open better-sqlite3 sends nothing that may write, though SQLite begins and ends
 * transactions all the same: then it is told to.
 */
function send(database: Database, sql: string): void {
  try {
    database.exec(sql)
  } catch (error) {
    if (!isIterating(error)) throw error
    database.unsafeMode(true)
    try {
      database.exec(sql)
    } finally {
      database.unsafeMode(false)
    }
  }
}

/** It has no code, and no name of its own. */
function isIterating(error: unknown): boolean {
  return (error as Error).message === 'This database connection is busy executing a query'
}

/** COMMIT is refused here or has come through: there is no connection to lose. SQLite keeps the transaction open then. */
function refused(error: unknown, rollback: () => void): unknown {
  try {
    rollback()
  } catch {
    // the first error is the one to be told
  }
  const { code, message } = error as Error & { readonly code?: unknown }
  if (code !== undefined) return error
  return new PillionError('COMMIT_FAILED', `better-sqlite3 refused COMMIT: ${message}`, { cause: error })
}

/** What sends a statement, on the database and on what it prepares. */
const statements = new Set<PropertyKey>(['exec', 'pragma', 'run', 'get', 'all', 'iterate'])

function viewOf<T extends object>(on: T, passage: Passage): T {
  const view: T = new Proxy(on, {
    get(target, key) {
      if (key === standing) return passage
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      return (...args: unknown[]): unknown => {
        const made: unknown = statements.has(key)
          ? within(passage, () => Reflect.apply(value, target, args))
          : Reflect.apply(value, target, args)
        if (made === target) return view
        if (key === 'iterate') return iteratingUntil(passage.ending, made as IterableIterator<unknown>)
        return key === 'prepare' && isObject(made) ? viewOf(made, passage) : made
      }
    },
  })
  return view
}

function within<T>(passage: Passage, work: () => T): T {
  const leave = enterNow(passage, 'A synchronous statement')
  try {
    const result = work()
    leave()
    return result
  } catch (error) {
    leave(error)
    throw error
  }
}
