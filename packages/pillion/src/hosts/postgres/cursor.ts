/**
 * A statement's rows in batches, from a portal that the server keeps open between them.
 *
 * @module
 */
import { interruptedBy } from '../../run/errand.js'
import { failureOf } from '../../run/failure.js'
import type { Described, Statement, StreamOptions, WireRow } from '../../run/host.js'
import { letsGo } from '../../run/on-abort.js'
import { inTurn } from '../../run/queue.js'
import { cancelRequest, cancelUntil } from './cancel.js'
import { type PgSeat, pgSeat } from './checkouts.js'
import type { PgConnection, Submittable } from './client.js'
import { held } from './first-in-line.js'
import { fieldsOf, madeOver, unnamed } from './reading.js'
import type { Ride } from '../seat.js'

/**
 * Streams a statement. The statement and the first `Execute` go out together; each later batch is one round trip. No
 * transaction is opened for it: the portal lives until Sync, which is sent at the end.
 */
export async function* streamOn(
  ride: Ride,
  target: unknown,
  statement: Statement,
  options: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(options, statement.text)
  try {
    signal.throwIfAborted()
    const cursor = new Cursor(statement, options, signal)
    signal.addEventListener('abort', () => cursor.cancel())
    const stay = letsGo(cursor, options.ending)
    const board = (seat: PgSeat): Promise<void> => inTurn(seat.client, () => cursor.run(seat))
    const riding = ride(target, seat => board(pgSeat(seat))).catch(error => cursor.fail(error))
    try {
      for (let rows = await cursor.next(); rows.length > 0; rows = await cursor.next()) yield rows
    } finally {
      stay()
      cursor.close()
      if (cursor.aboard) await riding
    }
  } finally {
    end()
  }
}

/**
 * `waiting` for the connection; `reading` a batch; `paused` until the next is asked for; `closing` until the
 * connection is ready for other statements; `over`.
 */
type Phase = 'waiting' | 'reading' | 'paused' | 'closing' | 'over'

class Cursor implements Submittable {
  readonly text: string
  readonly name = unnamed
  readonly values: Statement['values']
  callback: (error: unknown) => void = () => {}
  /** Has it a connection to give back? */
  aboard = false
  readonly #statement: Statement
  readonly #batch: number
  readonly #described: Described | undefined
  readonly #signal: AbortSignal
  #phase: Phase = 'waiting'
  #seat: PgSeat | undefined
  #connection: PgConnection | undefined
  #rows: WireRow[] = []
  #failure: unknown
  #ended: Promise<void> = Promise.resolve()
  #stopped: Promise<void> | undefined
  #wake: () => void = () => {}

  constructor(statement: Statement, { batch, described }: StreamOptions, signal: AbortSignal) {
    this.text = statement.text
    this.values = statement.values
    this.#statement = statement
    this.#batch = batch
    this.#described = described
    this.#signal = signal
  }

  /** Holds the seat from the statement to the end of the reading. */
  async run(seat: PgSeat): Promise<void> {
    if (this.#phase === 'over') return
    this.#seat = seat
    this.aboard = seat.borrowed
    const stay = letsGo(this, seat.ending)
    this.#ended = new Promise<void>(resolve => {
      this.callback = () => resolve()
      seat.client.query(this)
    })
    await this.#ended
    if (this.#connection === undefined) this.fail(madeOver())
    await this.#stopped
    stay()
    this.#become('over')
    if (this.#failure !== undefined) throw this.#failure
  }

  /** The next batch; empty after the last. */
  async next(): Promise<readonly WireRow[]> {
    if (this.#phase === 'paused') this.#execute()
    while (this.#phase !== 'paused' && this.#phase !== 'over' && this.#failure === undefined) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  /** No more is read. */
  close(): void {
    if (this.#phase === 'waiting') this.#become('over')
    if (this.#phase !== 'paused') return
    this.#connection?.close({ type: 'P', name: '' })
    this.#connection?.sync()
    this.#become('closing')
  }

  /** The first failure is the one the reader is told. */
  fail(error: unknown): void {
    this.#failure ??= this.#signal.aborted ? this.#signal.reason : failureOf(error, this.#statement)
    this.#wake()
  }

  /** Answers the reader with the reason, and has the server stop what it is doing. */
  cancel(): void {
    if (this.#phase !== 'reading') return this.end(this.#signal.reason)
    const seat = this.#seat as PgSeat
    const goOn = seat.borrowed ? undefined : held(seat.client)
    this.#stopped = cancelUntil(this.#ended, () => cancelRequest(seat.client))
      .catch(() => {
        if (seat.borrowed) return void seat.client.end()
        // The server cannot be told and the connection is the host's: the reader is answered, the batch runs to its end.
        this.aboard = false
        this.fail(this.#signal.reason)
      })
      .finally(goOn)
  }

  /** Answers the reader with the reason, and lets go of the connection after the batch under way. */
  end(reason: unknown): void {
    this.fail(reason)
    this.close()
  }

  submit(connection: PgConnection): Error | null {
    const refusal: Error | undefined = this.#signal.aborted ? this.#signal.reason : this.#seat?.refusal()
    if (refusal !== undefined) return refusal
    this.#connection = connection
    this.aboard = true
    connection.stream.cork?.()
    connection.parse({ text: this.text })
    connection.bind({ values: this.values })
    if (this.#described !== undefined) connection.describe({ type: 'P', name: '' })
    this.#execute()
    connection.stream.uncork?.()
    return null
  }

  #execute(): void {
    this.#become('reading')
    this.#connection?.execute({ portal: '', rows: this.#batch })
    this.#connection?.flush()
  }

  #become(phase: Phase): void {
    this.#phase = phase
    this.#wake()
  }

  handleDataRow({ fields }: { readonly fields: WireRow }): void {
    this.#rows.push(fields)
  }

  handlePortalSuspended(): void {
    this.#become('paused')
    // The batch was over before the server could stop it.
    if (this.#signal.aborted) this.fail(this.#signal.reason)
    if (this.#failure !== undefined) this.close()
  }

  handleCommandComplete(_message: { readonly text: string } | undefined, connection: PgConnection): void {
    this.#become('closing')
    connection.sync()
  }

  handleEmptyQuery(connection: PgConnection): void {
    this.handleCommandComplete(undefined, connection)
  }

  handleError(error: unknown): void {
    if (this.#phase === 'reading') this.#connection?.sync()
    this.fail(error)
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }

  handleRowDescription({ fields }: Parameters<Submittable['handleRowDescription']>[0]): void {
    this.#described?.(fieldsOf(fields))
  }

  handleCopyData(): void {}
  handleCopyInResponse(connection: PgConnection): void {
    connection.sendCopyFail('only SELECT is sent here')
  }
}
