/**
 * Connections that a driver knows to have ended, before anything is sent on them.
 *
 * @module
 */
import type { PillionError } from '../../errors.js'
import { isFunction } from '../../hosts/shape.js'
import { unsent } from '../failure.js'

/** What drivers keep of the end of a connection. */
interface Told {
  /** `pg` */
  readonly _queryable?: boolean
  /** `mysql2`: it was told to close, or lost. */
  readonly _closing?: boolean
  readonly _fatalError?: unknown
  readonly _protocolError?: unknown
  /** `mariadb` */
  readonly isValid?: unknown
  /** `better-sqlite3` */
  readonly open?: unknown
}

/**
 * Commits, where the connection is there: what fails then may have been committed. On one that its driver knows to have ended
 * nothing is sent, and nothing was committed. Where a driver does not tell, it is sent.
 *
 * @throws PillionError `CONNECTION_LOST`
 */
export function committing(connection: object, commit: Ending, rollback: Ending): Promise<unknown> {
  const lost = lossOf(connection)
  return lost === undefined ? commit() : givingBack(rollback, lost)
}

async function givingBack(rollback: Ending, lost: PillionError): Promise<never> {
  await rollback().catch(nothing)
  throw lost
}

type Ending = () => Promise<unknown>

/** Why nothing can be sent on a connection any more, where its driver knows that: a statement under way may have been told, and no listener. */
export function lossOf(connection: object, sql = 'COMMIT'): PillionError | undefined {
  const { _queryable, _closing, _fatalError, _protocolError, isValid, open } = connection as Told
  const invalid = open === false || (isFunction(isValid) && isValid.call(connection as never) === false)
  const cause = _fatalError ?? _protocolError
  if (_queryable !== false && _closing !== true && cause == null && !invalid) return undefined
  return unsent(cause ?? undefined, sql)
}

/** A connection of `pg`, or of `mysql2` with callbacks, from the inside. */
interface Wired {
  readonly connection?: { readonly stream?: Socket }
  readonly stream?: Socket
}

interface Socket {
  destroy(): unknown
}

/** Ends a connection from this side alone: its driver fails what is under way on it. */
export function drop(connection: object): void {
  const { connection: below, stream = below?.stream } = connection as Wired
  stream?.destroy()
}

function nothing(): void {}
