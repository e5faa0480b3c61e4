/**
 * Rows of the binary protocol as cells. The driver's own readers make an object of arithmetic for each bigint, several
 * strings for each date, and follow settings of the application's; these read what is there.
 *
 * @module
 */
import type { Cell, WireRow } from '../../run/host.js'
import { withFraction } from './fraction.js'
import type { FieldTold, Packet } from './mysql2-client.js'

/** Reads one cell from where the packet stands, which goes on behind it. */
type ReadCell = (packet: Packet, field: FieldTold) => Cell

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
  readonly #readers: readonly ReadCell[]

  constructor(fields: readonly FieldTold[]) {
    this.#fields = fields
    this.#readers = fields.map(readerOf)
  }

  next(packet: Packet): WireRow {
    const { buffer } = packet
    const readers = this.#readers
    const nulls = packet.offset + 1
    // two bits of the bitmap of NULLs are the protocol's own
    packet.offset = nulls + ((readers.length + 9) >> 3)
    const row: Cell[] = []
    for (let i = 0, bit = 2; i < readers.length; i++, bit++) {
      const isNull = ((buffer[nulls + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0
      row.push(isNull ? null : (readers[i] as ReadCell)(packet, this.#fields[i] as FieldTold))
    }
    return row
  }
}

const readers = {
  int8: packet => packet.readSInt8(),
  uint8: packet => packet.readInt8(),
  int16: packet => packet.readSInt16(),
  uint16: packet => packet.readInt16(),
  int32: packet => packet.readSInt32(),
  uint32: packet => packet.readInt32(),
  int64(packet) {
    packet.offset += 8
    return packet.buffer.readBigInt64LE(packet.offset - 8)
  },
  uint64(packet) {
    packet.offset += 8
    return packet.buffer.readBigUInt64LE(packet.offset - 8)
  },
  float: packet => packet.readFloat(),
  double: packet => packet.readDouble(),
  null: () => null,
  decimal: packet => packet.readLengthCodedString('ascii'),
  date: packet => readMoment(packet).slice(0, 10),
  datetime: (packet, { decimals }) => withFraction(readMoment(packet), decimals),
  time: (packet, { decimals }) => withFraction(packet.readTimeString(), decimals),
  // the server calls it binary, and it is not
  json: packet => packet.readLengthCodedString('utf8'),
  text: (packet, { encoding }) => packet.readLengthCodedString(encoding),
  bytes: packet => packet.readLengthCodedBuffer(),
} as const satisfies Readonly<Record<string, ReadCell>>

/** By the protocol's numbers of types: signed, and unsigned. */
const numbers: ReadonlyMap<number, readonly [signed: ReadCell, unsigned: ReadCell]> = new Map([
  [1, [readers.int8, readers.uint8]],
  [2, [readers.int16, readers.uint16]],
  [3, [readers.int32, readers.uint32]],
  [8, [readers.int64, readers.uint64]],
  [9, [readers.int32, readers.uint32]],
  [13, [readers.uint16, readers.uint16]],
])

const others: ReadonlyMap<number, ReadCell> = new Map<number, ReadCell>([
  [0, readers.decimal],
  [4, readers.float],
  [5, readers.double],
  [6, readers.null],
  [7, readers.datetime],
  [10, readers.date],
  [11, readers.time],
  [12, readers.datetime],
  [14, readers.date],
  [245, readers.json],
  [246, readers.decimal],
])

const [unsigned, binary] = [32, 63]

function readerOf({ columnType, flags, characterSet, extendedFormat }: FieldTold): ReadCell {
  const number = numbers.get(columnType)
  if (number !== undefined) return number[(flags & unsigned) === 0 ? 0 : 1]
  const bytes = characterSet === binary && extendedFormat !== 'json'
  return others.get(columnType) ?? (bytes ? readers.bytes : readers.text)
}

/** `2026-11-23 15:24:53.123456`. What is zero at the end is not sent. */
function readMoment(packet: Packet): string {
  const length = packet.readInt8()
  const { buffer, offset: at } = packet
  packet.offset += length
  const byte = (index: number): number => (index < length ? (buffer[at + index] as number) : 0)
  const year = byte(0) + byte(1) * 256
  const day = `${two((year / 100) | 0)}${two(year % 100)}-${two(byte(2))}-${two(byte(3))}`
  const moment = `${day} ${two(byte(4))}:${two(byte(5))}:${two(byte(6))}`
  return length < 11 ? moment : `${moment}.${String(buffer.readUInt32LE(at + 7)).padStart(6, '0')}`
}

function two(number: number): string {
  return number < 10 ? `0${number}` : `${number}`
}
