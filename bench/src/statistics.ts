/** Order statistics over samples. @module */

/** The value below which the share `p` of the samples lies; nearest rank. */
export function percentile(samples: readonly number[], p: number): number {
  if (samples.length === 0) throw new Error('No samples.')
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!
}

/** The middle sample, or the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error('No samples.')
  const sorted = [...samples].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A contender's samples of one case: one list a round. */
export type Rounds = readonly (readonly number[])[]

/** What is reported of a contender's samples. */
export interface Summary {
  /** The median over rounds of each round's median. */
  readonly median: number
  readonly p95: number
  /** How far rounds differ: the interquartile range of their medians, as a share of the median. */
  readonly spread: number
}

export function summarise(rounds: Rounds): Summary {
  const medians = rounds.map(median)
  const middle = median(medians)
  return {
    median: middle,
    p95: percentile(rounds.flat(), 0.95),
    spread: (percentile(medians, 0.75) - percentile(medians, 0.25)) / middle,
  }
}

/**
 * How many times the baseline's time: the median over rounds of the ratio within the round. Rounds are interleaved,
 * so a slow minute of the machine falls on both sides of its own ratio.
 */
export function ratio(rounds: Rounds, baseline: Rounds): number {
  return median(rounds.map((samples, round) => median(samples) / median(baseline[round]!)))
}

/** `items` turned so that round after round each comes first once. */
export function rotated<T>(items: readonly T[], round: number): readonly T[] {
  const start = items.length === 0 ? 0 : round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
