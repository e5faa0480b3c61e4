/**
 * Waiting for a connection: who holds them, who waits, and when waiting can have no end.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import type { Here } from '../query/origin.js'
import { inNoFrame } from '../run/ambient.js'
import { alarm, type Clock, every, now, silence } from '../run/clock.js'
import { oncePerProcess } from '../run/once.js'
import { onAbort } from '../run/on-abort.js'
import { cancelled } from './cancellation.js'
import { Crowd } from './crowd.js'
import { unanswered } from './cut-short.js'
import { place } from './failure.js'
import { holdersOf, publish } from './report.js'
import type { Scope } from './scope.js'
import type { Droppable, Link, Opening, Taking, Transactor } from './transactor.js'

/** Somebody who waits for a connection. */
export interface Waiter {
  readonly here: Here
  readonly name: string | undefined
  readonly at: number
  /** Milliseconds that it waits at most. */
  readonly patience: number
  /** The scope that was current where the waiting began. */
  readonly within: Scope | undefined
  readonly refused: (reason: PillionError) => void
  /** It has its connection, and BEGIN is not answered yet: as long as that is so, and as far as the host tells. */
  beginning: Droppable | undefined
}

/** The queue for the connections of one root. */
export interface Ledger {
  /** Whoever is in here waits: who takes one out of it tells how its waiting ended. */
  readonly waiters: Crowd<Waiter>
  /** When a warning was given last, what looks after those who wait, and why the host had no connection, if none has come since. */
  readonly watch: { warned: number; clock: Clock; away: Away | undefined }
}

/** The host had no connection to give. */
interface Away {
  readonly reason: PillionError
  readonly at: number
}

// one for all copies of the package in a process: they share the connections
const ledgers = oncePerProcess('ledgers.2', () => new WeakMap<object, Ledger>())

export function ledgerOf(root: object): Ledger {
  const known =
    ledgers.get(root) ??
    Object.freeze({
      waiters: new Crowd<Waiter>(),
      watch: { warned: Number.NEGATIVE_INFINITY, clock: undefined, away: undefined },
    })
  ledgers.set(root, known)
  return known
}

/** Milliseconds of waiting that nobody is told of. */
const grace = 1_000

/** Milliseconds between two warnings about one pool. */
const warningsApart = 10_000

/** Milliseconds for which a failure to connect tells why there is no connection: postgres.js waits up to 20 s before it tries again. */
const recent = 60_000

/** Milliseconds between two looks at who holds and who waits. */
const tick = 50

/** Who asks for a connection. */
export interface Asking {
  readonly here: Here
  readonly name: string | undefined
  /** Waits no longer when it aborts. */
  readonly signal: AbortSignal | undefined
  readonly within: Scope | undefined
}

/**
 * Opens a transaction, and waits no longer than `opening.patience` for it. Where waiting is sure to be in vain nobody waits: the
 * scopes around hold every connection there is; or every holder waits, itself or by somebody inside of it, for one more.
 *
 * What is made of its link takes a good part of a round trip: so it is made while the server is asked, where a host can tell.
 *
 * @param make of its link, which need not have begun
 * @throws PillionError `POOL_STARVED`, `CANCELLED`, and what the host fails with
 */
export function opened<Orm, Made>(
  transactor: Transactor<Orm>,
  opening: Opening,
  { here, name, signal, within }: Asking,
  make: (link: Link<Orm>) => Made,
): Promise<Made> {
  const ledger = ledgerOf(transactor.root)
  const { waiters } = ledger
  return new Promise<Made>((resolve, reject) => {
    if (within !== undefined) refuseVain(holdersAround(within), transactor, here)
    let made: Made | undefined
    const { patience } = opening
    const waiter: Waiter = { here, name, within, at: now(), patience, refused: reject, beginning: undefined }
    const taking: Taking = connection => void (waiter.beginning = connection)
    // a tick later the line that asks has been looked at, from nearer by
    const coming = (link: Link<Orm>): void => {
      taking(link)
      queueMicrotask(() => (made ??= make(link)))
    }
    // what a new connection tells by itself it tells in the frame that it was made in: that is not the transaction around
    const linking =
      within === undefined
        ? transactor.open(opening, coming, taking)
        : inNoFrame(() => transactor.open(opening, coming, taking))
    waiters.add(waiter)
    keepLooking(ledger, transactor)
    const stay = signal === undefined ? nothing : onAbort(signal, () => giveUp(ledger, waiter, signal))
    linking.then(
      link => {
        stay()
        waiter.beginning = undefined
        ledger.watch.away = undefined
        if (waitedOut(ledger, waiter)) resolve((made ??= make(link)))
        // it came too late: nobody waits for it any more
        else link.rollback().catch(() => {})
      },
      error => {
        stay()
        waiter.beginning = undefined
        if (isAway(error)) ledger.watch.away = { reason: error, at: now() }
        if (waitedOut(ledger, waiter)) reject(error)
      },
    )
    if (within !== undefined) breakDeadlock(ledger, transactor)
  })
}

