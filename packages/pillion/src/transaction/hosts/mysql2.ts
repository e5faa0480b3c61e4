/**
 * Transactions on `mysql2`.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Coming, Opening, Transactor } from '../transactor.js'
import { drop } from './gone.js'
import {
  type AcquireEvents,
  type MysqlConnection,
  type MysqlDriver,
  type MysqlPool,
  openMysql,
} from './mysql-connection.js'

/** A pool of `mysql2/promise` from the inside. */
interface Pool extends MysqlPool {
  readonly pool: AcquireEvents & { readonly config?: { readonly connectionLimit?: number } }
}

/** A connection of `mysql2/promise` over one with callbacks. */
interface Connection {
  readonly threadId?: number | null
  readonly connection: Below
}

interface Below {
  query(sql: string, told: (error: unknown, result: unknown) => void): unknown
}

const driver: MysqlDriver = Object.freeze({
  events: (pool: MysqlPool) => (pool as Pool).pool,
  // its promises note for each statement where it was asked for, which takes longer than to send one
  send: (connection: MysqlConnection, sql: string) => sent((connection as unknown as Connection).connection, sql),
  sendBelow: (below: object, sql: string) => sent(below as Below, sql),
  threadOf: (connection: MysqlConnection) => (connection as unknown as Connection).threadId,
  below: (connection: MysqlConnection) => (connection as unknown as Connection).connection,
  drop: (connection: MysqlConnection) => drop((connection as unknown as Connection).connection),
})

function sent(below: Below, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    below.query(sql, (error, result) => (error ? reject(error as Error) : resolve(result)))
  })
}

export function mysql2Transactor(root: object): Transactor<object> | undefined {
  if (!('getConnection' in root) || !('format' in root)) return undefined
  if ('promise' in root && isFunction(root.promise)) {
    throw new PillionError('HOST_SHAPE', 'This pool of mysql2 works by callbacks.', {
      hint: 'Give its promises: transactions(pool.promise()), or a pool of mysql2/promise.',
    })
  }
  const pool = root as unknown as Pool
  if (!isObject(pool.pool)) return undefined
  return Object.freeze({
    name: 'mysql2',
    root,
    orm: root,
    dialect: 'mysql',
    connections: pool.pool.config?.connectionLimit,
    open: (opening: Opening, coming: Coming<object>) => openMysql(pool, driver, opening, coming),
  })
}
