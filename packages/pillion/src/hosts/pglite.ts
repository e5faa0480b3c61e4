/**
 * Riding on PGlite itself.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { pgliteDriver, type PgliteInstance } from './postgres/pglite-host.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions, PgliteInstance }

/**
 * A host over a PGlite.
 *
 * There is one connection: the root waits while a transaction is open, so that a statement of the root's inside of one
 * waits for ever. A transaction is the `tx` that `transaction` hands out; `transaction` is listened to from here on, and
 * the host is to be made before one begins. A statement that has begun cannot be stopped, and streams have no cursor.
 *
 * ```ts
 * const db = await pillion<DB>(pgliteHost(pglite))
 * await pglite.transaction(tx => ranked.on(tx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no PGlite.
 */
export function pgliteHost(pglite: PgliteInstance, options: HostOptions = {}): Host {
  if (!pgliteDriver.opens(pglite)) throw unknownHost('pgliteHost takes an instance of PGlite.')
  return pgliteDriver.seating('pglite', pglite, pgliteDriver.ride(pglite), options)
}
