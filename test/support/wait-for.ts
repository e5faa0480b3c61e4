/**
 * Waits for what another session brings about.
 *
 * @module
 */
import { vi } from 'vitest'

/** Tries until the assertion holds, for as long as a busy machine may need: vitest's own second is too short for one. */
export function waitFor<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { interval: 20, timeout: 20_000 })
}
