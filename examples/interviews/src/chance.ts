/**
 * Chance that falls the same way every time, so that every run of the example shows the same rows.
 *
 * @module
 */

export interface Chance {
  /** True this many times in one. */
  happens(probability: number): boolean
  /** An integer from `low` up to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(from: readonly [T, ...T[]]): T
  /** Different integers from 1 to `limit`. */
  some(howMany: number, limit: number): number[]
}

/** A xorshift generator: the next of 2³² states, each visited once before the first returns. */
export function chance(seed: number): Chance {
  let state = seed

  function next(): number {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }

  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))

  return Object.freeze<Chance>({
    happens: probability => next() < probability,
    between,
    pick: from => from[between(0, from.length - 1)] ?? from[0],
    some(howMany, limit) {
      const found = new Set<number>()
      while (found.size < Math.min(howMany, limit)) found.add(between(1, limit))
      return [...found]
    },
  })
}
