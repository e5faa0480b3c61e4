/**
 * What every host over postgres.js shares: once the host has found a `sql`, run one statement through it.
 *
 * It keeps its connections to itself: what `sql` is asked at the root goes to one that it chooses, and what the `sql` of
 * a transaction is asked goes to the transaction's.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { Answer } from '../../run/answer.js'
import { type Errand, interruptedBy, onErrand } from '../../run/errand.js'
import { failureOf, noConnection, sqlState } from '../../run/failure.js'
import { isUnavailable } from '../../run/unavailable.js'
import type {
  Cell,
  Host,
  RunOptions,
  Statement,
  StreamOptions,
  WireField,
  WireResult,
  WireRow,
} from '../../run/host.js'
import { typeOfOid } from '../../run/oid.js'
import { onAbort } from '../../run/on-abort.js'
import { inTurn } from '../../run/queue.js'
import { begunBy, hearTransactions } from '../begun.js'
import { cancelUntil } from './cancel.js'
import { savepoint } from './reading.js'
import { ask, isRootSql, isSql, makePlain, type Query, type RawRow, type Result, type Sql } from './postgresjs-sql.js'
import { checkedOptions, type Driver, type HostOptions, type Ride, type Seat } from '../seat.js'
import { unknownHost } from '../shape.js'

/** postgres.js by itself. */
export const postgresJsDriver: Driver = Object.freeze({
  opens: isRootSql,
  ride: root => postgresJsRide(root as Sql & object),
  seating: postgresJsHost,
} satisfies Driver)

/** The way to what a `sql` is asked at, and to its transactions, once they are listened to. */
function postgresJsRide(root: Sql & object): Ride {
  assertUntransformed(root)
  const transforms = (root as Transformed).options?.transform?.value?.from !== undefined
  if (transforms) transforming.add(root)
  hearTransactions(root, 'begin', 'savepoint')
  const pool: Seat = { connection: root, borrowed: true, transaction: false, refusal: () => undefined }
  return async (target, job) => {
    if (target === undefined || target === root) return await job(pool)
    if (!isSql(target)) throw unknownHost('A transaction of postgres.js is the sql that its `begin` hands out.')
    const { ending, outermost } = begunBy(root, target)
    lines.set(target, outermost)
    if (transforms) transforming.add(target)
    const refusal = (): PillionError | undefined => (ending.aborted ? ending.reason : undefined)
    return await job({ connection: target, borrowed: false, transaction: true, refusal, ending })
  }
}

/** What puts something else in the place of each value that is no bytes. */
const transforming = new WeakSet<object>()

interface Transformed {
  readonly options?: {
    readonly transform?: {
      readonly row?: { readonly from?: unknown }
      readonly value?: { readonly from?: unknown }
    }
  }
}

/** @throws PillionError `HOST_SHAPE` where postgres.js would put something else in the place of each row. */
function assertUntransformed(root: object): void {
  const { options } = root as Transformed
  if (options?.transform?.row?.from === undefined) return
  throw new PillionError('HOST_SHAPE', 'This postgres.js transforms its rows: `transform.row.from`.', {
    hint: 'Rows are read by position here, and must come as they are: give pillion a sql without that transform.',
  })
}

function postgresJsHost(name: string, root: object, ride: Ride, options: HostOptions): Host {
  const { prepare = true } = checkedOptions(options)
  return Object.freeze({
    name,
    dialect: 'postgres',
    root,
    run: (target, statement, options) =>
      onErrand(options, statement.text, errand =>
        ride(target, seat => runOn(seat, statement, options, prepare, errand)),
      ),
    stream: (target, statement, options) => streamOn(ride, target, statement, options),
  } satisfies Host)
}

/** Statements of one transaction run one at a time: what waits here can still be refused, what is sent cannot. */
function runOn(
  seat: Seat,
  statement: Statement,
  options: RunOptions,
  prepare: boolean,
  errand: Errand,
): Promise<WireResult> {
  const job = (): Promise<WireResult> => sendOn(seat, statement, options, prepare, errand)
  return seat.borrowed ? job() : inTurn(lineOf(seat), job)
}

