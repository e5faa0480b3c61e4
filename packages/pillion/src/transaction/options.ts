/**
 * What a transaction may be asked for, and whether one that is open already will do.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { isObject } from '../hosts/shape.js'
import { checkRetry, isSignal, type RetryOptions } from '../retry/with-retry.js'
import { type Mode, modes } from './mode.js'
import type { Dialect } from './transactor.js'

/** An isolation level. SQLite has `serializable` alone. */
export type Isolation = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'

/** What the server is told when a transaction begins. */
export interface Characteristics {
  /** The server's own default where it is left out. */
  readonly isolation?: Isolation | undefined
  readonly readOnly?: boolean | undefined
  /** PostgreSQL: a serializable, read-only transaction waits for a snapshot that nothing can disturb. */
  readonly deferrable?: boolean | undefined
}

/** The same, each said or `undefined`. */
export type Said<T> = { readonly [key in keyof T]-?: T[key] | undefined }

/** Options of one transaction. */
export interface TransactionOptions extends Characteristics {
  /** What to do with a transaction that is current already: `required` by default for `run`, `requires_new` for `begin`. */
  readonly mode?: Mode | undefined
  /** For errors and reports. */
  readonly name?: string | undefined
  /** Milliseconds from BEGIN until it is rolled back, its statement cancelled in the server. */
  readonly timeout?: number | undefined
  /**
   * When it aborts the transaction is rolled back, its statement cancelled in the server, and whoever waits for a connection waits no
   * longer. COMMIT that is under way is not stopped.
   */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds to wait for a connection: 10,000 by default. */
  readonly acquireTimeout?: number | undefined
  /** Milliseconds after which a warning is given that it is still open. */
  readonly warnAfter?: number | undefined
  /**
   * Run the whole again after a deadlock or a serialization failure: with the defaults of `withRetry`, or with these. Only
   * the database is taken back: whatever else `work` did, it does once more.
   */
  readonly retry?: boolean | RetryOptions | undefined
  /**
   * When work that joined fails and somebody catches the error: the whole can only be rolled back (the default), or may
   * be committed all the same.
   */
  readonly joinFailure?: 'rollback' | 'ignore' | undefined
  /** A statement of the outer transaction while a nested one is open: refused (the default), or sent when that has ended. */
  readonly whileNested?: 'refuse' | 'wait' | undefined
}

/** Options that hold for all transactions of a host, unless they say otherwise. */
export type TransactionDefaults = Omit<TransactionOptions, 'mode' | 'name'>

const joinFailures = new Set<unknown>(['rollback', 'ignore'])
const ways = new Set<unknown>(['refuse', 'wait'])
const isolations = new Set<unknown>(['read uncommitted', 'read committed', 'repeatable read', 'serializable'])

/**
 * @throws PillionError `TRANSACTION_UNSUPPORTED` for what the database has not; `QUERY_INVALID` for what none has
 */
export function checkOptions(options: TransactionOptions, dialect: Dialect): void {
  assertOptions(options)
  const { isolation, readOnly, deferrable, mode, joinFailure, whileNested } = options
  if (mode !== undefined && !modes.includes(mode)) {
    throw new PillionError('QUERY_INVALID', `There is no mode ${JSON.stringify(mode)}.`, {
      hint: `It is one of ${modes.join(', ')}.`,
    })
  }
  assertOneOf('isolation level', isolation, isolations)
  assertOneOf('joinFailure', joinFailure, joinFailures)
  assertOneOf('whileNested', whileNested, ways)
  assertTimes(options)
  assertSignal(options.signal)
  assertRetry(options.retry)
  const asked = [
    dialect !== 'postgres' && deferrable && 'DEFERRABLE',
    dialect === 'sqlite' && isolation !== undefined && isolation !== 'serializable' && isolation.toUpperCase(),
    dialect === 'sqlite' && readOnly && 'READ ONLY',
  ].find(Boolean)
  if (asked !== undefined) {
    throw new PillionError('TRANSACTION_UNSUPPORTED', `The database has no ${asked} transactions.`, {
      hint: 'Leave the option out: pillion puts nothing else in its place.',
    })
  }
}

/** A function has properties, too, and would be taken for options: it is work that nobody would run. */
function assertOptions(options: unknown): void {
  if (isObject(options)) return
  throw new PillionError('QUERY_INVALID', `The options of a transaction are an object, and not ${spoken(options)}.`, {
    hint: 'Options come first, work last: tx.run(options, work). A handle is given none: tx.begin(options).',
  })
}

function spoken(value: unknown): string {
  return typeof value === 'function' ? 'a function' : String(value)
}

function assertOneOf(what: string, word: unknown, words: ReadonlySet<unknown>): void {
  if (word === undefined || words.has(word)) return
  throw new PillionError('QUERY_INVALID', `There is no ${what} ${JSON.stringify(word)}.`, {
    hint: `It is one of ${[...words].join(', ')}.`,
  })
}

/** A clock that is set to no number never strikes, or at once. */
function assertTimes({ timeout, acquireTimeout, warnAfter }: TransactionOptions): void {
  if (timeout !== undefined && !(isTime(timeout) && timeout > 0)) {
    throw new PillionError('QUERY_INVALID', `A timeout of ${String(timeout)} ms leaves no time for anything.`)
  }
  assertTime('acquireTimeout', acquireTimeout)
  assertTime('warnAfter', warnAfter)
}

function assertTime(what: string, time: number | undefined): void {
  if (time === undefined || isTime(time)) return
  throw new PillionError('QUERY_INVALID', `${what} is ${String(time)}: it is a number of milliseconds.`)
}

function isTime(time: unknown): boolean {
  return typeof time === 'number' && time >= 0
}

/** What is none would never abort. */
function assertSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || isSignal(signal)) return
  throw new PillionError('QUERY_INVALID', 'The signal of a transaction is no AbortSignal.')
}

function assertRetry(retry: unknown): void {
  if (retry === undefined || typeof retry === 'boolean') return
  if (isObject(retry)) return checkRetry(retry)
  throw new PillionError('QUERY_INVALID', `retry is ${JSON.stringify(retry)}.`, {
    hint: 'It is true, or options: { attempts: 5 }.',
  })
}

/** What an open transaction differs in from what is asked of it, in words; `undefined` where it will do. */
export function incompatibility(open: TransactionOptions, asked: TransactionOptions): string | undefined {
  const differs = (key: 'isolation' | 'readOnly' | 'deferrable' | 'timeout'): string | undefined => {
    const [has, wants] = [open[key] ?? unsaid[key], asked[key]]
    return wants === undefined || wants === has ? undefined : `${key} ${wants}, where it has ${has ?? 'none'}`
  }
  const cancelled =
    asked.signal === undefined || asked.signal === open.signal
      ? undefined
      : 'a signal of its own, where only the whole can be cancelled'
  const retried =
    asked.retry === undefined || asked.retry === false ? undefined : 'retry, where only the whole can be retried'
  return (
    differs('isolation') ?? differs('readOnly') ?? differs('deferrable') ?? differs('timeout') ?? cancelled ?? retried
  )
}

const unsaid: TransactionOptions = Object.freeze({ readOnly: false, deferrable: false })
