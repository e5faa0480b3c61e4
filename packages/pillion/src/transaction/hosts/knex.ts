/**
 * Transactions on Knex, and on what is built upon it. Knex makes a client of its own for each transaction and savepoint: that
 * is where statements enter.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import { isKnex } from '../../hosts/knex-ride.js'
import { type Passage, passing } from '../../run/ambient.js'
import { onAbort } from '../../run/on-abort.js'
import { notBegun, refusalOf } from '../failure.js'
import type { Coming, Dialect, Link, Opening, Taking, Transactor } from '../transactor.js'
import { endsNothing } from './ends.js'
import type { Destroyable } from './at-once.js'
import { committing, drop } from './gone.js'
import { killQuery } from './mysql.js'
import { type Own, ownTransactions } from './own.js'
import { setPostgres } from './sql.js'
import { watchOn, type Watch } from './watch.js'

/** An instance, or a transaction, from the inside. */
interface Knex {
  readonly client: KnexClient
  readonly isTransaction?: boolean
  readonly userParams?: object
  readonly executionPromise: Promise<unknown>
  /** The callback gives nothing that Knex could wait for: so the transaction stays open. */
  transaction(work: (trx: Knex) => void, options: object): Promise<unknown>
  isCompleted(): boolean
  commit(): Promise<unknown>
  rollback(): Promise<unknown>
}

interface KnexClient {
  readonly driverName?: string
  readonly pool?: { readonly max?: number }
  acquireConnection(): Promise<object>
  releaseConnection(connection: object): Promise<void>
  query(connection: object, asked: unknown): Promise<unknown>
  stream(connection: object, asked: unknown, into: Destroyable, options: object): Promise<unknown>
  /** A transaction, or a savepoint in one; `work` is handed it. */
  transaction(work: (trx: Knex) => unknown, ...rest: unknown[]): object
}

const dialects: { readonly [driverName: string]: Dialect | undefined } = {
  pg: 'postgres',
  mysql2: 'mysql',
  'better-sqlite3': 'sqlite',
}

export function knexTransactor(root: object): Transactor<object> | undefined {
  if (!isKnex(root)) return undefined
  const knex = root as unknown as Knex
  const { driverName = '' } = knex.client
  const dialect = dialects[driverName]
  if (dialect === undefined || knex.isTransaction === true) {
    const found = dialect === undefined ? `on the driver ${driverName}` : 'a transaction already'
    throw new PillionError('HOST_SHAPE', `Knex is ${found}.`, {
      hint: `An instance of Knex 3 on one of these is expected: ${Object.keys(dialects).join(', ')}.`,
    })
  }
  return Object.freeze({
    name: 'knex',
    root,
    orm: root,
    dialect,
    connections: knex.client.pool?.max,
    open: (opening: Opening, _: Coming<object>, taking: Taking) => open(knex, dialect, opening, taking),
  })
}

async function open(knex: Knex, dialect: Dialect, opening: Opening, taking: Taking): Promise<Link<object>> {
  const { isolation, readOnly, deferrable } = opening
  const isTwofold = dialect === 'mysql' && isolation !== undefined && readOnly === true
  const beginning: Beginning = {
    ...(isTwofold ? { isolatedFirst: isolation } : {}),
    ...(isolation === undefined || isTwofold ? {} : { isolationLevel: isolation }),
    ...(readOnly === undefined ? {} : { readOnly }),
  }
  const trx = await begun(knex, beginning, connection => taking(cancels[dialect](knex.client, connection))).catch(
    error => {
      throw notBegun(error)
    },
  )
  if (trx.isCompleted()) {
    // Knex hands out a transaction whose BEGIN has failed, too
    await trx.executionPromise.catch(error => {
      throw notBegun(error)
    })
  }
  const connection = await trx.client.acquireConnection()
  const link = linkOf(trx, dialect, connection, cancels[dialect](knex.client, connection))
  // Knex itself says READ ONLY, and not the contrary
  const unsaid = { readOnly: readOnly === false ? readOnly : undefined, deferrable }
  const characteristics = dialect === 'postgres' ? setPostgres(unsaid) : ''
  if (characteristics !== '') {
    try {
      await link.execute(characteristics)
    } catch (error) {
      await link.rollback().catch(() => {})
      throw error
    }
  }
  const watch = watchOn(dialect, link.execute)
  return Object.freeze({ ...link, commit: () => watch.commit(link.commit, link.rollback) })
}

