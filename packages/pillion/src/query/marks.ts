/**
 * The keys under which the objects that users hand about keep what they stand for. Each copy of the package has keys of its
 * own: what is known of a node, such as its relations, is known to the copy that made it.
 *
 * @module
 */

export const nodeKey = Symbol('pillion.node')
export const orderKey = Symbol('pillion.order')
export const nestKey = Symbol('pillion.nest')
export const joinKey = Symbol('pillion.join')
export const manyKey = Symbol('pillion.many')

const ours: ReadonlySet<symbol> = new Set([nodeKey, orderKey, nestKey, joinKey, manyKey])
const names: ReadonlySet<string | undefined> = new Set([...ours].map(({ description }) => description))

/** The cure for what another copy has made, where it is that. */
export function fromElsewhere(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const isTheirs = Object.getOwnPropertySymbols(value).some(key => names.has(key.description) && !ours.has(key))
  return isTheirs
    ? 'Another copy of pillion made it: import tables, functions and the database from one, `npm ls pillion` lists them. A bundler may make several of one: keep pillion out of its bundles.'
    : undefined
}
