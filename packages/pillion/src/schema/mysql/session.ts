/**
 * What a session is told that makes rows other than they are, whatever is asked. What else it may be told changes nothing:
 * the SQL that is printed means the same under all modes.
 *
 * @module
 */
import { PillionError } from '../../errors.js'

/** The settings that are looked at, as they are selected. */
export const sessionSettings = [
  '@@character_set_client',
  '@@character_set_connection',
  'COALESCE(@@character_set_results, @@character_set_connection)',
  '@@sql_mode',
  'CAST(@@sql_select_limit AS CHAR)',
] as const

/** The values of these settings, in their order. */
export type SessionRow = readonly (string | null | undefined)[]

/**
 * Every connection of a pool is told alike, so that one is asked, when the database is reflected.
 *
 * @throws REFLECT_FAILED naming the setting
 */
export function assertPlainSession([client, connection, results, mode, limit]: SessionRow): void {
  const lossy = [client, connection, results].find(charset => charset !== 'utf8mb4')
  if (lossy !== undefined) {
    throw unfit(
      `the session speaks ${lossy}, in which characters are lost both ways`,
      "Have the driver speak utf8mb4: `charset: 'utf8mb4'` of the pool, or `SET NAMES utf8mb4`.",
    )
  }
  if (mode?.split(',').includes('EMPTY_STRING_IS_NULL')) {
    throw unfit(
      'the session takes an empty text for NULL (EMPTY_STRING_IS_NULL), so that no condition finds one',
      'Take EMPTY_STRING_IS_NULL out of sql_mode.',
    )
  }
  if (limit !== unlimited) {
    throw unfit(`the session cuts every answer to ${limit} rows (sql_select_limit)`, 'SET sql_select_limit = DEFAULT.')
  }
}

const unlimited = String(2n ** 64n - 1n)

function unfit(summary: string, hint: string): PillionError {
  return new PillionError('REFLECT_FAILED', summary, { hint })
}
