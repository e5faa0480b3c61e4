/**
 * Transactions one after the other, where a host has one connection only.
 *
 * @module
 */

import { oncePerProcess } from '../../run/once.js'

/** The last in the queue of each connection: whoever works on it, by whatever host and copy, waits in the same one. */
const last = oncePerProcess('turns.1', () => new WeakMap<object, Promise<void>>())

/** The turn on a connection, when it comes: what it gives lets the next one in. */
export async function turnOn(connection: object): Promise<() => void> {
  const before = last.get(connection)
  let leave = (): void => {}
  last.set(connection, new Promise(resolve => (leave = resolve)))
  await before
  return leave
}
