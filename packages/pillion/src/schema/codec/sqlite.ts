/**
 * How types cross SQLite's wire. A cell has the type of the value and not of its column, so each codec takes every
 * form in which a value of its type is stored, and refuses what is none. Inside a JSON document the same value is
 * text, and read by the same codec.
 *
 * @module
 */
import type { Cell, Wire, WireCodec } from '../codec.js'
import { codecOf } from '../codec.js'
import type { ArrayType, DataType } from '../model.js'
import { decodeFailed } from './failure.js'
import { type Dates, decodeMoment, encodeMoment, numberOf } from './sqlite-moment.js'

/** The codecs of a database that stores moments in one form. Memoised by type object. */
export function sqliteCodecs(dates: Dates): (type: DataType) => WireCodec {
  const known = new WeakMap<DataType, WireCodec>()
  const codec = (type: DataType): WireCodec => {
    const found = known.get(type)
    if (found !== undefined) return found
    const made = Object.freeze(type.kind === 'array' ? ofArray(type, codec) : ofScalar(type, dates))
    known.set(type, made)
    return made
  }
  return codec
}

function ofScalar(type: DataType, dates: Dates): WireCodec {
  if (type.kind === 'domain') return ofScalar(type.base, dates)
  const { ts, accepts } = codecOf(type)
  const made = (json: WireCodec['json'], decode: WireCodec['decode'], encode: WireCodec['encode']): WireCodec => ({
    ts,
    accepts,
    json,
    decode,
    encode,
  })
  switch (type.kind === 'base' ? type.name : 'text') {
    case 'int2':
    case 'int4':
    case 'int53':
    case 'uint4':
    case 'oid':
      return made('text', decodeSafeInteger, toInteger)
    case 'int8':
    case 'uint8':
      return made('text', decodeInteger, toInteger)
    case 'float4':
    case 'float8':
      return made('text', decodeReal, Number)
    case 'numeric':
      return made('text', decodeNumeric, toNumeric)
    case 'bool':
      return made('text', decodeBoolean, value => (value === true ? 1n : 0n))
    case 'date':
      return made('text', cell => decodeDay(cell, dates), String)
    case 'timestamp':
      return made('text', decodeWallClock, String)
    case 'timestamptz':
      return made(
        'text',
        cell => decodeMoment(cell, dates),
        value => encodeMoment(value, dates),
      )
    case 'json':
    case 'jsonb':
      return made('text', decodeJson, JSON.stringify)
    case 'bytea':
      return made('text', decodeBytes, value => value as Uint8Array)
    // SQLite makes a number of text that looks like one in columns declared so, and JSON would tell it as such
    case 'time':
    case 'uuid':
      return made('text', decodeText, String)
    case 'any':
      return made('text', cell => plain(unquoted(cell)), anyCell)
    case rawCell.name:
      return made('text', plain, anyCell)
    case globPattern.name:
      return made('text', String, value => toGlob(String(value)))
    case jsonPath.name:
      return made('text', String, key => `$.${JSON.stringify(key)}`)
    default:
      return made('native', decodeText, String)
  }
}

/** A list, bound as JSON. */
function ofArray(type: ArrayType, codecFor: (type: DataType) => WireCodec): WireCodec {
  const { ts, accepts, json, decode } = codecOf(type)
  const element = codecFor(type.element)
  const item = (value: unknown): string => (value === null ? 'null' : jsonOf(element.encode(value)))
  return {
    ts,
    accepts,
    json,
    decode: decode as WireCodec['decode'],
    encode: list => `[${(list as unknown[]).map(item).join()}]`,
  }
}

function jsonOf(cell: Cell): string {
  return typeof cell === 'string' ? JSON.stringify(cell) : String(cell)
}

/** A cell of a statement by hand, of whatever type it is. */
export const rawCell: DataType & { readonly name: string } = Object.freeze({ kind: 'base', name: 'sqlite cell' })
/** A pattern of LIKE, bound as one of GLOB. */
export const globPattern: DataType & { readonly name: string } = Object.freeze({ kind: 'base', name: 'sqlite glob' })
/** A key of a JSON document, bound as a path. */
export const jsonPath: DataType & { readonly name: string } = Object.freeze({ kind: 'base', name: 'sqlite path' })

const integer = /^-?\d+$/

function decodeInteger(cell: Wire): bigint {
  if (typeof cell === 'bigint') return cell
  if (typeof cell === 'string' && integer.test(cell)) return BigInt(cell)
  // arithmetic that leaves the integers leaves their exactness, too
  if (typeof cell === 'number' && Number.isSafeInteger(cell)) return BigInt(cell)
  throw stray('whole number', cell)
}

