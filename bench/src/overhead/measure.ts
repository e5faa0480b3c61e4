/** What pillion adds to the driver's call, in a process of its own. @module */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Line, Measured } from '../results.js'

/** Nanoseconds a call that pillion takes beyond what it calls, by round. */
export interface Overhead {
  /** Over a host that answers at once: the processor's time alone. */
  readonly isolated: readonly number[]
  /** Over `pg`, beside the driver's own call: what a caller sees, with the noise of a round trip. */
  readonly live: readonly number[]
}

const most = 3000

export async function measureOverhead(url: string, rounds: number, signal: AbortSignal): Promise<Measured> {
  const program = fileURLToPath(new URL('./once.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, url, String(rounds)], {
    signal,
  })
  const { isolated, live } = JSON.parse(stdout) as Overhead
  const line = (variant: string, samples: readonly number[]): Line => ({
    contender: 'pillion',
    variant,
    rounds: samples.map(sample => [sample]),
    sql: [],
  })
  return {
    id: 'overhead',
    title: 'Beyond the driver’s call, with a cached shape: one column of one row by key',
    lines: [line('isolated', isolated), line('live', live)],
    absent: [],
    targets: [
      { subject: 'pillion', variant: 'isolated', within: most },
      { subject: 'pillion', variant: 'live', within: most },
    ],
  }
}
