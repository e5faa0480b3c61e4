/**
 * What a session is told that makes values other than they are, in silence. `DateStyle` is none of it: what it spoils is
 * refused where it is read, and all else comes as it is under any setting.
 *
 * @module
 */
import { PillionError } from '../../errors.js'

/** The settings that are looked at, as they are selected. */
export const sessionSettings = "current_setting('client_encoding'), current_setting('extra_float_digits')"

/** Encodings of the client under which the bytes of a text are those of UTF-8: the last converts nothing. */
const plain = new Set(['UTF8', 'SQL_ASCII'])

/**
 * Every connection of a pool is told alike, so that one is asked, when the database is reflected.
 *
 * @throws REFLECT_FAILED naming the setting
 */
export function assertPlainSession(encoding: unknown, digits: unknown): void {
  if (!plain.has(String(encoding))) {
    throw new PillionError('REFLECT_FAILED', `the session speaks ${encoding}, and drivers here read and send UTF-8`, {
      hint: 'SET client_encoding = UTF8, or leave it to the driver.',
    })
  }
  if (Number(digits) < 1) {
    throw new PillionError('REFLECT_FAILED', `the session rounds floats (extra_float_digits = ${digits})`, {
      hint: 'SET extra_float_digits = 1, which is what the server does by itself: a rounded key finds no row again.',
    })
  }
}
