/** The interleaving: every round runs one batch of each entrant, and each round another goes first. @module */
import { rotated, type Rounds } from './statistics.js'

/** Something with a time to take: a contender's variant of a case. */
export interface Entrant {
  /** Takes the samples of one round. */
  sample(round: number): Promise<readonly number[]>
}

/** The samples of each entrant over `rounds` rounds, in the order of `entrants`. */
export async function interleaved(entrants: readonly Entrant[], rounds: number): Promise<readonly Rounds[]> {
  const samples = new Map(entrants.map(entrant => [entrant, [] as (readonly number[])[]]))
  for (let round = 0; round < rounds; round++)
    for (const entrant of rotated(entrants, round)) samples.get(entrant)!.push(await entrant.sample(round))
  return entrants.map(entrant => samples.get(entrant)!)
}
