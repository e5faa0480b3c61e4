/**
 * The `?` of a text in MySQL's SQL that somebody else has written.
 *
 * @module
 */
import { readAsPostgres } from './mysql-sql.js'
import { openingAround, type Token, tokens } from './sql-tokens.js'

/** Where a mark stands that may be written otherwise. */
export interface MarkPlace {
  /** Which it is, from 0. */
  readonly nth: number
  /** Does an operator of arithmetic stand beside it? */
  readonly isReckoned: boolean
}

/**
 * The text with something else for each of its marks, but for those where the grammar has a mark or a number and nothing else. A
 * text that cannot be read, or has not as many marks as it should, stays as it is: the server will say so.
 */
export function rewriteMarks(text: string, count: number, write: (place: MarkPlace) => string): string {
  const plain = readAsPostgres(text)
  const read = 'unreadable' in plain ? plain : tokens(plain.text)
  if ('unreadable' in read) return text
  const marks = [...read.keys()].filter(i => is(read[i], '?'))
  if (marks.length !== count) return text
  return marks.reduceRight((sql, i, nth) => {
    if (isOfGrammar(read, i)) return sql
    const { at } = read[i] as Token
    return sql.slice(0, at) + write({ nth, isReckoned: isReckoned(read, i) }) + sql.slice(at + 1)
  }, text)
}

/** Is it a number of rows: of LIMIT, OFFSET or FETCH, of a window's frame, or of a function that looks so far? */
function isOfGrammar(read: readonly Token[], i: number): boolean {
  const [before, after] = [read[i - 1], read[i + 1]]
  if (is(before, 'limit', 'offset') || is(after, 'preceding', 'following', 'row', 'rows')) return true
  if (is(before, ',') && is(read[i - 3], 'limit')) return true
  return is(before, ',', '(') && is(read[openingAround(read, i) - 1], 'lag', 'lead', 'ntile', 'nth_value')
}

function isReckoned(read: readonly Token[], i: number): boolean {
  return [read[i - 1], read[i + 1]].some(token => is(token, '+', '-', '*', '/', '%', 'div', 'mod'))
}

function is(token: Token | undefined, ...texts: readonly string[]): boolean {
  return (token?.kind === 'word' || token?.kind === 'mark') && texts.includes(token.text)
}
