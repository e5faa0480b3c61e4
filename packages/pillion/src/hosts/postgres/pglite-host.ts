/**
 * What every host over PGlite shares. The server is in the process: there is one connection, no cursor and no way to stop
 * a statement. It takes the protocol's messages, so that a statement is one call into it, and its cells come as text,
 * whatever parsers there are.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { type Errand, interruptedBy, onErrand } from '../../run/errand.js'
import { failureOf, noConnection } from '../../run/failure.js'
import type { Host, RunOptions, Statement, StreamOptions, WireField, WireResult, WireRow } from '../../run/host.js'
import { typeOfOid } from '../../run/oid.js'
import { begunBy, hearTransactions } from '../begun.js'
import { statementBytes, sync } from './messages.js'
import { savepoint } from './reading.js'
import { type Driver, finished, type Ride, type Seat } from '../seat.js'
import { isFunction, isObject, unknownHost } from '../shape.js'

/** A PGlite, as far as users must know it. */
export interface PgliteInstance {
  query(...given: never[]): unknown
  transaction(...given: never[]): unknown
}

/** A PGlite from the inside. */
interface Pglite {
  readonly closed: boolean
  readonly waitReady: Promise<void>
  isInTransaction(): boolean
  /** Does the work when no transaction is open. */
  _runExclusiveTransaction<T>(work: () => Promise<T>): Promise<T>
  /** Does the work when no statement is under way. */
  runExclusive<T>(work: () => Promise<T>): Promise<T>
  execProtocolStream(messages: Uint8Array, options: { readonly syncToFs: false }): Promise<readonly Message[]>
  syncToFs(): Promise<void>
}

/** The messages of an answer that are read. */
type Message =
  | {
      readonly name: 'rowDescription'
      readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
    }
  | { readonly name: 'dataRow'; readonly fields: WireRow }
  | { readonly name: 'commandComplete'; readonly text: string }
  | { readonly name: 'other' }

/** PGlite by itself. */
export const pgliteDriver: Driver = Object.freeze({
  opens: isPglite,
  ride: root => pgliteRide(root as Pglite),
  seating: pgliteHost,
} satisfies Driver)

function isPglite(value: unknown): boolean {
  return isObject(value) && isFunction(value.query) && isFunction(value.transaction) && isFunction(value.syncToFs)
}

function pgliteRide(root: Pglite): Ride {
  if (!isFunction(root._runExclusiveTransaction) || !isFunction(root.execProtocolStream)) {
    throw new PillionError('HOST_SHAPE', 'The PGlite has not the inner shape that is reached for.', {
      hint: 'PGlite 0.5 is expected.',
    })
  }
  hearTransactions(root, 'transaction')
  const alone: Seat = { connection: root, borrowed: true, transaction: false, refusal: () => undefined }
  return async (target, job) => {
    if (root.closed) throw noConnection(new Error('PGlite is closed'))
    if (target === undefined || target === root) return await job(alone)
    if (!isObject(target) || !isFunction(target.query) || !isFunction(target.rollback)) {
      throw unknownHost('A transaction of PGlite is what its `transaction` hands out.')
    }
    const { ending } = begunBy(root, target)
    const refusal = (): PillionError | undefined => {
      if (ending.aborted) return ending.reason
      return target.closed === true || !root.isInTransaction()
        ? finished('PGlite has ended the transaction.')
        : undefined
    }
    return await job({ connection: root, borrowed: false, transaction: true, refusal, ending })
  }
}

function pgliteHost(name: string, root: object, ride: Ride): Host {
  const run: Host['run'] = (target, statement, options) =>
    onErrand(options, statement.text, errand => ride(target, seat => sendOn(seat, statement, options, errand)))
  return Object.freeze({
    name,
    dialect: 'postgres',
    root,
    run,
    stream: (target, statement, options) => streamOn(run, target, statement, options),
  } satisfies Host)
}

async function sendOn(seat: Seat, statement: Statement, options: RunOptions, errand: Errand): Promise<WireResult> {
  const pglite = seat.connection as Pglite
  const isolate = options.savepoint === true && seat.transaction
  const send = async (): Promise<WireResult> => {
    const refusal: Error | undefined = errand.signal?.aborted ? errand.signal.reason : seat.refusal()
    if (refusal !== undefined) throw refusal
    errand.sent = true
    // Nobody can stop it: the caller is answered at once, and it runs to its end.
    errand.signal?.addEventListener('abort', () => errand.abandon(errand.signal?.reason))
    return isolate ? isolated(pglite, statement) : resultOf(await exchanged(pglite, statementBytes(statement)))
  }
  try {
    if (seat.transaction) return await pglite.runExclusive(send)
    await pglite.waitReady
    return await pglite._runExclusiveTransaction(async () => {
      try {
        return await pglite.runExclusive(send)
      } finally {
        await pglite.syncToFs()
      }
    })
  } catch (error) {
    throw failureOf(error, statement)
  }
}

/** In one go, so that no statement of the application's can come between the savepoint and its release. */
async function isolated(pglite: Pglite, statement: Statement): Promise<WireResult> {
  const [set, release] = [command(`SAVEPOINT ${savepoint}`), command(`RELEASE SAVEPOINT ${savepoint}`)]
  try {
    return resultOf(await exchanged(pglite, set, statementBytes(statement), release))
  } catch (error) {
    await exchanged(pglite, command(`ROLLBACK TO SAVEPOINT ${savepoint}`), release).catch(() => {})
    throw error
  }
}

function command(text: string): Buffer {
  return statementBytes({ text, values: [] })
}

function exchanged(pglite: Pglite, ...messages: readonly Buffer[]): Promise<readonly Message[]> {
  return pglite.execProtocolStream(Buffer.concat([...messages, sync()]), { syncToFs: false })
}

function resultOf(messages: readonly Message[]): WireResult {
  const rows: WireRow[] = []
  let fields: readonly WireField[] = []
  let affected = 0
  for (const message of messages) {
    if (message.name === 'dataRow') rows.push(message.fields)
    else if (message.name === 'rowDescription') {
      fields = message.fields.map(({ name, dataTypeID }) => ({ name, type: typeOfOid(dataTypeID) }))
    } else if (message.name === 'commandComplete') affected ||= Number(/\d+$/.exec(message.text)?.[0] ?? 0)
  }
  return fields.length > 0 ? { fields, rows } : { fields, rows, affected }
}

/** All rows, then in batches: there is no cursor, and the rows are in this process's memory already. */
async function* streamOn(
  run: Host['run'],
  target: unknown,
  statement: Statement,
  { batch, ending, described, ...interruptions }: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(interruptions, statement.text)
  try {
    signal.throwIfAborted()
    const { fields, rows } = await run(target, statement, { signal })
    described?.(fields)
    for (let at = 0; at < rows.length; at += batch) {
      signal.throwIfAborted()
      ending?.throwIfAborted()
      yield rows.slice(at, at + batch)
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    end()
  }
}
