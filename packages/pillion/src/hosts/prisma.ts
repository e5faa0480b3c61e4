/**
 * Riding on Prisma.
 *
 * Prisma hands out neither its connections nor a way from a transaction client to one. What it does have is a raw query,
 * which every path of Prisma's leads to the right connection: transactions, nested ones, the array form, extensions. So
 * ours travels as a raw query that a tapped driver adapter recognises: it sends nothing of it, and does our job on the
 * connection that the query has reached.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { PillionError } from '../errors.js'
import type { Dates, Host, RunOptions, Statement, WireResult } from '../run/host.js'
import { oncePerProcess } from '../run/once.js'
import { mariadbDriver } from './mysql/mariadb-ride.js'
import { pgDriver } from './postgres/ride.js'
import { datesAs, type Driver, finished, type HostOptions, type Ride, type Seat } from './seat.js'
import { isFunction, isObject } from './shape.js'
import { sqliteDriver } from './sqlite/ride.js'

export type { HostOptions }

/** A driver adapter factory of Prisma's, as `new PrismaPg(pool)` makes it. */
export interface PrismaAdapterFactory {
  readonly provider: string
  connect(): Promise<object>
}

/** A Prisma client, extended or not, as far as users must know it. */
export interface PrismaClientLike {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>
}

/** What `prisma.$transaction([...])` takes: begun only when it is awaited or put into a transaction. */
export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise'
}

/** A host over Prisma. */
export interface PrismaHost extends Host {
  /**
   * A statement as an element of Prisma's array form: run in its place in the array, in the array's transaction.
   *
   * ```ts
   * await prisma.$transaction([prisma.user.create({ data }), host.promise(undefined, statement, {}, read)])
   * ```
   *
   * @param target the extended client whose `$transaction` it is meant for; `undefined` for the host's own.
   * @param read makes the element's value of the answer, or its error of the failure.
   */
  promise<T>(
    target: unknown,
    statement: Statement,
    options: RunOptions,
    read: (asked: Promise<WireResult>) => Promise<T>,
  ): PrismaPromise<T>
}

/** What is below an adapter, by the name of the database that a schema gives, and an adapter of it. */
const drivers: { readonly [provider: string]: Driver | undefined } = {
  postgresql: pgDriver,
  postgres: pgDriver,
  mysql: mariadbDriver,
  sqlite: sqliteDriver,
}

/** The tunnel's raw query. Only its first parameter, the job's id, means anything. */
const tunnel = 'SELECT $1::text AS pillion'

/** What goes in at one copy of the package may come out at an adapter that another has wrapped. */
const traffic = oncePerProcess<Traffic>('prisma.1', () => ({ jobs: new Map(), lastTransaction: 0 }))

interface Traffic {
  /** Jobs on their way through the tunnel, each until it has been done or Prisma has refused it. */
  readonly jobs: Map<string, (landing: Landing) => Promise<unknown>>
  /** Transactions are numbered in the order in which Prisma opened them. */
  lastTransaction: number
}

/** Where a tunnelled query comes out: the pool, or a transaction's connection. */
interface Landing {
  /** The transaction's number; absent on the pool. */
  readonly transaction?: number
  /** How the adapter stores moments in SQLite, where it was told to do so in another way than by default. */
  readonly dates?: Dates | undefined
  board<T>(job: (seat: Seat) => Promise<T>): Promise<T>
}

interface RawQuery {
  readonly sql: string
  readonly args: readonly unknown[]
}

/** `PrismaPgAdapter` and `PgTransaction` from the inside. */
interface Queryable {
  readonly client: unknown
  queryRaw(query: RawQuery): Promise<unknown>
  executeRaw(query: RawQuery): Promise<number>
}

interface Adapter extends Queryable {
  readonly adapterOptions?: unknown
  startTransaction(isolationLevel?: string): Promise<Transaction>
}