/** Takes somebody out of those who wait; false where that was done before. Where nobody waits the clock keeps no process alive. */
function waitedOut({ waiters, watch }: Ledger, waiter: Waiter): boolean {
  const waited = waiters.delete(waiter)
  if (waiters.size === 0) watch.clock?.unref()
  return waited
}

/**
 * One clock a pool, which runs for as long as somebody waits; it is wound up once a tick at most. It keeps the process alive: SQLite
 * has no socket that would, and whoever waits is to be told.
 */
function keepLooking<Orm>(ledger: Ledger, transactor: Transactor<Orm>): void {
  const { waiters, watch } = ledger
  watch.clock ??= every(tick, () => {
    for (const waiter of waiters) look(ledger, transactor, waiter)
    breakDeadlock(ledger, transactor)
    if (waiters.size > 0) return
    silence(watch.clock)
    watch.clock = undefined
  })
  watch.clock.ref()
}

/** Looks whether somebody may go on waiting. */
function look<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter): void {
  const waited = now() - waiter.at
  if (waited >= waiter.patience) return giveIn(ledger, transactor, waiter)
  // one of a crowd speaks for all
  if (waited >= grace && now() - ledger.watch.warned >= warningsApart) warnWaiting(ledger, transactor, waiter)
}

/** Nobody wants it any more. */
function giveUp(ledger: Ledger, waiter: Waiter, signal: AbortSignal): void {
  refuse(ledger, waiter, cancelled(`The transaction asked for at ${place(waiter.here())}`, signal))
}

function giveIn<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter, why?: string): void {
  const reason =
    unbegun(transactor, waiter) ?? unreached(ledger, transactor, waiter) ?? starved(ledger, transactor, waiter, why)
  refuse(ledger, waiter, reason)
}

/** Tells who waits why there will be nothing. */
function refuse(ledger: Ledger, waiter: Waiter, reason: PillionError): void {
  if (!waitedOut(ledger, waiter)) return
  waiter.refused(reason)
  // its pool is not given it back before BEGIN is answered, which may be never
  if (waiter.beginning !== undefined) alarm(unanswered, () => waiter.beginning?.drop?.())?.unref()
}

/** The scopes around that hold a connection each. */
export function holdersAround(within: Scope | undefined): readonly Scope[] {
  const found: Scope[] = []
  for (let scope = within?.outermost; scope !== undefined; scope = scope.within?.outermost) {
    if (isHolding(scope)) found.push(scope)
  }
  return found
}

function isHolding({ state }: Scope): boolean {
  return state === 'open' || state === 'doomed' || state === 'ending'
}

/**
 * Has the youngest waiter give in, where nobody else ever will: pillion's transactions hold every connection, none of them has
 * a statement under way, and inside of each somebody waits for one more.
 */
function breakDeadlock<Orm>(ledger: Ledger, transactor: Transactor<Orm>): void {
  const { connections, root } = transactor
  const { waiters } = ledger
  if (connections === undefined || waiters.size === 0) return
  const holders = holdersOf(root)
  if (holders.length < connections) return
  const waitedIn = new Set([...waiters].flatMap(waiter => holdersAround(waiter.within)))
  const stuck = holders.every(holder => waitedIn.has(holder) && isResting(holder))
  if (stuck) giveIn(ledger, transactor, [...waiters].at(-1) as Waiter, 'no one of them can go on')
}

function isResting(scope: Scope): boolean {
  return scope.state === 'open' && scope.inFlight === 0 && (scope.child === undefined || isResting(scope.child))
}

const sizing =
  'Give the pool at least one connection more than there are transactions at once that open another inside.'

/** There is one connection, so that there is no second transaction beside the first: nothing is put in its place. */
function onlyOne<Orm>([around]: readonly Scope[], { name }: Transactor<Orm>): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    `${name} has one connection here, and the ${around?.words} is on it: there is nothing outside of it.`,
    { hint: 'Use mode nested, or begin it outside of the other.' },
  )
}

/** The scopes around may hold every connection there is. */
export function refuseVain<Orm>(around: readonly Scope[], transactor: Transactor<Orm>, here: Here): void {
  const { connections } = transactor
  if (connections === undefined || around.length < connections) return
  throw connections === 1 ? onlyOne(around, transactor) : starvedByOwn(around, transactor, here)
}

