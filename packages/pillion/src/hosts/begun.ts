/**
 * The transactions of drivers that hand them to a callback and mark none of them as ended. Their method is listened to: it
 * is replaced by one that does the same and notes what it calls back with, and when the callback is over.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { oncePerProcess } from '../run/once.js'
import { finished } from './seat.js'
import { isFunction } from './shape.js'

/** What is known of a transaction. */
export interface Begun {
  /** Whose method began it. */
  readonly owner: object
  /** The transaction that stands for its connection: itself, or of a nested one the outermost. */
  readonly outermost: object
  /** Aborts, with a `PillionError`, when the callback is over: before COMMIT or ROLLBACK is sent. */
  readonly ending: AbortSignal
}

type Methods = Record<string, (...given: never[]) => unknown>

// one for all copies of the package in a process: each would put its own method in the place of the last one's
const { begun, heard } = oncePerProcess('begun.1', () => ({
  begun: new WeakMap<object, Begun>(),
  heard: new WeakSet<object>(),
}))

/**
 * Notes every transaction that an object begins from now on.
 *
 * @param method that calls back with it.
 * @param nesting the method of such a transaction that calls back with one inside it.
 */
export function hearTransactions(owner: object, method: string, nesting?: string): void {
  if (heard.has(owner)) return
  heard.add(owner)
  hear(owner, method, (transaction, ending) => noteBegun(owner, undefined, nesting, transaction, ending))
}

function noteBegun(
  owner: object,
  around: object | undefined,
  nesting: string | undefined,
  transaction: object,
  ending: AbortSignal,
): void {
  const outermost = around ?? transaction
  begun.set(transaction, { owner, outermost, ending })
  if (nesting === undefined) return
  hear(transaction, nesting, (nested, nestedEnding) => noteBegun(owner, outermost, nesting, nested, nestedEnding))
}

function hear(object: object, method: string, note: (transaction: object, ending: AbortSignal) => void): void {
  const methods = object as Methods
  const original = methods[method]
  const listening = (callback: (transaction: object) => unknown) => (transaction: object) => {
    const ending = new AbortController()
    note(transaction, ending.signal)
    return ended(
      () => callback(transaction),
      () => ending.abort(finished('The callback that it was handed to is over.')),
    )
  }
  methods[method] = (...given: unknown[]) =>
    Reflect.apply(
      original as () => unknown,
      object,
      given.map(each => (isFunction(each) ? listening(each as never) : each)),
    )
}

/** Does the work and tells its end, also of several promises in an array, which some drivers wait for. */
async function ended(work: () => unknown, over: () => void): Promise<unknown> {
  try {
    const result = await work()
    return await (Array.isArray(result) ? Promise.all(result) : result)
  } finally {
    over()
  }
}

/**
 * What is known of a transaction of an owner's.
 *
 * @throws PillionError `TRANSACTION_FOREIGN`
 */
export function begunBy(owner: object, transaction: object): Begun {
  const known = begun.get(transaction)
  if (known?.owner === owner) return known
  throw new PillionError('TRANSACTION_FOREIGN', 'The transaction was not begun by the object this host is made of.', {
    hint: 'Make the host of the object that begins the transactions, and make it before they begin.',
  })
}
