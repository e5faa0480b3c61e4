/**
 * Ranges and multiranges: `[1,10)`, `(,5]`, `empty`; `{[1,3),[5,7)}`.
 *
 * @module
 */
import type { Codec } from '../codec.js'
import type { Range } from '../values.js'
import { decodeFailed } from './failure.js'
import { quotePart, readPart } from './part.js'

type Conversions = Pick<Codec, 'decode' | 'encode' | 'accepts'>

const nothing: Range<never> = Object.freeze({ empty: true })

export function rangeCodec(bound: Codec): Conversions {
  return {
    decode: text => (text === 'empty' ? nothing : readRange(text, 0, bound).range),
    encode: value => encodeRange(value as Range<unknown>, bound),
    accepts: value => isRange(value, bound),
  }
}

export function multirangeCodec(bound: Codec): Conversions {
  return {
    decode: text => decodeRanges(text, bound),
    encode: value => `{${(value as readonly Range<unknown>[]).map(range => encodeRange(range, bound)).join(',')}}`,
    accepts: value => Array.isArray(value) && value.every(range => isRange(range, bound)),
  }
}

function readRange(text: string, at: number, bound: Codec): { readonly range: Range<unknown>; readonly end: number } {
  const opening = text[at]
  const lower = readPart(text, at + 1, '])')
  const upper = readPart(text, lower.end + 1, '])')
  if ((opening !== '[' && opening !== '(') || text[lower.end] !== ',')
    throw decodeFailed('range', 'The text of a range is [lower,upper).')
  const range = Object.freeze({
    empty: false,
    lower: lower.text === null ? null : bound.decode(lower.text),
    lowerInclusive: opening === '[',
    upper: upper.text === null ? null : bound.decode(upper.text),
    upperInclusive: text[upper.end] === ']',
  })
  return { range, end: upper.end + 1 }
}

function decodeRanges(text: string, bound: Codec): Range<unknown>[] {
  const ranges: Range<unknown>[] = []
  for (let at = 1; at < text.length - 1; at++) {
    const { range, end } = readRange(text, at, bound)
    ranges.push(range)
    at = end
  }
  return ranges
}

function encodeRange(range: Range<unknown>, bound: Codec): string {
  if (range.empty) return 'empty'
  const side = (value: unknown): string => quotePart(value === null ? null : bound.encode(value))
  const opening = range.lowerInclusive ? '[' : '('
  const closing = range.upperInclusive ? ']' : ')'
  return `${opening}${side(range.lower)},${side(range.upper)}${closing}`
}

function isRange(value: unknown, bound: Codec): boolean {
  if (typeof value !== 'object' || value === null) return false
  const range = value as Readonly<Record<string, unknown>>
  if (range.empty === true) return true
  return (
    range.empty === false &&
    typeof range.lowerInclusive === 'boolean' &&
    typeof range.upperInclusive === 'boolean' &&
    [range.lower, range.upper].every(side => side === null || (side !== undefined && bound.accepts(side)))
  )
}
