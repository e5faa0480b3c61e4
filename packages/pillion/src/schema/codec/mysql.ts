/**
 * How types cross MySQL's wire, which is the binary protocol: numbers are numbers there, decimals and moments text, bytes
 * bytes. Inside a JSON document the same value is text, and read by the same codec.
 *
 * What a column could not hold is refused before it is sent: the server would make it NULL or the nearest value that it
 * has, and the comparison would be answered without a word.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { ArrayType, BaseType, DataType } from '../model.js'
import { type Cell, codecOf, type Wire, type WireCodec } from '../codec.js'
import { decodeDate, decodeWallClock } from './datetime.js'
import { checkedNumber, decodeFailed } from './failure.js'
import { toBigInt } from './scalar.js'

const known = new WeakMap<DataType, WireCodec>()

/** The codec of a type. Frozen, memoised by type object. */
export function mysqlCodecOf(type: DataType): WireCodec {
  const found = known.get(type)
  if (found !== undefined) return found
  const codec = Object.freeze(type.kind === 'array' ? ofList(type) : ofScalar(type))
  known.set(type, codec)
  return codec
}

function ofScalar(type: DataType): WireCodec {
  if (type.kind === 'domain') return ofScalar(type.base)
  const { ts, accepts } = codecOf(type)
  const made = (
    json: WireCodec['json'],
    decode: WireCodec['decode'],
    encode: WireCodec['encode'],
    held?: WireCodec['accepts'],
  ): WireCodec => ({
    ts,
    json,
    decode,
    encode: held === undefined ? encode : value => (held(value) ? encode(value) : notHeld(type)),
    accepts: held === undefined ? accepts : value => accepts(value) && held(value),
  })
  if (type.kind !== 'base') return made('native', toText, String)
  switch (type.name) {
    case 'int2':
    case 'int4':
    case 'uint4':
    case 'int53':
      return made(type.modifier === undefined ? 'native' : 'text', toNumber, Number)
    case 'int8':
    case 'uint8':
      return made('text', cell => (isWhole(cell) ? BigInt(cell) : toBigInt(toText(cell))), String)
    case 'float4':
      return made('text', cell => shortest(toNumber(cell)), toSingle, Number.isFinite)
    case 'float8':
      return made('text', toNumber, Number, Number.isFinite)
    case 'numeric':
      return made('text', toText, String, isHeldDecimal)
    case 'bool':
      return made('text', type.modifier === undefined ? cell => Number(cell) !== 0 : toFlag, value =>
        value === true ? 1 : 0,
      )
    case 'bit':
      return made(
        'text',
        cell => toBits(cell, type),
        String,
        value => /^[01]{1,64}$/.test(String(value)),
      )
    case 'bytea':
      return made('text', toBytes, value => value as Uint8Array)
    case 'date':
      return made('text', cell => decodeDate(toText(cell)), String, isHeldWallClock)
    case 'timestamp':
      return made('text', cell => decodeWallClock(toText(cell)), String, isHeldWallClock)
    case 'timestamptz':
      return made(
        'text',
        toInstant,
        value => utcText(value) as string,
        value => utcText(value) !== undefined,
      )
    case 'json':
    case 'jsonb':
      return made('text', cell => JSON.parse(toText(cell)), JSON.stringify)
    case 'time':
    // as JSON, MySQL gives it six digits of a second whatever its own
    case 'inet':
    case 'uuid':
      return made('text', toText, String)
    case jsonPath.name:
      return { ...made('text', toText, toJsonPath), accepts: () => true }
    default:
      return made('native', toText, String)
  }
}

/** A query is older than the database it runs on: what its own check has let pass may be none of MySQL's. */
function notHeld(type: DataType): never {
  const name = type.kind === 'base' ? type.name : type.kind
  throw new PillionError('VALUE_TYPE', `A value of type ${name} is not one that MySQL holds.`, {
    hint: 'It has no infinities and no NaN, days of the years 0 to 9999, and decimals of 35 digits before the point and 30 behind.',
  })
}

/** A list, bound item by item. */
function ofList(type: ArrayType): WireCodec {
  const { accepts } = mysqlCodecOf(type.element)
  const refuse = (): never => {
    throw decodeFailed('array', 'MySQL has no arrays.')
  }
  return {
    ts: codecOf(type).ts,
    json: 'text',
    decode: refuse,
    encode: refuse,
    accepts: value => Array.isArray(value) && value.every(item => item === null || accepts(item)),
  }
}

/** A step into a JSON document, bound as a path: a key, or an index, which counts from the end where it is negative. */
export const jsonPath: BaseType = Object.freeze({ kind: 'base', name: 'mysql path' })

function toJsonPath(step: unknown): string {
  if (typeof step !== 'number') return `$.${JSON.stringify(step)}`
  return step < 0 ? `$[last-${-step - 1}]` : `$[${step}]`
}

function toNumber(cell: Wire): number {
  return checkedNumber(Number(cell))
}

function toText(cell: Wire): string {
  if (typeof cell === 'string') return cell
  return typeof cell === 'object' ? Buffer.from(cell).toString() : String(cell)
}

/** Copied out of the packet that they came in. Inside a JSON document they are hexadecimal. */
function toBytes(cell: Wire): Uint8Array {
  if (typeof cell === 'string') return new Uint8Array(Buffer.from(cell, 'hex'))
  if (typeof cell === 'object' && ArrayBuffer.isView(cell)) return new Uint8Array(cell)
  throw decodeFailed(
    'binary value',
    "The connector has made something else of it: select a geometry by fn('ST_AsText', text, …).",
  )
}

