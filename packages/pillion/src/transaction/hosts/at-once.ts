/**
 * Statements that cannot wait: synchronous ones, callbacks, streams.
 *
 * @module
 */
import { enterOrElse, type Failed, type Leave, type Passage } from '../../run/ambient.js'
import { onAbort } from '../../run/on-abort.js'

/**
 * Enters now or not at all: `whileNested: "wait"` is for promises.
 *
 * @param what begins the sentence of the refusal
 */
export function enterNow(passage: Passage, what: string): Leave {
  return enterOrElse(passage, () => new TypeError(`${what} cannot wait for the nested transaction to end.`))
}

/** Enters what has no end that a transaction could wait for, and whose failure it may never hear of. */
export function enterUnheard(passage: Passage, what: string): Failed {
  const leave = enterNow(passage, what)
  const failed = passage.suspect()
  leave()
  return failed
}

/** A stream of a driver's. */
export interface Destroyable {
  destroy(reason?: unknown): unknown
  /** `mariadb`: the rows that are still to come are let by. */
  close?(): unknown
  on(event: 'error' | 'close', listener: (error?: unknown) => void): unknown
}

/** Enters, and makes a stream, which ends with the transaction; its reader is told why. */
export function streamingIn<S extends Destroyable>(passage: Passage, make: () => S): S {
  const failed = enterUnheard(passage, 'A stream')
  const stream = make()
  const { ending } = passage
  // where nobody reads it any more the end is no error
  stream.on('error', error => {
    if (!ending.aborted) failed(error)
  })
  const end = (): void => {
    stream.destroy(ending.reason)
    stream.close?.()
  }
  stream.on('close', onAbort(ending, end))
  return stream
}
