/**
 * A transaction whose caller wants no more of it: the request that it belongs to was given up, say.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { onAbort } from '../run/on-abort.js'
import { cutShort } from './cut-short.js'
import type { Scope } from './scope.js'

/** Rolls it back when its signal aborts, unless it ends before. */
export function cancelBySignal<Orm>(scope: Scope<Orm>): void {
  const { signal } = scope.options
  if (signal === undefined || scope.parent !== undefined) return
  const cancel = (): void => void cutShort(scope, () => 'by its signal', cancelled(`The ${scope.words}`, signal))
  if (signal.aborted) cancel()
  else scope.atEnd(onAbort(signal, cancel))
}

/** @throws PillionError `CANCELLED` where there is nothing to begin any more */
export function assertWanted(signal: AbortSignal | undefined, words: () => string): void {
  if (signal?.aborted === true) throw cancelled(words(), signal)
}

/** @param words begin the sentence */
export function cancelled(words: string, signal: AbortSignal): PillionError {
  return new PillionError('CANCELLED', `${words} was cancelled by its signal.`, { cause: signal.reason })
}

/** One that aborts with either. */
export function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other])
}