/**
 * What is declared TINYINT(1) holds any number of eight bits, and only 1 is found by a comparison with true. Another would
 * be read as what no condition finds. An expression, as of a function, is as true as the server takes it for.
 */
function toFlag(cell: Wire): boolean {
  const flag = Number(cell)
  if (flag === 0 || flag === 1) return flag === 1
  throw decodeFailed(
    'boolean',
    'TINYINT(1) is read as a boolean, and this one holds another number than 0 and 1: cast(column, int4) selects it.',
  )
}

/** Inside a JSON document they are digits without the zeros in front. */
function toBits(cell: Wire, { modifier = '1' }: BaseType): string {
  const bits =
    typeof cell === 'object' ? [...cell].map(byte => byte.toString(2).padStart(8, '0')).join('') : textOfBits(cell)
  return bits.slice(-Number(modifier)).padStart(Number(modifier), '0')
}

function textOfBits(cell: string | bigint | number): string {
  return typeof cell === 'string' ? cell : cell.toString(2)
}

/** A column of single precision is compared as a double: only what it holds itself is equal to it. */
function toSingle(value: unknown): number {
  const single = Math.fround(Number(value))
  return Number.isFinite(single) ? single : Number(value)
}

/** The shortest decimal that is this number in single precision, which is how the server prints it, too. */
function shortest(single: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(single.toPrecision(digits))
    if (Math.fround(decimal) === Math.fround(single)) return decimal
  }
  return Number(single.toPrecision(9))
}

/** The seconds of `0000-00-00 00:00:00`, as `UNIX_TIMESTAMP` gives them. */
export const zeroMoment = 0

const noMoment = (): PillionError =>
  decodeFailed('moment', 'It is 0000-00-00 00:00:00, which is none: cast(column, text) selects it as it is.')

/** Seconds since 1970 with a fraction, cut to milliseconds. */
function toInstant(cell: Wire): Date {
  const milliseconds = isWhole(cell) ? Number(cell) * 1000 : millisecondsOf(toText(cell))
  if (milliseconds === 0 && Number(cell) === zeroMoment) throw noMoment()
  const instant = new Date(milliseconds)
  if (!Number.isNaN(instant.getTime())) return instant
  throw decodeFailed('moment', 'A hand-written statement gives a moment by unix_timestamp(…).')
}

function isWhole(cell: Wire): cell is number | bigint {
  return typeof cell === 'bigint' || Number.isSafeInteger(cell)
}

function millisecondsOf(text: string): number {
  const point = text.indexOf('.')
  const seconds = point === -1 ? text : text.slice(0, point)
  const milliseconds = point === -1 ? 0 : Number(text.slice(point + 1, point + 4).padEnd(3, '0'))
  return seconds === '' ? Number.NaN : Number(seconds) * 1000 + milliseconds
}

/** That text, as the wall clock in UTC shows it: what a placeholder takes. */
export function wallClockOf(seconds: string): string {
  if (Number(seconds) === zeroMoment) throw noMoment()
  const [whole = '', fraction = ''] = seconds.split('.')
  const wall = new Date(Number(whole) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return fraction === '' ? wall : `${wall}.${fraction}`
}

const instantText = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,6})\d*)? ?(Z|[+-]\d\d(?::?\d\d)?)$/

/** An instant as the wall clock in UTC shows it; undefined where the years of DATETIME do not reach it. */
function utcText(value: unknown): string | undefined {
  if (typeof value !== 'string') return inFourDigits((value as Date).toISOString().slice(0, -1))
  const [, day, minute, second = ':00', fraction, zone = ''] = instantText.exec(value) ?? []
  if (day === undefined || !isRealDay(day)) return undefined
  const moment = new Date(`${day}T${minute}${second}${offsetOf(zone)}`)
  if (Number.isNaN(moment.getTime())) return undefined
  return inFourDigits(moment.toISOString().slice(0, 19) + (fraction === undefined ? '' : `.${fraction}`))
}

function offsetOf(zone: string): string {
  if (zone === 'Z') return zone
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
}

function inFourDigits(iso: string): string | undefined {
  return /^\d{4}-/.test(iso) ? iso.replace('T', ' ') : undefined
}

const wallClock = /^(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?$/

function isHeldWallClock(value: unknown): boolean {
  const day = wallClock.exec(String(value))?.[1]
  return day !== undefined && isRealDay(day)
}

function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

/** Values are compared as DECIMAL(65, 30). */
const [wholeDigits, fractionDigits] = [35, 30]

function isHeldDecimal(value: unknown): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = /^[+-]?0*(\d*)\.?(\d*?)0*(?:[eE]([+-]?\d+))?$/.exec(
    String(value),
  ) ?? [undefined, 'x'.repeat(wholeDigits + 1)]
  return whole.length + Number(exponent) <= wholeDigits && fraction.length - Number(exponent) <= fractionDigits
}

/** A cell of a text that `exactText` has made of a value. */
export function cellOfText(text: string, type: DataType): Cell {
  const name = type.kind === 'base' ? type.name : type.kind
  if (name === 'timestamptz') return wallClockOf(text)
  if (name === 'bytea') return toBytes(text)
  return numbers.has(name) ? Number(text) : text
}

const numbers = new Set(['int2', 'int4', 'uint4', 'int53', 'float4', 'float8', 'bool'])
