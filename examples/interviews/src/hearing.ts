/**
 * Which statements a piece of work sends.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Host } from 'pillion'

const hearing = new AsyncLocalStorage<string[]>()

/** The same host, overheard by `hear`. */
export function audible(host: Host): Host {
  return Object.freeze<Host>({
    ...host,
    run(target, statement, options) {
      hearing.getStore()?.push(statement.text)
      return host.run(target, statement, options)
    },
  })
}

/** Does the work, and gives beside its result the statements that it sent through audible hosts. */
export async function hear<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly sent: readonly string[] }> {
  const sent: string[] = []
  return { result: await hearing.run(sent, work), sent }
}