function decodeSafeInteger(cell: Wire): number {
  const number = Number(decodeInteger(cell))
  if (Number.isSafeInteger(number)) return number
  throw decodeFailed(
    'whole number',
    'It is past 2^53, which a number does not hold: select cast(column, int8), or declare the column as BIGINT.',
  )
}

function decodeReal(cell: Wire): number {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'bigint') return Number(cell)
  const number = typeof cell === 'string' ? realOf(cell) : Number.NaN
  if (Number.isNaN(number)) throw stray('number', cell)
  return number
}

/** As `quote` writes it. */
function realOf(text: string): number {
  return text === 'Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text || 'none')
}

function decodeNumeric(cell: Wire): string {
  if (typeof cell === 'bigint') return String(cell)
  if (typeof cell === 'string') return integer.test(cell) ? cell : String(decodeReal(cell))
  return String(decodeReal(cell))
}

function decodeBoolean(cell: Wire): boolean {
  const truth = typeof cell === 'string' ? cell.toLowerCase() : numberOf(cell)
  if (truth === 1 || truth === '1' || truth === 'true') return true
  if (truth === 0 || truth === '0' || truth === 'false') return false
  throw stray('boolean', cell)
}

const day = /^\d{4,6}-\d\d-\d\d/
const usualDay = /^\d{4}-\d\d-\d\d$/

function decodeDay(cell: Wire, dates: Dates): string {
  if (typeof cell === 'string' && usualDay.test(cell)) return cell
  const found = typeof cell === 'string' ? day.exec(cell)?.[0] : undefined
  if (found !== undefined) return found
  // some hosts store a day as the moment that it begins; to the others another number is none
  if (typeof cell === 'bigint' || (typeof cell === 'string' && integer.test(cell))) {
    const moment = new Date(dates === 'epoch-s' ? Number(cell) * 1000 : Number(cell))
    const isDay = dates.startsWith('epoch') || moment.getTime() % 86_400_000 === 0
    if (isDay && !Number.isNaN(moment.getTime())) return moment.toISOString().slice(0, 10)
  }
  throw stray('date', cell)
}

function decodeWallClock(cell: Wire): string {
  if (typeof cell === 'string' && day.test(cell)) return cell.replace('T', ' ')
  throw stray('timestamp', cell)
}

function decodeJson(cell: Wire): unknown {
  if (typeof cell === 'number') return cell
  try {
    return JSON.parse(String(decodeText(cell)))
  } catch {
    throw decodeFailed('JSON document', 'The column holds what is no JSON text: see it by db.sql.')
  }
}

function decodeBytes(cell: Wire): Uint8Array {
  if (typeof cell === 'object') return new Uint8Array(cell)
  if (typeof cell === 'string' && /^X'([\dA-F]{2})*'$/.test(cell))
    return new Uint8Array(Buffer.from(cell.slice(2, -1), 'hex'))
  throw stray('blob', cell)
}

function decodeText(cell: Wire): string {
  if (typeof cell === 'object') throw stray('text value', cell)
  return String(cell)
}

function plain(cell: Cell): unknown {
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell
  return typeof cell === 'object' && cell !== null ? new Uint8Array(cell) : cell
}

/** A value out of the text that `quote` makes of it, which tells its type. */
export function unquoted(text: Wire): Cell {
  if (typeof text !== 'string') return text
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  if (text.startsWith("X'")) return decodeBytes(text)
  return integer.test(text) ? BigInt(text) : decodeReal(text)
}

function toInteger(value: unknown): bigint {
  return BigInt(value as number | bigint)
}

function toNumeric(value: unknown): Cell {
  const text = String(value)
  const whole = integer.test(text) ? BigInt(text) : undefined
  return whole !== undefined && BigInt.asIntN(64, whole) === whole ? whole : Number(text)
}

function anyCell(value: unknown): Cell {
  return Number.isSafeInteger(value) ? BigInt(value as number) : (value as Cell)
}

/** LIKE heeds no case in SQLite, and GLOB does. */
function toGlob(pattern: string): string {
  return pattern.replace(/\\(.)|[%_*?[]/gs, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return literalOfGlob(escaped)
    return found === '%' ? '*' : found === '_' ? '?' : literalOfGlob(found)
  })
}

function literalOfGlob(character: string): string {
  return /[*?[]/.test(character) ? `[${character}]` : character
}

function stray(wanted: string, cell: Wire): Error {
  const found = typeof cell === 'string' ? 'text' : typeof cell === 'object' ? 'a blob' : `a ${typeof cell}`
  return decodeFailed(
    wanted,
    `SQLite stores any value in any column: this one holds ${found}. Declare the table STRICT, or cast.`,
  )
}
