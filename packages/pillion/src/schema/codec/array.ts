/**
 * Arrays: `{1,NULL,"a \"b\""}`, nested, with or without lower bounds (`[0:1]={1,2}`), which JavaScript's
 * arrays do not have and which are dropped.
 *
 * @module
 */
import type { Codec } from '../codec.js'
import { decodeFailed } from './failure.js'

/**
 * Nesting follows the text and not the declared dimensions: the server stores any depth in any array column,
 * and prints no depth for views. What is given to a parameter must have the declared depth.
 */
export function arrayCodec(
  element: Codec,
  dimensions: number,
  delimiter: string,
): Pick<Codec, 'decode' | 'encode' | 'accepts'> {
  return {
    decode: text => decodeArray(text, element.decode, delimiter.charCodeAt(0)),
    encode: value => encodeArray(value as readonly unknown[], element, dimensions, delimiter),
    accepts: value => sizesOf(value, element, dimensions) !== undefined,
  }
}

const [open, close, quote, backslash, bracket] = [123, 125, 34, 92, 91]

function decodeArray(text: string, decode: Codec['decode'], delimiter: number): unknown[] {
  let at = text.charCodeAt(0) === bracket ? text.indexOf('=') + 1 : 0
  if (text.charCodeAt(at) !== open) throw decodeFailed('array', 'The text of an array starts with a brace.')

  const items = (): unknown[] => {
    const values: unknown[] = []
    at++
    while (text.charCodeAt(at) !== close) {
      const code = text.charCodeAt(at)
      if (code === delimiter) at++
      else if (code === open) values.push(items())
      else if (code === quote) values.push(decode(quoted()))
      else {
        const word = bare()
        values.push(word === 'NULL' ? null : decode(word))
      }
    }
    at++
    return values
  }

  const bare = (): string => {
    const from = at
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === delimiter || code === close) return text.slice(from, at)
      if (code !== code) throw decodeFailed('array', 'The text of an array ends before its closing brace.')
      at++
    }
  }

  const quoted = (): string => {
    let from = ++at
    let value = ''
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        value += text.slice(from, at++)
        return value
      }
      if (code !== code) throw decodeFailed('array', 'The text of an array ends inside a quoted element.')
      if (code === backslash) {
        value += text.slice(from, at)
        from = ++at
      }
      at++
    }
  }

  return items()
}

const quoteElement = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

function encodeArray(values: readonly unknown[], element: Codec, dimensions: number, delimiter: string): string {
  const item = (value: unknown): string => {
    if (value === null) return 'NULL'
    if (dimensions > 1) return encodeArray(value as readonly unknown[], element, dimensions - 1, delimiter)
    const text = element.encode(value)
    return text === null ? 'NULL' : quoteElement(text)
  }
  return `{${values.map(item).join(delimiter)}}`
}

// by a loop, for `every` passes over holes
function areAccepted(items: readonly unknown[], element: Codec): boolean {
  for (const item of items) if (item !== null && !element.accepts(item)) return false
  return true
}

/** The length at each depth, `undefined` where a value is no array of this type: ragged, or with a wrong element. */
function sizesOf(value: unknown, element: Codec, dimensions: number): string | undefined {
  if (!Array.isArray(value)) return undefined
  if (dimensions === 1) return areAccepted(value, element) ? String(value.length) : undefined
  const inner = new Set(Array.from(value, item => sizesOf(item, element, dimensions - 1)))
  if (inner.size > 1 || inner.has(undefined) || inner.has('0')) return undefined
  return `${value.length} ${[...inner].join('')}`
}
