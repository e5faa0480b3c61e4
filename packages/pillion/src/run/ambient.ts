/**
 * Which transaction a statement is in: the one it was given, else the one that is current where it is started, else
 * none. Who opens transactions keeps them; here they are only found.
 *
 * @module
 */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { PillionError } from '../errors.js'
import type { Host, RunOptions, Statement, StreamOptions, WireResult, WireRow } from './host.js'
import { iteratingUntil } from './iterating.js'
import { oncePerProcess } from './once.js'
import { pulledIn } from './pulled-in.js'

/** A transaction, as far as a statement must know it. */
export interface Passage {
  /** What the host takes for it; `undefined` is the host's root. */
  readonly target: unknown
  /** Aborts, with a `PillionError`, when the transaction is about to end. */
  readonly ending: AbortSignal
  /**
   * Lets a statement in, now or when its turn comes. What it gives is called when the statement is over.
   *
   * @throws PillionError why no statement may be sent
   */
  enter(): Leave | Promise<Leave>
  /**
   * What is let in may fail unheard, as a stream does that nobody reads to its end: the server is asked before the commit. Whoever
   * hears of the failure all the same tells it by what this gives.
   */
  suspect(): Failed
}

/** Tells that a statement is over, and what it failed with. */
export type Leave = (failure?: unknown) => void

/** Tells what something failed with that was over, for the transaction, when it was let in. */
export type Failed = (failure: unknown) => void

/** What is current: a transaction over a root, or none on purpose. Frames are never changed, only put on each other. */
export interface Frame {
  readonly root: object
  readonly passage: Passage | undefined
  readonly parent: Frame | undefined
}

// one for all copies of the package in a process: a query of one must not go past a transaction of another
const frames = oncePerProcess('frames.1', () => new AsyncLocalStorage<Frame | undefined>())

/** The frame that code runs in over a root. */
export function frameOf(root: object): Frame | undefined {
  let frame = frames.getStore()
  while (frame !== undefined && frame.root !== root) frame = frame.parent
  return frame
}

/** Is it in a frame that this code runs in, at whatever depth? */
export function isCurrent(passage: Passage): boolean {
  for (let frame = frames.getStore(); frame !== undefined; frame = frame.parent) {
    if (frame.passage === passage) return true
  }
  return false
}

/** Runs work in a frame on top of the current one. */
export function inFrame<T>(root: object, passage: Passage | undefined, work: () => T): T {
  return frames.run(Object.freeze({ root, passage, parent: frames.getStore() }), work)
}

/**
 * Runs what is a driver's alone, in no frame. Node keeps the current one on each object that it makes for a write; the engine comes to take
 * these for long-lived, and with them keeps all that belongs to a transaction until a full collection.
 */
export function inNoFrame<T>(work: () => T): T {
  return frames.run(undefined, work)
}

/** The frame that code runs in, for what will be called back. */
export function frameHere(): Frame | undefined {
  return frames.getStore()
}

/** Calls back in a frame: a driver would do so in whatever was current where it made the connection. */
export function calledIn(
  frame: Frame | undefined,
  callback: (...told: never[]) => unknown,
  told: readonly unknown[],
): void {
  frames.run(frame, callback, ...(told as never[]))
}

/** Says which transaction an object stands for, where a statement is given it as its target. */
export function standsFor(target: object, passage: Passage): void {
  if ((target as Marked)[standing] !== passage) marks.mark(target, passage)
}

/** By this key a proxy says which passage it stands for: to put a mark on a proxy takes several times as long as to make one. */
export const standing: unique symbol = Symbol.for('pillion.standing.1')

interface Marked {
  readonly [standing]?: Passage
}

function passageBehind(target: object): Passage | undefined {
  return (target as Marked)[standing] ?? marks.of(target)
}

/** What `super()` gives is what private fields are put on. */
class Given {
  constructor(target: object) {
    return target
  }
}

/**
 * The passage on the object itself, where nobody else sees it. A WeakMap gives the garbage collector so much to do with keys as
 * short-lived as these that it takes longer than all else that a transaction does.
 */
class Standing extends Given {
  #passage: Passage

  private constructor(target: object, passage: Passage) {
    super(target)
    this.#passage = passage
  }

