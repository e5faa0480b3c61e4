/**
 * What postgres.js reads for longer than a query takes: cursors, and COPY. They end with their transaction.
 *
 * @module
 */
import { isFunction, isObject } from '../../../hosts/shape.js'
import type { Passage } from '../../../run/ambient.js'
import { onAbort } from '../../../run/on-abort.js'
import type { Destroyable } from '../at-once.js'
import type { Query } from './account.js'
import { alive, type Flow } from './flow.js'

/** What COPY is read from, or written to. */
interface Copy extends Destroyable {
  push?(chunk: unknown): boolean
  _read?(): void
}

/** Neither asks for more nor closes where there is nobody to be asked. */
export function whileThere(rows: AsyncIterable<unknown>, flow: Flow): AsyncIterable<unknown> {
  const reader = rows[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => alive(flow, () => reader.next()),
      return: async () => {
        if (flow.lost === undefined) await reader.return?.()
        return { done: true, value: undefined }
      },
    }),
  }
}

/** A callback gets no more rows after the end. Whoever awaits the whole is told later: postgres.js rolls back what is told before. */
export function closingAtEnd(query: Query, each: (rows: unknown) => unknown, { ending }: Passage, flow: Flow): void {
  const { over, close } = flow
  const { resolve } = query
  let stay = nothing
  const closed = new Promise(resolveWith => {
    stay = onAbort(ending, () => resolveWith(close))
  })
  query.cursorFn = async rows => {
    const told = await Promise.race([each(rows), closed])
    // with the connection gone there is nobody to be told
    return flow.lost === undefined ? told : new Promise(nothing)
  }
  query.resolve = rows => {
    stay()
    if (ending.aborted) void over.then(() => query.reject(ending.reason))
    else resolve(rows)
  }
}

/** COPY ends with its transaction: what it is to give yet is let by; where it waits for more it fails, and the transaction with it. */
export function copyingUntilEnd(query: Query, { ending }: Passage, flow: Flow): void {
  const { resolve } = query
  query.resolve = made => {
    if (isObject(made) && isFunction(made['destroy'])) {
      const copy = made as unknown as Copy
      if (copy.push !== undefined) flow.copied = Promise.race([flow.over, given(copy, ending)])
      // where nobody reads it any more the end is no error
      copy.on('error', nothing)
      const end = (): void => {
        // the socket may be paused for it
        copy._read?.()
        copy.destroy(ending.reason)
      }
      copy.on('close', onAbort(ending, end))
    }
    resolve(made)
  }
}

/** Resolves when the server has given everything. */
function given(copy: Copy, ending: AbortSignal): Promise<void> {
  const { push } = copy
  return new Promise(resolve => {
    copy.push = chunk => {
      if (chunk === null) resolve()
      return ending.aborted || push?.call(copy, chunk) === true
    }
  })
}

function nothing(): void {}
