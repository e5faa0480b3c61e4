/** Times for people. @module */

/** Nanoseconds in the unit that reads best. */
export function duration(nanoseconds: number): string {
  const size = Math.abs(nanoseconds)
  if (size < 1e6) return `${(nanoseconds / 1e3).toFixed(1)} µs`
  if (size < 1e9) return `${(nanoseconds / 1e6).toFixed(2)} ms`
  return `${(nanoseconds / 1e9).toFixed(2)} s`
}
