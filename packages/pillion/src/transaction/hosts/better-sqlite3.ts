/**
 * Transactions on `better-sqlite3`: one connection, so one transaction at a time; the next waits for its turn.
 *
 * @module
 */
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Passage } from '../../run/ambient.js'
import { failureOf } from '../../run/failure.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { enterNow } from './at-once.js'
import { turnOn } from './turns.js'

interface Database {
  readonly inTransaction: boolean
  exec(sql: string): unknown
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
    open: async (_opening: Opening) => open(database, await turnOn(database)),
  })
}

function open(database: Database, leave: () => void): Link<object> {
  const execute = async (sql: string): Promise<void> => void database.exec(sql)
  try {
    database.exec(begin)
  } catch (error) {
    leave()
    throw failureOf(error, { text: begin, values: [] })
  }
  return Object.freeze({
    target: database,
    view: passage => viewOf(database, passage),
    execute,
    commit: async () => {
      try {
        database.exec('COMMIT')
      } catch (error) {
        // a busy database keeps the transaction open: it is given up, as everywhere
        if (database.inTransaction) database.exec('ROLLBACK')
        throw error
      } finally {
        leave()
      }
    },
    rollback: async () => {
      try {
        // some failures have rolled back by themselves
        if (database.inTransaction) database.exec('ROLLBACK')
      } finally {
        leave()
      }
    },
    aborted: async () => false,
    endedBy: () => !database.inTransaction,
  } satisfies Link<object>)
}

/** What sends a statement, on the database and on what it prepares. */
const statements = new Set<PropertyKey>(['exec', 'pragma', 'run', 'get', 'all', 'iterate'])

function viewOf<T extends object>(on: T, passage: Passage): T {
  const view: T = new Proxy(on, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      return (...args: unknown[]): unknown => {
        const made: unknown = statements.has(key)
          ? within(passage, () => Reflect.apply(value, target, args))
          : Reflect.apply(value, target, args)
        if (made === target) return view
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
