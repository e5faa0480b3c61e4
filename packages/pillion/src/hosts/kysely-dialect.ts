/**
 * Kysely as a guest: a whole instance of it on the connection that a host has, and in its transaction.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { type Direct, directOf } from '../run/direct.js'
import { assertOneOfRows, assertOneSelect } from '../run/raw-sql.js'

/** A dialect class of Kysely's, as far as it is used here: its printer, its adapter and its introspector. */
export type KyselyDialectClass<D> = new (config: never) => D

/** What a guest may do. */
export interface KyselyDialectOptions {
  /**
   * Let it write rows, and nothing else: no settings, locks or tables, also by a function or INTO.
   *
   * @defaultValue `false`
   */
  readonly writes?: boolean | undefined
}

/** A database of pillion's, as far as a dialect must know it. */
export interface RiddenDatabase {
  readonly catalog: object
  on(target: unknown): RiddenDatabase
}

interface Parts {
  createAdapter(): unknown
  createQueryCompiler(): unknown
  createIntrospector(kysely: unknown): unknown
}

interface CompiledQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

interface QueryResult {
  readonly rows: readonly unknown[]
  readonly numAffectedRows?: bigint
}

/**
 * A dialect for an instance of Kysely's that rides where a database of pillion's does: on its host's connection, in the
 * transaction it is on, or in the one that is current. It borrows and never owns: `destroy` closes nothing, and a
 * transaction of its own is refused, for the host's is there. Unless told otherwise it only reads, and on SQLite always; it
 * explains what it may run.
 *
 * Values are read as everywhere in pillion: a `bigint` as bigint, a `timestamptz` as Date, whatever the host's parsers do.
 *
 * ```ts
 * const orm = new Kysely<Tables>({ dialect: kyselyDialect(db, PostgresDialect) })
 * await prisma.$transaction(async tx => {
 *   const inside = new Kysely<Tables>({ dialect: kyselyDialect(db.on(tx), PostgresDialect, { writes: true }) })
 *   await inside.updateTable('interview').set({ status: 'closed' }).execute()
 * })
 * ```
 *
 * @param dialect the class of Kysely's own for this kind of database. Its configuration is not needed.
 * @throws PillionError `HOST_UNKNOWN` when the database is none of pillion's; from its queries `SQL_NOT_SELECT` for what it
 * may not do, `TRANSACTION_UNSUPPORTED` for a transaction of its own.
 */
export function kyselyDialect<D extends object>(
  database: RiddenDatabase,
  dialect: KyselyDialectClass<D>,
  { writes = false }: KyselyDialectOptions = {},
): D {
  const spoken = new dialect({} as never) as unknown as Parts
  const direct = directOf(database)
  const assertAllowed = writes ? assertOneOfRows : assertOneSelect
  const driver = driverOver(direct, text => assertAllowed(explainedBy(text), direct.dialect))
  const parts: Parts & { createDriver(): unknown } = {
    createAdapter: () => spoken.createAdapter(),
    createQueryCompiler: () => spoken.createQueryCompiler(),
    createIntrospector: kysely => spoken.createIntrospector(kysely),
    createDriver: () => driver,
  }
  return Object.freeze(parts) as unknown as D
}

/** `explain` with its options, as Kysely prints it for each kind of database. */
const explaining = /^explain\s+(\([\w\s,]*\)\s*|query\s+plan\s+|(analyze\s+)?(format\s*=\s*\w+\s+)?)/i

/** What a text explains, and perhaps runs for that; the text itself where it explains nothing. */
function explainedBy(text: string): string {
  return text.replace(explaining, '')
}

/** What Kysely takes for a connection: a way for statements, nothing held between two. Kysely puts its logger into it. */
function connectionOver(direct: Direct, assertAllowed: (text: string) => void) {
  const stopping = new AbortController()
  return {
    async executeQuery({ sql, parameters }: CompiledQuery): Promise<QueryResult> {
      assertAllowed(sql)
      const { signal } = stopping
      const { rows, affected } = await direct.run(sql, parameters.map(documentsAsText), { signal })
      return affected === undefined ? { rows } : { rows, numAffectedRows: BigInt(affected) }
    },
    // from Kysely 0.29 on, for a query that is given a signal and is to be stopped by it in the server
    async cancelQuery(): Promise<void> {
      stopping.abort()
    },
    async *streamQuery({ sql, parameters }: CompiledQuery, batch = 1): AsyncGenerator<QueryResult, void, undefined> {
      assertAllowed(sql)
      const { signal } = stopping
      const given = parameters.map(documentsAsText)
      for await (const rows of direct.stream(sql, given, { batch, signal })) yield { rows }
    },
  }
}

function driverOver(direct: Direct, assertAllowed: (text: string) => void) {
  return Object.freeze({
    init: async () => {},
    acquireConnection: async () => connectionOver(direct, assertAllowed),
    releaseConnection: async () => {},
    destroy: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
  })
}

async function refuse(): Promise<never> {
  throw new PillionError('TRANSACTION_UNSUPPORTED', 'An instance of Kysely that rides begins no transaction.', {
    hint: 'Begin it with the host, and make the instance in it: kyselyDialect(db.on(tx), …).',
  })
}

/** Drivers send an object as JSON. */
function documentsAsText(value: unknown): unknown {
  const isDocument = Object.prototype.toString.call(value) === '[object Object]'
  return isDocument ? JSON.stringify(value) : value
}
