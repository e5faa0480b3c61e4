/**
 * How tests look at an error of pillion's.
 *
 * @module
 */
import { type ErrorCode, isPillionError, type PillionError } from 'pillion'
import { expect } from 'vitest'

/** What a build, a compile or a run was refused with; fails where nothing was thrown, or something else. */
export async function refusal(attempt: () => unknown): Promise<PillionError> {
  try {
    await attempt()
  } catch (error) {
    if (isPillionError(error)) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

/** Expects a refusal with this code, with a hint, and from a line of a test. */
export async function expectRefusal(attempt: () => unknown, code: ErrorCode, message?: RegExp): Promise<PillionError> {
  const error = await refusal(attempt)
  expect(error.code).toBe(code)
  expect(error.hint, 'a hint').toMatch(/\w/)
  expect(error.origin, 'an origin').toMatch(/\/test\/.*\.ts:\d+:\d+/)
  if (message !== undefined) expect(error.message).toMatch(message)
  return error
}

/** Everything that an error shows: in a log, in JSON, in a stack. */
export function shown(error: PillionError): string {
  return [error.message, error.summary, error.hint, error.sql, error.origin, error.stack, JSON.stringify(error)].join(
    '\n',
  )
}
