/**
 * Names of server-side prepared statements. A name whose result type changed under it (DDL) is retired on every
 * connection at once: the next run prepares under a new one.
 *
 * @module
 */
import type { Statement } from './host.js'

/** The names one host prepares under. */
export interface PreparedNames {
  /** The name to send, or undefined for an unnamed statement. */
  of(statement: Statement): string | undefined
  /** The name a statement has now is never used again. */
  retire(statement: Statement): void
}

const unnamed: PreparedNames = Object.freeze({ of: () => undefined, retire: () => {} })

/**
 * @param prepare false where the connection is not the session (PgBouncer in transaction mode): nothing is named.
 */
export function preparedNames(prepare: boolean): PreparedNames {
  if (!prepare) return unnamed
  const generations = new Map<string, number>()
  return Object.freeze({
    of({ name }: Statement) {
      if (name === undefined || generations.size === 0) return name
      const generation = generations.get(name)
      return generation === undefined ? name : `${name}_${generation}`
    },
    retire({ name }: Statement) {
      if (name !== undefined) generations.set(name, (generations.get(name) ?? 0) + 1)
    },
  })
}
