/**
 * What MySQL and MariaDB need beside statements that every database has.
 *
 * @module
 */
import type { Characteristics } from '../options.js'

/** The statements that begin a transaction: the isolation level is said before. */
export function beginMysql({ isolation, readOnly }: Characteristics): readonly string[] {
  const level = isolation === undefined ? [] : [`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`]
  const access = readOnly === undefined ? '' : readOnly ? ' READ ONLY' : ' READ WRITE'
  return [...level, `START TRANSACTION${access}`]
}

/** Stops what a connection is doing, and leaves it fit for use. The number is the one by which the server knows it. */
export function killQuery(thread: unknown): string {
  const id = Number(thread)
  if (!Number.isSafeInteger(id) || id <= 0) throw new TypeError('The connection does not tell its number.')
  return `KILL QUERY ${id}`
}

/** A deadlock rolls back the whole transaction in the server: what came next would be committed by itself. */
export function isDeadlock(failure: unknown): boolean {
  const seen = new Set<unknown>()
  for (let at = failure; typeof at === 'object' && at !== null && !seen.has(at); ) {
    seen.add(at)
    const { errno, cause, driverError, original } = at as { readonly [key: string]: unknown }
    if (errno === 1213) return true
    at = driverError ?? original ?? cause
  }
  return false
}
