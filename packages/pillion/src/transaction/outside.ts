/**
 * Hooks of work that its mode runs outside of any transaction: what it did is there for good as soon as it is done.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { place } from './failure.js'
import { publish } from './report.js'
import type { Hook, Hooks } from './scope.js'

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
  const hooks: Hooks = { beforeCommit: [], afterCommit: [], afterRollback: [] }
  const words = (): string => `work run outside of any transaction at ${place(begun)}`
  let isOver = false
  const settle = async (left: readonly Hook[]): Promise<{ readonly error: unknown } | undefined> => {
    isOver = true
    let failed: { readonly error: unknown } | undefined
    for (const hook of left) {
      try {
        await hook()
      } catch (error) {
        failed ??= { error }
        publish(() => Object.freeze({ type: 'hook failed', host, name, begun: place(begun), error }))
      }
    }
    return failed
  }
  return Object.freeze({
    on(end, hook) {
      if (isOver) throw new PillionError('TRANSACTION_FINISHED', `The ${words()} is over.`)
      hooks[end].push(hook)
    },
    async after(work) {
      const result = await done(work, hooks.beforeCommit).catch(async error => {
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

async function done<T>(work: () => PromiseLike<T> | T, before: Hook[]): Promise<T> {
  const result = await work()
  // a hook may add another
  for (let hook = before.shift(); hook !== undefined; hook = before.shift()) await hook()
  return result
}
