/**
 * What finding a connection and using it have in common. A host's file finds the seat; the driver's file, which alone
 * knows how its connections work, runs statements there. So an ORM is written once for all its drivers.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import type { Dates, Host } from '../run/host.js'
import { isObject } from './shape.js'

/** Options of every host. */
export interface HostOptions {
  /**
   * Prepare statements under names in the server. Turn it off behind a pooler in transaction mode, where one session
   * is not one connection.
   *
   * @defaultValue `true`
   */
  readonly prepare?: boolean | undefined
  /**
   * How moments are stored in SQLite, which has no type for them: a value that a column is compared with is sent in that
   * form. Every form is read.
   *
   * @defaultValue what the ORM stores; `sql`, which is what `CURRENT_TIMESTAMP` gives, where there is none
   */
  readonly dates?: Dates | undefined
}

/** The same options, with the form in which the ORM stores moments where none is told. */
export function datesAs(stored: Dates, options: HostOptions): HostOptions {
  const { dates = stored, ...others } = checkedOptions(options)
  return { ...others, dates }
}

const forms: ReadonlySet<unknown> = new Set<HostOptions['dates']>([
  undefined,
  'iso',
  'iso-offset',
  'sql',
  'sql-offset',
  'epoch-ms',
  'epoch-s',
])

/**
 * The options, where no compiler has looked: behind a pooler the text `false` would prepare statements.
 *
 * @throws PillionError `QUERY_INVALID`
 */
export function checkedOptions(options: HostOptions): HostOptions {
  if (!isObject(options)) throw noOption('The options of a host are an object: { prepare: false }.')
  const { prepare, dates } = options
  if (prepare !== undefined && typeof prepare !== 'boolean')
    throw noOption('The option prepare of a host is true or false.')
  if (!forms.has(dates)) {
    throw noOption(`The option dates of a host is one of ${[...forms].filter(Boolean).join(', ')}.`)
  }
  return options
}

function noOption(summary: string): PillionError {
  return new PillionError('QUERY_INVALID', summary, {
    hint: 'Leave it out for the default; what comes from the environment is text.',
  })
}

/** A place on a connection, for one statement. */
export interface Seat {
  /** The driver's own connection. */
  readonly connection: unknown
  /** Borrowed for ours alone, or a connection that others hold and use too. */
  readonly borrowed: boolean
  /** It stands for a transaction: without an open one nothing may be sent. */
  readonly transaction: boolean
  /** Why no statement may be sent now, as far as the host knows. Asked just before each. */
  readonly refusal: () => PillionError | undefined
  /** Which checkout of the connection this is, where there is a pool: under another it is somebody else's. */
  readonly checkout?: number | undefined
  /** Aborts, with a `PillionError`, when the transaction is about to end: an open stream must let it. */
  readonly ending?: AbortSignal | undefined
}

/**
 * Finds the connection that the host would use now, does the job there, and gives back what was borrowed, however the
 * job ends. A `CONNECTION_LOST` out of the job condemns a borrowed connection.
 */
export interface Ride {
  <T>(target: unknown, job: (seat: Seat) => Promise<T>): Promise<T>
  /** The way that need not wait for anything, where the database is in the process itself and nothing is borrowed. */
  readonly find?: Find
}

/** Finds a seat at once. */
export type Find = (target: unknown) => Seat

/** A ride to where nothing need be waited for. */
export function rideAtOnce(find: Find): Ride {
  return Object.assign(async <T>(target: unknown, job: (seat: Seat) => Promise<T>) => await job(find(target)), { find })
}

/** Where an object of a host's leads to. */
export interface Lead {
  /** The driver's object that it stands for. */
  readonly target: unknown
  /** What the host knows of the seat there. */
  readonly seat?: (found: Seat) => Seat
}

/** A ride by the host's own objects, on the driver's. */
export function led(ride: Ride, lead: (target: unknown) => Lead): Ride {
  const { find } = ride
  const by: Ride = async (target, job) => {
    const { target: inner, seat = asFound } = lead(target)
    return await ride(inner, found => job(seat(found)))
  }
  if (find === undefined) return by
  return Object.assign(by, {
    find: (target: unknown) => {
      const { target: inner, seat = asFound } = lead(target)
      return seat(find(inner))
    },
  })
}

function asFound(seat: Seat): Seat {
  return seat
}

/** As a target: the root, and no transaction that is around the code. */
export const alone: unknown = Object.freeze({})

/**
 * The same host, for one that finds the transaction around the code where libraries keep it that change it, or lose it on the
 * way: for a stream it is looked for where that is made, and not again where it is read.
 */
export function streamingFrom(host: Host, ambient: () => unknown): Host {
  const aim = (target: unknown): unknown =>
    target === undefined || target === host.root ? (ambient() ?? alone) : target
  return Object.freeze({
    ...host,
    stream: (target, statement, options) => host.stream(aim(target), statement, options),
  } satisfies Host)
}

/** Makes a host of a way to find a seat on a driver's connections. */
export type Seating = (name: string, root: object, ride: Ride, options: HostOptions) => Host

/** A driver by itself, as an ORM that keeps the driver's own objects needs it. */
export interface Driver {
  /** Is it what the driver is opened by: a pool, a client, a database? */
  opens(value: unknown): boolean
  /** The way from there, and from the driver's own transaction objects, to a seat. */
  ride(root: unknown): Ride
  readonly seating: Seating
}

/** The transaction has ended, in one of the ways there are. */
export function finished(summary: string, cause?: unknown): PillionError {
  return new PillionError('TRANSACTION_FINISHED', summary, { cause })
}

export function givenBack(): PillionError {
  return finished('Its connection has been given back to the pool.')
}

/** Is the connection of no more use? */
export function isLost(failure: unknown): boolean {
  return isPillionError(failure) && failure.code === 'CONNECTION_LOST'
}

/**
 * Remembers which checkout a host's transaction was first seen under. Some hosts mark no transaction as ended: once the
 * connection is out under another checkout, it is somebody else's.
 */
export function firstCheckouts(): (transaction: object, seat: Seat) => Seat {
  const first = new WeakMap<object, number | undefined>()
  return (transaction, seat) => {
    if (!first.has(transaction)) first.set(transaction, seat.checkout)
    return refusing(seat, () => (first.get(transaction) === seat.checkout ? seat.refusal() : givenBack()))
  }
}

/** The seat, with another word on why nothing may be sent. */
export function refusing(
  { connection, borrowed, transaction, checkout, ending }: Seat,
  refusal: Seat['refusal'],
): Seat {
  // by name: on the way of every statement a copy by spreading costs more than all else here
  return { connection, borrowed, transaction, refusal, checkout, ending }
}