function starvedByOwn<Orm>(around: readonly Scope[], { name, connections }: Transactor<Orm>, here: Here): PillionError {
  const each = around.map(scope => `  the ${scope.words}`).join('\n')
  return new PillionError(
    'POOL_STARVED',
    `An independent transaction was asked for at ${place(here())}, inside of transactions that hold all ${connections} of the connections of ${name}:\n${each}`,
    { hint: `It would have waited for ever. Begin it outside of them, or use mode nested. ${sizing}` },
  )
}

function isAway(error: unknown): error is PillionError {
  return isPillionError(error) && error.code === 'CONNECTION_UNAVAILABLE'
}

/** There is a connection, and nobody answers on it: it is not the pool that is too small. */
function unbegun<Orm>({ name }: Transactor<Orm>, waiter: Waiter): PillionError | undefined {
  if (waiter.beginning === undefined) return undefined
  return new PillionError(
    'CONNECTION_UNAVAILABLE',
    `${name} gave a connection for the transaction asked for at ${place(waiter.here())}, and the server has not answered BEGIN on it: ${now() - waiter.at} ms have passed.`,
    {
      hint: 'The server is stuck, or the network is away; or a firewall or a balancer in between has forgotten the connection while it was idle: have the pool end idle ones sooner than that does, or keep them alive.',
    },
  )
}

/** Nobody holds a connection, and the last one that was asked for could not be made: it is not the pool that is too small. */
function unreached<Orm>(
  { watch: { away } }: Ledger,
  { name, root }: Transactor<Orm>,
  waiter: Waiter,
): PillionError | undefined {
  if (away === undefined || now() - away.at > recent || holdersOf(root).length > 0) return undefined
  const { reason, at } = away
  return new PillionError(
    'CONNECTION_UNAVAILABLE',
    `${name} made no connection in ${now() - waiter.at} ms for the transaction asked for at ${place(waiter.here())}, and had failed to ${now() - at} ms ago: ${reason.summary}`,
    { cause: reason.cause, ...(reason.hint !== undefined && { hint: reason.hint }) },
  )
}

function starved<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter, why?: string): PillionError {
  const told = why ?? `none came free in ${now() - waiter.at} ms`
  return new PillionError(
    'POOL_STARVED',
    `There is no connection for the transaction asked for at ${place(waiter.here())}: ${told}.\n${situation(ledger, transactor)}`,
    { hint: `See what the holders wait for. ${sizing}` },
  )
}

function warnWaiting<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter): void {
  ledger.watch.warned = now()
  publish(() => ({
    type: 'waiting',
    host: transactor.name,
    name: waiter.name,
    begun: place(waiter.here()),
    age: now() - waiter.at,
  }))
  process.emitWarning(
    `The transaction asked for at ${place(waiter.here())} has waited ${now() - waiter.at} ms for a connection.\n${situation(ledger, transactor)}`,
    { type: 'PillionWarning', code: 'PILLION_TRANSACTION_WAITING' },
  )
}

/** Holders and waiters: a line for all that are alike. */
function situation<Orm>({ waiters }: Ledger, { name, connections, root }: Transactor<Orm>): string {
  const seen = now()
  const holders = holdersOf(root)
  const holding = holders.map(({ words, at, inFlight }) => ({
    what: `holding: the ${words}, ${inFlight > 0 ? 'a statement under way' : 'no statement under way'}`,
    age: seen - at,
  }))
  const waiting = [...waiters].map(({ here, at }) => ({ what: `waiting: ${place(here())}`, age: seen - at }))
  return [
    `  ${name} has ${connections ?? 'an unknown number of'} connections; pillion's transactions hold ${holders.length}, and ${waiters.size} wait.`,
    ...alike([...holding, ...waiting]).slice(0, most),
  ].join('\n')
}

/** Lines of a situation: more say no more. */
const most = 40

interface Told {
  readonly what: string
  /** Milliseconds. */
  readonly age: number
}

function alike(told: readonly Told[]): readonly string[] {
  const groups = new Map<string, number[]>()
  for (const { what, age } of told) {
    const ages = groups.get(what)
    if (ages === undefined) groups.set(what, [age])
    else ages.push(age)
  }
  return [...groups].map(([what, ages]) =>
    ages.length === 1
      ? `  ${what}, for ${ages[0]} ms`
      : `  ${what}, ${ages.length} of them, the longest for ${Math.max(...ages)} ms`,
  )
}

function nothing(): void {}
