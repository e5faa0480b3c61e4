/**
 * Transactions on Prisma: its callback is parked, so that there is a handle.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { errorsBelow } from '../../errors-below.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import { type Passage, passing } from '../../run/ambient.js'
import { notBegun } from '../failure.js'
import type { Isolation } from '../options.js'
import type { Dialect, Link, Opening, Transactor } from '../transactor.js'
import { killQuery } from './mysql.js'
import { type Own, ownTransactions } from './own.js'
import { parked } from './parked.js'
import { cancelling, probing } from './postgres.js'
import { setPostgres } from './sql.js'
import { watchOn, type Watch } from './watch.js'
import { usedAt } from './used-at.js'

/** A client from the inside. */
interface Client {
  readonly _engine: object
  readonly _activeProvider: string
  $transaction(work: (tx: Client) => Promise<void>, options: object): Promise<void>
  $executeRawUnsafe(sql: string): Promise<unknown>
  $queryRawUnsafe(sql: string): Promise<readonly { readonly it: unknown }[]>
}

const dialects: { readonly [provider: string]: Dialect | undefined } = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

const isolations: { readonly [isolation in Isolation]: string } = {
  'read uncommitted': 'ReadUncommitted',
  'read committed': 'ReadCommitted',
  'repeatable read': 'RepeatableRead',
  serializable: 'Serializable',
}

/** The longest that a timer takes: pillion's own timeout comes first. */
const never = 2 ** 31 - 1

export function prismaTransactor(root: object): Transactor<object> | undefined {
  if (!('$transaction' in root) || !('$queryRawUnsafe' in root)) return undefined
  const client = root as Client
  const dialect = dialects[client._activeProvider]
  if (!isObject(client._engine)) throw shape('The client does not hold its engine where it is looked for.')
  if (dialect === undefined) throw shape(`The client is on ${client._activeProvider}.`)
  return Object.freeze({
    name: 'prisma',
    root: client._engine,
    orm: client,
    dialect,
    connections: dialect === 'sqlite' ? 1 : undefined,
    open: (opening: Opening) => open(client, dialect, opening),
  })
}

async function open(client: Client, dialect: Dialect, opening: Opening): Promise<Link<object>> {
  const { isolation, readOnly, deferrable, patience, stoppable } = opening
  if (dialect === 'mysql' && readOnly) {
    throw new PillionError('TRANSACTION_UNSUPPORTED', 'Prisma begins no READ ONLY transaction on MySQL.', {
      hint: 'Leave the option out: pillion puts nothing else in its place.',
    })
  }
  const {
    handed: tx,
    commit,
    rollback,
  } = await parked<Client>(callback =>
    client.$transaction(callback, {
      // pillion's own clock strikes first, and says more
      maxWait: patience + 1_000,
      timeout: never,
      ...(isolation === undefined ? {} : { isolationLevel: isolations[isolation] }),
    }),
  ).catch(error => {
    throw notBegun(error)
  })
  const execute = (sql: string): Promise<void> =>
    tx.$executeRawUnsafe(sql).then(nothing, error => {
      throw isUnprepared(error) ? unprepared(error) : error
    })
  const watch = watchOn(dialect, execute)
  const own = ownTransactions()
  try {
    const characteristics = dialect === 'postgres' ? setPostgres({ readOnly, deferrable }) : ''
    if (characteristics !== '') await execute(characteristics)
    const one = async (sql: string): Promise<unknown> => (await tx.$queryRawUnsafe(sql))[0]?.it
    const cancel = stoppable ? await ways[dialect](client, one) : undefined
    return Object.freeze({
      target: tx,
      view: passage => clientOver(tx, { passage, watch, own }),
      execute,
      commit: () => watch.commit(commit, rollback),
      rollback,
      aborted: dialect === 'postgres' ? probing(execute) : async () => false,
      endedBy: watch.endedBy,
      hasOwn: own.isOpen,
      ...(cancel === undefined ? {} : { cancel }),
    } satisfies Link<object>)
  } catch (error) {
    await rollback().catch(() => {})
    throw error
  }
}

/** The number of MySQL's for what may not be prepared. */
const unpreparable = '1295'

function isUnprepared(error: unknown): boolean {
  return errorsBelow(error).some(
    each => String((each as { readonly originalCode?: unknown }).originalCode) === unpreparable,
  )
}

function unprepared(cause: unknown): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    'Prisma prepares each statement, and MySQL, unlike MariaDB, prepares no SAVEPOINT.',
    { cause, hint: 'Have its adapter send texts: new PrismaMariaDb(config, { useTextProtocol: true }).' },
  )
}

function nothing(): void {}

type Read = (sql: string) => Promise<unknown>

