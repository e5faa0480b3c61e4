/**
 * The parts of node-postgres (`pg` 8.21 or later) that are reached for, by shape: nothing is imported from it.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../shape.js'
import type { Statement } from '../../run/host.js'

/** A `pg` Client, or a PoolClient, as far as users must know it. */
export interface PostgresClient {
  query(...args: never[]): unknown
}

/** A `pg` Pool, as far as users must know it. */
export interface PostgresPool {
  query(...args: never[]): unknown
  connect(...args: never[]): unknown
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

/** A client from the inside. */
export interface PgClient {
  query(submittable: Submittable): unknown
  query(text: string): Promise<unknown>
  query(text: string, told: (failure: Error | null, result?: { readonly command?: string }) => void): void
  end(): Promise<void>
  on(event: 'error', listener: (error?: unknown) => void): unknown
  removeListener(event: 'error', listener: (error?: unknown) => void): unknown
  /** `I`dle, in a `T`ransaction, in a failed one (`E`). */
  getTransactionStatus(): 'I' | 'T' | 'E' | null
  readonly connection: PgConnection
  readonly host: string
  readonly port: number
  readonly ssl: unknown
  readonly sslNegotiation?: string
  readonly processID: number | null
  readonly secretKey: number | null
  readonly pipeline?: boolean
  /** What waits for the connection to be free. */
  readonly _queryQueue?: Submittable[]
  /** Only on a client that a pool has handed out; another function each time. */
  release?(error?: unknown): void
}

/** A pool from the inside. */
export interface PgPool {
  connect(callback: (error: unknown, client: PgClient | undefined) => void): void
  on(event: 'acquire', listener: (client: object) => void): unknown
  on(event: 'release', listener: (error: unknown, client: object) => void): unknown
  /** Every client of the pool, and those of them that wait to be handed out. */
  readonly _clients: readonly object[]
  readonly _idle: readonly { readonly client: object }[]
}

/** The protocol's messages. They are written at once and answered in order. */
export interface PgConnection {
  readonly stream: { cork?(): void; uncork?(): void }
  /** Text by name of what the server has prepared on this connection. */
  readonly parsedStatements: Record<string, string | undefined>
  parse(message: { text: string; name?: string }): void
  /** Values are text or null: the codecs of PostgreSQL give nothing else. */
  bind(message: { statement?: string; values?: Statement['values'] }): void
  describe(message: { type: 'P'; name: string }): void
  execute(message: { portal: string; rows?: number }): void
  close(message: { type: 'P'; name: string }): void
  query(text: string): void
  flush(): void
  sync(): void
  sendCopyFail(message: string): void
  /** Tells the client what the server and the socket say. */
  emit(event: unknown, ...told: unknown[]): boolean
}

/**
 * What `client.query` takes beside text: the client calls `submit` at the moment the connection is free, and hands
 * every message of the answer to the handler of its name.
 */
export interface Submittable {
  /** An error refuses: nothing is sent, and `handleError` gets it. */
  submit(connection: PgConnection): Error | null
  /** The client may wrap this to watch the statement. */
  callback: (error: unknown, result?: unknown) => void
  handleRowDescription(message: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  }): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  handleCommandComplete(message: { readonly text: string }, connection: PgConnection): void
  handlePortalSuspended(connection: PgConnection): void
  handleEmptyQuery(connection: PgConnection): void
  handleCopyInResponse(connection: PgConnection): void
  handleCopyData(): void
  handleError(error: unknown, connection: PgConnection): void
  handleReadyForQuery(connection: PgConnection): void
}

export function isPool(value: unknown): value is PostgresPool {
  return isObject(value) && isFunction(value.connect) && isFunction(value.query) && typeof value.totalCount === 'number'
}

export function isClient(value: unknown): value is PostgresClient {
  return isObject(value) && isFunction(value.connect) && isFunction(value.query) && !isPool(value)
}

/**
 * A client's inside, once its shape is checked.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function pgClient(value: unknown): PgClient {
  const client = value as PgClient
  if (typeof client.connection?.parse !== 'function' || typeof client.getTransactionStatus !== 'function') {
    throw new PillionError('HOST_SHAPE', 'The connection is not a JavaScript client of pg.', {
      hint: 'pg 8.21 or a later 8 is expected: `new Pool()` or `new Client()` of pg itself, not of pg-native.',
    })
  }
  if (client.pipeline) {
    throw new PillionError('HOST_SHAPE', 'The connection pipelines its statements.', {
      hint: 'Whether a transaction still lives cannot be known before each statement there: leave out `pipeline: true`.',
    })
  }
  return client
}

/**
 * A pool's inside, once its shape is checked.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function pgPool(value: unknown): PgPool {
  const pool = value as PgPool
  if (!Array.isArray(pool._clients) || !Array.isArray(pool._idle) || typeof pool.on !== 'function') {
    throw new PillionError('HOST_SHAPE', 'The pool is not a pool of pg.', {
      hint: 'pg 8.21 or a later 8, with its own pool (pg-pool 3), is expected.',
    })
  }
  return pool
}
