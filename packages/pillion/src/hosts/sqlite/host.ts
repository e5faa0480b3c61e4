/**
 * What every host over a SQLite database in the process shares: once the host has found the seat, run one statement
 * there. Nothing is waited for, and so nothing can be stopped: a statement runs where it is called, to its end.
 *
 * @module
 */
import { interruptedBy, onErrand } from '../../run/errand.js'
import type { Host, Statement, StreamOptions, WireRow } from '../../run/host.js'
import { checkedOptions, type HostOptions, type Ride, type Seat } from '../seat.js'
import { sqliteFailure } from './failure.js'
import { readAll, readEach } from './reading.js'

/** Makes a host of a way to find a seat. */
export function sqliteHost(name: string, root: object, ride: Ride, options: HostOptions): Host {
  const { prepare = true, dates = 'sql' } = checkedOptions(options)
  const { find } = ride
  const host: Host = {
    name,
    root,
    dialect: 'sqlite',
    dates,
    async run(target, statement, options) {
      try {
        return await onErrand(options, statement.text, ({ signal }) =>
          ride(target, async seat => {
            signal?.throwIfAborted()
            return readAll(seat, statement, prepare)
          }),
        )
      } catch (error) {
        throw sqliteFailure(error, statement)
      }
    },
    stream: (target, statement, options) => streamOn(ride, target, statement, options),
  }
  if (find === undefined) return Object.freeze(host)
  return Object.freeze({
    ...host,
    runSync(target, statement) {
      try {
        return readAll(find(target), statement, prepare)
      } catch (error) {
        throw sqliteFailure(error, statement)
      }
    },
    iterateSync: (target, statement) => each(() => readEach(find(target), statement), statement),
  } satisfies Host)
}

/** The rows of a reading that begins at the first pull; it ends with the loop. */
function* each(begin: () => IterableIterator<WireRow>, statement: Statement): IterableIterator<WireRow> {
  try {
    yield* begin()
  } catch (error) {
    throw sqliteFailure(error, statement)
  }
}

/**
 * Batches of rows. The seat is held from the first pull on; the reading itself is let go of at once when its transaction
 * is about to end, since better-sqlite3 commits nothing under it.
 */
async function* streamOn(
  ride: Ride,
  target: unknown,
  statement: Statement,
  { batch, ending, described, ...interruptions }: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(interruptions, statement.text)
  try {
    signal.throwIfAborted()
    const { seat, release } = await hold(ride, target)
    try {
      const stops = [signal, ending, seat.ending].filter(each => each !== undefined)
      yield* batches(readEach(seat, statement, described), batch, AbortSignal.any(stops))
    } finally {
      release()
    }
  } catch (error) {
    throw sqliteFailure(error, statement)
  } finally {
    end()
  }
}

/** Has a seat until it is released. */
function hold(ride: Ride, target: unknown): Promise<{ readonly seat: Seat; release(): void }> {
  return new Promise((resolve, reject) => {
    ride(target, seat => new Promise<void>(release => resolve({ seat, release }))).catch(reject)
  })
}

function* batches(rows: IterableIterator<WireRow>, size: number, stop: AbortSignal): Generator<readonly WireRow[]> {
  const close = (): void => void rows.return?.()
  stop.addEventListener('abort', close, { once: true })
  try {
    for (;;) {
      stop.throwIfAborted()
      const batch = take(rows, size)
      if (batch.length > 0) yield batch
      if (batch.length < size) return
    }
  } finally {
    stop.removeEventListener('abort', close)
    close()
  }
}

function take(rows: IterableIterator<WireRow>, size: number): readonly WireRow[] {
  const taken: WireRow[] = []
  while (taken.length < size) {
    const { done, value } = rows.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}
