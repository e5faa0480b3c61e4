/**
 * Whether a connection is gone, by what servers, drivers and ORMs say of it.
 *
 * @module
 */
import { errorsBelow } from '../errors-below.js'

/** The parts of an error that are read here. */
interface Told {
  readonly message?: unknown
  readonly code?: unknown
  readonly errno?: unknown
  readonly severity?: unknown
  readonly fatal?: unknown
}

/** What says so: the error itself, or one below it. */
export function lossIn(error: unknown): Told | undefined {
  return errorsBelow(error).find(saysSo)
}

/** `pg` says so in words, which Knex puts behind the statement. */
const words =
  /(^| - )(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|This socket has been ended)/

/** The system's, and drivers' own. */
const codes = new Set<unknown>([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  // postgres.js
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  // mysql2 and mariadb
  'PROTOCOL_CONNECTION_LOST',
  'ER_SOCKET_UNEXPECTED_CLOSE',
  'ER_CMD_CONNECTION_CLOSED',
  'ER_CMD_NOT_EXECUTED_DESTROYED',
  'ER_SOCKET_DESTROYED',
  // Prisma, which keeps of an error of mariadb's its number alone
  'P1017',
  45009,
])

/** MySQL and MariaDB: the server is going down, has ended the session, or was never reached. */
const numbers = new Set<unknown>([1053, 1077, 1078, 1079, 1080, 1927, 2006, 2013, 4031])

function saysSo({ message, code, errno, severity, fatal }: Told): boolean {
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC' || /^08\w{3}$/.test(String(code))
  return fatal === true || codes.has(code) || numbers.has(errno) || words.test(String(message))
}
