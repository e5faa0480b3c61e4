/**
 * Is it the same TypeScript, but for its layout? A formatter may have been over a file that was written: quotes, semicolons, commas,
 * breaks of lines and leading bars are its to choose.
 *
 * @module
 */

/** Do two texts say the same? */
export function isSameSource(one: string, other: string): boolean {
  if (one === other) return true
  const [left, right] = [tokensOf(one), tokensOf(other)]
  return left.length === right.length && left.every((token, i) => token === right[i])
}

const token =
  /\/\*[^]*?\*\/|\/\/[^\n]*|`(?:[^\\`]|\\[^])*`|'(?:[^\\'\n]|\\[^])*'|"(?:[^\\"\n]|\\[^])*"|[\p{ID_Continue}$]+|\S/gu

/** Behind these a bar begins a union, and says nothing. */
const openers: ReadonlySet<string | undefined> = new Set(['=', ':', '<', '(', '[', ','])

function tokensOf(source: string): readonly string[] {
  const tokens = source.match(token) ?? []
  return tokens
    .filter((each, i) => each !== ';' && each !== ',' && !(each === '|' && openers.has(tokens[i - 1])))
    .map((each, i, kept) => (kept[i + 1] === ':' ? nameOf(plain(each)) : plain(each)))
}

function plain(each: string): string {
  if (/^['"]/.test(each)) return `'${each.slice(1, -1).replace(/\\(['"])/g, '$1')}'`
  return each.startsWith('/') ? each.replaceAll(/\s+/g, ' ').trim() : each
}

/** Of a property, which may be in quotes beside others that must. */
const nameOf = (each: string): string =>
  /^'[\p{ID_Start}$_][\p{ID_Continue}$]*'$/u.test(each) ? each.slice(1, -1) : each
