/**
 * The way to a SQLite database in the process: there is one connection, and it is there.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { type Driver, type Find, rideAtOnce, type Seat } from '../seat.js'
import { unknownHost } from '../shape.js'
import { isBetterSqlite3, isNodeSqlite } from './database.js'
import { sqliteHost } from './host.js'

/**
 * Finds the seat on a database. As an explicit target it must be in a transaction; as the root it need not, and reads
 * inside whatever transaction is open on it.
 */
export function findOn(database: object): Find {
  const refusal = (): undefined => undefined
  const root: Seat = { connection: database, borrowed: false, transaction: false, refusal }
  const transaction: Seat = { ...root, transaction: true }
  return target => {
    if (target === undefined) return root
    if (target === database) return transaction
    if (isSqlite(target)) throw new PillionError('TRANSACTION_FOREIGN', 'The database is not the one of this host.')
    throw unknownHost('The only transaction of a SQLite database is the database itself.')
  }
}

function isSqlite(value: unknown): value is object {
  return isBetterSqlite3(value) || isNodeSqlite(value)
}

/** `better-sqlite3` and `node:sqlite` by themselves. */
export const sqliteDriver: Driver = Object.freeze({
  opens: isSqlite,
  ride: root => rideAtOnce(findOn(root as object)),
  seating: sqliteHost,
} satisfies Driver)
