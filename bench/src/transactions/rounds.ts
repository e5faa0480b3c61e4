/** Contenders in turn: in each round everybody once, and each round another goes first. @module */
import { median } from '../statistics.js'
import type { Contender } from './contenders.js'

/** What is run, and how often. */
export interface Course {
  readonly sql: string
  readonly rounds: number
  readonly perRound: number
}

/** Microseconds a transaction, by name and round. */
export type Samples = ReadonlyMap<string, readonly number[]>

/** Milliseconds. */
const warmTime = 1_500

/** @param before is done before each round */
export async function measure(
  contenders: readonly Contender[],
  course: Course,
  signal: AbortSignal,
  before: () => void,
): Promise<Samples> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (const contender of contenders) await warmed(contender, course)
  for (let round = 0; round < course.rounds; round++) {
    signal.throwIfAborted()
    before()
    const order = contenders.map((_, i) => contenders[(i + round) % contenders.length]!)
    for (const contender of order) samples.get(contender.name)!.push(await timed(contender, course))
  }
  return samples
}

/** The median over rounds of the ratio within a round. */
export function ratio(own: readonly number[], beside: readonly number[]): number {
  return median(own.map((sample, i) => sample / beside[i]!))
}

/** Who does least of its own is compiled by the engine soonest: what is timed before all are tells of nothing but that. */
async function warmed(contender: Contender, course: Course): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < warmTime; ) await timed(contender, course)
}

async function timed({ once }: Contender, { sql, perRound }: Course): Promise<number> {
  const start = process.hrtime.bigint()
  for (let i = 0; i < perRound; i++) await once(sql)
  return Number(process.hrtime.bigint() - start) / perRound / 1000
}
