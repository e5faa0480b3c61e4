/**
 * The one interface between pillion and whoever owns the connection. It has no begin, commit, release or
 * close: a host is borrowed from, never owned.
 *
 * @module
 */

/** A compiled statement with its values, ready for the wire. Values are already encoded: text or null. */
export interface Statement {
  readonly text: string
  readonly values: readonly (string | null)[]
  /** A name for a server-side prepared statement (content-addressed); absent: unnamed. */
  readonly name?: string
}

/** Rows as the wire gave them: text or null, by position. */
export interface WireResult {
  readonly fields: readonly { readonly name: string; readonly oid: number }[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** What may interrupt a statement. */
export interface RunOptions {
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly timeout?: number
  /** Isolate a failing statement inside the host's transaction by a savepoint (two more round trips). */
  readonly savepoint?: boolean
}

/**
 * A host: given its root (target `undefined`) or one of its transaction objects, runs one statement on the
 * connection that the host would use now.
 */
export interface Host {
  /** `pg`, `prisma`, `typeorm`, `drizzle`. */
  readonly name: string
  run(target: unknown, statement: Statement, options: RunOptions): Promise<WireResult>
  /** Batches of rows from a server-side cursor; the connection goes back when the iteration ends, however it ends. */
  stream(target: unknown, statement: Statement, options: RunOptions & { readonly batch: number }): AsyncIterable<WireResult['rows']>
}
