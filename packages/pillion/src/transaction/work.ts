/**
 * The work of a transaction: whether it is any, and whether what it gives is done.
 *
 * @module
 */
import { isGeneratorFunction, isGeneratorObject, isPromise } from 'node:util/types'
import { PillionError } from '../errors.js'
import { isFunction, isHandle } from '../hosts/shape.js'

/** @throws PillionError `QUERY_INVALID` */
export function assertWork(work: unknown): asserts work is (...args: never[]) => unknown {
  if (!isFunction(work)) {
    throw new PillionError('QUERY_INVALID', 'There is no work to run: it is a function.', {
      hint: 'It comes last, behind the options: tx.run(options, work).',
    })
  }
  if (!isGeneratorFunction(work)) return
  throw new PillionError(
    'QUERY_INVALID',
    'The work is a generator: it runs when somebody reads it, and the transaction would be over.',
    {
      hint: 'Read it inside of the work; or take a handle, and have the generator begin and end it.',
    },
  )
}

/**
 * What a framework takes for an answer may be work that is still to be done, as the handler behind an interceptor of NestJS is.
 *
 * @throws PillionError `QUERY_INVALID`
 */
export function assertBegun(result: unknown): void {
  if (!isGeneratorObject(result) && !isObservable(result)) return
  throw new PillionError(
    'QUERY_INVALID',
    'The work gave a generator, or an Observable: that runs when somebody reads it, and the transaction would be over. It was rolled back.',
    { hint: 'Read it inside of the work: lastValueFrom(observable), for await (const row of rows) ….' },
  )
}

/** By the key that libraries of observables know each other's by. */
function isObservable(result: unknown): boolean {
  // a proxy may refuse to be asked for what it has not
  if (!isHandle(result) || !('subscribe' in result)) return false
  const { observable = '@@observable' } = Symbol as { readonly observable?: symbol }
  return '@@observable' in result || observable in result
}

/** What the work gives, on its way: a query that is sent when somebody asks for its rows is asked here, in the work's own frame. */
export function sent<T>(given: PromiseLike<T> | T): PromiseLike<T> | T {
  return isLazy(given) ? new Promise((resolve, reject) => void given.then(resolve, reject)) : given
}

/** Is it awaited by a way of its own? A plain promise is under way already. */
function isLazy<T>(given: PromiseLike<T> | T): given is PromiseLike<T> {
  if (!isHandle(given) || !isFunction(given['then'])) return false
  return !isPromise(given) || given.then !== Promise.prototype.then
}
