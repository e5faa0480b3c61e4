/**
 * What is open, who waits, and what happens: for people and for monitors.
 *
 * @module
 */
import { channel } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { alarm, now, silence } from '../run/clock.js'
import { oncePerProcess } from '../run/once.js'
import { Crowd } from './crowd.js'
import { place } from './failure.js'
import type { Mode } from './mode.js'
import type { Scope, State } from './scope.js'
import type { Waiter } from './waiting.js'

/** A transaction that is open now. */
export interface ActiveTransaction {
  readonly id: number
  readonly host: string
  readonly name: string | undefined
  readonly mode: Mode
  readonly state: State
  /** Where it was begun. */
  readonly begun: string
  /** Milliseconds since. */
  readonly age: number
  /** Statements sent, and those of them that are under way. */
  readonly statements: number
  readonly inFlight: number
  /** The transaction that a nested one is in. */
  readonly parent: number | undefined
  /** Transactions begun inside of it that have no connection yet. */
  readonly waiting: readonly Waiting[]
}

/** Somebody who waits for a connection. */
export interface Waiting {
  readonly begun: string
  readonly name: string | undefined
  /** Milliseconds so far. */
  readonly age: number
}

/** What is published on the channel `pillion.transaction`. */
export interface TransactionEvent {
  readonly type: 'waiting' | 'begun' | 'committed' | 'rolled back' | 'unknown' | 'long' | 'hook failed'
  readonly host: string
  readonly name: string | undefined
  readonly id?: number
  readonly mode?: Mode
  readonly begun: string
  readonly age?: number
  readonly error?: unknown
}

/** The name of the channel of `node:diagnostics_channel` that every {@link TransactionEvent} is published on. */
export const transactionChannel = 'pillion.transaction'

const events = channel(transactionChannel)
// one for all copies of the package in a process, as what is current is
const open = oncePerProcess('open.1', () => new Crowd<Scope>())

/** Tells whoever listens. */
export function publish(event: () => TransactionEvent): void {
  if (events.hasSubscribers) events.publish(event())
}

/** Notes a scope as open. */
export function noteOpen(scope: Scope): void {
  open.add(scope)
  tellAtExit()
  publish(() => eventOf(scope, 'begun'))
  const { warnAfter } = scope.options
  if (warnAfter === undefined) return
  const watch = alarm(warnAfter, () => warnLong(scope))?.unref()
  scope.atEnd(() => silence(watch))
}

/** Notes that it is over. */
export function noteOver(scope: Scope): void {
  open.delete(scope)
  publish(() => eventOf(scope, scope.state as TransactionEvent['type']))
}

/** The transactions that hold a connection of a root's. */
export function holdersOf(root: object): readonly Scope[] {
  return [...open].filter(scope => scope.root === root && scope.parent === undefined)
}

export function eventOf(scope: Scope, type: TransactionEvent['type'], error?: unknown): TransactionEvent {
  const { host, id, mode, at, begun, options } = scope
  return Object.freeze({
    type,
    host,
    name: options.name,
    id,
    mode,
    begun: place(begun),
    age: now() - at,
    ...(error === undefined ? {} : { error }),
  })
}

/** What is open over a root. */
export function activeOver(root: object, waiters: Iterable<Waiter>): readonly ActiveTransaction[] {
  const waiting = [...waiters]
  return [...open]
    .filter(scope => scope.root === root)
    .map(scope => ({
      id: scope.id,
      host: scope.host,
      name: scope.options.name,
      mode: scope.mode,
      state: scope.state,
      begun: place(scope.begun),
      age: now() - scope.at,
      statements: scope.statements,
      inFlight: scope.inFlight,
      parent: scope.parent?.id,
      waiting: waiting.filter(waiter => waiter.within === scope).map(waitingOf),
    }))
}

function waitingOf({ here, name, at }: Waiter): Waiting {
  return { begun: place(here()), name, age: now() - at }
}

function warnLong(scope: Scope): void {
  publish(() => eventOf(scope, 'long'))
  process.emitWarning(
    `The ${scope.words} has been open for ${now() - scope.at} ms, with ${scope.statements} statements so far.`,
    { type: 'PillionWarning', code: 'PILLION_TRANSACTION_LONG' },
  )
}

let tells = false

/** A process that exits takes open transactions along: each is named. */
function tellAtExit(): void {
  if (tells) return
  tells = true
  oncePerProcess('exit.1', () => process.on('exit', tellOpen))
}

function tellOpen(): void {
  // a warning would come too late: nothing asynchronous runs any more
  const lines = [...open].map(({ words }) => `pillion: the ${words} was still open at exit: it is rolled back.\n`)
  if (lines.length > 0) tellNow(lines.join(''))
}

function tellNow(text: string): void {
  try {
    writeSync(2, text)
  } catch {
    // nobody reads it any more, or not fast enough: a failure here would be the exit code of the process
  }
}
