/**
 * Where in the user's source a query, a clause or a handle was written.
 *
 * @module
 */
import type { Origin } from './node.js'

/** No place: what origins are when they are turned off. */
export const nowhere: Origin = Object.freeze({})

/**
 * The caller of `above`, kept as an unformatted one-frame stack (about 1.5 µs; V8 formats it only when read).
 */
export function originOf(above: (...args: never[]) => unknown): Origin {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 1
  const origin: Origin = {}
  Error.captureStackTrace(origin, above)
  Error.stackTraceLimit = limit
  return origin
}

/** Gives a place, which is looked at when it is first asked for. */
export type Here = () => Origin

/**
 * The caller of `above`, looked at no later than `above` returns: what is under way by then costs nobody the time. The nearer to
 * `above` it is asked, the fewer frames are walked.
 */
export function hereIn(above: (...args: never[]) => unknown): Here {
  let origin: Origin | undefined
  return () => (origin ??= originOf(above))
}

/** `list.ts:12:8` with its function, when known: `applySearch (/app/src/list.ts:12:8)`. */
export function describeOrigin(origin: Origin): string | undefined {
  const frame = origin.stack?.split('\n')[1]?.trim()
  return frame?.startsWith('at ') ? frame.slice(3).replace('file://', '') : undefined
}
