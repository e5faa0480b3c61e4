/**
 * Listening to a signal that many share: a caller's own, or that of the end of a transaction.
 *
 * @module
 */

const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls a listener when a signal aborts, until what is given back is called. One listener a signal, however many share it: Node
 * takes eleven for a leak, and says so.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const waiting = listeners.get(signal) ?? new Set()
  if (!listeners.has(signal)) {
    listeners.set(signal, waiting)
    signal.addEventListener('abort', () => waiting.forEach(tell => tell()), { once: true })
  }
  waiting.add(listener)
  return () => void waiting.delete(listener)
}

/** Has a stream let go of its connection when the transaction is about to end, unless it is over before: what is given is called then. */
export function letsGo(stream: { end(reason: unknown): void }, ending: AbortSignal | undefined): () => void {
  return ending === undefined ? () => {} : onAbort(ending, () => stream.end(ending.reason))
}
