/**
 * Transactions on Drizzle over node-postgres. Drizzle's own `transaction` would leave its client out of the pool where BEGIN
 * fails, and hands its transaction to a callback only: so the client is taken here, and Drizzle's classes are put over it.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isPool, type PgClient, type PgPool, pgPool } from '../../hosts/postgres/client.js'
import { isFunction, isHandle, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import type { Opening, Transactor } from '../transactor.js'
import { beginOn, checkOut, guarded } from './pg.js'
import { usedAt } from './used-at.js'

/** A database of Drizzle from the inside. */
interface Database {
  readonly dialect: unknown
  readonly session: Session
  readonly $client: unknown
}

interface Session {
  readonly constructor: new (client: object, dialect: unknown, schema: unknown, options: unknown) => Session
  readonly schema: unknown
  readonly options: unknown
  transaction(work: (tx: object) => Promise<void>): Promise<void>
}

type TransactionClass = new (dialect: unknown, session: Session, schema: unknown) => object

export function drizzleTransactor(given: object): Transactor<object> | undefined {
  if (!('_' in given) || !('$client' in given || '$primary' in given)) return undefined
  const root = ('$primary' in given ? given['$primary'] : given) as Database
  const { dialect, session, $client } = root
  if (!isHandle($client) || !isPool($client)) throw shape('The database is not on a pool of node-postgres.')
  if (!isObject(session) || !isFunction(session.transaction) || !isObject(dialect)) {
    throw shape('The database does not hold its session where it is looked for.')
  }
  const pool = pgPool($client) as PgPool & { readonly options: { readonly max?: number } }
  const over = (client: object): Session => new session.constructor(client, dialect, session.schema, session.options)
  let kind: Promise<TransactionClass> | undefined
  return Object.freeze({
    name: 'drizzle',
    root,
    orm: root,
    dialect: 'postgres',
    connections: pool.options.max,
    open: async (opening: Opening) => {
      kind ??= transactionClass(over)
      const Transaction = await kind
      const client: PgClient = await checkOut(pool)
      const put = (on: object): object => new Transaction(dialect, over(on), session.schema)
      return beginOn(
        client,
        opening,
        error => client.release?.(error),
        passage =>
          placing(put(guarded(client, passage)), origin =>
            over(
              guarded(
                client,
                usedAt(passage, () => origin),
              ),
            ),
          ),
        put(client),
      )
    },
  })
}

/**
 * A transaction each of whose queries knows the line that began to build it: Drizzle sends when somebody asks for the rows. A query
 * takes its session from the object that it was begun on.
 */
function placing<T extends object>(on: T, session: (origin: Origin) => Session): T {
  return new Proxy(on, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'query' && isObject(value)) return tables(value, session)
      if (!isFunction(value)) return value
      const call = (...args: unknown[]): unknown =>
        Reflect.apply(value, Object.create(target, { session: { value: session(originOf(call)) } }), args)
      return call
    },
  })
}

/** A relational query is begun on a table of `query`, which has a session of its own. */
function tables(query: object, session: (origin: Origin) => Session): object {
  return new Proxy(query, {
    get(target, key) {
      const table: unknown = Reflect.get(target, key)
      return isObject(table) ? placing(table, session) : table
    },
  })
}

/** Drizzle exports its transaction's class for some drivers only: it is seen on one that reaches no database. */
async function transactionClass(over: (client: object) => Session): Promise<TransactionClass> {
  let found: unknown
  await over({ query: async () => ({ rows: [] }) }).transaction(async tx => {
    found = tx.constructor
  })
  if (!isFunction(found)) throw shape('The session opened no transaction.')
  return found as unknown as TransactionClass
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: 'drizzle-orm 0.45 with drizzle-orm/node-postgres is expected.',
  })
}