  static mark(target: object, passage: Passage): void {
    if (#passage in target) target.#passage = passage
    else void new Standing(target, passage)
  }

  static of(target: object): Passage | undefined {
    return #passage in target ? target.#passage : undefined
  }
}

// as with the frames: what one copy has marked, the others are to know
const marks = oncePerProcess('marks.1', () => Standing)

/** Runs a statement on a target of a host, in the transaction that is current here. */
export function runOn(host: Host, target: unknown, statement: Statement, options: RunOptions): Promise<WireResult> {
  const passage = passageTo(host, target)
  return passage === undefined
    ? host.run(target, statement, options)
    : passing(passage, () => host.run(passage.target, statement, options))
}

/**
 * A way for statements of a host's own kind of promise: the current transaction is that of this call, whenever they are sent; and
 * so is what is found around the code.
 */
export function boundHost<H extends Host>(host: H, target: unknown): H {
  const passage = passageTo(host, target)
  const here = new AsyncResource('pillion.batch')
  const run: Host['run'] = (asked, statement, options) =>
    passage === undefined
      ? here.runInAsyncScope(() => host.run(asked, statement, options))
      : passing(passage, () => host.run(passage.target, statement, options))
  return { ...host, run }
}

/** Reads a statement's rows as they are pulled. */
export type Stream = (statement: Statement, options: StreamOptions) => AsyncIterable<readonly WireRow[]>

/**
 * The streams on a target from here: the current transaction is that of this call, whenever the rows are pulled; and so is
 * what a host finds around the code by itself.
 */
export function streamOn(host: Host, target: unknown): Stream {
  const passage = passageTo(host, target)
  if (passage !== undefined) return (statement, options) => streaming(passage, host, statement, options)
  const here = new AsyncResource('pillion.stream')
  return (statement, options) => pulledIn(here, () => host.stream(target, statement, options))
}

function passageTo(host: Host, target: unknown): Passage | undefined {
  if (target === undefined) return host.root === undefined ? undefined : currentPassage(host, host.root)
  if (!isMarkable(target)) return undefined
  return passageBehind(target) ?? passageOf(host.knownBy?.(target))
}

function passageOf(shared: unknown): Passage | undefined {
  return isMarkable(shared) ? passageBehind(shared) : undefined
}

function currentPassage(host: Host, root: object): Passage | undefined {
  const passage = frameOf(root)?.passage
  if (passage !== undefined && host.ambient !== undefined) assertAlone(passage, host.ambient())
  return passage
}

/** What the application has put around the code may be pillion's own transaction, or one that it has begun beside it. */
function assertAlone(passage: Passage, around: unknown): void {
  if (!isMarkable(around) || around === passage.target || passageBehind(around) !== undefined) return
  throw new PillionError(
    'TRANSACTION_AMBIGUOUS',
    'A transaction of pillion/transaction is current, and one that was begun in another way is open around the code, too.',
    { hint: 'Say which is meant, query.on(tx), or begin both in one way.' },
  )
}

function isMarkable(target: unknown): target is object {
  return (typeof target === 'object' && target !== null) || typeof target === 'function'
}

/**
 * The same where the database answers at once.
 *
 * @throws PillionError `NOT_SYNCHRONOUS` where the host's database is elsewhere
 */
export function runSyncOn(host: Host, target: unknown, statement: Statement): WireResult {
  if (host.runSync === undefined) throw notSynchronous(host)
  const passage = passageTo(host, target)
  if (passage === undefined) return host.runSync(target, statement)
  const leave = enterNow(passage)
  try {
    const result = host.runSync(passage.target, statement)
    leave()
    return result
  } catch (error) {
    leave(error)
    throw error
  }
}

/** Reads a statement's rows one by one, at once. */
export type Iterate = (statement: Statement) => IterableIterator<WireRow>

/**
 * The readings one by one on a target from here.
 *
 * @throws PillionError `NOT_SYNCHRONOUS` where the host's database is elsewhere
 */
export function iterateOn(host: Host, target: unknown): Iterate {
  const { iterateSync } = host
  if (iterateSync === undefined) throw notSynchronous(host)
  const passage = passageTo(host, target)
  if (passage === undefined) return statement => iterateSync(target, statement)
  return statement => {
    const leave = enterNow(passage)
    passage.suspect()
    leave()
    return iteratingUntil(passage.ending, iterateSync(passage.target, statement))
  }
}

/** Only a host whose database is in the process itself answers at once. */
export function notSynchronous({ name }: Host): PillionError {
  return new PillionError('NOT_SYNCHRONOUS', `The ${name} host has no answer at once.`, {
    hint: 'Await the terminal without Sync in its name: all(), first(), count(), …',
  })
}

function enterNow(passage: Passage): Leave {
  return enterOrElse(passage, busy)
}

function busy(): PillionError {
  return new PillionError(
    'NOT_SYNCHRONOUS',
    'The transaction is busy, and a synchronous statement cannot wait its turn.',
    {
      hint: 'Await what is under way in the transaction first, or use the terminal without Sync in its name.',
    },
  )
}

/** Enters now; else fails with the refusal. */
export function enterOrElse(passage: Passage, refusal: () => Error): Leave {
  const entered = passage.enter()
  if (typeof entered === 'function') return entered
  // it is let in later, and is gone by then
  entered.then(
    leave => leave(),
    () => {},
  )
  throw refusal()
}

/** Runs a statement in a transaction, if it lets it in: one promise more than the statement has of its own. */
export function passing<T>(passage: Passage, statement: () => PromiseLike<T>): Promise<T> {
  return attempt(() => {
    const entered = passage.enter()
    return typeof entered === 'function' ? passed(entered, statement) : entered.then(leave => passed(leave, statement))
  })
}

function passed<T>(leave: Leave, statement: () => PromiseLike<T>): Promise<T> {
  return attempt(statement).then(
    result => {
      leave()
      return result
    },
    error => {
      leave(error)
      throw error
    },
  )
}

/** A promise of what it gives; of its error, where it throws. */
export function attempt<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return Promise.resolve(work())
  } catch (error) {
    return Promise.reject(error)
  }
}

/** A stream has no end that a transaction could wait for: it is let in, and told when the transaction ends. */
async function* streaming(
  passage: Passage,
  host: Host,
  statement: Statement,
  options: StreamOptions,
): AsyncGenerator<readonly WireRow[], void, undefined> {
  const leave = await passage.enter()
  const failed = passage.suspect()
  leave()
  const { ending } = passage
  try {
    for await (const rows of host.stream(passage.target, statement, { ...options, ending })) {
      // a host may have had them all before the end came
      ending.throwIfAborted()
      yield rows
    }
  } catch (error) {
    if (!ending.aborted) failed(error)
    throw error
  }
}
