/**
 * A statement's rows in batches. The drivers know no cursors of the server: rows wait in the connection until they are
 * asked for, and a reader who has enough has the server stop.
 *
 * @module
 */
import type { PillionError } from '../../errors.js'
import { nextTurn } from '../../run/clock.js'
import { interruptedBy } from '../../run/errand.js'
import type { Described, StreamOptions, WireRow } from '../../run/host.js'
import { letsGo } from '../../run/on-abort.js'
import { inTurn } from '../../run/queue.js'
import { mysqlFailure } from './failure.js'
import { checkAfter, type MysqlSeat, mustAsk, mysqlSeat, refusalOn } from './seat.js'
import type { Sending, Told } from './line.js'
import { isLost, type Ride } from '../seat.js'

/** Streams a statement. The connection is held until the server has said its last word. */
export async function* streamOn(
  ride: Ride,
  sending: Sending,
  target: unknown,
  options: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(options, sending.statement.text)
  try {
    signal.throwIfAborted()
    const flow = new Flow(sending, options, signal)
    signal.addEventListener('abort', () => flow.end(signal.reason), { once: true })
    const stay = letsGo(flow, options.ending)
    const board = (seat: MysqlSeat): Promise<void> => inTurn(seat.line.connection, () => flow.run(seat))
    const riding = ride(target, seat => board(mysqlSeat(seat))).catch(error => flow.fail(error))
    try {
      for (let rows = await flow.next(); rows.length > 0; rows = await flow.next()) yield rows
    } finally {
      stay()
      flow.end(undefined)
      if (flow.aboard) await riding
    }
  } finally {
    end()
  }
}

/** Rows on their way from the server to the reader. */
class Flow {
  /** Has it a connection to give back? */
  aboard = false
  readonly #sending: Sending
  readonly #batch: number
  readonly #described: Described | undefined
  readonly #signal: AbortSignal
  #seat: MysqlSeat | undefined
  #rows: WireRow[] = []
  #answer: Promise<Told> | undefined
  #sent = false
  #answered = false
  #over = false
  #enough = false
  #failure: unknown
  #stopped: Promise<void> | undefined
  #wake: () => void = () => {}

  constructor(sending: Sending, { batch, described }: StreamOptions, signal: AbortSignal) {
    this.#sending = sending
    this.#batch = batch
    this.#described = described
    this.#signal = signal
  }

  /** Holds the seat from the statement to the end of its rows. */
  async run(seat: MysqlSeat): Promise<void> {
    if (this.#enough) return
    this.#seat = seat
    this.aboard = true
    const stay = letsGo(this, seat.ending)
    let lost: PillionError | undefined
    try {
      if (mustAsk(seat)) await seat.line.ping()
      this.#answer = seat.line.send(
        this.#sending,
        () => this.#admit(seat),
        row => this.#take(row),
        this.#described,
      )
      const { inTransaction } = await this.#answer
      checkAfter(seat, inTransaction)
    } catch (error) {
      const failure = mysqlFailure(error, this.#sending.statement)
      if (isLost(failure)) lost = failure
      this.fail(failure)
    }
    this.#answered = true
    seat.line.resume()
    await this.#stopped
    stay()
    this.#over = true
    this.#wake()
    const failure = this.#failure ?? lost
    if (failure !== undefined) throw failure
  }

  #admit(seat: MysqlSeat): Error | undefined {
    const refusal: Error | undefined = this.#signal.aborted ? this.#signal.reason : refusalOn(seat)
    this.#sent = refusal === undefined
    return refusal
  }

  #take(row: WireRow): void {
    if (this.#enough) return
    this.#rows.push(row)
    if (this.#rows.length < this.#batch) return
    this.#seat?.line.pause()
    this.#wake()
  }

  /** The next batch; empty after the last. */
  async next(): Promise<readonly WireRow[]> {
    if (this.#sent && !this.#over && this.#rows.length < this.#batch) this.#seat?.line.resume()
    while (this.#rows.length < this.#batch && !this.#over && this.#failure === undefined) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    return this.#rows.splice(0, this.#batch)
  }

  /** The first failure is the one the reader is told. */
  fail(error: unknown): void {
    if (!this.#enough) this.#failure ??= mysqlFailure(error, this.#sending.statement)
    this.#enough = true
    this.#wake()
  }

  /** No more is read: answers a reader with the reason, and has the server stop what is under way. */
  end(reason: unknown): void {
    if (this.#enough) return
    this.#enough = true
    this.#failure = reason
    this.#wake()
    if (this.#seat !== undefined && this.#sent && !this.#over) this.#stopped = this.#stop(this.#seat)
  }

  async #stop({ line, borrowed }: MysqlSeat): Promise<void> {
    line.resume()
    // the last rows may have been here, and waiting
    await nextTurn()
    if (this.#answered) return
    await line.stop(this.#answer ?? Promise.resolve()).catch(() => {
      if (borrowed) return line.cut()
      // the server cannot be told and the connection is the host's: the reader is answered, the rows run to their end
      this.aboard = false
    })
  }
}
