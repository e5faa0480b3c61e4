/**
 * What every host over `pg` shares: once the host has found a seat on a client, run one statement there.
 *
 * @module
 */
import { type Errand, onErrand } from '../../run/errand.js'
import { failureOf, isStalePlan, sqlState } from '../../run/failure.js'
import type { Host, RunOptions, Statement, WireResult } from '../../run/host.js'
import { type PreparedNames, preparedNames } from '../../run/prepared.js'
import { inTurn } from '../../run/queue.js'
import { cancelRequest, cancelUntil } from './cancel.js'
import { type PgSeat, pgSeat } from './checkouts.js'
import type { PgClient } from './client.js'
import { streamOn } from './cursor.js'
import { held, sendNext } from './first-in-line.js'
import { read, savepoint } from './reading.js'
import { checkedOptions, type HostOptions, type Ride } from '../seat.js'

/** The SQLSTATE of a prepared statement that somebody has deallocated. */
const forgotten = '26000'

/** Makes a host of a way to find a seat. */
export function postgresHost(
  name: string,
  root: object,
  ride: Ride,
  options: HostOptions,
  names = preparedNames(checkedOptions(options).prepare ?? true),
): Host {
  return Object.freeze({
    name,
    root,
    dialect: 'postgres',
    run: (target, statement, options) => runThrough(ride, names, target, statement, options),
    stream: (target, statement, options) => streamOn(ride, target, statement, options),
  } satisfies Host)
}

/** One statement, by the way to its seat. */
export async function runThrough(
  ride: Ride,
  names: PreparedNames,
  target: unknown,
  statement: Statement,
  options: RunOptions,
): Promise<WireResult> {
  try {
    return await onErrand(options, statement.text, errand =>
      ride(target, seat => runOn(pgSeat(seat), statement, options, names, errand)),
    )
  } catch (error) {
    throw failureOf(error, statement)
  }
}

/** Runs one statement on a seat, in its turn. */
function runOn(
  seat: PgSeat,
  statement: Statement,
  options: RunOptions,
  names: PreparedNames,
  errand: Errand,
): Promise<WireResult> {
  const job = (): Promise<WireResult> => sendOn(seat, statement, options, names, errand)
  return seat.borrowed ? job() : inTurn(seat.client, job)
}

async function sendOn(
  seat: PgSeat,
  statement: Statement,
  options: RunOptions,
  names: PreparedNames,
  errand: Errand,
): Promise<WireResult> {
  const { client } = seat
  const isolate = options.savepoint === true
  let isolated = false
  const admit = (): { readonly savepoint: boolean } | Error => {
    const refusal: Error | undefined = errand.signal?.aborted ? errand.signal.reason : seat.refusal()
    if (refusal !== undefined) return refusal
    errand.sent = true
    isolated = isolate && client.getTransactionStatus() === 'T'
    return { savepoint: isolated }
  }
  let undone: Promise<void> | undefined
  const failed = (error: unknown): void => {
    if (isolated && failureOf(error, statement).code !== 'CONNECTION_LOST') undone = undo(client)
  }
  const answer = read(reading => client.query(reading), statement, { name: names.of(statement), admit, failed })
  try {
    return await (errand.signal === undefined ? answer : stoppable(answer, seat, errand, errand.signal))
  } catch (error) {
    if (isStalePlan(error) || sqlState(error) === forgotten) names.retire(statement)
    await undone
    throw errand.sent && errand.signal?.aborted ? errand.signal.reason : failureOf(error, statement)
  }
}

/**
 * Waits for the answer; on interruption has the server stop the statement, and waits for that. Where the server cannot
 * be reached a borrowed connection is cut; on the host's own the caller is answered at once, the statement runs to its
 * end, and ours that follow wait for it.
 */
async function stoppable<T>(answer: Promise<T>, seat: PgSeat, errand: Errand, signal: AbortSignal): Promise<T> {
  let stopped: Promise<void> | undefined
  const stop = (): void => {
    if (!errand.sent) return
    const goOn = seat.borrowed ? undefined : held(seat.client)
    stopped = cancelUntil(answer, () => cancelRequest(seat.client))
      .catch(() => {
        if (seat.borrowed) return void seat.client.end()
        errand.abandon(signal.reason)
      })
      .finally(goOn)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await answer
  } finally {
    signal.removeEventListener('abort', stop)
    await stopped
  }
}

/** Takes the transaction back to where it was before ours. The error that made this needed is the one to be told. */
function undo(client: PgClient): Promise<void> {
  return sendNext(client, `ROLLBACK TO SAVEPOINT ${savepoint}; RELEASE SAVEPOINT ${savepoint}`)
}
