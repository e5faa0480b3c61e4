/**
 * Who runs on which processor. Left to itself the scheduler puts a client and its server now on two processors and now on one,
 * for minutes at a time, and which it is makes a round trip half again as long: more than all that is measured here.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/**
 * Where the client is: `apart` from the server, which answers while the client goes on, as it does elsewhere; or `together` with it on
 * one processor, so that the work of both counts, whoever waits for whom.
 */
export type Seat = 'apart' | 'together'

/** A processor for servers, and one for this process. */
export interface Seats {
  /** Starts a server on its own processor, with whatever it starts itself. */
  serving<T>(start: () => Promise<T>): Promise<T>
  /** Moves a process of this one's. */
  sit(seat: Seat, pid: number): Promise<void>
  /** Why nobody is moved, where nobody is. */
  readonly unpinned?: string
}

/** The processors that this process was given. */
export const processors: readonly number[] = given()

/** Whoever names a server by its URL has put it where it is. */
const named = ['PILLION_BENCH_URL', 'PILLION_BENCH_MARIADB_URL']

export async function seats(): Promise<Seats> {
  const [client, server] = processors
  if (client === undefined || server === undefined) return unpinned('there are no two processors to choose from')
  if (named.some(name => process.env[name] !== undefined)) return unpinned('a server named by its URL is not moved')
  try {
    await pin(process.pid, client)
  } catch {
    return unpinned('there is no taskset, which moves processes')
  }
  return Object.freeze({
    async serving<T>(start: () => Promise<T>) {
      await pin(process.pid, server)
      try {
        return await start()
      } finally {
        await pin(process.pid, client)
      }
    },
    sit: (seat: Seat, pid: number) => pin(pid, { apart: client, together: server }[seat]),
  } satisfies Seats)
}

function unpinned(why: string): Seats {
  return Object.freeze({ serving: start => start(), sit: async () => {}, unpinned: why } satisfies Seats)
}

/** Puts all threads of a process on a processor. */
export async function pin(pid: number, processor: number): Promise<void> {
  await promisify(execFile)('taskset', ['-acp', String(processor), String(pid)])
}

function given(): readonly number[] {
  if (process.platform !== 'linux') return []
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return processorsIn(list)
}

/** The numbers in a list of the kernel's: `0-2,5`. */
export function processorsIn(list: string): readonly number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, from, to = from]) => {
    const [first, last] = [Number(from), Number(to)]
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
