/**
 * What is said when a transaction cannot go on: where it was begun, where it ended, and where it was used.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { errorsBelow } from '../errors-below.js'
import type { Origin } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import { failureOf, noConnection } from '../run/failure.js'
import { isUnavailable } from '../run/unavailable.js'

/** A place in the user's source, for a sentence. */
export function place(origin: Origin | undefined): string {
  return (origin && describeOrigin(origin)) ?? 'an unknown line'
}

/** The SQLSTATE, or the number of MySQL's and MariaDB's, by which the server said no; `undefined` if it did not say so. */
export function refusalOf(error: unknown): string | undefined {
  const said = errorsBelow(error)
    .map(wordOf)
    .find(word => word !== undefined)
  return said === undefined || isGone(said) ? undefined : said
}

/** The parts of an error that are read here. */
interface Told {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly sqlState?: unknown
  readonly sqlstate?: unknown
  readonly state?: unknown
  readonly originalCode?: unknown
}

function wordOf({ code, sqlState, sqlstate, state, originalCode }: Told): string | undefined {
  // `mariadb` gives a state of its own to what the system says
  if (isOfTheSystem(code)) return undefined
  // Prisma's adapter for MariaDB has a number of the connector's own where others have a state: so that comes last
  const words = [code, sqlState, sqlstate, state, originalCode].filter(word => typeof word === 'string')
  return words.find(isState) ?? words.find(word => word.startsWith('SQLITE_') || isNumber(word))
}

/** `ECONNRESET`, `EPIPE`: what no server has said. */
function isOfTheSystem(code: unknown): boolean {
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
}

/** As a server of MySQL's kind numbers its errors. */
function isNumber(word: string): boolean {
  return /^[1-4]\d{3}$/.test(word)
}

/** Five characters with a digit among them: `EPIPE` is none. */
function isState(word: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(word) && !/^P\d{4}$/.test(word.replace('P0001', ''))
}

/** The session itself ended: whether before or after the commit, nobody has said. */
function isGone(state: string): boolean {
  return state.startsWith('08') || state.startsWith('57P')
}

/**
 * Where there was nothing to begin on, beside what holds of any statement: the network is away, the server is not ready yet, or the pool
 * has had no connection in time. The last are Prisma's own, and the number of `mariadb`'s pool.
 */
const unreachable = /^(EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|57P03|P10(0\d|1[01])|P20(24|28|37)|45028)$/

/** By these names Knex and Sequelize say the same. */
const poolErrors = /^(KnexTimeoutError$|SequelizeConnection)/

/** By these words Knex, Kysely and Sequelize say that they have been closed, and by nothing else. */
const closed =
  /^(Unable to acquire a connection|driver has already been destroyed|ConnectionManager\.getConnection was called after .* closed!)$/

/** Why a transaction could not be begun. */
export function notBegun(error: unknown, sql = 'BEGIN'): PillionError {
  if (isPillionError(error)) return error
  const isAway = ({ code, name, message }: Told): boolean =>
    isUnavailable(code) ||
    unreachable.test(String(code)) ||
    poolErrors.test(String(name)) ||
    closed.test(String(message))
  return errorsBelow(error).some(isAway) ? noConnection(error) : failureOf(error, { text: sql, values: [] })
}

/** What is thrown where the connection ended before a statement that was to end its transaction. */
export function unsent(cause: unknown, sql = 'COMMIT'): PillionError {
  return new PillionError(
    'CONNECTION_LOST',
    `The connection ended before ${sql} was sent: the server has rolled back.`,
    cause === undefined ? {} : { cause },
  )
}

/** Why COMMIT did not come through. */
export function commitFailure(error: unknown, begun: Origin): PillionError {
  // a link says CONNECTION_LOST where nothing was sent
  if (isPillionError(error) && error.code !== 'STATEMENT_FAILED') return error
  const state = refusalOf(error)
  const told = isPillionError(error) ? error : failureOf(error, { text: 'COMMIT', values: [] })
  if (state === undefined) {
    // a logger of the host's may fail, too
    const what =
      told.code === 'CONNECTION_LOST'
        ? `The connection was lost inside COMMIT of the transaction begun at ${place(begun)}: whether it was committed is not known.`
        : `COMMIT of the transaction begun at ${place(begun)} failed of what the server has not said, and whether it was committed is not known: ${told.summary}`
    return new PillionError('COMMIT_UNKNOWN', what, { cause: error })
  }
  return new PillionError(
    'COMMIT_FAILED',
    `The server refused COMMIT and rolled back the transaction begun at ${place(begun)}: ${told.summary}`,
    { cause: error, sql: 'COMMIT' },
  )
}

/** What a rollback failed with: a connection that was lost is told as that, and what a subscriber of the host's failed with as it is. */
export function rollbackFailure(error: unknown): unknown {
  const told = failureOf(error, { text: 'ROLLBACK', values: [] })
  return told.code === 'CONNECTION_LOST' ? told : error
}

/** What ends the savepoint of a nested transaction. */
type SavepointEnd = 'RELEASE SAVEPOINT' | 'ROLLBACK TO SAVEPOINT'

/** Why the savepoint of a nested transaction was not released, or not gone back to. */
export function savepointFailure(error: unknown, begun: Origin, sql: SavepointEnd): PillionError {
  const told = failureOf(error, { text: sql, values: [] })
  if (told.code !== 'STATEMENT_FAILED') return told
  // no server has said that the savepoint is missing
  if (refusalOf(error) === undefined) {
    return new PillionError(
      'CONNECTION_LOST',
      `The connection was lost inside ${sql} of the nested transaction begun at ${place(begun)}: the server has rolled back the whole.`,
      { cause: error },
    )
  }
  return new PillionError(
    'COMMIT_FAILED',
    `The savepoint of the nested transaction begun at ${place(begun)} is not there any more: ${told.summary} The transaction around it is rolled back.`,
    {
      cause: error,
      hint: 'Leave savepoints that are not your own: one before it that is gone back to, or released, takes it along.',
    },
  )
}

/** A statement of the work's own was COMMIT or ROLLBACK: what came next would be outside of any transaction. */
export function endedByItself(): PillionError {
  return new PillionError('TRANSACTION_FINISHED', 'The transaction was ended by a statement inside of it.', {
    hint: 'Leave COMMIT and ROLLBACK to pillion: let the work end, or fail.',
  })
}
