/**
 * Transactions on `mariadb`.
 *
 * @module
 */
import { isFunction } from '../../hosts/shape.js'
import type { Opening, Transactor } from '../transactor.js'
import { type MysqlPool, openMysql } from './mysql-connection.js'

export function mariadbTransactor(root: object): Transactor<object> | undefined {
  if (!('getConnection' in root) || !('idleConnections' in root) || !isFunction(root.idleConnections)) return undefined
  const pool = root as unknown as MysqlPool
  return Object.freeze({
    name: 'mariadb',
    root,
    orm: root,
    dialect: 'mysql',
    // the driver keeps its limit to itself
    connections: undefined,
    open: (opening: Opening) =>
      openMysql(pool, opening, connection => (connection as { readonly threadId?: number | null }).threadId),
  })
}
