/**
 * A connection of MySQL's or MariaDB's in a transaction's own hands: for `mysql2` and `mariadb`, which differ in names only.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import { failureOf, noConnection } from '../../run/failure.js'
import type { Link, Opening } from '../transactor.js'
import { beginMysql, isDeadlock, killQuery } from './mysql.js'

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
const statements = new Set<PropertyKey>(['query', 'execute', 'batch', 'prepare', 'importFile'])
const streams = new Set<PropertyKey>(['queryStream'])
/** The transaction owns its connection. */
const owners = new Set<PropertyKey>([
  'release',
  'end',
  'destroy',
  'beginTransaction',
  'commit',
  'rollback',
  'changeUser',
  'reset',
])

/** @param threadOf the number by which the server knows a connection */
export async function openMysql(
  pool: MysqlPool,
  opening: Opening,
  threadOf: (connection: MysqlConnection) => number | null | undefined,
): Promise<Link<object>> {
  const connection = await pool.getConnection().catch(error => {
    throw noConnection(error)
  })
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
  const execute = async (sql: string): Promise<void> => void (await connection.query(sql))
  const begin = beginMysql(opening)
  for (const text of begin) {
    try {
      await execute(text)
    } catch (error) {
      giveBack(true)
      throw failureOf(error, { text, values: [] })
    }
  }
  const ending = async (sql: string): Promise<void> => {
    if (lost !== undefined) {
      giveBack(true)
      throw new PillionError(
        'CONNECTION_LOST',
        `The connection ended before ${sql} was sent: the server has rolled back.`,
        {
          cause: lost,
        },
      )
    }
    try {
      await execute(sql)
    } catch (error) {
      giveBack(true)
      throw error
    }
    giveBack(false)
  }
  return Object.freeze({
    target: connection,
    view: passage => viewOf(connection, passage),
    execute,
    commit: () => ending('COMMIT'),
    rollback: () => ending('ROLLBACK'),
    aborted: async () => false,
    endedBy: isDeadlock,
    cancel: async isWanted => {
      const other = await pool.getConnection()
      try {
        if (isWanted()) await other.query(killQuery(threadOf(connection)))
      } finally {
        other.release()
      }
    },
  } satisfies Link<object>)
}

function viewOf(connection: MysqlConnection, passage: Passage): object {
  return new Proxy(connection, {
    get(target, key) {
      if (owners.has(key)) return undefined
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      if (statements.has(key)) {
        return (...args: unknown[]): unknown =>
          passing(passage, () => Reflect.apply(value, target, args) as Promise<unknown>)
      }
      if (streams.has(key)) {
        return (...args: unknown[]): unknown => {
          const entered = passage.enter()
          if (entered instanceof Promise) throw new TypeError('A stream cannot wait for the nested transaction to end.')
          entered()
          return Reflect.apply(value, target, args)
        }
      }
      return value.bind(target as never)
    },
  })
}
