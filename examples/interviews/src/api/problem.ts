/**
 * What is wrong with a request, as RFC 9457 has it.
 *
 * @module
 */
import { isPillionError } from 'pillion'

export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: 400 | 404 | 405 | 409 | 500
  readonly detail: string
  /** The parameter that is to blame. */
  readonly parameter?: string
}

/** A request that cannot be understood, for the sake of one parameter. */
export function badRequest(parameter: string, detail: string): Problem {
  return Object.freeze({ type: 'about:blank', title: 'Bad request', status: 400, detail, parameter })
}

/** What is not there, or not there for whoever asks. */
export function notFound(detail: string): Problem {
  return Object.freeze({ type: 'about:blank', title: 'Not found', status: 404, detail })
}

/** A method that a resource does not have; `methods` are those that it has, as `Allow` lists them. */
export function methodNotAllowed(methods: string): Problem {
  return Object.freeze({ type: 'about:blank', title: 'Method not allowed', status: 405, detail: `Only ${methods}.` })
}

/** What cannot be as things are. */
export function conflict(detail: string): Problem {
  return Object.freeze({ type: 'about:blank', title: 'Conflict', status: 409, detail })
}

const failure: Problem = Object.freeze({
  type: 'about:blank',
  title: 'Internal server error',
  status: 500,
  detail: 'The server could not answer.',
})

/** Ends a request with a problem. */
export function refuse(problem: Problem): never {
  throw Object.assign(new Error(problem.detail), { problem })
}

/**
 * The problem behind an error. Of an unexpected one nothing is told: a driver's message may quote values.
 *
 * @param parameters What the request was given.
 */
export function problemOf(error: unknown, parameters: URLSearchParams): Problem {
  if (isRefusal(error)) return error.problem
  if (isPillionError(error) && error.code === 'CURSOR_INVALID')
    return badRequest(parameters.has('after') ? 'after' : 'before', error.summary)
  return failure
}

function isRefusal(error: unknown): error is { readonly problem: Problem } {
  return typeof error === 'object' && error !== null && 'problem' in error
}
