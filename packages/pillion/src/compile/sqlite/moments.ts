/**
 * Time in SQLite's SQL: functions over text and numbers, for there is no type of it.
 *
 * @module
 */
import type { Dates } from '../../schema/codec/sqlite-moment.js'
import type { DataType } from '../../schema/model.js'
import type { Operands } from '../dialect.js'

/** Functions of time, over moments stored in one form. */
export interface Moments {
  now(): string
  truncate(operands: Operands): string
  extract(operands: Operands): string
  toDate(sql: string): string
}

export function momentsIn(dates: Dates): Moments {
  const isEpoch = dates === 'epoch-ms' || dates === 'epoch-s'
  /** The arguments by which SQLite's own functions take one. */
  const moment = (sql: string, type: DataType): string => {
    if (!isEpoch || isDay(type)) return sql
    return `${dates === 'epoch-ms' ? `${sql} / 1000.0` : sql}, 'unixepoch'`
  }
  const stored = (text: string): string => {
    switch (dates) {
      case 'iso':
        return `strftime('%Y-%m-%dT%H:%M:%fZ', ${text})`
      case 'iso-offset':
        return `strftime('%Y-%m-%dT%H:%M:%f+00:00', ${text})`
      case 'sql':
        return `strftime('%Y-%m-%d %H:%M:%f', ${text})`
      case 'sql-offset':
        return `strftime('%Y-%m-%d %H:%M:%f +00:00', ${text})`
      case 'epoch-ms':
        return `CAST(round((julianday(${text}) - 2440587.5) * 86400000.0) AS INTEGER)`
      case 'epoch-s':
        return `CAST(strftime('%s', ${text}) AS INTEGER)`
    }
  }
  return Object.freeze({
    now: () => stored("'now'"),
    truncate(of) {
      const at = moment(of.sql(1), of.type(1))
      const text = truncated(of.word(0), at)
      return isDay(of.type(1)) ? `date(${text})` : stored(text)
    },
    extract: of => extracted(of.word(0), moment(of.sql(1), of.type(1))),
    toDate: sql => `date(${moment(sql, momentType)})`,
  } satisfies Moments)
}

const momentType: DataType = { kind: 'base', name: 'timestamptz' }

function isDay(type: DataType): boolean {
  return type.kind === 'base' && type.name === 'date'
}

/** Text of the start of the unit that a moment is in. */
function truncated(unit: string, at: string): string {
  switch (unit) {
    case 'microseconds':
    case 'milliseconds':
      return `strftime('%Y-%m-%d %H:%M:%f', ${at})`
    case 'second':
      return `strftime('%Y-%m-%d %H:%M:%S', ${at})`
    case 'minute':
      return `strftime('%Y-%m-%d %H:%M:00', ${at})`
    case 'hour':
      return `strftime('%Y-%m-%d %H:00:00', ${at})`
    case 'week':
      return `date(${at}, '-6 days', 'weekday 1')`
    case 'month':
      return `strftime('%Y-%m-01', ${at})`
    case 'quarter':
      return `date(${at}, 'start of month', '-' || ((strftime('%m', ${at}) - 1) % 3) || ' months')`
    case 'year':
      return `strftime('%Y-01-01', ${at})`
    default:
      return `date(${at})`
  }
}

function extracted(field: string, at: string): string {
  const number = (format: string): string => `CAST(strftime('${format}', ${at}) AS INTEGER)`
  switch (field) {
    case 'year':
      return number('%Y')
    case 'quarter':
      return `((${number('%m')} + 2) / 3)`
    case 'month':
      return number('%m')
    // the week of a year is that of its Thursday
    case 'week':
      return `((strftime('%j', ${at}, '-3 days', 'weekday 4') - 1) / 7 + 1)`
    case 'day':
      return number('%d')
    case 'dow':
      return number('%w')
    case 'doy':
      return number('%j')
    case 'hour':
      return number('%H')
    case 'minute':
      return number('%M')
    case 'second':
      return `CAST(strftime('%f', ${at}) AS REAL)`
    default:
      return `(${number('%s')} + CAST(strftime('%f', ${at}) AS REAL) - ${number('%S')})`
  }
}
