/**
 * How tables and columns are called on handles.
 *
 * @module
 */
import type { Names } from './model.js'

/** `user_id` → `userId`, `HTTP status` → `httpStatus`. Leading underscores stay; a name without letters stays as it is. */
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
  if (names === 'database') return all
  const keys = all.map(name => camelCase(name))
  const seen = new Map<string, number>()
  for (const key of keys) seen.set(key, (seen.get(key) ?? 0) + 1)
  return keys.map((key, at) => (seen.get(key) === 1 ? key : (all[at] ?? key)))
}
