/**
 * How PostgreSQL writes lists, and the numbers of its own catalogues.
 *
 * @module
 */

/** An array literal of PostgreSQL: `{"a","b"}`. */
export function arrayLiteral(items: readonly string[]): string {
  return `{${items.map(item => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** The members of an array of numbers, or of names that need no quotes, as the server prints it. */
export function arrayItems(literal: string | null): readonly string[] {
  return literal === null || literal.length <= 2 ? [] : literal.slice(1, -1).split(',')
}

/** The numbers of an `int2vector`, as the server prints it. */
export function vectorItems(literal: string | null): readonly string[] {
  return literal === null || literal === '' ? [] : literal.split(' ')
}

/** The oids of the catalogues themselves, the same in every server. */
export const catalogue = {
  type: 1247,
  routine: 1255,
  relation: 1259,
  default: 2604,
  constraint: 2606,
  namespace: 2615,
  server: 1417,
  rule: 2618,
  trigger: 2620,
  extension: 3079,
  policy: 3256,
} as const
