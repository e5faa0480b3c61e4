/**
 * Singular and plural of identifiers: as much English as names of tables need, and no more. What it does not
 * know it treats regularly; an override names the rest.
 *
 * @module
 */

const irregular: readonly (readonly [one: string, many: string])[] = [
  ['person', 'people'],
  ['child', 'children'],
  ['woman', 'women'],
  ['man', 'men'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['mouse', 'mice'],
  ['leaf', 'leaves'],
  ['shelf', 'shelves'],
  ['half', 'halves'],
  ['life', 'lives'],
  ['wife', 'wives'],
  ['knife', 'knives'],
  ['quiz', 'quizzes'],
  ['alias', 'aliases'],
  ['bias', 'biases'],
  ['canvas', 'canvases'],
  ['gas', 'gases'],
  ['cache', 'caches'],
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['tie', 'ties'],
  ['criterion', 'criteria'],
  ['index', 'indexes'],
]
const manyOf = new Map(irregular)
const oneOf = new Map(irregular.map(([one, many]) => [many, one]))

/** The same in both numbers. */
const unchanging = new Set([
  'data',
  'metadata',
  'information',
  'equipment',
  'feedback',
  'media',
  'news',
  'series',
  'species',
  'staff',
  'history',
])

/** `user_account` → `user_accounts`; what is plural already stays. */
export const plural = (name: string): string => lastWord(name, pluralWord)

/** `user_accounts` → `user_account`; what is singular already stays. */
export const singular = (name: string): string => lastWord(name, singularWord)

/** Changes the last word of `snake_case` or `camelCase`, and keeps how its first letter is written. */
function lastWord(name: string, change: (word: string) => string): string {
  const word = /\p{Lu}?\p{Ll}+$|\p{Lu}+$/u.exec(name)?.[0]
  if (word === undefined) return name
  const changed = change(word.toLowerCase())
  const kept = name.slice(0, -word.length)
  if (word.length > 1 && word === word.toUpperCase()) return kept + changed.toUpperCase()
  return kept + word.charAt(0) + changed.slice(1)
}

function pluralWord(word: string): string {
  if (unchanging.has(word) || oneOf.has(word)) return word
  const many = manyOf.get(word)
  if (many !== undefined) return many
  if (singularWord(word) !== word) return word
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  if (/[^aeiou]is$|sis$/.test(word)) return `${word.slice(0, -2)}es`
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`
}

function singularWord(word: string): string {
  if (unchanging.has(word) || manyOf.has(word)) return word
  const one = oneOf.get(word)
  if (one !== undefined) return one
  if (/(ss|us|is)$/.test(word) || !word.endsWith('s')) return word
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (word.endsWith('yses')) return `${word.slice(0, -2)}is`
  if (/(ss|x|zz|ch|sh|[^ao]us)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
