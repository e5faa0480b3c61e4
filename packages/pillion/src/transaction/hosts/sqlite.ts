/**
 * What SQLite needs where an ORM holds the database: some failures end the transaction by themselves, and what came next would be
 * committed alone.
 *
 * @module
 */
import type { Dialect } from '../transactor.js'

/** Looks after each failure whether the transaction is still there. */
export interface Watch {
  /** Runs a statement of the transaction's. */
  over<T>(statement: () => Promise<T>): Promise<T>
  hasEnded(): boolean
  /** Commits by the ORM's own means, or rolls back by them where COMMIT is refused: SQLite keeps the transaction open then. */
  commit(how: Ending, rollback: Ending): Promise<void>
}

type Ending = () => Promise<void>

/** On SQLite, a watch; elsewhere none is needed. */
export function watchOn(dialect: Dialect, execute: (sql: string) => Promise<unknown>): Watch {
  return dialect === 'sqlite' ? watch(execute) : unwatched
}

const unwatched: Watch = Object.freeze({
  over: statement => statement(),
  hasEnded: () => false,
  commit: how => how(),
} satisfies Watch)

function watch(execute: (sql: string) => Promise<unknown>): Watch {
  let ended = false
  // refused inside of a transaction; else an empty one is there now, which takes no lock and is for the ORM to roll back
  const begins = (): Promise<boolean> =>
    execute('BEGIN').then(
      () => true,
      () => false,
    )
  return Object.freeze({
    async over(statement) {
      try {
        return await statement()
      } catch (error) {
        ended ||= await begins()
        throw error
      }
    },
    hasEnded: () => ended,
    async commit(how, rollback) {
      try {
        await execute('COMMIT')
      } catch (error) {
        await rollback().catch(() => {})
        throw error
      }
      // an empty one is for the ORM to end
      await execute('BEGIN')
      await how()
    },
  } satisfies Watch)
}
