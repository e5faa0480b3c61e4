/**
 * What is looked after where an ORM sends the statements: some end the transaction in the server, and what came next would be
 * committed alone.
 *
 * @module
 */
import { isObject } from '../../hosts/shape.js'
import type { Dialect } from '../transactor.js'
import { refuseEnding } from './ending-text.js'
import { endedBySql, hasEnded, isConflict, isOutside } from './mysql.js'
import { isIdle } from './postgres.js'
import { probed } from './probed.js'

/** Looks after each statement whether the transaction is still there. */
export interface Watch {
  /**
   * Runs a statement of the transaction's.
   *
   * @param asked its text, or what has it: one that would end the transaction is refused where that could not be told afterwards
   * @throws PillionError `TRANSACTION_UNSUPPORTED`; `TRANSACTION_FINISHED` where it has ended the transaction
   */
  over<T>(asked: unknown, statement: () => Promise<T>): Promise<T>
  /** Has a statement ended it? Asked when one is over; `failure` is undefined where it came through. */
  endedBy(failure: unknown): boolean
  /** Commits by the ORM's own means, or rolls back by them where COMMIT is refused: SQLite keeps the transaction open then. */
  commit(how: Ending, rollback: Ending): Promise<unknown>
}

type Ending = () => Promise<unknown>
type Execute = (sql: string) => Promise<unknown>

/** @param connection the driver's own, where the ORM hands it out: it knows what the server said last */
export function watchOn(dialect: Dialect, execute: Execute, connection?: object): Watch {
  return watches[dialect](execute, connection)
}

const watches: { readonly [dialect in Dialect]: (execute: Execute, connection: object | undefined) => Watch } = {
  postgres: (_, connection) =>
    Object.freeze({
      over(asked, statement) {
        if (connection === undefined) refuseEnding(asked, 'postgres')
        return statement()
      },
      endedBy: () => connection !== undefined && isIdle(connection),
      commit: how => how(),
    } satisfies Watch),
  mysql: execute =>
    Object.freeze({
      async over(asked, statement) {
        // BEGIN ends one, and begins another
        refuseEnding(asked, 'mysql')
        const result = await probed(asked, execute, statement)
        if (isOutside(driversOwn(result))) throw endedBySql()
        return result
      },
      endedBy: failure => isConflict(failure) || hasEnded(failure),
      commit: how => how(),
    } satisfies Watch),
  sqlite: watchSqlite,
}

/** What a driver of MySQL's gave, in what an ORM makes of it: `raw` is TypeORM's, `response` Knex's. */
function driversOwn(result: unknown): unknown {
  if (!isObject(result)) return result
  const { raw, response } = result as { readonly raw?: unknown; readonly response?: unknown }
  return Array.isArray(response) ? response[0] : (raw ?? result)
}

function watchSqlite(execute: Execute): Watch {
  let ended = false
  // refused inside of a transaction; else an empty one is there now, which takes no lock and is for the ORM to roll back
  const begins = (): Promise<boolean> =>
    execute('BEGIN').then(
      () => true,
      () => false,
    )
  return Object.freeze({
    async over(asked, statement) {
      refuseEnding(asked, 'sqlite')
      try {
        return await statement()
      } catch (error) {
        ended ||= await begins()
        throw error
      }
    },
    endedBy: () => ended,
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
