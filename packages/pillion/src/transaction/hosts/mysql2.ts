/**
 * Transactions on `mysql2`.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Opening, Transactor } from '../transactor.js'
import { type MysqlPool, openMysql } from './mysql-connection.js'

/** A pool of `mysql2/promise` from the inside. */
interface Pool extends MysqlPool {
  readonly pool: { readonly config?: { readonly connectionLimit?: number } }
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
    open: (opening: Opening) =>
      openMysql(pool, opening, connection => (connection as { readonly threadId?: number | null }).threadId),
  })
}
