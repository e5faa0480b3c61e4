/**
 * Rows that are pulled elsewhere than where they were asked for: a generator runs in the context of whoever pulls it, and a
 * host looks in that context for the transaction that is around the code.
 *
 * @module
 */
import type { AsyncResource } from 'node:async_hooks'

/** The rows, pulled in a context. */
export function pulledIn<T>(context: AsyncResource, rows: () => AsyncIterable<T>): AsyncIterable<T> {
  const iterator = context.runInAsyncScope(() => rows()[Symbol.asyncIterator]())
  const pulled: AsyncIterableIterator<T> = {
    next: () => context.runInAsyncScope(() => iterator.next()),
    async return() {
      await context.runInAsyncScope(() => iterator.return?.())
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => pulled,
  }
  return pulled
}
