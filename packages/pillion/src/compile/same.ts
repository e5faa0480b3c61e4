/**
 * When two nodes say the same.
 *
 * @module
 */

/** Handles, tables, queries and the like are the same only as objects; what else a node is made of is looked into. */
const identities: ReadonlySet<string> = new Set(['handle', 'required', 'column', 'query', 'param'])

/** Is a part of a node what it is by itself, whatever it is made of? */
export function isIdentity(key: string): boolean {
  return identities.has(key)
}

/** Are two values the same, as far as that can be told at once? Others are so only as objects. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isMoment(a) && isMoment(b) && a.getTime() === b.getTime())
}

function isMoment(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

/** Are two nodes, or parts of nodes, made alike? */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const others = Object.entries(b)
  return (
    others.length === Object.entries(a).length && others.every(([key, inner]) => isSamePart(key, inner, a as never))
  )
}

function isSamePart(key: string, inner: unknown, other: Readonly<Record<string, unknown>>): boolean {
  if (key === 'value') return isSameValue(other[key], inner)
  return isIdentity(key) ? Object.is(other[key], inner) : isSame(other[key], inner)
}
