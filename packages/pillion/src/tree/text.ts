/**
 * The parts of a tree's SQL that all dialects have in common: lists of columns and comparisons of keys, for keys of any
 * number of columns.
 *
 * @module
 */
import type { TreeModel } from './model.js'
import { shortened } from './names.js'

/** A tree's columns and names as SQL. A list of columns is that of a whole key: the scope's first. */
export interface TreeText {
  readonly table: string
  readonly links: string
  readonly counts: string
  readonly deltas: string
  /** On PostgreSQL: nodes whose parent is yet to come. */
  readonly late: string
  readonly distance: string
  /** A key's columns in the table of nodes. */
  key(alias?: string): readonly string[]
  /** A pointer's columns there. */
  pointer(alias?: string): readonly string[]
  /** Has the row no parent? */
  isRoot(alias: string): string
  /** Has it one? */
  isChild(alias: string): string
  /** A node's key in the table of links. */
  node(alias?: string): readonly string[]
  ancestor(alias?: string): readonly string[]
  /** A quoted name for something of this tree's, in the schema of the nodes: `links_insert`. */
  own(suffix: string): string
  /** The same without the schema. */
  bare(suffix: string): string
  quote(name: string): string
}

export function treeText(model: TreeModel): TreeText {
  const mark = model.dialect === 'mariadb' ? '`' : '"'
  const quote = (name: string): string => mark + name.replaceAll(mark, mark + mark) + mark
  const qualified = (name: string): string =>
    model.schema === '' ? quote(name) : `${quote(model.schema)}.${quote(name)}`
  const columns = (names: readonly string[], alias?: string): readonly string[] =>
    names.map(name => (alias === undefined ? quote(name) : `${alias}.${quote(name)}`))
  const scope = model.scope.map(({ name }) => name)
  const { links, parent } = model
  const named = (suffix: string): string => shortened(`${links.name}_${suffix}`)
  const nulls = (alias: string, how: string, word: string): string =>
    `(${columns(parent, alias)
      .map(column => `${column} IS ${how}`)
      .join(` ${word} `)})`
  return Object.freeze({
    table: qualified(model.table),
    links: qualified(links.name),
    counts: qualified(named('count')),
    deltas: qualified(named('delta')),
    late: qualified(named('late')),
    distance: quote(links.distance),
    key: (alias?: string) => columns([...scope, ...model.key.map(({ name }) => name)], alias),
    pointer: (alias?: string) => columns([...scope, ...parent], alias),
    isRoot: (alias: string) => nulls(alias, 'NULL', 'OR'),
    isChild: (alias: string) => nulls(alias, 'NOT NULL', 'AND'),
    node: (alias?: string) => columns([...scope, ...links.node], alias),
    ancestor: (alias?: string) => columns([...scope, ...links.ancestor], alias),
    own: (suffix: string) => qualified(named(suffix)),
    bare: (suffix: string) => quote(named(suffix)),
    quote,
  })
}

/** `a = x AND b = y`. */
export function same(left: readonly string[], right: readonly string[]): string {
  return left.map((column, i) => `${column} = ${right[i]}`).join(' AND ')
}

/** `a, b`. */
export function list(...columns: readonly (string | readonly string[])[]): string {
  return columns.flat().join(', ')
}

/** `a AS x, b AS y`. */
export function named(columns: readonly string[], names: readonly string[]): string {
  return columns.map((column, i) => `${column} AS ${names[i]}`).join(', ')
}

/** Names for a key's columns inside a statement: `k1, k2`. */
export function letters(letter: string, { scope, key }: TreeModel): readonly string[] {
  return [...scope, ...key].map((_, i) => `${letter}${i + 1}`)
}

/** Columns of a key without those of the scope. */
export function tail({ scope }: TreeModel, columns: readonly string[]): readonly string[] {
  return columns.slice(scope.length)
}

/** A string as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The same where a backslash means something, or nothing, as MariaDB's mode is. */
export function plainLiteral(text: string): string {
  if (!text.includes('\\')) return literal(text)
  const bytes = [...new TextEncoder().encode(text)].map(byte => byte.toString(16).padStart(2, '0'))
  return `_utf8mb4 x'${bytes.join('')}'`
}

/** What PostgreSQL puts around a body, `$q$`: another one where a name of the tree's has that in it. */
export function dollars(tag: string, model: TreeModel): string {
  const names = JSON.stringify(model)
  for (let n = 0; ; n++) {
    const quote = `$${tag}${n === 0 ? '' : n}$`
    if (!names.includes(quote)) return quote
  }
}

/** A quoted name without its quotes, as catalogues have it. */
export function unquoted(name: string): string {
  const mark = name.slice(0, 1)
  return name.slice(1, -1).replaceAll(mark + mark, mark)
}
