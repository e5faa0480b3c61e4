/**
 * First come, first served on one physical connection, whoever holds it and through however many hosts.
 *
 * @module
 */
import { oncePerProcess } from './once.js'

const tails = oncePerProcess('queue.1', () => new WeakMap<object, Promise<void>>())

/**
 * Runs a job when every earlier job on the same connection has settled: at once where there is none.
 *
 * @param connection the physical connection: jobs of different connections never wait for each other.
 * @param job what to do; its failure does not keep the next from running.
 */
export function inTurn<T>(connection: object, job: () => Promise<T>): Promise<T> {
  const before = tails.get(connection)
  const mine = before === undefined ? job() : before.then(job)
  const leave = (): void => {
    if (tails.get(connection) === settled) tails.delete(connection)
  }
  const settled: Promise<void> = mine.then(leave, leave)
  tails.set(connection, settled)
  return mine
}
