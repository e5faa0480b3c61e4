/**
 * Errors inside of errors.
 *
 * @module
 */

/** Where drivers and ORMs keep the error below theirs. */
const below = ['cause', 'parent', 'original', 'driverError', 'nativeError', 'driverAdapterError', 'meta'] as const

/** What else is read of an error, by whoever is given it from here. */
const parts = ['name', 'message', 'code', 'errno', 'errcode', 'sqlState', 'sqlstate', 'state', 'originalCode'] as const

/**
 * An error and every one that lies below it, the nearest first; each once, though it be its own cause. One that may not even be looked
 * at, because a getter of it fails, is none of them: what is done about a failure must not fail of that.
 */
export function errorsBelow(error: unknown): readonly object[] {
  const found = new Set<object>()
  const reach = (at: unknown): void => {
    if (typeof at !== 'object' || at === null || found.has(at) || !isReadable(at)) return
    found.add(at)
    for (const key of below) reach((at as Readonly<Record<string, unknown>>)[key])
  }
  reach(error)
  return [...found]
}

function isReadable(error: object): boolean {
  try {
    for (const key of [...below, ...parts]) void (error as Readonly<Record<string, unknown>>)[key]
    return true
  } catch {
    return false
  }
}
