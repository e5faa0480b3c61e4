/**
 * Rows that are read one by one, at once, for no longer than a transaction lasts.
 *
 * @module
 */

/** The same iterator, which is closed when the transaction is about to end: its reader is told why. */
export function iteratingUntil<T>(ending: AbortSignal, iterator: IterableIterator<T>): IterableIterator<T> {
  const close = (): void => void iterator.return?.()
  const over = (): void => ending.removeEventListener('abort', close)
  ending.addEventListener('abort', close, { once: true })
  const told: IterableIterator<T> = {
    next() {
      ending.throwIfAborted()
      const result = iterator.next()
      if (result.done === true) over()
      return result
    },
    return(value?: T) {
      over()
      close()
      return { done: true, value }
    },
    [Symbol.iterator]: () => told,
  }
  return told
}
