/**
 * One suite for every host × driver: what riding on it means, as cases that any test framework can run.
 *
 * @module
 */
import { badInput } from './cases/bad-input.js'
import { borrowing } from './cases/borrowing.js'
import { failures } from './cases/failures.js'
import { interruptions } from './cases/interruptions.js'
import { reading } from './cases/reading.js'
import { refusals } from './cases/refusals.js'
import { streams } from './cases/streams.js'
import { transactions } from './cases/transactions.js'
import { trees } from './cases/trees.js'
import { types } from './cases/types.js'
import type { Capability } from './capability.js'
import type { Fixture } from './fixture.js'
import { openStage, type Scene, type Stage } from './stage.js'

/** One case of the suite. */
export interface Case {
  readonly name: string
  /** What it shows of the host. */
  readonly capability: Capability
  /** Which capability the fixture lacks for it, and why: then it is to be skipped, and the skip said aloud. */
  readonly lacking?: { readonly capability: Capability; readonly reason: string }
  run(): Promise<void>
}

/** The suite over one fixture. */
export interface Conformance {
  readonly cases: readonly Case[]
  /** Closes what the cases have opened. */
  close(): Promise<void>
}

const scenes: readonly Scene[] = [
  ...reading,
  ...types,
  ...badInput,
  ...transactions,
  ...trees,
  ...refusals,
  ...borrowing,
  ...failures,
  ...interruptions,
  ...streams,
]

/**
 * The suite for a host. It opens the host when the first case runs; the cases run one after another, in any order.
 *
 * ```ts
 * const { cases, close } = conformance(fixture, url)
 * for (const { name, lacking, run } of cases) test.skipIf(lacking)(name, run)
 * afterAll(close)
 * ```
 *
 * @param url of an empty database, as `fixture.open` takes it.
 */
export function conformance(fixture: Fixture, url: string | (() => string)): Conformance {
  let opening: Promise<Stage> | undefined
  const stage = (): Promise<Stage> => {
    opening ??= openStage(fixture, typeof url === 'string' ? url : url())
    return opening
  }
  return Object.freeze({
    cases: scenes.map(scene => caseOf(scene, fixture, stage)),
    async close() {
      if (opening === undefined) return
      const { mount } = await opening
      await mount.close()
      await mount.observer.close()
    },
  })
}

function caseOf({ name, needs, play }: Scene, { lacks }: Fixture, stage: () => Promise<Stage>): Case {
  const capability = needs.find(each => lacks[each] !== undefined)
  const reason = capability && lacks[capability]
  return Object.freeze({
    name,
    capability: needs[0],
    ...(capability && reason !== undefined ? { lacking: { capability, reason } } : {}),
    run: async () => play(await stage()),
  })
}
