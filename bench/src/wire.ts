/** The SQL a contender sends, seen where it leaves the driver. @module */
import pg from 'pg'

/** Messages that carry SQL: `parse` of the extended protocol, `query` of the simple one. */
interface Connection {
  parse(message: { readonly text: string }, more?: boolean): void
  query(text: string): void
}

/**
 * Runs `work` and gives its result with the SQL sent meanwhile; a statement already prepared on its connection sends
 * none. The driver is put back as it was.
 */
export async function observed<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly sql: readonly string[] }> {
  const sql: string[] = []
  const connection: Connection = pg.Connection.prototype as unknown as Connection
  const { parse, query } = connection
  connection.parse = function (message, more) {
    sql.push(message.text)
    parse.call(this, message, more)
  }
  connection.query = function (text) {
    sql.push(text)
    query.call(this, text)
  }
  try {
    return { result: await work(), sql }
  } finally {
    Object.assign(connection, { parse, query })
  }
}
