/**
 * Small words for plain data.
 *
 * @module
 */

/** A boolean as the server prints it. */
export const isTrue = (text: string): boolean => text === 'true'

/** Is it a list of text, and of nothing else? */
export const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

type Present<T> = { [K in keyof T]?: Exclude<T[K], null | undefined | false> }

/** Only the properties that say something: not absent, not null, not false. */
export function present<T extends object>(properties: T): Present<T> {
  const kept: Present<T> = {}
  for (const key in properties) {
    const value = properties[key]
    if (value !== null && value !== undefined && value !== false) kept[key] = value as Present<T>[typeof key]
  }
  return kept
}

/** Orders text by code unit: the same on every machine, whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Orders by name. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => byText(a.name, b.name)

/** A frozen list, sorted by name. */
export const named = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
  Object.freeze([...items].sort(byName))
