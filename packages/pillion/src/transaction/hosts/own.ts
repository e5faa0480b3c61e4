/**
 * Transactions of a host's own inside of pillion's: one that is open when pillion's is committed would be committed with it, half done.
 *
 * @module
 */
import { isPromise } from 'node:util/types'

/** Those of one transaction. */
export interface Own {
  isOpen(): boolean
  /** How many are open. */
  count(): number
  /** One begins; what it gives is called when that one is over. */
  begun(): () => void
  /** One is open for as long as this takes. */
  during<T>(work: () => T): T
}

export function ownTransactions(): Own {
  const open = new Set<object>()
  const begun = (): (() => void) => {
    const one = {}
    open.add(one)
    return () => void open.delete(one)
  }
  return Object.freeze({
    isOpen: () => open.size > 0,
    count: () => open.size,
    begun,
    during<T>(work: () => T): T {
      const over = begun()
      try {
        const made = work()
        if (isPromise(made)) return made.finally(over) as T
        over()
        return made
      } catch (error) {
        over()
        throw error
      }
    },
  } satisfies Own)
}
