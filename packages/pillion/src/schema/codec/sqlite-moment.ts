/**
 * Moments in SQLite, which has no type for them: each ORM stores them in a form of its own. Every form is read; a value
 * that is compared with a column has to be of the form that the column holds.
 *
 * @module
 */
import type { Cell, Wire } from '../codec.js'
import { two } from './datetime.js'
import { decodeFailed } from './failure.js'

/**
 * How a database stores what is declared DATETIME or TIMESTAMP, in UTC:
 *
 * | | |
 * |---|---|
 * | `iso` | `2026-03-29T01:30:00.123Z` |
 * | `iso-offset` | `2026-03-29T01:30:00.123+00:00`, as Prisma does |
 * | `sql` | `2026-03-29 01:30:00.123`, as TypeORM does |
 * | `sql-offset` | `2026-03-29 01:30:00.123 +00:00`, as Sequelize does |
 * | `epoch-ms` | milliseconds since 1970, as MikroORM and Knex do |
 * | `epoch-s` | seconds since 1970 |
 */
export type Dates = 'iso' | 'iso-offset' | 'sql' | 'sql-offset' | 'epoch-ms' | 'epoch-s'

const text = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$/

/** A moment in any of the forms; without an offset it is UTC. */
export function decodeMoment(cell: Wire, dates: Dates): Date {
  const moment = new Date(typeof cell === 'string' ? fromText(cell, dates) : fromNumber(numberOf(cell), dates))
  if (!Number.isNaN(moment.getTime())) return moment
  throw decodeFailed('moment', 'It is none of the forms in docs/dialects.md: see it by db.sql.')
}

/** A moment as most are written, in UTC. No part of it is taken out as text: that would cost more than all else of a row. */
const usual =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z| ?\+00:00)?$/

function fromUsual(cell: string): number {
  const milliseconds = cell[19] === '.' ? two(cell, 20) * 10 + (two(cell, 21) % 10) : 0
  return Date.UTC(
    two(cell, 0) * 100 + two(cell, 2),
    two(cell, 5) - 1,
    two(cell, 8),
    two(cell, 11),
    two(cell, 14),
    two(cell, 17),
    milliseconds,
  )
}

function fromText(cell: string, dates: Dates): number {
  if (usual.test(cell)) return fromUsual(cell)
  const [, year, month, day, clock = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = text.exec(cell) ?? []
  if (year !== undefined) {
    const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
    return Date.parse(`${year}-${month}-${day}T${clock}${seconds}${fraction.slice(0, 4)}${offset}`)
  }
  return /^-?\d+(\.\d+)?$/.test(cell) ? fromNumber(Number(cell), dates) : Number.NaN
}

/** A blob is no number, though JavaScript makes one of its bytes. */
export function numberOf(cell: Exclude<Wire, string>): number {
  return typeof cell === 'object' ? Number.NaN : Number(cell)
}

function fromNumber(number: number, dates: Dates): number {
  return dates === 'epoch-s' ? number * 1000 : number
}

/** A `Date`, or text with its offset, in the form that the database stores. */
export function encodeMoment(value: unknown, dates: Dates): Cell {
  const [, , , , , , fraction = ''] = typeof value === 'string' ? (text.exec(value) ?? []) : []
  const moment = typeof value === 'string' ? decodeMoment(value, 'epoch-ms') : (value as Date)
  const iso = moment.toISOString().slice(0, -1) + fraction.slice(4)
  switch (dates) {
    case 'iso':
      return `${iso}Z`
    case 'iso-offset':
      return `${iso}+00:00`
    case 'sql':
      return iso.replace('T', ' ')
    case 'sql-offset':
      return `${iso.replace('T', ' ')} +00:00`
    case 'epoch-ms':
      return BigInt(moment.getTime())
    case 'epoch-s':
      return BigInt(Math.floor(moment.getTime() / 1000))
  }
}
