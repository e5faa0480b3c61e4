/**
 * Clocks that strike once.
 *
 * @module
 */

/** Calls back after some milliseconds. A timer takes 24 days at most, and makes 1 ms of what is longer: that never strikes. */
export function alarm(milliseconds: number, ring: () => void): NodeJS.Timeout | undefined {
  return milliseconds < 2 ** 31 ? setTimeout(ring, milliseconds) : undefined
}
