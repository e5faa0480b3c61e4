/**
 * Streams that are read by an iterator: each pull is a statement, and between two of them the stream rests.
 *
 * @module
 */
import { type Passage, passing } from '../../run/ambient.js'

/**
 * The same rows, each pull of which enters by a passage. Between two pulls there is nothing that a transaction could wait for: its end
 * closes the stream, and the reader is told why by the next pull.
 *
 * @param open makes the stream when it is pulled at for the first time
 * @param closing is told of the closing that the end brings about, for whoever must not send anything before it is done
 */
export function pulled<T>(
  passage: Passage,
  open: () => AsyncIterable<T>,
  closing: (closed: Promise<unknown>) => void = () => {},
): AsyncIterableIterator<T> {
  let reader: AsyncIterator<T> | undefined
  const close = async (): Promise<void> => void (await reader?.return?.())
  // what it fails with is the next statement's to tell
  const atEnd = (): void => closing(close().catch(() => {}))
  const pull = async (): Promise<IteratorResult<T>> => {
    const { ending } = passage
    reader ??= open()[Symbol.asyncIterator]()
    ending.addEventListener('abort', atEnd, { once: true })
    const step = await reader.next()
    if (step.done === true) ending.removeEventListener('abort', atEnd)
    else if (ending.aborted) {
      // the end came while this one was under way
      await close()
      throw ending.reason
    }
    return step
  }
  const iterator: AsyncIterableIterator<T> = {
    next: () => passing(passage, pull),
    async return(value: unknown) {
      passage.ending.removeEventListener('abort', atEnd)
      await close()
      return { done: true, value }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