/** How a statement is stopped by another connection of the pool's, once the transaction has said which is its own. */
const ways: { readonly [dialect in Dialect]: (client: Client, inside: Read) => Promise<Link<object>['cancel']> } = {
  postgres: (client, inside) => cancelling(inside, sql => client.$queryRawUnsafe(sql)),
  async mysql(client, inside) {
    const kill = killQuery(await inside('SELECT CONNECTION_ID() AS it'))
    const stopping = async (other: Client, isWanted: () => boolean): Promise<void> => {
      if (isWanted()) await other.$executeRawUnsafe(kill)
    }
    return isWanted => client.$transaction(other => stopping(other, isWanted), {})
  },
  sqlite: async () => undefined,
}

/** How operations get in. */
interface Gate {
  readonly passage: Passage
  readonly watch: Watch
  readonly own: Own
}

/** Prisma's own methods of a client that reach for its private parts: they are called on the client itself. */
const onItself: ReadonlySet<string> = new Set([
  '$queryRaw',
  '$queryRawTyped',
  '$queryRawUnsafe',
  '$executeRaw',
  '$executeRawUnsafe',
])

/**
 * A transaction client each of whose operations enters by a passage, when it is sent. A method that an extension has added is called on
 * this one, too: what it sends by `Prisma.getExtensionContext(this)` enters one by one.
 */
function clientOver(tx: Client, by: Gate): object {
  return new Proxy(tx, {
    get(target, key, view) {
      const value: unknown = Reflect.get(target, key)
      if (typeof key === 'symbol' || key.startsWith('_')) return value
      if (key === '$transaction') return nestedOver(target, by)
      if (key === '$parent') return parentOver(value, by)
      if (isFunction(value)) return entering(value, onItself.has(key) ? target : view, by)
      return isObject(value) ? modelOver(value, by) : value
    },
  })
}

function modelOver(model: object, by: Gate): object {
  return new Proxy(model, {
    get(target, key, view) {
      const value: unknown = Reflect.get(target, key)
      if (key === '$parent') return parentOver(value, by)
      return isFunction(value) ? entering(value, view, by) : value
    },
  })
}

/** The client that a model is of, or that an extension was put on, as the methods of extensions reach for it. */
function parentOver(parent: unknown, by: Gate): unknown {
  return isObject(parent) ? clientOver(parent as unknown as Client, by) : parent
}

/** Prisma's own nested transaction, whose client is under the same passage. */
function nestedOver(tx: Client, by: Gate) {
  return async (work: unknown, options: object = {}): Promise<void> => {
    if (!isFunction(work)) throw batched()
    return by.own.during(() =>
      tx.$transaction(async inner => work(clientOver(inner, by) as never) as Promise<void>, options),
    )
  }
}

/** Prisma sends an array by a transaction of its own, on another connection: a rollback would leave it standing. */
function batched(): PillionError {
  return new PillionError(
    'TRANSACTION_UNSUPPORTED',
    'Operations of a transaction were given to `$transaction` as an array, which Prisma sends outside of it.',
    { hint: 'Await them one by one, or give `$transaction` a function.' },
  )
}

function entering(method: (...args: never[]) => unknown, self: object, by: Gate) {
  const call = (...args: unknown[]): unknown => {
    const asked: unknown = Reflect.apply(method, self, args)
    return isUnsent(asked) ? lazy(asked, args[0], by, originOf(call)) : asked
  }
  return call
}

/**
 * Is it an operation that nobody has let in yet? What a method of an extension gives has been sent by then, or will be by operations
 * that enter by themselves.
 */
function isUnsent(asked: unknown): asked is PromiseLike<unknown> {
  return isObject(asked) && asked[Symbol.toStringTag] === 'PrismaPromise' && asked[isLetIn] !== true
}

/** By this key an operation tells that it enters by itself. */
const isLetIn: unique symbol = Symbol('pillion.enters')

/**
 * Prisma sends when somebody asks for the result: so does this, and enters then.
 *
 * @param text what raw statements are given; of others the options, in which there is none
 */
function lazy(asked: PromiseLike<unknown>, text: unknown, by: Gate, origin: Origin): object {
  const { passage, watch } = by
  let sent: Promise<unknown> | undefined
  const send = (): Promise<unknown> => {
    // as an own promise: `then` of Prisma's is what sends
    sent ??= passing(
      usedAt(passage, () => origin),
      () => watch.over(text, async () => await asked),
    )
    return sent
  }
  return new Proxy(asked, {
    get(target, key) {
      if (key === isLetIn) return true
      if (key === 'then') return (...then: [never, never]) => send().then(...then)
      if (key === 'catch') return (failed: never) => send().catch(failed)
      if (key === 'finally') return (settled: never) => send().finally(settled)
      if (key === 'requestTransaction') return refuseBatch
      const value: unknown = Reflect.get(target, key)
      return isFunction(value) ? entering(value, target, by) : value
    },
  })
}

/** What Prisma asks of each operation in an array. */
function refuseBatch(): never {
  throw batched()
}

function shape(summary: string): PillionError {
  return new PillionError('HOST_SHAPE', summary, { hint: 'Prisma 7 on PostgreSQL, MySQL or SQLite is expected.' })
}
