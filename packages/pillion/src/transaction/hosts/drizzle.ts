/**
 * Transactions on Drizzle. Its own `transaction` leaves a connection out of the pool where BEGIN fails, and hands itself to a
 * callback only: so the driver below is what opens one, and Drizzle's classes are put over it.
 *
 * @module
 */
import { isPromise } from 'node:util/types'
import { PillionError } from '../../errors.js'
import { isFunction, isHandle, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import type { Passage } from '../../run/ambient.js'
import { type Coming, type Link, type Opening, savepoint, type Taking, type Transactor } from '../transactor.js'
import { betterSqlite3Transactor } from './better-sqlite3.js'
import { mysql2Transactor } from './mysql2.js'
import { type Own, ownTransactions } from './own.js'
import { pgTransactor } from './pg.js'
import { pgliteTransactor } from './pglite.js'
import { postgresJsTransactor } from './postgres-js.js'
import { usedAt } from './used-at.js'

/** A database of Drizzle from the inside. */
interface Database {
  readonly dialect: object
  readonly session: Session
}

interface Session {
  readonly constructor: new (client: object, dialect: object, schema: unknown, options: object) => Session
  readonly client: object
  readonly schema: unknown
  readonly logger: unknown
  readonly cache: unknown
  /** Of relational queries on MySQL. */
  readonly mode?: unknown
  transaction(work: (tx: object) => unknown): unknown
}

type TransactionClass = new (...given: unknown[]) => object

/** A driver below Drizzle. */
interface Driver {
  readonly over: (client: object) => Transactor<object> | undefined
  /** What Drizzle opens a transaction on for its class to be seen, and which reaches no database. */
  readonly blank: object
  /** What Drizzle makes a transaction of. */
  given(database: Database, session: Session, depth: number): unknown[]
  /** Its transactions wait for no promise. */
  readonly sync?: true
}

const ofPostgres: Driver['given'] = ({ dialect }, session, depth) => [dialect, session, session.schema, depth]
const ofMysql: Driver['given'] = ({ dialect }, session, depth) => [
  dialect,
  session,
  session.schema,
  depth,
  session.mode,
]
const ofSqlite: Driver['given'] = ({ dialect }, session, depth) => ['sync', dialect, session, session.schema, depth]

type Work = (client: object) => unknown

const drivers: readonly Driver[] = [
  { over: postgresJsTransactor, blank: { begin: (work: Work) => work({}) }, given: ofPostgres },
  { over: pgliteTransactor, blank: { transaction: (work: Work) => work({}) }, given: ofPostgres },
  { over: mysql2Transactor, blank: { query: async () => [{}] }, given: ofMysql },
  {
    over: betterSqlite3Transactor,
    blank: { transaction: (work: Work) => ({ deferred: work }) },
    given: ofSqlite,
    sync: true,
  },
  { over: pgTransactor, blank: { query: async () => ({ rows: [] }) }, given: ofPostgres },
]

export function drizzleTransactor(given: object): Transactor<object> | undefined {
  if (!('_' in given) || !('$client' in given || '$primary' in given)) return undefined
  const root = ('$primary' in given ? given['$primary'] : given) as Database
  const { dialect, session } = root
  if (!isObject(session) || !isHandle(session.client) || !isFunction(session.transaction) || !isObject(dialect)) {
    throw shape('The database does not hold its session where it is looked for.')
  }
  for (const driver of drivers) {
    const below = driver.over(session.client)
    if (below !== undefined) return drizzleOver(root, driver, below)
  }
  throw shape('The database is on a driver that is not known here.')
}

function drizzleOver(root: Database, driver: Driver, below: Transactor<object>): Transactor<object> {
  const over = (client: object): Session => sessionOver(root, client)
  let kind: TransactionClass | undefined
  return Object.freeze({
    name: 'drizzle',
    root,
    orm: root,
    dialect: below.dialect,
    connections: below.connections,
    open: async (opening: Opening, _: Coming<object>, taking: Taking) => {
      kind ??= await transactionClass(root, driver.blank)
      const Transaction = kind
      const put = (client: object, depth: number): object => new Transaction(...driver.given(root, over(client), depth))
      return linkOver(await below.open(opening, taking, taking), { put, over, sync: driver.sync === true }, 0)
    },
  })
}

/** What is put over a driver. */
interface Layer {
  put(client: object, depth: number): object
  over(client: object): Session
  readonly sync: boolean
}

/** @param depth Drizzle names its savepoints by it: MySQL drops the outer one of two that have one name */
function linkOver(link: Link<object>, layer: Layer, depth: number): Link<object> {
  const { put, over, sync } = layer
  const own = ownTransactions()
  return Object.freeze({
    ...link,
    target: put(link.target as object, depth),
    view: (passage, later) => {
      const sessionBy = (by: Passage): Session => over(link.view(by, later))
      const transaction = put(link.view(passage, later), depth)
      const nested = nesting(transaction, { own, sessions: sync ? { sessionBy, passage } : undefined })
      return placing(nested, origin => sessionBy(usedAt(passage, () => origin)))
    },
    hasOwn: own.isOpen,
    nest: async () => linkOver(await savepoint(link), layer, depth + own.count()),
  } satisfies Link<object>)
}

/** How Drizzle's own transactions inside are looked after. */
interface Nesting {
  readonly own: Own
  /** Where Drizzle waits for no promise: what makes sessions, and the way that they enter by. */
  readonly sessions: Sessions | undefined
}

interface Sessions {
  readonly passage: Passage
  sessionBy(passage: Passage): Session
}

type Nested = (work: unknown, ...rest: unknown[]) => unknown

/** A transaction that looks after those of Drizzle's own inside, at any depth. */
function nesting(transaction: object, by: Nesting): object {
  const { transaction: nested } = transaction as { readonly transaction: Nested }
  return Object.assign(transaction, {
    transaction(work: unknown, ...rest: unknown[]): unknown {
      const { sessions } = by
      if (!isFunction(work)) return Reflect.apply(nested, this, [work, ...rest])
      if (sessions === undefined) {
        const inside = (inner: object): unknown => work(nesting(inner, by) as never)
        return by.own.during(() => Reflect.apply(nested, this, [inside, ...rest]))
      }
      const { passage, end } = endable(sessions.passage)
      const on = Object.create(this, { session: { value: sessions.sessionBy(passage) } }) as object
      const inside = (inner: object): unknown =>
        atOnce(work(nesting(inner, { ...by, sessions: { ...sessions, passage } }) as never))
      try {
        return by.own.during(() => Reflect.apply(nested, on, [inside, ...rest]))
      } catch (error) {
        end()
        throw error
      }
    },
  })
}

/** What a callback gives, which is over: of a promise better-sqlite3 says the same, where Drizzle looks at nothing. */
function atOnce<T>(given: T): T {
  if (!isObject(given) || !isFunction(given['then'])) return given
  if (isPromise(given)) given.catch(() => {})
  throw new TypeError('Transaction function cannot return a promise')
}

/** A passage that lets nothing in any more when it is told to: what the rest of the callback sends would be outside of its savepoint. */
function endable(passage: Passage): { readonly passage: Passage; end(): void } {
  let isOver = false
  return {
    end: () => void (isOver = true),
    passage: {
      target: passage.target,
      suspect: () => passage.suspect(),
      get ending() {
        return passage.ending
      },
      enter() {
        if (!isOver) return passage.enter()
        throw new PillionError(
          'TRANSACTION_FINISHED',
          "A transaction of Drizzle's own was rolled back, and what came later by it was not let in.",
          {
            hint: 'On better-sqlite3 its callback is synchronous. Of work that is not, say tx.run({ mode: "nested" }, …).',
          },
        )
      },
    },
  }
}

function sessionOver({ dialect, session }: Database, client: object): Session {
  const { schema, logger, cache, mode } = session
  return new session.constructor(client, dialect, schema, { logger, cache, mode })
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

/** Drizzle exports its transaction's class for some drivers only: it is seen where one is opened. */
async function transactionClass({ dialect, session }: Database, blank: object): Promise<TransactionClass> {
  let found: unknown
  await new session.constructor(blank, dialect, session.schema, {}).transaction(tx => {
    found = tx.constructor
  })
  if (!isFunction(found)) throw shape('The session opened no transaction.')
  return found as unknown as TransactionClass
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, {
    hint: 'drizzle-orm 0.45 on node-postgres, postgres-js, PGlite, mysql2 or better-sqlite3 is expected.',
  })
}