/** One line for a transaction and those inside it. */
function lineOf({ connection }: Seat): object {
  return lines.get(connection as object) ?? (connection as object)
}

const lines = new WeakMap<object, object>()

async function sendOn(
  seat: Seat,
  statement: Statement,
  options: RunOptions,
  prepare: boolean,
  errand: Errand,
): Promise<WireResult> {
  const refusal: Error | undefined = errand.signal?.aborted ? errand.signal.reason : seat.refusal()
  if (refusal !== undefined) throw refusal
  errand.sent = true
  const sql = seat.connection as Sql
  const query = ask(sql, statement, prepare && statement.name !== undefined)
  const rows: WireRow[] = []
  const begin = (): Query => query.forEach(row => rows.push(query.isRaw === true ? textOf(row) : (row as WireRow)))
  const isolate = options.savepoint === true && seat.transaction
  try {
    const answer = isolate ? isolated(sql, begin) : Promise.resolve(begin())
    const result = await (errand.signal === undefined ? answer : stoppable(answer, query, errand, errand.signal))
    if (query.isRaw === true && !transforming.has(sql)) makePlain(result)
    return answerOf(result, rows)
  } catch (error) {
    throw errand.signal?.aborted ? errand.signal.reason : failure(error, statement)
  }
}

/** Waits for the answer; on interruption has postgres.js stop the query, and waits for that. */
async function stoppable<T>(answer: Promise<T>, query: Query, errand: Errand, signal: AbortSignal): Promise<T> {
  let stopped: Promise<void> | undefined
  const stop = (): void => {
    stopped = stopUntil(answer, query).catch(() => errand.abandon(signal.reason))
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await answer
  } finally {
    signal.removeEventListener('abort', stop)
    await stopped
  }
}

/** Has postgres.js stop a query, once it is the query's turn, until it has ended. It asks the server once, which may be too early. */
async function stopUntil(ended: Promise<unknown>, query: Query): Promise<void> {
  const over = ended.then(
    () => true,
    () => true,
  )
  if (await Promise.race([untilItsTurn(query), over])) return
  await cancelUntil(ended, async () => {
    // of one that is over it would wait for a turn that never comes
    if (query.active || query.state === null) await query.canceller?.(query)
  })
}

/**
 * Of a query that is sent behind others, and is to be stopped before their answers are read, postgres.js forgets that it waits for
 * an answer: it gives that to the next one.
 */
function untilItsTurn(query: Query): Promise<false> {
  if (!query.state || query.active) return Promise.resolve(false)
  return new Promise(resolve => {
    Object.defineProperty(query, 'active', {
      configurable: true,
      get: () => false,
      set(active: boolean) {
        Object.defineProperty(query, 'active', { value: active, writable: true })
        resolve(false)
      },
    })
  })
}

/**
 * Sent in one go: no statement of the application's can come between the savepoint and its release. postgres.js has a
 * transaction fail for any query that failed in it, caught or not, so that ours must not be seen to fail.
 */
async function isolated(sql: Sql, begin: () => Query): Promise<Result> {
  const command = (text: string): Promise<Outcome> => quiet(ask(sql, { text, values: [] }, false))
  const [, outcome] = await Promise.all([
    command(`SAVEPOINT ${savepoint}`),
    quiet(begin()),
    command(`RELEASE SAVEPOINT ${savepoint}`),
  ])
  if (!('error' in outcome)) return outcome.result
  await command(`ROLLBACK TO SAVEPOINT ${savepoint}`)
  await command(`RELEASE SAVEPOINT ${savepoint}`)
  throw outcome.error
}

type Outcome = { readonly result: Result } | { readonly error: unknown }

