/** Contenders in turn: in each round everybody once, and each round another goes first. @module */
import { median, rotated } from '../statistics.js'
import { type Contender, type Statements, statements } from './field.js'

/** What is run, and how often. */
export interface Course {
  readonly statement: keyof Statements
  readonly rounds: number
  readonly perRound: number
  /** Is all garbage collected before each round? */
  readonly collects: boolean
}

/** Microseconds a transaction, by name and round. */
export type Samples = Readonly<Record<string, readonly number[]>>

/** Milliseconds. */
const warmTime = 1_500

export async function measure(contenders: readonly Contender[], course: Course): Promise<Samples> {
  const samples = Object.fromEntries(contenders.map(({ name }) => [name, [] as number[]]))
  for (const contender of contenders) await warmed(contender, course)
  for (let round = 0; round < course.rounds; round++) {
    if (course.collects) globalThis.gc?.()
    for (const contender of rotated(contenders, round)) samples[contender.name]!.push(await timed(contender, course))
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

async function timed({ once }: Contender, { statement, perRound }: Course): Promise<number> {
  const sql = statements[statement]
  const start = process.hrtime.bigint()
  for (let i = 0; i < perRound; i++) await once(sql)
  return Number(process.hrtime.bigint() - start) / perRound / 1000
}
