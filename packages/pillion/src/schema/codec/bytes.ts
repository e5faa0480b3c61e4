/**
 * `bytea`, in both forms a session may ask for by `bytea_output`.
 *
 * @module
 */
import { decodeFailed } from './failure.js'

/** `\x0aff`, or the older `\012\377`, to bytes. */
export function decodeBytes(text: string): Uint8Array {
  return text.startsWith('\\x') ? decodeHex(text) : decodeEscape(text)
}

function decodeHex(text: string): Uint8Array {
  // Copied out of Node's shared pool: `bytes.buffer` holds these bytes and no others.
  const bytes = new Uint8Array(Buffer.from(text.slice(2), 'hex'))
  if (bytes.length * 2 + 2 !== text.length) throw decodeFailed('bytea', 'The hexadecimal text is damaged.')
  return bytes
}

function decodeEscape(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') bytes[length++] = text.charCodeAt(at)
    else if (text[at + 1] === '\\') bytes[length++] = text.charCodeAt(++at)
    else {
      bytes[length++] = Number.parseInt(text.slice(at + 1, at + 4), 8)
      at += 3
    }
  }
  return bytes.slice(0, length)
}

/** Bytes to `\x…`. */
export function encodeBytes(value: unknown): string {
  const bytes = value as Uint8Array
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/** A Uint8Array, Buffer included. */
export function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
}
