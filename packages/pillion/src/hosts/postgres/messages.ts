/**
 * Messages of PostgreSQL's protocol to the server, for drivers that take them as bytes.
 *
 * @module
 */
import type { Statement } from '../../run/host.js'

/** One statement, unnamed, all of its rows: to be followed by {@link sync}. */
export function statementBytes({ text, values }: Pick<Statement, 'text' | 'values'>): Buffer {
  const parameters = values.flatMap(value => {
    if (value === null) return [int32(-1)]
    const bytes = Buffer.from(String(value))
    return [int32(bytes.length), bytes]
  })
  return Buffer.concat([
    message('P', string(''), string(text), int16(0)),
    message('B', string(''), string(''), int16(0), int16(values.length), ...parameters, int16(0)),
    message('D', Buffer.from('P'), string('')),
    message('E', string(''), int32(0)),
  ])
}

/** Ends what belongs together: what follows an error is left out up to here. */
export function sync(): Buffer {
  return message('S')
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function string(text: string): Buffer {
  return Buffer.from(`${text}\0`)
}

function int16(number: number): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeInt16BE(number)
  return buffer
}

function int32(number: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(number)
  return buffer
}
