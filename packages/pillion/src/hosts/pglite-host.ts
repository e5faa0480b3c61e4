/**
 * What every host over PGlite shares. The server is in the process: there is one connection, no cursor and no way to stop
 * a statement.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { interruptedBy, onErrand, type Errand } from '../run/errand.js'
import { failureOf, noConnection } from '../run/failure.js'
import type { Host, RunOptions, Statement, StreamOptions, WireResult, WireRow } from '../run/host.js'
import { typeOfOid } from '../run/oid.js'
import { begunBy, hearTransactions } from './begun.js'
import { savepoint } from './postgres-reading.js'
import { type Driver, finished, type Ride, type Seat } from './seat.js'
import { isFunction, isObject, unknownHost } from './shape.js'

/** A PGlite, as far as users must know it. */
export interface PgliteInstance {
  query(...given: never[]): unknown
  transaction(...given: never[]): unknown
}

/** An instance or one of its transactions, from the inside. */
interface Pglite {
  query(text: string, values: readonly unknown[], options: QueryOptions): Promise<Result>
  exec(text: string): Promise<unknown>
  readonly closed: boolean
}

interface Instance extends Pglite {
  readonly parsers: object
  isInTransaction(): boolean
}

/** Where a statement is asked: an instance, or one of its transactions. */
interface Place {
  readonly instance: Instance
  readonly pglite: Pglite
}

interface QueryOptions {
  readonly rowMode: 'array'
  readonly parsers: object
  readonly serializers: object
}

interface Result {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  readonly rows: readonly WireRow[]
  readonly affectedRows?: number
}

/** PGlite by itself. */
export const pgliteDriver: Driver = Object.freeze({
  opens: isPglite,
  ride: root => pgliteRide(root as Instance),
  seating: pgliteHost,
} satisfies Driver)

function isPglite(value: unknown): boolean {
  return isObject(value) && isFunction(value.query) && isFunction(value.transaction) && isObject(value.parsers)
}

function pgliteRide(root: Instance): Ride {
  hearTransactions(root, 'transaction')
  const place = (pglite: Pglite): Place => ({ instance: root, pglite })
  const alone: Seat = { connection: place(root), borrowed: true, transaction: false, refusal: () => undefined }
  return async (target, job) => {
    if (root.closed) throw noConnection(new Error('PGlite is closed'))
    if (target === undefined || target === root) return job(alone)
    if (!isObject(target) || !isFunction(target.query) || !isFunction(target.rollback)) {
      throw unknownHost('A transaction of PGlite is what its `transaction` hands out.')
    }
    const transaction = target as unknown as Pglite
    const { ending } = begunBy(root, transaction)
    const refusal = (): PillionError | undefined => {
      if (ending.aborted) return ending.reason
      return transaction.closed || !root.isInTransaction() ? finished('PGlite has ended the transaction.') : undefined
    }
    return job({ connection: place(transaction), borrowed: false, transaction: true, refusal, ending })
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
  const refusal: Error | undefined = errand.signal?.aborted ? errand.signal.reason : seat.refusal()
  if (refusal !== undefined) throw refusal
  errand.sent = true
  // Nobody can stop it: the caller is answered at once, and it runs to its end.
  errand.signal?.addEventListener('abort', () => errand.abandon(errand.signal?.reason))
  const place = seat.connection as Place
  try {
    const { fields, rows, affectedRows } = await (options.savepoint === true && seat.transaction
      ? isolated(place, statement)
      : queried(place, statement))
    if (fields.length === 0) return { fields: [], rows, affected: affectedRows ?? 0 }
    return { fields: fields.map(({ name, dataTypeID }) => ({ name, type: typeOfOid(dataTypeID) })), rows }
  } catch (error) {
    throw failureOf(error, statement)
  }
}

/** Asked in one go, so that no statement of the application's can come between the savepoint and its release. */
async function isolated(place: Place, statement: Statement): Promise<Result> {
  const command = (text: string): Promise<unknown> => place.pglite.exec(text).catch(() => {})
  const [, outcome] = await Promise.all([
    command(`SAVEPOINT ${savepoint}`),
    queried(place, statement).then(
      result => ({ result }),
      (error: unknown) => ({ error }),
    ),
    command(`RELEASE SAVEPOINT ${savepoint}`),
  ])
  if ('result' in outcome) return outcome.result
  await command(`ROLLBACK TO SAVEPOINT ${savepoint}; RELEASE SAVEPOINT ${savepoint}`)
  throw outcome.error
}

function queried({ instance, pglite }: Place, { text, values }: Statement): Promise<Result> {
  return pglite.query(text, values, { rowMode: 'array', parsers: parsersOf(instance), serializers })
}

const same = (text: string): string => text

/** Serializers of every type there is. */
const serializers: object = new Proxy({}, { get: () => same })

const known = new WeakMap<Instance, readonly [oids: number, parsers: object]>()

/** In the place of each parser that the instance has: the types that have none are text anyway. */
function parsersOf(instance: Instance): object {
  const oids = Object.keys(instance.parsers)
  const [count, parsers] = known.get(instance) ?? [-1, {}]
  if (count === oids.length) return parsers
  const made = Object.fromEntries(oids.map(oid => [oid, same]))
  known.set(instance, [oids.length, made])
  return made
}

/** All rows, then in batches: there is no cursor, and the rows are in this process's memory already. */
async function* streamOn(
  run: Host['run'],
  target: unknown,
  statement: Statement,
  { batch, ending, ...interruptions }: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const { signal, end } = interruptedBy(interruptions, statement.text)
  try {
    signal.throwIfAborted()
    const { rows } = await run(target, statement, { signal })
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
