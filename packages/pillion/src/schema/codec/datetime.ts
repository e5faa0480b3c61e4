/**
 * Dates and times. Only `timestamptz` is an instant and so a Date. A `timestamp` is a reading of a wall clock
 * in no known place, and a `date` is a day in no known time zone: a Date would have to invent the zone, and the
 * day would shift with the server's. They stay the text the server prints.
 *
 * @module
 */
import { decodeFailed } from './failure.js'

const [plus, minus, dot, colon, space] = [43, 45, 46, 58, 32]

const isoHint = 'The session must print dates in ISO form: SET DateStyle = ISO on this connection.'
const infinityHint = 'A JavaScript Date has no infinity and ends in the year 275760: select the column cast to text.'

const oddInstant = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/
const oddDay = /^\d{4,}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?( BC)?$/

/** Two digits of a text whose form is known. */
export const two = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528

/** `2026-11-23 15:24:53.123456+00` to a Date, cut to milliseconds. */
export function decodeInstant(text: string): Date {
  if (text.charCodeAt(4) !== minus || text.charCodeAt(10) !== space || text.charCodeAt(0) === 48)
    return decodeOddInstant(text)
  let at = 19
  let milliseconds = 0
  if (text.charCodeAt(at) === dot) {
    at++
    for (let scale = 100; ; at++, scale = (scale / 10) | 0) {
      const digit = text.charCodeAt(at) - 48
      if (!(digit >= 0 && digit <= 9)) break
      milliseconds += digit * scale
    }
  }
  const sign = text.charCodeAt(at)
  const rest = text.length - at
  const offset =
    rest === 3
      ? two(text, at + 1) * 3_600_000
      : rest === 6 && text.charCodeAt(at + 3) === colon
        ? two(text, at + 1) * 3_600_000 + two(text, at + 4) * 60_000
        : Number.NaN
  if ((sign !== plus && sign !== minus) || offset !== offset) return decodeOddInstant(text)
  const wall = Date.UTC(
    two(text, 0) * 100 + two(text, 2),
    two(text, 5) - 1,
    two(text, 8),
    two(text, 11),
    two(text, 14),
    two(text, 17),
    milliseconds,
  )
  return new Date(sign === plus ? wall - offset : wall + offset)
}

/** Years before 1000 and after 9999, BC, and offsets with seconds, as local mean times have. */
function decodeOddInstant(text: string): Date {
  if (text === 'infinity' || text === '-infinity') throw decodeFailed('timestamptz', infinityHint)
  const parts = oddInstant.exec(text)
  if (parts === null) throw decodeFailed('timestamptz', isoHint)
  const part = (index: number): number => Number(parts[index] ?? 0)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, so the year is set by itself.
  const instant = new Date(0)
  instant.setUTCFullYear(parts[12] === undefined ? part(1) : 1 - part(1), part(2) - 1, part(3))
  instant.setUTCHours(part(4), part(5), part(6), Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0')))
  const offset = (part(9) * 3600 + part(10) * 60 + part(11)) * 1000
  instant.setTime(instant.getTime() - (parts[8] === '-' ? -offset : offset))
  if (Number.isNaN(instant.getTime())) throw decodeFailed('timestamptz', infinityHint)
  return instant
}

/** A `date` as it is, after a look at its form. */
export function decodeDate(text: string): string {
  return text.length === 10 && text.charCodeAt(4) === minus && text.charCodeAt(7) === minus
    ? text
    : checkOddDay('date', text)
}

/** A `timestamp` as it is, after a look at its form. */
export function decodeWallClock(text: string): string {
  return text.charCodeAt(4) === minus && text.charCodeAt(7) === minus && text.charCodeAt(10) === space
    ? text
    : checkOddDay('timestamp', text)
}

function checkOddDay(type: string, text: string): string {
  if (oddDay.test(text) || text === 'infinity' || text === '-infinity') return text
  throw decodeFailed(type, isoHint)
}

const sqlStandard = /^[+-]?\d+(-\d|$| [+-]?\d)|^[+-]?\d:/

const intervalHint =
  'SET IntervalStyle = postgres on this connection: in sql_standard one sign stands for all that follows, and a session of another style reads it back as that of the first alone.'

/** An `interval` as it is: under every IntervalStyle but one its text is read back as the same by all. */
export function decodeInterval(text: string): string {
  if (sqlStandard.test(text)) throw decodeFailed('interval', intervalHint)
  return text
}

/** An instant as text that the server reads the same under every DateStyle and time zone. */
export function encodeInstant(value: unknown): string {
  if (typeof value === 'string') return value
  const instant = value as Date
  const year = instant.getUTCFullYear()
  const rest = instant.toISOString().slice(-20, -1)
  return year > 0 ? `${String(year).padStart(4, '0')}${rest}+00` : `${String(1 - year).padStart(4, '0')}${rest}+00 BC`
}

const day = String.raw`\d{4,6}-\d\d-\d\d`
const clock = String.raw`\d\d:\d\d(:\d\d(\.\d{1,9})?)?`
const zone = String.raw`( ?Z|[+-]\d\d(:?\d\d(:?\d\d)?)?)`

const whole = (pattern: string): ((value: unknown) => boolean) => {
  const expression = new RegExp(`^(${pattern})$`)
  return value => typeof value === 'string' && expression.test(value)
}

const isInstantText = whole(`${day}[T ]${clock}${zone}( BC)?|-?infinity`)

/** A valid Date, or text with its offset: without one the instant would depend on the session. */
export function isInstant(value: unknown): boolean {
  return typeof value === 'string' ? isInstantText(value) : isDate(value) && !Number.isNaN(value.getTime())
}

// By shape and not by class: a Date of another realm (a test runner's, a worker's) is one too.
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

export const isDay = whole(String.raw`\d{4,7}-\d\d-\d\d( BC)?|-?infinity`)
export const isWallClock = whole(`${day}([T ]${clock})?( BC)?|-?infinity`)
export const isTime = whole(clock)
export const isZonedTime = whole(`${clock}${zone}`)
