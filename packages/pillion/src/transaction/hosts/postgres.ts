/**
 * What is done by statements on PostgreSQL, where a host hands out no connection.
 *
 * @module
 */

/** Has a failed statement aborted the transaction? Asked only where one failed: it takes a statement. */
export function probing(execute: (sql: string) => Promise<unknown>): () => Promise<boolean> {
  return () =>
    execute('SELECT 1').then(
      () => false,
      () => true,
    )
}

/**
 * The way to have the server stop what a transaction is doing, by another connection of the host's.
 *
 * @param inside reads one value in the transaction; `outside` on any other connection
 */
export async function cancelling(
  inside: (sql: string) => Promise<unknown>,
  outside: (sql: string) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const pid = Number(await inside('SELECT pg_backend_pid() AS it'))
  return async () => void (await outside(`SELECT pg_cancel_backend(${pid}) AS it`))
}
