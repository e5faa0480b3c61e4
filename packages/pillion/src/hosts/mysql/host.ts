/**
 * What every host over MySQL's protocol shares: once the host has found a seat on a connection, run one statement there.
 *
 * @module
 */
import { Answer } from '../../run/answer.js'
import { type Errand, onErrand } from '../../run/errand.js'
import type { Host, RunOptions, WireResult, WireRow } from '../../run/host.js'
import { inTurn } from '../../run/queue.js'
import { mysqlFailure } from './failure.js'
import type { Sending } from './line.js'
import { checkAfter, type MysqlSeat, mustAsk, mysqlSeat, refusalOn } from './seat.js'
import { streamOn } from './stream.js'
import { checkedOptions, type HostOptions, type Ride } from '../seat.js'

/** Makes a host of a way to find a seat on connections of `mysql2` or `mariadb`. */
export function mysqlHost(name: string, root: object, ride: Ride, options: HostOptions): Host {
  const { prepare = true } = checkedOptions(options)
  return Object.freeze({
    name,
    root,
    dialect: 'mysql',
    run: (target, statement, options) => runThrough(ride, { statement, prepare }, target, options),
    stream: (target, statement, options) => streamOn(ride, { statement, prepare }, target, options),
  } satisfies Host)
}

/** One statement, by the way to its seat. */
export async function runThrough(
  ride: Ride,
  sending: Sending,
  target: unknown,
  options: RunOptions,
): Promise<WireResult> {
  const { statement } = sending
  try {
    return await onErrand(options, statement.text, errand =>
      ride(target, seat => {
        const there = mysqlSeat(seat)
        const job = (): Promise<WireResult> => sendOn(there, sending, errand)
        return seat.borrowed ? job() : inTurn(there.line.connection, job)
      }),
    )
  } catch (error) {
    throw mysqlFailure(error, statement)
  }
}

async function sendOn(seat: MysqlSeat, sending: Sending, errand: Errand): Promise<WireResult> {
  const rows: WireRow[] = []
  try {
    if (mustAsk(seat)) await seat.line.ping()
    const admit = (): Error | undefined => {
      const refusal: Error | undefined = errand.signal?.aborted ? errand.signal.reason : refusalOn(seat)
      errand.sent = refusal === undefined
      return refusal
    }
    const answer = seat.line.send(sending, admit, row => rows.push(row))
    const told = await (errand.signal === undefined ? answer : stoppable(answer, seat, errand, errand.signal))
    checkAfter(seat, told.inTransaction)
    return new Answer(rows, told.fields, told.affected)
  } catch (error) {
    throw errand.sent && errand.signal?.aborted ? errand.signal.reason : mysqlFailure(error, sending.statement)
  }
}

/**
 * Waits for the answer; on interruption has the server stop the statement, and waits for that. Where the server cannot
 * be reached a borrowed connection is cut; on the host's own the caller is answered at once, the statement runs to its
 * end, and ours that follow wait for it.
 */
async function stoppable<T>(answer: Promise<T>, seat: MysqlSeat, errand: Errand, signal: AbortSignal): Promise<T> {
  let stopped: Promise<void> | undefined
  const stop = (): void => {
    if (!errand.sent) return
    stopped = seat.line.stop(answer).catch(() => {
      if (seat.borrowed) return seat.line.cut()
      errand.abandon(signal.reason)
    })
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const result = await answer
    // a statement that was stopped may end as if it had run to its end: sleep() does
    if (stopped !== undefined) throw signal.reason
    return result
  } finally {
    signal.removeEventListener('abort', stop)
    await stopped
  }
}