interface Beginning {
  readonly isolationLevel?: string
  readonly readOnly?: boolean
  /** Said by a statement of its own: Knex joins the two without the comma that MySQL wants. */
  readonly isolatedFirst?: string
}

/** @param taken is told of the connection before anything is sent on it */
function begun(knex: Knex, { isolatedFirst, ...rest }: Beginning, taken: (connection: object) => void): Promise<Knex> {
  const { client } = knex
  const telling = Object.create(client, {
    acquireConnection: {
      value: async () => {
        const connection = await client.acquireConnection()
        taken(connection)
        if (isolatedFirst === undefined) return connection
        try {
          await client.query(connection, `SET TRANSACTION ISOLATION LEVEL ${isolatedFirst}`)
        } catch (error) {
          await client.releaseConnection(connection)
          throw error
        }
        return connection
      },
    },
  }) as KnexClient
  const given = { doNotRejectOnRollback: true, ...rest, userParams: knex.userParams }
  return new Promise((resolve, reject) => {
    const transaction = telling.transaction(resolve, given) as Promise<unknown>
    transaction.catch(reject)
  })
}

type Cancels = Pick<Link<object>, 'cancel' | 'drop'>

/** How a statement is stopped. SQLite's keep the process busy: nobody is there to stop them. */
const cancels: { readonly [dialect in Dialect]: (client: KnexClient, connection: object) => Cancels } = {
  postgres: (_, connection) => ({
    cancel: () => cancelRequest(pgClient(connection)),
    drop: () => drop(connection),
  }),
  mysql: (client, connection) => ({
    cancel: isWanted => killing(client, (connection as { readonly threadId?: unknown }).threadId, isWanted),
    drop: () => drop(connection),
  }),
  sqlite: () => ({}),
}

/** Stops a statement of MySQL's by another connection of the pool's. */
async function killing(client: KnexClient, thread: unknown, isWanted: () => boolean): Promise<void> {
  const other = await client.acquireConnection()
  try {
    if (isWanted()) await client.query(other, killQuery(thread))
  } finally {
    await client.releaseConnection(other)
  }
}

function linkOf(trx: Knex, dialect: Dialect, connection: object, cancelling: Cancels): Link<object> {
  const { client, commit, rollback: back } = trx
  const query = client.query.bind(client)
  // Knex ends its transactions through the same client, and sends at once: that is told by the moment
  let ours = false
  const past = <T>(what: () => T): T => {
    ours = true
    try {
      return what()
    } finally {
      ours = false
    }
  }
  let refused: unknown
  const ending = async (end: () => Promise<unknown>): Promise<void> => {
    past(end).catch(() => {})
    try {
      await trx.executionPromise
      // on MySQL Knex keeps to itself that a savepoint is not there
      if (refused !== undefined) throw refused
    } catch (given) {
      const error = given ?? unanswered()
      // nobody knows what state it is in: the pool throws it out
      if (refusalOf(error) === undefined) Object.assign(connection, { __knex__disposed: error })
      throw error
    }
  }
  const rollback = (): Promise<void> => ending(back)
  const execute = async (sql: string): Promise<void> => void (await query(connection, sql))
  const watch = watchOn(dialect, execute, connection)
  const own = ownTransactions()
  trx.executionPromise.catch(() => {})
  return Object.freeze({
    target: trx,
    view: passage =>
      viewOf(trx, {
        passage,
        watch,
        own,
        isOurs: () => ours,
        refused: error => {
          refused ??= error
        },
      }),
    execute,
    commit: () => committing(connection, () => ending(commit), rollback),
    rollback,
    aborted: async () => {
      if (dialect !== 'postgres') return false
      const pg = pgClient(connection)
      await pg.query('')
      return pg.getTransactionStatus() === 'E'
    },
    endedBy: watch.endedBy,
    hasOwn: own.isOpen,
    nest: () =>
      new Promise((resolve, reject) => {
        if (own.isOpen()) {
          reject(insideOwn())
          return
        }
        past(() =>
          trx.transaction(inner => resolve(linkOf(inner, dialect, connection, cancelling)), {
            doNotRejectOnRollback: true,
          }),
        ).catch(reject)
      }),
    ...cancelling,
  } satisfies Link<object>)
}

