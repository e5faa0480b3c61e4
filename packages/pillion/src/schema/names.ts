/**
 * How tables and columns are called on handles.
 *
 * @module
 */
import type { Catalog, Names, Table } from './model.js'

/**
 * `user_id` → `userId`, `HTTP status` → `httpStatus`. Leading underscores stay; a name without letters stays as it is.
 *
 * ```ts
 * camelCase('created_at')   // 'createdAt'
 * ```
 */
export function camelCase(name: string): string {
  const leading = /^_*/.exec(name)?.[0] ?? ''
  const words = name.match(/\p{Lu}?\p{Ll}[\p{Ll}\p{N}]*|\p{Lu}+(?!\p{Ll})[\p{N}]*|[\p{L}\p{N}]+/gu)
  if (words === null) return name
  const [first = '', ...rest] = words.map(word => word.toLowerCase())
  return leading + first + rest.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** A name as the option has it. */
export const keyOf = (name: string, names: Names): string => (names === 'camel' ? camelCase(name) : name)

/**
 * Keys for names that stand side by side: each as the option has it, unless two would be equal; then each of
 * those keeps its own name.
 */
export function keysOf(all: readonly string[], names: Names): readonly string[] {
  return names === 'database' ? all : unlessShared(all.map(camelCase), all)
}

/**
 * The catalog with the keys of its tables: the name in the default schema, `schema.name` elsewhere, as the
 * option has them; two that would be equal are called as in the database, or by their whole ids.
 */
export function withTableKeys(catalog: Catalog): Catalog {
  const { tables, names, defaultSchema } = catalog
  const called = (spell: (name: string) => string) =>
    tables.map(({ schema, name }) => (schema === defaultSchema ? spell(name) : `${spell(schema)}.${spell(name)}`))
  const own = unlessShared(
    called(name => name),
    tables.map(({ id }) => id),
  )
  const keys = names === 'camel' ? unlessShared(called(camelCase), own) : own
  const keyed = tables.map((table, at) => withKey(table, keys[at] ?? table.id))
  return { ...catalog, tables: Object.freeze(keyed) }
}

const withKey = (table: Table, key: string): Table => (table.key === key ? table : Object.freeze({ ...table, key }))

/** The names wished for; where two are equal, the others instead, and so wherever one of those is wished for. */
function unlessShared(wished: readonly string[], otherwise: readonly string[]): readonly string[] {
  const holders = new Map<string, number>()
  for (const name of wished) holders.set(name, (holders.get(name) ?? 0) + 1)
  const given = wished.map((name, at) => (holders.get(name) === 1 ? name : (otherwise[at] ?? name)))
  return given.every((name, at) => name === wished[at]) ? given : unlessShared(given, otherwise)
}
