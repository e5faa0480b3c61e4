/**
 * Waiting for a connection: who holds them, who waits, and when waiting can have no end.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { place } from './failure.js'
import { publish } from './report.js'
import type { Scope } from './scope.js'
import type { Link, Opening, Transactor } from './transactor.js'

/** Somebody who waits for a connection. */
export interface Waiter {
  readonly begun: Origin
  readonly name: string | undefined
  readonly at: number
  /** The scope that was current where the waiting began. */
  readonly within: Scope | undefined
  readonly refuse: (reason: PillionError) => void
  /** Looks whether to go on waiting. */
  readonly look: () => void
}

/** The connections of one root that pillion's transactions hold, and the queue for them. */
export interface Ledger {
  readonly holders: Set<Scope>
  readonly waiters: Set<Waiter>
  /** When a warning was given last, and what looks after those who wait. */
  readonly watch: { warned: number; clock: NodeJS.Timeout | undefined }
}

const ledgers = new WeakMap<object, Ledger>()

export function ledgerOf(root: object): Ledger {
  const known =
    ledgers.get(root) ??
    Object.freeze({ holders: new Set<Scope>(), waiters: new Set<Waiter>(), watch: { warned: 0, clock: undefined } })
  ledgers.set(root, known)
  return known
}

/** Milliseconds of waiting that nobody is told of. */
const grace = 1_000

/** Milliseconds between two warnings about one pool. */
const warningsApart = 10_000

/** Milliseconds between two looks at who holds and who waits. */
const tick = 50

/** Who asks for a connection. */
export interface Asking {
  readonly begun: Origin
  readonly name: string | undefined
  readonly within: Scope | undefined
}

/**
 * Opens a transaction, and waits no longer than `opening.patience` for it. Where waiting is sure to be in vain nobody waits: the
 * scopes around hold every connection there is; or every holder waits, itself or by somebody inside of it, for one more.
 *
 * @throws PillionError `POOL_STARVED`, and what the host fails with
 */
export async function opened<Orm>(
  transactor: Transactor<Orm>,
  opening: Opening,
  { begun, name, within }: Asking,
): Promise<Link<Orm>> {
  const ledger = ledgerOf(transactor.root)
  const around = holdersAround(within)
  if (transactor.connections !== undefined && around.length >= transactor.connections) {
    throw transactor.connections === 1 ? onlyOne(around, transactor) : starvedByOwn(around, transactor, begun)
  }
  return new Promise<Link<Orm>>((resolve, reject) => {
    let given = false
    const answer = (tell: () => void): void => {
      if (given) return
      given = true
      ledger.waiters.delete(waiter)
      tell()
    }
    const waiter: Waiter = {
      begun,
      name,
      at: Date.now(),
      within,
      refuse: reason => answer(() => reject(reason)),
      look: () => look(),
    }
    const look = (): void => {
      const waited = Date.now() - waiter.at
      if (waited >= opening.patience) return waiter.refuse(starved(ledger, transactor, waiter))
      // one of a crowd speaks for all
      if (waited >= grace && Date.now() - ledger.watch.warned >= warningsApart) warnWaiting(ledger, transactor, waiter)
    }
    ledger.waiters.add(waiter)
    keepLooking(ledger, transactor)
    transactor.open(opening).then(
      link => {
        // it came too late: nobody waits for it any more
        if (given) link.rollback().catch(() => {})
        answer(() => resolve(link))
      },
      error => answer(() => reject(error)),
    )
    if (within !== undefined) breakDeadlock(ledger, transactor)
  })
}

/** One clock a pool, which runs for as long as somebody waits; it is wound up once a tick at most. */
function keepLooking<Orm>(ledger: Ledger, transactor: Transactor<Orm>): void {
  const { waiters, watch } = ledger
  watch.clock ??= setInterval(() => {
    for (const waiter of waiters) waiter.look()
    breakDeadlock(ledger, transactor)
    if (waiters.size > 0) return
    clearInterval(watch.clock)
    watch.clock = undefined
  }, tick).unref()
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
  const { connections } = transactor
  const { holders, waiters } = ledger
  if (connections === undefined || holders.size < connections || waiters.size === 0) return
  const waitedIn = new Set([...waiters].flatMap(waiter => holdersAround(waiter.within)))
  const stuck = [...holders].every(holder => waitedIn.has(holder) && isResting(holder))
  if (!stuck) return
  const youngest = [...waiters].at(-1) as Waiter
  youngest.refuse(starved(ledger, transactor, youngest, 'no one of them can go on'))
}

function isResting(scope: Scope): boolean {
  return scope.state === 'open' && scope.inFlight === 0 && (scope.child === undefined || isResting(scope.child))
}

const sizing =
  'Give the pool at least one connection more than there are transactions at once that open another inside.'

/** There is one connection, so that there is no second transaction beside the first: nothing is put in its place. */
export function onlyOne<Orm>([around]: readonly Scope[], { name }: Transactor<Orm>): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    `${name} has one connection here, and the ${around?.words} is on it: there is nothing outside of it.`,
    { hint: 'Use mode nested, or begin it outside of the other.' },
  )
}

function starvedByOwn<Orm>(
  around: readonly Scope[],
  { name, connections }: Transactor<Orm>,
  begun: Origin,
): PillionError {
  const each = around.map(scope => `  the ${scope.words}`).join('\n')
  return new PillionError(
    'POOL_STARVED',
    `An independent transaction was asked for at ${place(begun)}, inside of transactions that hold all ${connections} of the connections of ${name}:\n${each}`,
    { hint: `It would have waited for ever. Begin it outside of them, or use mode nested. ${sizing}` },
  )
}

function starved<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter, why?: string): PillionError {
  const told = why ?? `none came free in ${Date.now() - waiter.at} ms`
  return new PillionError(
    'POOL_STARVED',
    `There is no connection for the transaction asked for at ${place(waiter.begun)}: ${told}.\n${situation(ledger, transactor)}`,
    { hint: `See what the holders wait for. ${sizing}` },
  )
}

function warnWaiting<Orm>(ledger: Ledger, transactor: Transactor<Orm>, waiter: Waiter): void {
  ledger.watch.warned = Date.now()
  publish(() => ({
    type: 'waiting',
    host: transactor.name,
    name: waiter.name,
    begun: place(waiter.begun),
    age: Date.now() - waiter.at,
  }))
  process.emitWarning(
    `The transaction asked for at ${place(waiter.begun)} has waited ${Date.now() - waiter.at} ms for a connection.\n${situation(ledger, transactor)}`,
    { type: 'PillionWarning', code: 'PILLION_TRANSACTION_WAITING' },
  )
}

/** Holders and waiters, a line each. */
function situation<Orm>({ holders, waiters }: Ledger, { name, connections }: Transactor<Orm>): string {
  const now = Date.now()
  const held = few(holders).map(scope => {
    const doing = scope.inFlight > 0 ? 'a statement under way' : 'no statement under way'
    return `  holding: the ${scope.words}, for ${now - scope.at} ms, ${doing}`
  })
  const waiting = few(waiters).map(({ begun, at }) => `  waiting: ${place(begun)}, for ${now - at} ms`)
  return [
    `  ${name} has ${connections ?? 'an unknown number of'} connections; pillion's transactions hold ${holders.size}, and ${waiters.size} wait.`,
    ...held,
    ...waiting,
  ].join('\n')
}

/** The first of them: a crowd says no more. */
function few<T>(all: ReadonlySet<T>): readonly T[] {
  return [...all].slice(0, 20)
}