/** The query's outcome, whichever it is, as a promise that is kept. */
function quiet(query: Query): Promise<Outcome> {
  return new Promise(resolve => {
    query.reject = error => {
      query.resolve([])
      resolve({ error })
    }
    query.then(result => resolve({ result }))
  })
}

/** Batches by a portal that the server keeps open between them. */
async function* streamOn(
  ride: Ride,
  target: unknown,
  statement: Statement,
  options: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(options, statement.text)
  try {
    signal.throwIfAborted()
    // Nothing is borrowed here that the ride would have to give back.
    const seat = await ride(target, async found => found)
    const leave = seat.borrowed ? () => {} : await turnOn(lineOf(seat), signal)
    try {
      const refusal: Error | undefined = signal.aborted ? signal.reason : seat.refusal()
      if (refusal !== undefined) throw refusal
      yield* batches(seat, statement, options, signal)
    } finally {
      leave()
    }
  } finally {
    end()
  }
}

/** Waits in line, and holds it until what is given is called. */
function turnOn(line: object, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    void inTurn(line, () => new Promise<void>(leave => (signal.aborted ? leave() : resolve(leave))))
  })
}

async function* batches(
  seat: Seat,
  statement: Statement,
  options: StreamOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const query = ask(seat.connection as Sql, statement, false)
  const cursor = query.cursor(options.batch)[Symbol.asyncIterator]()
  const rows: WireRow[] = []
  // postgres.js counts the rows of a batch on its connection, and after a failure goes on counting: the host's next result had holes
  query.forEachFn = row => rows.push(textOf(row))
  let failed: unknown
  /** With the connection gone there is no portal left, and postgres.js breaks over telling it. */
  let lost = false
  /** The batch under way. */
  let reading: Promise<unknown> | undefined
  let isTold = false
  let stopped: Promise<void> | undefined
  const close = (): void => {
    if (!lost) void cursor.return?.()
  }
  /** Answers the reader with the reason, and lets go of the connection, now or after the batch under way. */
  const stop = (reason: unknown): void => {
    failed ??= reason
    if (reading === undefined) close()
    else stopped = stopUntil(reading, query).catch(() => {})
  }
  const ends = [signal, seat.ending, options.ending].filter(each => each !== undefined)
  const stays = ends.map(each => onAbort(each, () => stop(each.reason)))
  try {
    for (;;) {
      if (failed !== undefined) throw failed
      const batch = cursor.next()
      reading = batch
      const next = await batch
      reading = undefined
      if (failed !== undefined) throw failed
      if (next.done) return
      // Between batches nobody waits for the query: its failure is kept for the next pull.
      query.reject = error => {
        lost = true
        failed ??= failure(error, statement)
      }
      if (rows.length === 0) continue
      if (!isTold) options.described?.(fieldsOf(next.value))
      isTold = true
      yield rows.splice(0)
    }
  } catch (error) {
    throw failed ?? failure(error, statement)
  } finally {
    for (const stay of stays) stay()
    await stopped
    close()
  }
}

function answerOf({ columns = [], count }: Result, rows: readonly WireRow[]): WireResult {
  const fields = () => fieldsOf({ columns })
  return columns.length > 0 ? new Answer(rows, fields) : new Answer(rows, fields, count ?? 0)
}

function fieldsOf({ columns = [] }: Pick<Result, 'columns'>): readonly WireField[] {
  return columns.map(({ name, type }) => ({ name, type: typeOfOid(type) }))
}

/**
 * As soon as the row is there: bytes that are kept until all rows are make the collector of garbage move them all. In the
 * row itself, which postgres.js has made for this statement and forgotten.
 */
function textOf(row: RawRow): WireRow {
  const cells = row as (Buffer | Cell)[]
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as Buffer | null
    if (cell !== null) cells[i] = cell.toString()
  }
  return cells as WireRow
}

function failure(error: unknown, statement: Statement): PillionError {
  const { code } = error as { readonly code?: unknown }
  return isUnavailable(sqlState(error) ?? code) ? noConnection(error) : failureOf(error, statement)
}