interface Transaction extends Queryable {
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** A client from the inside. The engine is one for a client, its extensions and its transactions. */
interface Client extends PrismaClientLike {
  readonly _engine: object
  /** The database, as the schema names it. */
  readonly _activeProvider: string
  $queryRawUnsafe(query: string, ...values: unknown[]): Batchable<unknown>
}

/** What Prisma sees in a promise of its own: the array form hands it the batch that it belongs to. */
interface Batchable<T> extends Promise<T> {
  requestTransaction(batch: unknown): Promise<T>
}

/**
 * Wraps Prisma's driver adapter so that {@link prismaHost} can ride on the client made with it. Prisma's own queries
 * pass through unchanged.
 *
 * ```ts
 * const prisma = new PrismaClient({ adapter: pillionAdapter(new PrismaPg(pool)) })
 * const db = await pillion<DB>(prismaHost(prisma))
 * ```
 *
 * @throws PillionError `HOST_SHAPE` when it is not an adapter factory of Prisma 7, or for another database.
 */
export function pillionAdapter<F extends PrismaAdapterFactory>(factory: F): F {
  const driver = isObject(factory) && isFunction(factory.connect) ? drivers[factory.provider] : undefined
  if (driver === undefined) throw shape('This is not an adapter of Prisma for a database that is known here.')
  return tapped<PrismaAdapterFactory>(factory, {
    connect: async () => tapAdapter((await factory.connect()) as Adapter, driver),
  }) as F
}

/**
 * A host over a Prisma client whose adapter was wrapped by {@link pillionAdapter}.
 *
 * The root is whatever connection Prisma would use; a transaction is the client that `$transaction` hands out, nested
 * ones too. Make the host of an extended client, or give one as the target, and its query extensions are passed through:
 * a tenant set by `set_config` there is set for ours.
 *
 * ```ts
 * const prisma = new PrismaClient({ adapter: pillionAdapter(new PrismaPg({ connectionString })) })
 * const db = await pillion<DB>(prismaHost(prisma))
 * await prisma.$transaction(tx => ranked.on(tx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Prisma client; `HOST_SHAPE` when it is not one of Prisma 7.
 */
export function prismaHost(prisma: PrismaClientLike, options: HostOptions = {}): PrismaHost {
  const root = clientOf(prisma)
  const driver = drivers[root._activeProvider]
  if (driver === undefined) throw shape(`The client is one for ${root._activeProvider}.`)
  const places = new WeakMap<object, Place>()
  const isTold = (landing: Landing): boolean => landing.dates === undefined || options.dates !== undefined
  const boarding = <T>(job: (seat: Seat) => Promise<T>): Boarding<T> => {
    return landing => (isTold(landing) ? landing.board(job) : Promise.reject(untold()))
  }
  const ride: Ride = async (target, job) => {
    const place = isObject(target) ? places.get(target) : undefined
    if (place === undefined) return throughTunnel(targetOf(root, target), boarding(job), asked => asked)
    return throughTunnel(targetOf(root, place.target), boarding(job), asked => asked.requestTransaction(place.batch))
  }
  // extensions of one client share its engine, and the transactions of each are those of all
  const host = driver.seating('prisma', root._engine, ride, datesAs('iso-offset', options))
  return Object.freeze({
    ...host,
    promise(this: Host, target, statement, runOptions, read) {
      return prismaPromise(batch => {
        // by itself it is as any other statement: a host made of this one says where that is
        if (batch === undefined) return read(this.run(target, statement, runOptions))
        const place: Place = { target, batch }
        places.set(place, place)
        return read(host.run(place, statement, runOptions))
      })
    },
  } satisfies PrismaHost)
}

/** A place in an array of statements: the client, and the batch of Prisma's that the array is. */
interface Place {
  readonly target: unknown
  readonly batch: unknown
}

/** Does a job where it has come out. */
type Boarding<T> = (landing: Landing) => Promise<T>

/** Runs a job where a raw query of the client's comes out. */
async function throughTunnel<T>(
  client: Client,
  board: Boarding<T>,
  send: (asked: Batchable<unknown>) => Promise<unknown>,
): Promise<T> {
  const id = randomUUID()
  // The transaction that a client stands for is open by now: what comes out at a later one has been led astray.
  const latest = scopeOf(client) === undefined ? Number.POSITIVE_INFINITY : traffic.lastTransaction
  let outcome: Promise<T> | undefined
  traffic.jobs.set(id, landing => {
    const astray = latest < (landing.transaction ?? Number.POSITIVE_INFINITY)
    outcome = astray ? Promise.reject(strayed()) : board(landing)
    return outcome
  })
  try {
    await send(client.$queryRawUnsafe(tunnel, id))
  } catch (error) {
    // Prisma rewraps what is thrown under it: ours is told as it was.
    await outcome
    throw isObject(error) && error.code === 'P2028' ? finished('Prisma has closed the transaction.', error) : error
  } finally {
    traffic.jobs.delete(id)
  }
  if (outcome === undefined) {
    // What is asked of a transaction while Prisma is ending it is answered with nothing at all.
    if (scopeOf(client) !== undefined) throw finished('Prisma has ended the transaction.')
    throw shape('The raw query did not come out at a wrapped adapter.', {
      hint: 'Make the client with `adapter: pillionAdapter(new PrismaPg(pool))`.',
    })
  }
  return outcome
}

function tapAdapter(adapter: Adapter, driver: Driver): Adapter {
  const dates = datesOf(adapter)
  const landing: Landing = {
    dates,
    board: async job => {
      if (!driver.opens(adapter.client)) throw shape('The adapter does not hold its pool where it is looked for.')
      return driver.ride(adapter.client)(undefined, job)
    },
  }
  return tapped(adapter, {
    queryRaw: query => arrive(query, landing) ?? adapter.queryRaw(query),
    startTransaction: async isolationLevel => tapTransaction(await adapter.startTransaction(isolationLevel), dates),
  })
}

/** A client is not told what its adapter was: how that stores moments is seen where a query comes out. */
function datesOf({ adapterOptions }: Adapter): Dates | undefined {
  return isObject(adapterOptions) && adapterOptions.timestampFormat === 'unixepoch-ms' ? 'epoch-ms' : undefined
}

function tapTransaction(transaction: Transaction, dates: Dates | undefined): Transaction {
  const ending = new AbortController()
  const end = (): void => ending.abort(finished('Prisma has ended the transaction.'))
  const landing: Landing = {
    transaction: ++traffic.lastTransaction,
    dates,
    board: async job => {
      const refusal = (): PillionError | undefined => (ending.signal.aborted ? ending.signal.reason : undefined)
      return await job({
        connection: transaction.client,
        borrowed: false,
        transaction: true,
        refusal,
        ending: ending.signal,
      })
    },
  }
  return tapped(transaction, {
    queryRaw: query => arrive(query, landing) ?? transaction.queryRaw(query),
    executeRaw: query => {
      // Prisma ends a transaction, also one that timed out, by this text and then by `commit` or `rollback`.
      if (query.sql === 'COMMIT' || query.sql === 'ROLLBACK') end()
      return transaction.executeRaw(query)
    },
    commit: () => {
      end()
      return transaction.commit()
    },
    rollback: () => {
      end()
      return transaction.rollback()
    },
  })
}

/** Does the job that a tunnelled query stands for, and answers Prisma with no rows. Any other query is not ours. */
function arrive(query: RawQuery, landing: Landing): Promise<unknown> | undefined {
  // An SQL commenter may have put something behind.
  const job = query.sql.startsWith(tunnel) ? traffic.jobs.get(String(query.args[0])) : undefined
  return job?.(landing).then(() => ({ columnNames: [], columnTypes: [], rows: [] }))
}

/** An object with some methods replaced. The others see the object itself as `this`, private fields and all. */
function tapped<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, key) {
      if (Object.hasOwn(methods, key)) return Reflect.get(methods, key)
      const value: unknown = Reflect.get(target, key)
      return isFunction(value) ? value.bind(target as never) : value
    },
  })
}

