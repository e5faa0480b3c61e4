/**
 * What has become of the connection of a transaction on postgres.js: with none left it would end the process, or write to whoever has the
 * next one.
 *
 * @module
 */
import { PillionError } from '../../../errors.js'
import { isObject } from '../../../hosts/shape.js'
import { attempt } from '../../../run/ambient.js'
import type { Own } from '../own.js'

/** What has become of the connection. */
export interface Flow {
  /** What tells that it has ended, or is about to. */
  lost: { readonly cause: unknown } | undefined
  /** It has ended: for postgres.js the transaction is over. */
  gone: boolean
  /** The transaction's end is asked for: what comes is its answer. */
  ending: boolean
  /** Fails what is under way: where the connection ends postgres.js leaves some of it without an answer. */
  readonly pending: Set<(error: PillionError) => void>
  /** Settles when the transaction is over. */
  readonly over: Promise<unknown>
  readonly close: object | undefined
  /** Resolves when no COPY has the connection: postgres.js refuses to send meanwhile. */
  copied: Promise<unknown> | undefined
  /** Savepoints of postgres.js's own, where there have been any. */
  own: Own | undefined
}

/** @param close what a cursor's callback gives for its end; `ended` settles when the transaction is over */
export function flowOf(close: object | undefined, ended: Promise<unknown>): Flow {
  const over = (cause: unknown): void => {
    if (!flow.ending) end(flow, cause)
  }
  const flow: Flow = {
    lost: undefined,
    gone: false,
    ending: false,
    pending: new Set(),
    over: ended.then(over, over),
    close,
    copied: undefined,
    own: undefined,
  }
  return flow
}

/** Nothing is sent any more: with no connection left, postgres.js would end the process, or write to whoever has the next one. */
function end(flow: Flow, cause: unknown): void {
  flow.gone = true
  flow.lost ??= { cause }
  for (const fail of flow.pending) fail(lossOf(flow))
  flow.pending.clear()
}

export function lossOf({ lost }: Flow): PillionError {
  return new PillionError(
    'CONNECTION_LOST',
    'The connection of the transaction has ended: the server has rolled back.',
    {
      cause: lost?.cause,
    },
  )
}

/** Does what needs the connection, for as long as that is there. */
export function alive<T>(flow: Flow, work: () => PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (flow.lost !== undefined) {
      reject(lossOf(flow))
      return
    }
    flow.pending.add(reject)
    attempt(work)
      .finally(() => flow.pending.delete(reject))
      .then(resolve, error => {
        if (isLoss(error)) flow.lost ??= { cause: error }
        reject(error)
      })
  })
}

/** A server's error ends the session where it says so itself: a function may raise any code. */
export function isLoss(error: unknown): boolean {
  const { code, severity } = (isObject(error) ? error : {}) as { readonly code?: unknown; readonly severity?: unknown }
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC'
  return typeof code === 'string' && /^(CONNECTION_|(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT)$)/.test(code)
}
