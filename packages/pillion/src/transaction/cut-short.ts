/**
 * A transaction that is cut short: rolled back before its work is done, and what it is doing stopped in the server.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { PillionError } from '../errors.js'
import { alarm, silence } from '../run/clock.js'
import { onAbort } from '../run/on-abort.js'
import type { TransactionOptions } from './options.js'
import type { Scope, Where } from './scope.js'

/** Milliseconds after which a connection is dropped on which the server lets a transaction neither begin, nor go on, nor end. */
export const unanswered = 5_000

/** May it be? */
export function mayBeCutShort({ timeout, signal }: TransactionOptions): boolean {
  return timeout !== undefined || signal !== undefined
}

/** The work's outcome, or what ended the scope before the work did. */
export function orOver<T, Orm>(scope: Scope<Orm>, working: PromiseLike<T> | T): Promise<T> {
  return new Promise((resolve, reject) => {
    Promise.resolve(working).then(resolve, reject)
    void scope.over.then(() => {
      const { doomedBy } = scope
      if (doomedBy !== undefined) reject(doomedBy.reason)
    })
  })
}

/** Rolls it back, and has the server stop what it is doing. */
export async function cutShort<Orm>(scope: Scope<Orm>, where: Where, reason: PillionError): Promise<void> {
  scope.doom(reason)
  // streams are told to let go, and whatever keeps the connection is stopped in the server
  const rollback = scope.rollback(where, reason)
  const dropping = new AbortController()
  // on its way out by itself it is not held up: COMMIT is not stopped
  const clock = scope.doomedBy === undefined ? undefined : alarm(unanswered, () => giveUp(scope, dropping))
  await stop(scope, dropping.signal).catch(() => {})
  await rollback.finally(() => silence(clock))
}

/**
 * The network may be away, and nothing that comes of it: neither the end of what is under way nor an answer to ROLLBACK, nor one to the
 * request to stop.
 */
function giveUp<Orm>(scope: Scope<Orm>, dropping: AbortController): void {
  if (scope.isOver || scope.link.drop === undefined) return
  scope.link.drop()
  dropping.abort()
}

/**
 * Has the server stop what is under way, and asks again: a request that comes too early may be forgotten, or fail. One that comes for a connection
 * that was dropped hits nobody: it is waited for no longer.
 */
async function stop<Orm>(scope: Scope<Orm>, dropped: AbortSignal): Promise<void> {
  const { cancel } = scope.link
  if (cancel === undefined) return
  const isWanted = (): boolean => scope.busy && !dropped.aborted
  for (let wait = 20; isWanted(); wait = Math.min(2 * wait, 1_000)) {
    let settled = (): void => {}
    const request = new Promise<void>(resolve => (settled = resolve))
    const forget = onAbort(dropped, settled)
    const asked = (): boolean => {
      const wanted = isWanted()
      if (wanted) scope.stoppedBy(request)
      return wanted
    }
    const answered = (): void => {
      forget()
      settled()
    }
    // one that fails, for a connection of the pool's has broken, say, is made again, too
    const cancelling = cancel(asked).then(answered, answered)
    // it may need a connection, and wait for that one which the statement has
    await Promise.race([cancelling, scope.over])
    await Promise.race([pause(wait, undefined, { ref: false }), scope.over])
  }
}
