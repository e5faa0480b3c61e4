/**
 * Transactions one after the other, where a host has one connection only.
 *
 * @module
 */

import { oncePerProcess } from '../../run/once.js'

/** The last in the queue of each connection, as long as it is there: whoever works on it, by whatever host and copy, waits in the same one. */
const last = oncePerProcess('turns.1', () => new WeakMap<object, Promise<void>>())

/** Lets the next one in. */
export type LeaveTurn = () => void

/** The turn on a connection: at once where nobody has it, else when it comes. */
export function turnOn(connection: object): LeaveTurn | Promise<LeaveTurn> {
  const before = last.get(connection)
  let over = (): void => {}
  const mine = new Promise<void>(resolve => (over = resolve))
  last.set(connection, mine)
  const leave = (): void => {
    if (last.get(connection) === mine) last.delete(connection)
    over()
  }
  return before === undefined ? leave : before.then(() => leave)
}
