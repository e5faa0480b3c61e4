/**
 * Whole transactions, run again where that may cure them.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PillionError } from '../errors.js'
import { retryable } from './retryable.js'

/** How often, and how long apart. */
export interface RetryOptions {
  /** Runs at most, the first among them: 10 by default. */
  readonly attempts?: number | undefined
  /** Milliseconds that the first pause lasts at most: 10 by default. Each further one may be twice as long, up to a second. */
  readonly baseDelay?: number | undefined
  /** No further run once it is aborted, and no more waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * @throws PillionError `QUERY_INVALID` for a number of runs, or a pause, that is none, for it would run for ever; and for a signal that is none
 */
export function checkRetry({ attempts = 1, baseDelay = 0, signal }: RetryOptions): void {
  if (!(typeof attempts === 'number' && attempts >= 1)) {
    throw new PillionError('QUERY_INVALID', `It cannot be run ${String(attempts)} times at most: once is the least.`)
  }
  if (!(typeof baseDelay === 'number' && baseDelay >= 0)) {
    throw new PillionError('QUERY_INVALID', `A first pause cannot last ${String(baseDelay)} ms at most.`)
  }
  // what is none would be taken for one that is aborted, when the first run has failed
  if (signal !== undefined && !isSignal(signal)) {
    throw new PillionError('QUERY_INVALID', 'The signal of a retry is no AbortSignal.')
  }
}

/** Is it an AbortSignal? By shape. */
export function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false
  const { aborted, addEventListener } = value as { readonly [key in keyof AbortSignal]?: unknown }
  return typeof aborted === 'boolean' && typeof addEventListener === 'function'
}

/** No pause is longer, in milliseconds. */
const longest = 1_000

/**
 * Runs a whole transaction, and runs it again when it failed for a reason that {@link retryable} knows. `run` must begin
 * and end the transaction itself: after a deadlock or a serialization failure nothing of it is left to go on with. The
 * pauses between are random, so that those who collided do not meet again.
 *
 * ```ts
 * await withRetry(() => prisma.$transaction(tx => tx.node.update({ where: { id: 7 }, data: { parentId: 3 } })))
 * ```
 *
 * @param run is told which run it is: 1, 2, …
 * @throws whatever `run` throws, when that cannot be cured or `attempts` are used up; CANCELLED when `signal` is aborted;
 * QUERY_INVALID for options of no sense
 */
export async function withRetry<T>(run: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  checkRetry(options)
  const { attempts = 10, baseDelay = 10, signal } = options
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw cancelled(signal)
    try {
      return await run(attempt)
    } catch (error) {
      if (attempt >= attempts || !retryable(error)) throw error
    }
    await pause(Math.random() * Math.min(longest, baseDelay * 2 ** (attempt - 1)), signal)
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw cancelled(signal)
  }
}

function cancelled(signal: AbortSignal | undefined): PillionError {
  return new PillionError('CANCELLED', 'The transaction was not run again: its signal was aborted.', {
    cause: signal?.reason,
    hint: 'Its AbortSignal was aborted; nothing of the transaction is left.',
  })
}
