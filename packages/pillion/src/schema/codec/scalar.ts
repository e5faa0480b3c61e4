/**
 * Built-in scalars: one line a type.
 *
 * @module
 */
import type { Codec } from '../codec.js'
import type { BaseType } from '../model.js'
import { decodeBytes, encodeBytes, isBytes } from './bytes.js'
import {
  decodeDate,
  decodeInstant,
  decodeInterval,
  decodeWallClock,
  encodeInstant,
  isDay,
  isInstant,
  isTime,
  isWallClock,
  isZonedTime,
} from './datetime.js'
import { checkedNumber, decodeFailed, drifted } from './failure.js'

/** The text itself. */
export const asIs = (text: string): string => text
const toText = (value: unknown): string => String(value)
const toNumber = (text: string): number => checkedNumber(+text)

function toFloat(text: string): number {
  const number = +text
  if (number === number || text === 'NaN') return number
  throw drifted('number')
}

const unsendable = /[\0\p{Surrogate}]/u

/** The server's text holds no U+0000, and half a surrogate pair would arrive as another character. */
const isText = (value: unknown): boolean => typeof value === 'string' && !unsendable.test(value)

const integerBetween =
  (low: number, high: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= low && (value as number) <= high

function isBigInteger(value: unknown): boolean {
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value)
}

function isUnsignedBigInteger(value: unknown): boolean {
  return typeof value === 'bigint'
    ? BigInt.asUintN(64, value) === value
    : Number.isSafeInteger(value) && (value as number) >= 0
}

/** A bigint from its digits. What a number holds exactly goes by way of it, which takes half as long. */
export function toBigInt(text: string): bigint {
  const number = +text
  if (text.length < 16 && Number.isInteger(number)) return BigInt(number)
  if (/^-?\d+$/.test(text)) return BigInt(text)
  throw drifted('bigint')
}

/** A whole number that a JavaScript number holds exactly; another fails rather than come back as its neighbour. */
function decodeSafeInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw decodeFailed(
    'whole number',
    'It is beyond 2^53 or no whole number: declare the column BIGINT, or cast it to text.',
  )
}

/** What SQLite stores as it is given, in a column of no declared type. */
const isPlain = (value: unknown): boolean =>
  isText(value) || Number.isFinite(value) || isBytes(value) || (typeof value === 'bigint' && isBigInteger(value))

const decimal = /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?Infinity)$/

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' ? decimal.test(value) : typeof value === 'number' || typeof value === 'bigint'
}

const isAmount = (value: unknown): boolean => isText(value) || isDecimal(value)
const isNumber = (value: unknown): boolean => typeof value === 'number'

/** A number that a `real` holds, if rounded: neither so great nor so small that the server refuses it. */
function isReal(value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return isNumber(value)
  const rounded = Math.fround(value)
  return Number.isFinite(rounded) && (rounded !== 0 || value === 0)
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'

const uuidText = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
const isUuid = (value: unknown): boolean => typeof value === 'string' && uuidText.test(value)

const encodeFloat = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value))

// `t` on the wire, `true` after a cast to text.
const decodeBoolean = (text: string): boolean => text.charCodeAt(0) === 116
const encodeBoolean = (value: unknown): string => (value === true ? 't' : 'f')

/** JSON would write NaN and infinities as null, silently. */
function refuseInexact(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number')
  return value
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value, refuseInexact) !== undefined
  } catch {
    return false
  }
}

// escaped, for so JSON writes them: what is behind an even number of backslashes is an escape
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** A jsonb holds no U+0000 and no half of a surrogate pair; a json keeps the text as it is. */
const isJsonb = (value: unknown): boolean => isJson(value) && !unstorable.test(JSON.stringify(value))

const scalar = (
  ts: string,
  json: Codec['json'],
  decode: Codec['decode'],
  encode: Codec['encode'],
  accepts: Codec['accepts'],
): Codec => Object.freeze({ ts, json, decode, encode, accepts })

const string = (json: Codec['json'], accepts: Codec['accepts'] = isText, decode: Codec['decode'] = asIs): Codec =>
  scalar('string', json, decode, toText, accepts)

const integer = (low: number, high: number): Codec =>
  scalar('number', 'native', toNumber, toText, integerBetween(low, high))

// JSON documents write NaN and infinities as strings, so floats travel in them as text.
const float = (accepts: Codec['accepts']): Codec => scalar('number', 'text', toFloat, encodeFloat, accepts)
const plain = string('native')
const document = (accepts: Codec['accepts']): Codec => scalar('p.Json', 'native', JSON.parse, JSON.stringify, accepts)

/**
 * By `pg_type.typname`. `native` strings are those that a cast to text would change (bpchar loses its padding,
 * inet gains a mask) or leave alone; `text` ones are those that JSON prints in another form.
 */
export const scalars: ReadonlyMap<string, Codec> = new Map([
  ['int2', integer(-32_768, 32_767)],
  ['int4', integer(-2_147_483_648, 2_147_483_647)],
  // JSON documents write an oid as a string.
  ['oid', scalar('number', 'text', toNumber, toText, integerBetween(0, 4_294_967_295))],
  ['int8', scalar('bigint', 'text', toBigInt, toText, isBigInteger)],
  // MySQL's unsigned ones, and SQLite's INTEGER.
  ['uint4', integer(0, 4_294_967_295)],
  ['uint8', scalar('bigint', 'text', toBigInt, toText, isUnsignedBigInteger)],
  ['int53', scalar('number', 'text', decodeSafeInteger, toText, Number.isSafeInteger)],
  ['float4', float(isReal)],
  ['float8', float(isNumber)],
  ['numeric', string('text', isDecimal)],
  ['money', string('text', isAmount)],
  ['bool', scalar('boolean', 'native', decodeBoolean, encodeBoolean, isBoolean)],
  ['text', plain],
  ['varchar', plain],
  ['bpchar', plain],
  ['name', plain],
  ['char', plain],
  ['xml', plain],
  ['uuid', string('native', isUuid)],
  ['inet', plain],
  ['cidr', plain],
  ['macaddr', plain],
  ['macaddr8', plain],
  ['bit', plain],
  ['varbit', plain],
  ['bytea', scalar('Uint8Array', 'text', decodeBytes, encodeBytes, isBytes)],
  ['date', string('text', isDay, decodeDate)],
  ['timestamp', string('text', isWallClock, decodeWallClock)],
  ['timestamptz', scalar('Date', 'text', decodeInstant, encodeInstant, isInstant)],
  ['time', string('text', isTime)],
  ['timetz', string('text', isZonedTime)],
  ['interval', string('text', isText, decodeInterval)],
  ['json', document(isJson)],
  ['jsonb', document(isJsonb)],
  // MySQL's, and what SQLite stores in a column of no type.
  ['set', plain],
  ['any', scalar('string | number | bigint | Uint8Array', 'text', asIs, toText, isPlain)],
])

/** MySQL's TIME is a span: hours beyond a day, and a sign. */
const span = string('text', value => typeof value === 'string' && /^[+-]?\d{1,3}(:\d\d){1,2}(\.\d{1,6})?$/.test(value))

/** Every type not in the table, extensions' too: the text the server prints. */
const unknownScalar: Codec = string('text')

/** The codec of a scalar, by its name in `pg_catalog`. */
export function baseCodec(type: BaseType): Codec {
  if (type.schema === 'mysql' && type.name === 'time') return span
  const builtIn = type.schema === undefined || type.schema === 'pg_catalog'
  return (builtIn ? scalars.get(type.name) : undefined) ?? unknownScalar
}
