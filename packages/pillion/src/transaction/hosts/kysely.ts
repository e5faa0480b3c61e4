/**
 * Transactions on Kysely. It hands out no connection: statements enter by its executor. Its callback is parked: the transaction that
 * `startTransaction` gives leaves its connection out of the pool, in some versions, where BEGIN, COMMIT or ROLLBACK fails.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { errorsBelow } from '../../errors-below.js'
import { type Passage, passing, standing } from '../../run/ambient.js'
import { notBegun, unsent } from '../failure.js'
import type { Coming, Dialect, Link, Opening, Taking, Transactor } from '../transactor.js'
import { killQuery } from './mysql.js'
import { type Parked, parked } from './parked.js'
import { cancelling, probing } from './postgres.js'
import { pulled } from './pulled.js'
import { setPostgres } from './sql.js'
import { heedless, type Hearing, hearing } from './unheard.js'
import { watchOn, type Watch } from './watch.js'

/** An instance from the inside. */
export interface Kysely {
  transaction(): TransactionBuilder
  executeQuery(query: object): Promise<{ readonly rows: readonly { readonly it?: unknown }[] }>
  getExecutor(): Executor
  connection(): { execute(work: (other: Kysely) => Promise<void>): Promise<void> }
}

interface Executor extends Partial<Record<Maker, (...args: never[]) => Executor>> {
  readonly adapter: { readonly supportsMultipleConnections?: boolean }
  compileQuery(node: object, queryId: object): Compiled
  executeQuery(query: Compiled, ...rest: never[]): Promise<unknown>
  /** Calls back with the connection: for what Kysely itself begins on it. */
  provideConnection(consumer: (connection: object) => Promise<unknown>, ...rest: never[]): Promise<unknown>
  withPlugins(plugins: readonly object[]): Executor
  stream(...args: never[]): AsyncIterable<unknown>
}

interface Compiled {
  readonly sql: string
}

interface TransactionBuilder {
  setIsolationLevel(level: string): TransactionBuilder
  setAccessMode(mode: string): TransactionBuilder
  execute(work: (trx: KyselyTransaction) => Promise<void>): Promise<void>
}

export interface KyselyTransaction extends Kysely {
  withPlugin(plugin: object): KyselyTransaction
}

/** By how a name and a value are printed: the names of classes are others in a bundle that was made small. */
const dialects: { readonly [printed: string]: Dialect | undefined } = {
  '"it" $1': 'postgres',
  '`it` ?': 'mysql',
  '"it" ?': 'sqlite',
}

export function kyselyTransactor(root: object): Transactor<object> | undefined {
  if (!('startTransaction' in root) || !('getExecutor' in root)) return undefined
  const kysely = root as unknown as Kysely
  const dialect = dialectOf(kysely.getExecutor())
  if (dialect === undefined) {
    throw new PillionError('HOST_SHAPE', 'Kysely is on a dialect that is not known here.', {
      hint: 'Kysely 0.28 or later on one of these is expected: PostgresDialect, MysqlDialect, SqliteDialect.',
    })
  }
  return Object.freeze({
    name: 'kysely',
    root,
    orm: root,
    dialect,
    connections: dialect === 'sqlite' ? 1 : undefined,
    open: (opening: Opening, _: Coming<object>, taking: Taking) => openKysely(kysely, dialect, opening, taking),
  })
}

function dialectOf(executor: Executor): Dialect | undefined {
  const dialect = dialects[executor.compileQuery(nameAndValue, { queryId: 'pillion' }).sql]
  // PGlite's: what stops a statement needs another connection
  return dialect === 'postgres' && executor.adapter.supportsMultipleConnections === false ? undefined : dialect
}

const nameAndValue = {
  kind: 'RawNode',
  sqlFragments: ['', ' ', ''],
  parameters: [
    { kind: 'IdentifierNode', name: 'it' },
    { kind: 'ValueNode', value: 1 },
  ],
}

