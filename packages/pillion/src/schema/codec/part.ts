/**
 * The places of a row and the bounds of a range are written alike: bare, or quoted with `""` and `\` inside.
 *
 * @module
 */
import { decodeFailed } from './failure.js'

/** One place: its text (null when nothing is written) and the index of the comma or bracket after it. */
export interface Part {
  readonly text: string | null
  readonly end: number
}

/** Reads the place that starts at `at`, up to a comma or one of the closing characters. */
export function readPart(text: string, at: number, closing: string): Part {
  let value = ''
  let inside = false
  let end = at
  for (; end < text.length; end++) {
    const char = text[end] as string
    if (char === '\\') value += text[++end]
    else if (char === '"') {
      if (inside && text[end + 1] === '"') value += text[++end]
      else inside = !inside
    } else if (!inside && (char === ',' || closing.includes(char))) {
      return { text: end === at ? null : value, end }
    } else value += char
  }
  throw decodeFailed('row or range', 'The text ends before its closing bracket.')
}

/** A place as text: nothing for NULL, else quoted. */
export function quotePart(text: string | null): string {
  return text === null ? '' : `"${text.replace(/["\\]/g, '$&$&')}"`
}
