/**
 * Why a host gave no connection, as the server or the system tells it, and what to see to.
 *
 * @module
 */
import { PillionError } from '../errors.js'

/** The codes of those who had no connection to ask on: nobody listens, or the server will not have us. */
const unavailable = /^(CONNECTION_ENDED|CONNECT_TIMEOUT|ECONNREFUSED|ENOTFOUND|28\w{3}|3D000|53300)$/

export function isUnavailable(code: unknown): boolean {
  return unavailable.test(String(code))
}

/** By SQLSTATE, by MySQL's number, or by the system's code. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /^(28\w{3}|1044|1045|1698)$/,
    'The server is up and has refused the login: see the user, the password and the database that the connection is made with. Is the variable set that they come from?',
  ],
  [/^(3D000|1049)$/, 'The server is up and has no database of that name: see what the connection is made with.'],
  [/^(53300|1040|1203)$/, 'The server has no connection left: smaller pools, fewer processes, or a pooler in between.'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/, 'Nobody answers there: see whether the server is up, and host and port.'],
]

/** @param code by which the server or the system says why; what the error is `told` as has no value in it */
export function unavailableBy(code: unknown, told: string, cause: unknown): PillionError {
  const hint = cures.find(([codes]) => codes.test(String(code)))?.[1]
  return new PillionError('CONNECTION_UNAVAILABLE', `The host gave no connection (${told}).`, {
    cause,
    ...(hint !== undefined && { hint }),
  })
}
