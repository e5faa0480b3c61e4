/** A ride against the host's own raw query, in one place and one case. @module */
import { performance } from 'node:perf_hooks'
import { type Rounds, ratio, rotated } from '../statistics.js'

/** What is timed; each reads the same rows. `again` is `raw` once more, and `alike` raw rows made into the ride's. */
export const ways = ['raw', 'again', 'alike', 'ride'] as const
export type Way = (typeof ways)[number]
export type Ways = Readonly<Record<Way, () => unknown>>

export interface Outcome {
  /** Microseconds that the raw query took. */
  readonly raw: number
  /** The ride over the raw query. */
  readonly overRaw: number
  /** The ride over the raw query and what it takes to have the same values. */
  readonly overAlike: number
  /** How far the raw query was from itself, as a share. */
  readonly noise: number
}

/** About as long as a batch takes, in milliseconds: long beside a collection of garbage. */
const batchTime = 25

/**
 * How long each way runs before anything is timed, in milliseconds. Three of the four go through the raw query, so that the
 * ride runs as long as those together: what is timed before the engine has compiled it, too, tells of nothing but that.
 */
const warmTime: Readonly<Record<Way, number>> = { raw: 500, again: 500, alike: 500, ride: 1500 }

/** Rounds of one batch a way; in each another goes first, and every other cycle goes backwards. */
export async function contest(asked: Ways, rounds: number): Promise<Outcome> {
  for (const way of ways) await warmed(asked[way], warmTime[way])
  const each = await timed(asked.raw, 10)
  const times = Math.max(3, Math.ceil(batchTime / (each / 10)))
  const taken: Record<Way, number[][]> = { raw: [], again: [], alike: [], ride: [] }
  for (let round = 0; round < rounds; round++) {
    const order = rotated(ways, round)
    const turned = (round / ways.length) & 1 ? order.toReversed() : order
    for (const way of turned) taken[way].push([(await timed(asked[way], times)) / times])
  }
  const to = (way: Way, base: Way): number => ratio(taken[way] as Rounds, taken[base] as Rounds)
  const middle = [...taken.raw].map(([time]) => time as number).toSorted((a, b) => a - b)[rounds >> 1] as number
  return {
    raw: middle * 1000,
    overRaw: to('ride', 'raw'),
    overAlike: to('ride', 'alike'),
    noise: Math.abs(to('again', 'raw') - 1),
  }
}

async function warmed(ask: () => unknown, time: number): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < time; ) await timed(ask, 3)
}

/** Milliseconds that so many take, one after another. What answers at once is not awaited. */
async function timed(ask: () => unknown, times: number): Promise<number> {
  const begun = performance.now()
  for (let i = 0; i < times; i++) {
    const answer = ask()
    if (isPromise(answer)) await answer
  }
  return performance.now() - begun
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null)?.then === 'function'
}
