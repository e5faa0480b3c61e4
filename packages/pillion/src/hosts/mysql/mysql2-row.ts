/**
 * Rows of the binary protocol as cells. The driver's own readers make an object of arithmetic for each bigint, several
 * strings for each date, and follow settings of the application's; these read what is there.
 *
 * @module
 */
import type { Cell, WireRow } from '../../run/host.js'
import { withFraction } from './fraction.js'
import type { FieldTold, Packet } from './mysql2-client.js'

/** Reads the rows of one answer, as the driver calls it. */
export interface RowReader {
  next(packet: Packet): WireRow
}

/** The class that the driver makes the reader of an answer of, by itself: it is given nothing. */
export function rowReader(fields: readonly FieldTold[]): new () => RowReader {
  return Reader.bind(undefined, fields)
}

class Reader implements RowReader {
  readonly #fields: readonly FieldTold[]
  readonly #forms: readonly Form[]

  constructor(fields: readonly FieldTold[]) {
    this.#fields = fields
    this.#forms = fields.map(formOf)
  }

  next(packet: Packet): WireRow {
    const { buffer } = packet
    const forms = this.#forms
    const nulls = packet.offset + 1
    // two bits of the bitmap of NULLs are the protocol's own
    packet.offset = nulls + ((forms.length + 9) >> 3)
    // as long as it will be: one that grows has room for twice as many, and is copied on the way
    // oxlint-disable-next-line unicorn/no-new-array
    const row = new Array<Cell>(forms.length)
    for (let i = 0, bit = 2; i < forms.length; i++, bit++) {
      const isNull = ((buffer[nulls + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0
      row[i] = isNull ? null : read(packet, forms[i] as Form, this.#fields[i] as FieldTold)
    }
    return row
  }
}

/** How a cell stands in the packet. */
type Form =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float'
  | 'double'
  | 'null'
  | 'decimal'
  | 'date'
  | 'datetime'
  | 'time'
  | 'json'
  | 'text'
  | 'bytes'

/** Reads one cell from where the packet stands, which goes on behind it. A function a form would be a call a cell. */
function read(packet: Packet, form: Form, field: FieldTold): Cell {
  switch (form) {
    case 'int8':
      return packet.readSInt8()
    case 'uint8':
      return packet.readInt8()
    case 'int16':
      return packet.readSInt16()
    case 'uint16':
      return packet.readInt16()
    case 'int32':
      return readInt32(packet)
    case 'uint32':
      return readInt32(packet) >>> 0
    case 'int64':
      return wide(readInt32(packet) >>> 0, readInt32(packet))
    case 'uint64':
      return wide(readInt32(packet) >>> 0, readInt32(packet) >>> 0)
    case 'float':
      return packet.readFloat()
    case 'double':
      return packet.readDouble()
    case 'null':
      return null
    case 'decimal':
      return packet.readLengthCodedString('ascii')
    case 'date':
      return readDay(packet)
    case 'datetime':
      return withFraction(readMoment(packet), field.decimals)
    case 'time':
      return withFraction(packet.readTimeString(), field.decimals)
    case 'json':
      // the server calls it binary, and it is not
      return packet.readLengthCodedString('utf8')
    case 'text':
      return packet.readLengthCodedString(field.encoding)
    case 'bytes':
      return packet.readLengthCodedBuffer()
  }
}

/** By the protocol's numbers of types: signed, and unsigned. */
const numbers: ReadonlyMap<number, readonly [signed: Form, unsigned: Form]> = new Map([
  [1, ['int8', 'uint8']],
  [2, ['int16', 'uint16']],
  [3, ['int32', 'uint32']],
  [8, ['int64', 'uint64']],
  [9, ['int32', 'uint32']],
  [13, ['uint16', 'uint16']],
])

const others: ReadonlyMap<number, Form> = new Map<number, Form>([
  [0, 'decimal'],
  [4, 'float'],
  [5, 'double'],
  [6, 'null'],
  [7, 'datetime'],
  [10, 'date'],
  [11, 'time'],
  [12, 'datetime'],
  [14, 'date'],
  [245, 'json'],
  [246, 'decimal'],
])

const [unsigned, binary] = [32, 63]

function formOf({ columnType, flags, characterSet, extendedFormat }: FieldTold): Form {
  const number = numbers.get(columnType)
  if (number !== undefined) return number[(flags & unsigned) === 0 ? 0 : 1]
  const isBytes = characterSet === binary && extendedFormat !== 'json'
  return others.get(columnType) ?? (isBytes ? 'bytes' : 'text')
}

function readInt32(packet: Packet): number {
  const { buffer, offset: at } = packet
  packet.offset = at + 4
  const [a, b, c, d] = [buffer[at], buffer[at + 1], buffer[at + 2], buffer[at + 3]] as [number, number, number, number]
  return a | (b << 8) | (c << 16) | (d << 24)
}

/** A number of 64 bits by its halves. One that a double holds stays one: a bigint is made of it where it is wanted. */
function wide(low: number, high: number): number | bigint {
  const number = high * 2 ** 32 + low
  return Number.isSafeInteger(number) ? number : (BigInt(high) << 32n) | BigInt(low)
}

/** `2026-11-23`. What is zero at the end is not sent. */
function readDay(packet: Packet): string {
  const length = packet.readInt8()
  const { buffer, offset: at } = packet
  packet.offset += length
  return length === 0 ? '0000-00-00' : dayAt(buffer, at)
}

/** From two tables: put together of its parts a day would be five texts on the way. */
function dayAt(buffer: Buffer, at: number): string {
  const year = (buffer[at] as number) | ((buffer[at + 1] as number) << 8)
  return `${years[year]}${days[((buffer[at + 2] as number) << 5) | (buffer[at + 3] as number)]}`
}

/** `2026-11-23 15:24:53.123456`. */
function readMoment(packet: Packet): string {
  const length = packet.readInt8()
  const { buffer, offset: at } = packet
  packet.offset += length
  if (length === 0) return '0000-00-00 00:00:00'
  const day = dayAt(buffer, at)
  if (length < 7) return `${day} 00:00:00`
  const [hours, minutes, seconds] = [buffer[at + 4], buffer[at + 5], buffer[at + 6]] as [number, number, number]
  const moment = `${day} ${two(hours)}:${two(minutes)}:${two(seconds)}`
  return length < 11 ? moment : `${moment}.${String(buffer.readUInt32LE(at + 7)).padStart(6, '0')}`
}

const padded = (digits: number) => (number: number) => String(number).padStart(digits, '0')

const twos = numbersBelow(100).map(padded(2))
const years = numbersBelow(10_000).map(padded(4))
/** `-11-23`, by the month and five bits of the day. */
const days = numbersBelow(13 * 32).map(number => `-${two(number >> 5)}-${two(number & 31)}`)

function numbersBelow(end: number): readonly number[] {
  return Array.from({ length: end }, (_, number) => number)
}

function two(number: number): string {
  return twos[number] as string
}
