/**
 * Time as it passes for a database: whoever sets the machine's clock, or puts a test's clocks in the place of the process's, changes
 * nothing of how long something takes there. So these are taken when the module is loaded.
 *
 * @module
 */
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'

const { setTimeout, clearTimeout, setInterval, setImmediate } = timers
const elapsed = performance.now.bind(performance)

/** Milliseconds, of which only the difference means anything. */
export function now(): number {
  return Math.floor(elapsed())
}

/** A clock that runs, or one that never strikes. */
export type Clock = NodeJS.Timeout | undefined

/** Calls back after some milliseconds. A timer takes 24 days at most, and makes 1 ms of what is longer: that never strikes. */
export function alarm(milliseconds: number, ring: () => void): Clock {
  return milliseconds < 2 ** 31 ? setTimeout(ring, milliseconds) : undefined
}

/** Stops an alarm that has not rung, or what calls back again and again: to Node both are one. */
export function silence(clock: Clock): void {
  clearTimeout(clock)
}

/** Calls back each time that some milliseconds have passed. */
export function every(milliseconds: number, ring: () => void): NodeJS.Timeout {
  return setInterval(ring, milliseconds)
}

/** Calls back when what has been asked for by now is on its way. */
export function soon(work: () => void): void {
  setImmediate(work)
}

/** Resolves when all has been read that is here by now. */
export function nextTurn(): Promise<void> {
  return new Promise(soon)
}
