/**
 * PostgreSQL's lexical rules, as far as they say where strings, identifiers and comments begin and end. Where the
 * server's answer hangs on its version or on a setting, the text is not readable.
 *
 * @module
 */

/** A word is in lower case; a quoted identifier is as it was meant; a mark is one character of punctuation. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'literal' | 'mark'
  /** Empty for a literal. */
  readonly text: string
  /** The offset in the text. */
  readonly at: number
}

const letter = 'A-Za-z_\\x80-\\uffff'
const lexeme = new RegExp(
  [
    '(?<space>[ \\t\\n\\r\\f\\v]+|--[^\\n\\r]*)',
    '(?<comment>/\\*)',
    `(?<unicode>[uU]&["'])`,
    `(?<escaped>[eE]'(?:[^'\\\\]|\\\\.|'')*')`,
    `(?<string>[bBxXnN]?'(?:[^']|'')*')`,
    `(?<dollar>\\$(?:[${letter}][${letter}0-9]*)?\\$)`,
    `(?<quoted>"(?:[^"]|"")*")`,
    `(?<word>[${letter}][${letter}0-9$]*)`,
    // A number that runs into a word is two tokens to some versions and an error to others; its point is no dot before a name.
    `(?<number>\\$\\d+(?![${letter}0-9$])|(?:0[xX][\\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\\d[\\d_]*(?:\\.[\\d_]*)?(?:[eE][+-]?\\d[\\d_]*)?)(?![${letter}0-9$.]))`,
    `(?<mark>[^'"\\d\\0])`,
  ].join('|'),
  'sy',
)

/** The tokens of a text, without comments; or why they cannot be told for certain. */
export function tokens(text: string): readonly Token[] | { readonly unreadable: string } {
  const found: Token[] = []
  for (let at = 0; at < text.length; ) {
    lexeme.lastIndex = at
    const groups = lexeme.exec(text)?.groups
    if (groups === undefined) return unreadable('Something is cut off or runs into a number', at)
    const { unicode, string, dollar, comment, quoted, word, mark, escaped, number } = groups
    const past = lexeme.lastIndex
    if (unicode !== undefined) return unreadable('Unicode escapes are not read here', at)
    // With standard_conforming_strings off the backslash would hide the quote.
    if (string?.includes("\\'")) return unreadable("A backslash stands before a quote: write E'…'", at)
    const end =
      comment !== undefined ? endOfComment(text, at) : dollar !== undefined ? endAfter(text, dollar, past) : past
    if (end === undefined) return unreadable('Something is not closed', at)
    if (word !== undefined) found.push({ kind: 'word', text: lowered(word), at })
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted.slice(1, -1).replaceAll('""', '"'), at })
    else if (mark !== undefined) found.push({ kind: 'mark', text: mark, at })
    else if ((string ?? escaped ?? dollar ?? number) !== undefined) found.push({ kind: 'literal', text: '', at })
    at = end
  }
  return found
}

/** Comments nest. */
function endOfComment(text: string, start: number): number | undefined {
  const bracket = /\/\*|\*\//g
  bracket.lastIndex = start
  let depth = 0
  for (let found = bracket.exec(text); found !== null; found = bracket.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return bracket.lastIndex
  }
  return undefined
}

function endAfter(text: string, closing: string, from: number): number | undefined {
  const at = text.indexOf(closing, from)
  return at < 0 ? undefined : at + closing.length
}

/** The server lowers ASCII letters only: the Kelvin sign is no k. */
function lowered(word: string): string {
  return word.replace(/[A-Z]/g, upper => upper.toLowerCase())
}

function unreadable(reason: string, at: number): { readonly unreadable: string } {
  return { unreadable: `${reason}, at character ${at + 1}.` }
}

/** Where the parenthesis opens that a token is in, or closes; -1 of none. */
export function openingAround(read: readonly Token[], at: number): number {
  let depth = 0
  return read.findLastIndex(({ kind, text }, i) => {
    if (i >= at || kind !== 'mark') return false
    if (text === ')') depth++
    return text === '(' && depth-- === 0
  })
}