/**
 * Begins on a Kysely, be it the application's or one inside of another ORM.
 *
 * @param viewOver makes of a transaction of Kysely's what users work with; its statements enter by the passage
 */
export function openKysely(
  kysely: Kysely,
  dialect: Dialect,
  opening: Opening,
  taking: Taking,
  viewOver: ViewOver = view => view,
): Promise<Link<object>> {
  const { isolation, readOnly } = opening
  let builder = kysely.transaction()
  if (isolation !== undefined) builder = builder.setIsolationLevel(isolation)
  if (readOnly !== undefined) builder = builder.setAccessMode(readOnly ? 'read only' : 'read write')
  const ask = (): Promise<Parked<KyselyTransaction>> => parked<KyselyTransaction>(work => builder.execute(work))
  const { heard, asked } =
    dialect === 'postgres' ? hearing(kysely.getExecutor(), ask, taking) : { heard: heedless, asked: ask() }
  return asked.then(
    given => told(kysely, dialect, opening, linkOf(given, dialect, heard, viewOver)),
    error => {
      heard.stop()
      throw notBegun(error)
    },
  )
}

/** Makes of a transaction of Kysely's what users work with. */
type ViewOver = (view: KyselyTransaction) => object

function linkOf(
  { handed: trx, commit, rollback }: Parked<KyselyTransaction>,
  dialect: Dialect,
  heard: Hearing,
  viewOver: ViewOver,
): Link<object> {
  const closings = new Set<Promise<unknown>>()
  // elsewhere what comes next has its turn by itself, and a close on a lost connection is never answered
  const closed = (): Promise<unknown> | undefined => {
    const all = dialect === 'sqlite' && closings.size > 0 ? Promise.all(closings) : undefined
    closings.clear()
    return all
  }
  const execute = async (sql: string): Promise<void> => {
    await closed()
    await trx.executeQuery(raw(sql))
  }
  const watch = watchOn(dialect, execute)
  const probe = dialect === 'postgres' ? probing(execute) : async () => false
  const ending = async (how: () => Promise<unknown>): Promise<void> => {
    const closing = closed()
    if (closing !== undefined) await closing
    try {
      await how()
    } finally {
      heard.stop()
    }
  }
  const committed = (): Promise<unknown> => {
    const lost = heard.lost()
    return lost === undefined ? commit().catch(refused) : givenUp(lost.cause)
  }
  const givenUp = async (cause: unknown): Promise<never> => {
    await rollback().catch(() => {})
    throw unsent(cause)
  }
  // the server has rolled back what is lost
  const rolledBack = (): Promise<unknown> =>
    rollback().catch(error => {
      if (heard.lost() === undefined) throw error
    })
  return Object.freeze({
    target: trx,
    view: passage => viewOver(viewOf(trx, { passage, watch, closings })),
    execute,
    commit: () => ending(committed),
    rollback: () => ending(rolledBack),
    // what is lost is told by the commit
    aborted: async () => heard.lost() === undefined && (await probe()) && heard.lost() === undefined,
    endedBy: watch.endedBy,
  } satisfies Link<object>)
}

/** Of a database that is closed `better-sqlite3` says so before it does anything: what was open went with it. */
function refused(error: unknown): never {
  const isClosed = errorsBelow(error).some(
    ({ message }: { readonly message?: unknown }) => message === 'The database connection is not open',
  )
  throw isClosed ? unsent(error) : error
}

/** A transaction that has been told what Kysely does not say when it begins, and that knows how it is stopped, where it has to be. */
function told(
  kysely: Kysely,
  dialect: Dialect,
  { deferrable, stoppable }: Opening,
  link: Link<object>,
): Link<object> | Promise<Link<object>> {
  const deferring = dialect === 'postgres' ? setPostgres({ deferrable }) : ''
  return deferring === '' && !stoppable ? link : telling()

  async function telling(): Promise<Link<object>> {
    try {
      if (deferring !== '') await link.execute(deferring)
      const cancel = stoppable ? await ways[dialect](kysely, sql => one(link.target as Kysely, sql)) : undefined
      return Object.freeze({ ...link, cancel })
    } catch (error) {
      await link.rollback().catch(() => {})
      throw error
    }
  }
}

