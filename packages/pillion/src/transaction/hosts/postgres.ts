/**
 * What is done by statements on PostgreSQL, where a host hands out no connection.
 *
 * @module
 */
import { refusalOf } from '../failure.js'

/**
 * Has a failed statement aborted the transaction? Asked only where one failed: it takes a statement. It fails where nobody is there to
 * answer.
 */
export function probing(execute: (sql: string) => Promise<unknown>): () => Promise<boolean> {
  return () =>
    execute('SELECT 1').then(
      () => false,
      error => {
        if (refusalOf(error) === undefined) throw error
        return true
      },
    )
}

/**
 * The way to have the server stop what a transaction is doing, by another connection of the host's. That may come late: so the
 * transaction is named by its start, too, and whoever has the session by then is left alone.
 *
 * @param inside reads one value in the transaction; `outside` on any other connection
 */
export async function cancelling(
  inside: (sql: string) => Promise<unknown>,
  outside: (sql: string) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const told = await inside(`SELECT pg_backend_pid() || ' ' || extract(epoch FROM now()) AS it`)
  const [pid, start] = String(told).split(' ').map(Number)
  const sql = `SELECT pg_cancel_backend(pid) AS it FROM pg_stat_activity WHERE pid = ${pid} AND extract(epoch FROM xact_start) = ${start}`
  return async () => void (await outside(sql))
}

/** Has the server told, by a client of `pg`'s, that no transaction is open? */
export function isIdle(connection: object): boolean {
  const { getTransactionStatus } = connection as { getTransactionStatus?(): unknown }
  return getTransactionStatus !== undefined && Reflect.apply(getTransactionStatus, connection, []) === 'I'
}