/** Knex has siblings wait for each other, and one of pillion's inside of its own is a sibling of that to it. */
function insideOwn(): PillionError {
  return new PillionError(
    'TRANSACTION_NESTED',
    "A nested transaction of pillion's was asked for while one of Knex's own is open in the same transaction: each would wait for the other.",
    { hint: "Nest with `trx.transaction(…)` inside of Knex's own, or await that first." },
  )
}

/** Knex waits five seconds for ROLLBACK. Then it gives the connection back, and fails with nothing. */
function unanswered(): PillionError {
  return new PillionError(
    'CONNECTION_LOST',
    'ROLLBACK was not answered in five seconds: the connection is given up, and the server rolls back when it hears of that.',
  )
}

/** How statements get in. */
interface Gate {
  readonly passage: Passage
  readonly watch: Watch
  readonly own: Own
  isOurs(): boolean
  /** Is told what an end of ours failed with. */
  refused(error: unknown): void
}

function viewOf(trx: Knex, by: Gate): object {
  gate(trx.client, by)
  return Object.assign(trx, { commit: endsNothing('commit'), rollback: endsNothing('rollback') })
}

/** Each transaction and savepoint has a client of its own: what is put on it is gone with it. */
function gate(client: KnexClient, by: Gate): void {
  const { passage, watch, own, isOurs, refused } = by
  const query = client.query.bind(client)
  const stream = client.stream.bind(client)
  const transaction = client.transaction.bind(client)
  Object.assign(client, {
    query: (connection: object, asked: unknown) =>
      isOurs()
        ? query(connection, asked).catch(error => {
            refused(error)
            throw error
          })
        : passing(passage, () => watch.over(asked, () => query(connection, asked))),
    stream: async (connection: object, asked: unknown, into: Destroyable, options: object) => {
      // where nobody reads it any more the end is no error
      into.on('error', () => {})
      try {
        const leave = await passage.enter()
        // it has no end that a transaction could wait for, and nobody may hear of its failure
        const failed = passage.suspect()
        leave()
        into.on('error', error => {
          if (!passage.ending.aborted) failed(error)
        })
      } catch (error) {
        // Knex tells the reader of no failure once it has the connection
        into.destroy(error)
        throw error
      }
      return Promise.race([stream(connection, asked, into, options), endOf(into, passage.ending)])
    },
    transaction: (work: (trx: Knex) => unknown, ...rest: unknown[]) => {
      if (isOurs()) return transaction(work, ...rest)
      return transaction(
        inner => {
          const over = own.begun()
          inner.executionPromise.then(over, over)
          gate(inner.client, { ...by, isOurs: () => false })
          return work(inner)
        },
        ...rest,
      )
    },
  } satisfies Partial<KnexClient>)
}

/** Ends a stream with its transaction, and tells whoever waits for it. */
function endOf(into: Destroyable, ending: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      into.destroy(ending.reason)
      reject(ending.reason as Error)
    }
    into.on('close', onAbort(ending, end))
  })
}
