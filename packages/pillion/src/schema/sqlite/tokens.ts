/**
 * SQLite's lexical rules, as far as they say where strings, names, comments and parentheses begin and end.
 *
 * @module
 */

/** A word, a quoted name, a string or one character of punctuation, with its place in the text. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'literal' | 'mark'
  /** A word in upper case, a quoted name as it was meant, else the text. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** What stands between two parentheses, these included in its place. */
export interface Group {
  readonly kind: 'group'
  readonly items: readonly Item[]
  readonly start: number
  readonly end: number
}

export type Item = Token | Group

const lexeme =
  /(?<space>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<literal>[xX]?'(?:[^']|'')*'|\.?\d[\w.]*)|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<word>[\w$\u0080-\uffff]+)|(?<mark>[^])/g

/** The items of a text, without comments. */
export function itemsOf(sql: string): readonly Item[] {
  const tokens = [...sql.matchAll(lexeme)].flatMap(tokenOf)
  let at = 0
  const until = (closing: string | undefined): readonly Item[] => {
    const items: Item[] = []
    for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
      at++
      if (isMark(token, closing)) return items
      if (isMark(token, '(')) {
        const inner = until(')')
        items.push({ kind: 'group', items: inner, start: token.start, end: tokens[at - 1]?.end ?? sql.length })
      } else items.push(token)
    }
    return items
  }
  return until(undefined)
}

function tokenOf({ 0: text, index: start, groups = {} }: RegExpMatchArray & { index: number }): readonly Token[] {
  const place = { start, end: start + text.length }
  if (groups.space !== undefined) return []
  if (groups.quoted !== undefined) return [{ kind: 'quoted', text: unquoted(text), ...place }]
  if (groups.word !== undefined) return [{ kind: 'word', text: text.toUpperCase(), ...place }]
  return [{ kind: groups.literal === undefined ? 'mark' : 'literal', text, ...place }]
}

function unquoted(text: string): string {
  const [quote = ''] = text
  return quote === '[' ? text.slice(1, -1) : text.slice(1, -1).replaceAll(quote + quote, quote)
}

const isMark = (item: Item, mark: string | undefined): boolean => item.kind === 'mark' && item.text === mark

/** Is it this word, unquoted? */
export const isWord = (item: Item | undefined, ...words: readonly string[]): boolean =>
  item?.kind === 'word' && words.includes(item.text)

/** The name that an item stands for, in the case it was written in. A string can stand for a name, too. */
export function nameAt(sql: string, item: Item | undefined): string {
  if (item === undefined || item.kind === 'group') return ''
  if (item.kind === 'quoted') return item.text
  const text = sql.slice(item.start, item.end)
  return item.kind === 'literal' && text.startsWith("'") ? unquoted(text) : text
}

/** What stands between commas. */
export function separated(items: readonly Item[]): readonly (readonly Item[])[] {
  const lists: Item[][] = [[]]
  for (const item of items) {
    if (isMark(item, ',')) lists.push([])
    else lists.at(-1)?.push(item)
  }
  return lists
}

/** The text from the first of some items to the last. */
export function textOf(sql: string, items: readonly Item[]): string {
  const [first] = items
  return first === undefined ? '' : sql.slice(first.start, items.at(-1)?.end)
}

/** The text between the parentheses. */
export const insideOf = (sql: string, group: Group): string => sql.slice(group.start + 1, group.end - 1).trim()

export const isGroup = (item: Item): item is Group => item.kind === 'group'
