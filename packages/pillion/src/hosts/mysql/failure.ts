/**
 * An error of a driver of MySQL's protocol as pillion's.
 *
 * @module
 */
import { isPillionError, PillionError } from '../../errors.js'
import { withoutValues } from '../../run/failure.js'
import type { Statement } from '../../run/host.js'
import { lossIn } from '../../run/loss.js'
import { unavailableBy } from '../../run/unavailable.js'

/** The parts of a driver's error that are read here. `mariadb` puts bound values into `message`, if it is told to. */
interface DriverError {
  readonly message?: string
  readonly sqlMessage?: string | null
  readonly errno?: unknown
  readonly code?: unknown
  readonly sqlState?: unknown
}

const hints: Readonly<Record<number, string>> = {
  1044: 'The user of this connection may not use this database: grant SELECT.',
  1054: 'The column is missing in this database: reflect again, or run the migration.',
  1142: 'The user of this connection may not read this: grant SELECT.',
  1146: 'The table is missing in this database: reflect again, or run the migration.',
  1205: 'A lock was not to be had in time: retry the whole transaction.',
  1213: 'A deadlock: the server has rolled the transaction back. Retry the whole of it.',
  1317: 'Cancelled by the server: somebody else asked for it.',
  1390: 'A statement takes 65,535 values, and each item of a list is one: ask for less at a time, or by a subquery.',
  1461: 'The server keeps as many prepared statements as it may: make the host with `prepare: false`.',
  1969: 'Cancelled by the server: a max_statement_time of the session.',
  3024: 'Cancelled by the server: a max_execution_time of the session.',
}

/** Messages of these quote what could not be understood, beside those of class 22. */
const quoting = new Set([1105, 1292, 1366, 1411, 1416, 1525, 3037, 3140, 3141, 4037, 4038])

/**
 * Translates a driver's error. Errors of pillion's own pass unchanged.
 *
 * @returns `CONNECTION_LOST` when the connection is gone, else `STATEMENT_FAILED` with the server's number and SQLSTATE.
 */
export function mysqlFailure(error: unknown, statement: Statement): PillionError {
  if (isPillionError(error)) return error
  const { message = String(error), sqlMessage, errno, sqlState } = (error ?? {}) as DriverError
  const at = { sql: statement.text, cause: error }
  const fromServer = isFromServer(errno)
  const lost = lossIn(error)
  if (lost !== undefined) {
    return new PillionError('CONNECTION_LOST', `The connection ended under the statement (${String(lost.code)}).`, at)
  }
  const said = sqlMessage ?? message
  const quotes = quoting.has(Number(errno)) || String(sqlState).startsWith('22')
  const told = withoutValues(quotes ? said.replace(/'.*'|".*"/s, '"…"') : said, statement.values)
  const hint = fromServer ? hints[Number(errno)] : undefined
  return new PillionError('STATEMENT_FAILED', fromServer ? `${told} (error ${errno}, SQLSTATE ${sqlState})` : told, {
    ...at,
    ...(hint !== undefined && { hint }),
  })
}

/** The server's own errors; drivers number theirs from 45000, the system's are negative. */
function isFromServer(errno: unknown): boolean {
  return typeof errno === 'number' && errno >= 1000 && errno < 45000 && !(errno >= 2000 && errno < 3000)
}

/** The error of a host that was asked for a connection and gave none: shut down, exhausted, unreachable, refused. */
export function noMysqlConnection(error: unknown): PillionError {
  const { message = String(error), sqlMessage, errno, code } = (error ?? {}) as DriverError
  const told = isFromServer(errno) ? `error ${errno}` : sqlMessage || message || String(code)
  return unavailableBy(isFromServer(errno) ? errno : code, told, error)
}
