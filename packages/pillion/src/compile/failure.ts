/**
 * Errors of a query that cannot be compiled, with the place where it was written.
 *
 * @module
 */
import { type ErrorCode, PillionError } from '../errors.js'
import type { HandleNode, Origin } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'

/** A build error at a place in the source. */
export function buildError(code: ErrorCode, message: string, hint: string, origin: Origin): PillionError {
  const at = describeOrigin(origin)
  return new PillionError(code, message, at === undefined ? { hint } : { hint, origin: at })
}

/** A build error: the dialect has no such thing. */
export function notInDialect(dialect: string, feature: string, origin: Origin): PillionError {
  return buildError(
    'NOT_IN_DIALECT',
    `${dialect} does not have ${feature}.`,
    'Say it in another way for this database, or as a fragment: sql`…`.',
    origin,
  )
}

/** How a handle is called in messages. */
export function nameOfHandle(handle: HandleNode): string {
  return handle.hint ?? handle.path
}
