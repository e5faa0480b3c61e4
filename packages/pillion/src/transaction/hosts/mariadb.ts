/**
 * Transactions on `mariadb`.
 *
 * @module
 */
import { assertPromises, type Client, clientOf, type Handle } from '../../hosts/mysql/mariadb-client.js'
import { isFunction } from '../../hosts/shape.js'
import type { Coming, Opening, Transactor } from '../transactor.js'
import {
  type AcquireEvents,
  type MysqlConnection,
  type MysqlDriver,
  type MysqlPool,
  openMysql,
} from './mysql-connection.js'

/** What is behind a connection, from the inside. */
interface Below {
  query(asked: object, resolve: (result: unknown) => void, reject: (error: unknown) => void): void
}

const driver: MysqlDriver = Object.freeze({
  events: (pool: MysqlPool) => pool as unknown as AcquireEvents,
  sendBelow: (below: object, sql: string) =>
    new Promise<unknown>((resolve, reject) => (below as Below).query({ sql }, resolve, reject)),
  send: (connection: MysqlConnection, sql: string) => connection.query(sql),
  below: (connection: MysqlConnection) => connection,
  drop: (connection: MysqlConnection) => drop(clientOf(connection as unknown as Handle)),
  threadOf: (connection: MysqlConnection) => (connection as { readonly threadId?: number | null }).threadId,
})

/**
 * Its own `destroy` looks for a second connection, and where there is none to be had leaves what is under way without an answer. To the
 * end of the socket it listens only where that comes by an error.
 */
function drop({ socket }: Partial<Client>): void {
  socket?.destroy(new Error('The connection was dropped: the server answered nothing any more.'))
}

export function mariadbTransactor(root: object): Transactor<object> | undefined {
  if (!('getConnection' in root) || !('idleConnections' in root) || !isFunction(root.idleConnections)) return undefined
  assertPromises(root)
  const pool = root as unknown as MysqlPool
  return Object.freeze({
    name: 'mariadb',
    root,
    orm: root,
    dialect: 'mysql',
    // the driver keeps its limit to itself
    connections: undefined,
    open: (opening: Opening, coming: Coming<object>) => openMysql(pool, driver, opening, coming),
  })
}
