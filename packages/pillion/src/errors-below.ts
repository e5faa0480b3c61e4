/**
 * Errors inside of errors.
 *
 * @module
 */

/** Where drivers and ORMs keep the error below theirs. */
const below = ['cause', 'parent', 'original', 'driverError', 'nativeError', 'driverAdapterError', 'meta'] as const

/** An error and every one that lies below it, the nearest first; each once, though it be its own cause. */
export function errorsBelow(error: unknown): readonly object[] {
  const found = new Set<object>()
  const reach = (at: unknown): void => {
    if (typeof at !== 'object' || at === null || found.has(at)) return
    found.add(at)
    for (const key of below) reach((at as Readonly<Record<string, unknown>>)[key])
  }
  reach(error)
  return [...found]
}