async function one(on: Kysely, sql: string): Promise<unknown> {
  return (await on.executeQuery(raw(sql))).rows[0]?.it
}

type Read = (sql: string) => Promise<unknown>

/** How a statement is stopped by another connection of the pool's, once the transaction has said which is its own. */
const ways: { readonly [dialect in Dialect]: (kysely: Kysely, inside: Read) => Promise<Link<object>['cancel']> } = {
  postgres: (kysely, inside) => cancelling(inside, sql => one(kysely, sql)),
  async mysql(kysely, inside) {
    const kill = killQuery(await inside('SELECT CONNECTION_ID() AS it'))
    return isWanted =>
      kysely.connection().execute(async other => {
        if (isWanted()) await other.executeQuery(raw(kill))
      })
  },
  sqlite: async () => undefined,
}

/** How statements get in. */
interface Gate {
  readonly passage: Passage
  readonly watch: Watch
  /** The streams that the end is closing: SQLite takes no other statement before they are. */
  readonly closings: Set<Promise<unknown>>
}

/** A transaction each of whose statements enters by a passage. */
function viewOf(trx: KyselyTransaction, by: Gate): KyselyTransaction {
  // with a plugin it is another object, whose executor is its own
  const view = another(trx)
  gate(view.getExecutor(), by, trx.getExecutor())
  return view
}

/** What makes an executor of an executor. */
const makers = ['withPlugin', 'withPlugins', 'withPluginAtFront', 'withoutPlugins', 'withConnectionProvider'] as const
type Maker = Exclude<(typeof makers)[number], 'withPlugins'>

/** @param inner the same without a gate; a gated one gives no connection */
function gate(executor: Executor, by: Gate, inner: Executor = executor.withPlugins([])): Executor {
  const { passage, watch, closings } = by
  // with another plugin, or for another schema, the transaction is another object, which is known by its executor
  const gated: Record<PropertyKey, unknown> = { [standing]: passage }
  gated['executeQuery'] = (query: Compiled, ...rest: never[]) =>
    passing(passage, () => watch.over(query, () => inner.executeQuery(query, ...rest)))
  gated['stream'] = (...args: never[]) =>
    pulled(
      passage,
      () => inner.stream(...args),
      closing => closings.add(closing),
    )
  gated['provideConnection'] = async (consumer: (connection: object) => unknown) => {
    // MikroORM asks for one only to hear when it is free
    await inner.provideConnection(async () => undefined)
    return consumer(nobodys)
  }
  for (const name of makers) {
    const make = executor[name]
    if (make !== undefined) gated[name] = (...args: never[]) => gate(make.apply(executor, args), by)
  }
  return Object.assign(executor, gated)
}

/** A connection on which nothing can be begun. */
const nobodys: object = new Proxy(
  {},
  {
    get() {
      throw ofItsOwn()
    },
  },
)

/** In some versions `startTransaction` of a transaction sends BEGIN on its connection, and COMMIT, which ends both. */
function ofItsOwn(): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    "A transaction of Kysely's own inside of one of pillion's would end that in the server. Nothing was sent.",
    { hint: "For a savepoint: tx.run({ mode: 'nested' }, …)." },
  )
}

/** Another object for the same transaction. */
export function another(trx: KyselyTransaction): KyselyTransaction {
  return trx.withPlugin({
    transformQuery: ({ node }: { readonly node: object }) => node,
    transformResult: async ({ result }: { readonly result: object }) => result,
  })
}

export function raw(sql: string): object {
  return {
    sql,
    parameters: [],
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    queryId: { queryId: 'pillion' },
  }
}
