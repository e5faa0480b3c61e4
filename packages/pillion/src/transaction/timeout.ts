/**
 * A transaction that is past its timeout.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { alarm, now, silence } from '../run/clock.js'
import { cutShort } from './cut-short.js'
import type { Scope } from './scope.js'

/** Has its clock strike, unless it ends before. */
export function expireInTime<Orm>(scope: Scope<Orm>): void {
  const { timeout } = scope.options
  if (timeout === undefined || scope.parent !== undefined) return
  const clock = alarm(timeout, () => void expire(scope))
  scope.atEnd(() => silence(clock))
}

/** Is it past its timeout, whether its clock has struck or not? */
export function isOverdue<Orm>({ at, parent, options: { timeout } }: Scope<Orm>): boolean {
  return timeout !== undefined && parent === undefined && now() - at >= timeout
}

/** Rolls back one that is past its timeout, and has the server stop what it is doing. */
export function expire<Orm>(scope: Scope<Orm>): Promise<void> {
  const reason = new PillionError(
    'TRANSACTION_TIMED_OUT',
    `The ${scope.words} ran past its timeout of ${scope.options.timeout} ms, after ${scope.statements} statements.`,
  )
  return cutShort(scope, () => 'at its timeout', reason)
}
