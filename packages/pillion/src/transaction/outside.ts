/**
 * Hooks of work that its mode runs outside of any transaction: what it did is there for good as soon as it is done.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { place } from './failure.js'
import { type Hook, type Hooks, noHooks, runAfter, runBefore } from './hooks.js'
import { publish } from './report.js'

/** What such work leaves to be done at its end. */
export interface OutsideHooks {
  /** @throws PillionError `TRANSACTION_FINISHED`: nobody would ever run it */
  on(end: keyof Hooks, hook: Hook): void
  /**
   * Does the work, and what it has left.
   *
   * @throws PillionError `HOOK_FAILED` where a hook failed that ran afterwards; else what the work failed with
   */
  after<T>(work: () => PromiseLike<T> | T): Promise<T>
}

export function hooksOutside(host: string, name: string | undefined, begun: Origin): OutsideHooks {
  const hooks = noHooks()
  const words = (): string => `work run outside of any transaction at ${place(begun)}`
  const tell = (error: unknown): void =>
    publish(() => Object.freeze({ type: 'hook failed', host, name, begun: place(begun), error }))
  let isOver = false
  const settle = (left: readonly Hook[]): Promise<{ readonly error: unknown } | undefined> => {
    isOver = true
    return runAfter(left, tell)
  }
  return Object.freeze({
    on(end, hook) {
      if (isOver) throw new PillionError('TRANSACTION_FINISHED', `The ${words()} is over.`)
      hooks[end].push(hook)
    },
    async after(work) {
      const result = await done(work, hooks).catch(async error => {
        await settle(hooks.afterRollback)
        throw error
      })
      const failed = await settle(hooks.afterCommit)
      if (failed === undefined) return result
      throw new PillionError('HOOK_FAILED', `The ${words()} was done, and a hook that ran afterwards failed.`, {
        cause: failed.error,
      })
    },
  } satisfies OutsideHooks)
}

async function done<T>(work: () => PromiseLike<T> | T, hooks: Hooks): Promise<T> {
  const result = await work()
  await runBefore(hooks)
  return result
}
