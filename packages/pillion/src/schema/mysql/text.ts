/**
 * SQL as the server prints it.
 *
 * @module
 */

import { mainSchema } from '../reflection.js'

/** An identifier as MySQL writes it. */
export function quoteName(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``
}

/** A name in its schema; in the connection's database by itself. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === mainSchema ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}

/** A value as a string literal, for a session whose backslashes escape. */
export function quoteLiteral(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

const lexeme = /`(?:[^`]|``)*`|'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|[.()]|[^`'"\s.()]+|\s+/g

/**
 * Printed SQL without the name of the connection's own database: a view that reads `app`.`user` reads `user`, and
 * so means the same in a database of any name.
 *
 * The server qualifies what it prints: columns of tables without an alias by database and table, tables and
 * functions by the database. An alias that is called as the database stays, for what follows it is a column.
 */
export function withoutDatabase(sql: string, database: string | undefined, isTable: (name: string) => boolean): string {
  if (database === undefined) return sql
  const own = quoteName(database)
  if (!sql.includes(own)) return sql
  const tokens = sql.match(lexeme) ?? []
  const dropped = (at: number): boolean => {
    const [before, token, dot, next = '', after] = [-1, 0, 1, 2, 3].map(step => tokens[at + step])
    if (token !== own || dot !== '.' || before === '.' || !next.startsWith('`')) return false
    return after === '.' || after === '(' || isTable(next.slice(1, -1).replaceAll('``', '`'))
  }
  const kept: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    if (dropped(at)) at++
    else kept.push(tokens[at] as string)
  }
  return kept.join('')
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', '0': '\0', Z: '\u001a', t: '\t', b: '\b' }

/**
 * An expression as MySQL's catalogue shows those of checks, defaults, generated columns and indexes: quotes and
 * backslashes are escaped once more, and each byte of its UTF-8 is a character.
 */
export function storedExpression(shown: string): string {
  return bare(unescaped(shown.replace(/[\x80-\xff]+/g, fromBytes)))
}

/** Bytes that are no UTF-8 stay as they are: a server that shows characters is read, too. */
function fromBytes(bytes: string): string {
  try {
    return utf8.decode(Uint8Array.from(bytes, byte => byte.charCodeAt(0)))
  } catch {
    return bytes
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Text whose quotes, backslashes and control characters are escaped by a backslash. */
export function unescaped(expression: string): string {
  return expression.replace(/\\([^])/g, (_, char: string) => escapes[char] ?? char)
}

/** An expression without the one pair of parentheses around all of it. */
export function bare(expression: string): string {
  if (!expression.startsWith('(')) return expression
  let depth = 0
  let at = 0
  for (const token of expression.match(lexeme) ?? []) {
    if (token === '(') depth++
    if (token === ')') depth--
    at += token.length
    if (depth === 0) break
  }
  return at === expression.length ? expression.slice(1, -1) : expression
}