function clientOf(value: unknown): Client {
  if (!isObject(value) || !isFunction(value.$queryRawUnsafe)) {
    throw new PillionError('HOST_UNKNOWN', 'This is neither a client of Prisma nor one of its transactions.')
  }
  if (!isObject(value._engine)) throw shape('The client does not hold its engine where it is looked for.')
  return value as unknown as Client
}

function targetOf(root: Client, target: unknown): Client {
  if (target === undefined) return root
  const client = clientOf(target)
  if (client._engine !== root._engine) {
    throw new PillionError('TRANSACTION_FOREIGN', 'The transaction is of another client than this host.', {
      hint: 'Make a host of the client that opened it.',
    })
  }
  const scope = scopeOf(client)
  if (scope !== undefined && !scope.stack.includes(scope.id)) throw finished('Prisma has closed the transaction.')
  return client
}

/** The open transaction scopes that a transaction client is one of; `undefined` for a client that is no transaction. */
function scopeOf(client: object): { readonly id: unknown; readonly stack: readonly unknown[] } | undefined {
  const context = Reflect.get(client, Symbol.for('prisma.client.transaction.scope_context'))
  if (!isObject(context)) return undefined
  const stack = isObject(context.scopeState) ? context.scopeState.stack : undefined
  if (!Array.isArray(stack)) throw shape('The transaction does not hold its scopes where they are looked for.')
  return { id: context.scopeId, stack }
}

/** A promise that begins when somebody wants it: on its own, or in a batch of Prisma's. */
function prismaPromise<T>(begin: (batch?: unknown) => Promise<T>): PrismaPromise<T> & Batchable<T> {
  let begun: Promise<T> | undefined
  const alone = (): Promise<T> => {
    begun ??= begin()
    return begun
  }
  return {
    then: (fulfilled, rejected) => alone().then(fulfilled, rejected),
    catch: rejected => alone().catch(rejected),
    finally: settled => alone().finally(settled),
    requestTransaction: (batch: unknown) => begin(batch),
    [Symbol.toStringTag]: 'PrismaPromise',
  }
}

function untold(): PillionError {
  return shape('The adapter stores moments as milliseconds, and the host was not told.', {
    hint: "Say prismaHost(prisma, { dates: 'epoch-ms' }): a moment of another form would equal none of them.",
  })
}

function strayed(): PillionError {
  return new PillionError('TRANSACTION_FOREIGN', 'A client extension took the query out of its transaction.', {
    hint: "The extension runs queries on another client than it was called on: the host's own leave the transaction, too.",
  })
}

function shape(
  summary: string,
  { hint = 'Prisma 7 with @prisma/adapter-pg 7, adapter-mariadb 7 or adapter-better-sqlite3 7 is expected.' } = {},
): PillionError {
  return new PillionError('HOST_SHAPE', summary, { hint })
}
