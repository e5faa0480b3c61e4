/**
 * A driver's error as pillion's: what happened, how to cure it, the driver's error as `cause`, no bound value.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import type { Statement } from './host.js'
import { lossIn } from './loss.js'
import { unavailableBy } from './unavailable.js'

/** The parts of a driver's error that are read here. `detail` is not one of them: it quotes rows. */
interface DriverError {
  readonly message: string
  readonly code?: unknown
  readonly severity?: unknown
}

const hints: Readonly<Record<string, string>> = {
  '21000':
    'A subquery gave several rows where one value is wanted: limit it to one, take an aggregate of it, or compare by `in`.',
  '22003': 'A number is beyond what its type holds: cast what it is made of to a wider type.',
  '22012': 'Divide by `nullif(x, 0)`: that gives NULL where there is nothing to divide by.',
  '22025': 'A pattern ends in a backslash. In what users type, put a backslash before each backslash, % and _.',
  '42P01': 'The table is missing in this database or not on the search_path: reflect again, or run the migration.',
  '42703': 'The column is missing in this database: reflect again, or run the migration.',
  '42883': 'No function or operator takes these types: cast one side.',
  '42501': 'The role of this connection may not read this: grant SELECT.',
  '25P02': 'An earlier statement of this transaction failed; only a rollback ends it. `savepoint: true` isolates ours.',
  '26000':
    'The server has forgotten a prepared statement: behind a pooler in transaction mode make the host with `prepare: false`.',
  '42P05':
    'The connection has a statement of this name from elsewhere: behind a pooler in transaction mode make the host with `prepare: false`.',
  '40001': 'Retry the whole transaction.',
  '40P01': 'Retry the whole transaction.',
  '55P03': 'A lock was not to be had in time.',
  '57014': 'Cancelled by the server: a statement_timeout of the session, or somebody else asked for it.',
}

/** PostgreSQL's SQLSTATE of a driver's error, where it has one. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = driverError(error)
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && severity !== undefined ? code : undefined
}

/** Did the prepared statement's result type change under it? */
export function isStalePlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && driverError(error).message === 'cached plan must not change result type'
}

/**
 * Translates a driver's error. Errors of pillion's own pass unchanged.
 *
 * @returns `CONNECTION_LOST` when the connection is gone, `SCHEMA_DRIFTED` when a prepared result changed its type, else
 * `STATEMENT_FAILED` with the SQLSTATE.
 */
export function failureOf(error: unknown, statement: Statement): PillionError {
  if (isPillionError(error)) return error
  const state = sqlState(error)
  const { message } = driverError(error)
  const at = { sql: statement.text, cause: error }
  if (isStalePlan(error))
    return new PillionError('SCHEMA_DRIFTED', 'The result of a prepared statement has changed its type.', {
      ...at,
      hint: 'A migration ran since the catalogue was read: reflect again. The next run prepares the statement anew.',
    })
  const lost = lossIn(error)
  if (lost !== undefined) {
    const told = sqlState(lost) ?? String(lost.message)
    return new PillionError('CONNECTION_LOST', `The connection ended under the statement (${told}).`, at)
  }
  // data exceptions (class 22) quote the value that was wrong
  const quoting = state?.startsWith('22') ? message.replace(/".*"/s, '"…"') : message
  const told = withoutValues(quoting, statement.values)
  const hint = state === undefined ? undefined : hints[state]
  return new PillionError('STATEMENT_FAILED', state === undefined ? told : `${told} (SQLSTATE ${state})`, {
    ...at,
    ...(hint !== undefined && { hint }),
  })
}

/** The error of a host that was asked for a connection and gave none: shut down, exhausted, unreachable, refused. */
export function noConnection(error: unknown): PillionError {
  const state = sqlState(error)
  const { code, message } = driverError(error)
  return unavailableBy(state ?? code, state === undefined ? message || String(code) : `SQLSTATE ${state}`, error)
}

/**
 * A message without the statement's values: any function may quote one. A value of a few characters is looked for in
 * quotes only: it would be found in every other word.
 */
export function withoutValues(message: string, values: Statement['values']): string {
  return values.reduce<string>((text, cell, i) => {
    const value = cell === null || typeof cell === 'object' ? '' : String(cell)
    if (value === '') return text
    return text.replaceAll(`"${value}"`, `"$${i + 1}"`).replaceAll(value.length > 3 ? value : `'${value}'`, `$${i + 1}`)
  }, message)
}

function driverError(error: unknown): DriverError {
  return typeof error === 'object' && error !== null && typeof (error as DriverError).message === 'string'
    ? (error as DriverError)
    : { message: String(error) }
}
