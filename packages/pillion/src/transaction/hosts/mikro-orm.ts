/**
 * Transactions on MikroORM, each in a fork of its own: MikroORM rides on a Kysely of its own, and so does this.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import type { Dialect, Link, Opening, Transactor } from '../transactor.js'
import { endsNothing } from './ends.js'
import { another, type Kysely, type KyselyTransaction, openKysely, raw } from './kysely.js'
import { type Own, ownTransactions } from './own.js'
import { usedAt } from './used-at.js'

/** An entity manager from the inside. */
interface EntityManager {
  readonly config: object & { get(key: 'pool'): { readonly max?: number } | undefined }
  fork(options: object): EntityManager
  flush(): Promise<void>
  setTransactionContext(transaction: unknown): void
  getTransactionSessionContext?(): object | undefined
  getPlatform(): { readonly constructor: { readonly name: string } }
  getConnection(type: 'write'): Connection
}

interface Connection {
  getClient(): Kysely
  /** Opens the pool where need be. */
  getNativeClient(): Promise<unknown>
  applySessionContext?(transaction: unknown, context: object): Promise<void>
}

const dialects: { readonly [platform: string]: Dialect | undefined } = {
  PostgreSqlPlatform: 'postgres',
  MariaDbPlatform: 'mysql',
  MySqlPlatform: 'mysql',
  SqlitePlatform: 'sqlite',
}

export function mikroOrmTransactor(root: object): Transactor<object> | undefined {
  const em = 'em' in root && isObject(root.em) ? root.em : root
  if (!('setTransactionContext' in em) || !('fork' in em)) return undefined
  const manager = em as unknown as EntityManager
  const platform = manager.getPlatform().constructor.name
  const dialect = dialects[platform]
  if (dialect === undefined) {
    throw new PillionError('HOST_SHAPE', `MikroORM is on ${platform}.`, {
      hint: `MikroORM 7 on one of these is expected: ${Object.keys(dialects).join(', ')}.`,
    })
  }
  return Object.freeze({
    name: 'mikro-orm',
    root: manager.config,
    orm: manager,
    dialect,
    connections: dialect === 'sqlite' ? 1 : manager.config.get('pool')?.max,
    open: (opening: Opening) => open(manager, dialect, opening),
  })
}

async function open(manager: EntityManager, dialect: Dialect, opening: Opening): Promise<Link<object>> {
  const connection = manager.getConnection('write')
  await connection.getNativeClient()
  const forks = new WeakMap<object, EntityManager>()
  const own = ownTransactions()
  const viewOn = (transaction: KyselyTransaction): object => {
    const fork = manager.fork({ disableContextResolution: true })
    fork.setTransactionContext(nesting(transaction, own))
    const view = calling(fork)
    forks.set(view, fork)
    return view
  }
  const link = await openKysely(connection.getClient(), dialect, opening, viewOn)
  const context = manager.getTransactionSessionContext?.()
  if (context !== undefined && isFunction(connection.applySessionContext)) {
    try {
      await connection.applySessionContext(link.target, context)
    } catch (error) {
      await link.rollback().catch(() => {})
      throw error
    }
  }
  return Object.freeze({
    ...link,
    hasOwn: own.isOpen,
    view: (passage, later) => link.view(usedAt(passage, () => callers.getStore()), later),
    flush: async (view: object) => forks.get(view)?.flush(),
  } satisfies Link<object>)
}

/** What MikroORM ends a transaction by, and opens and ends one of its own inside. */
interface Nesting {
  commit(): Command
  rollback(): Command
  savepoint(name: string): Command
  releaseSavepoint(name: string): Command
  rollbackToSavepoint(name: string): Command
}

interface Command {
  execute(): Promise<unknown>
}

/** A transaction in which MikroORM can open its own: it works with one that Kysely gives a handle of. */
function nesting(transaction: KyselyTransaction, own: Own, over: () => void = () => {}): object {
  const send = (sql: string) => transaction.executeQuery(raw(sql))
  const ending = (sql: string): Command => ({
    execute: async () => {
      await send(sql)
      over()
    },
  })
  return Object.assign(transaction, {
    commit: () => ({ execute: endsNothing('commit') }),
    rollback: () => ({ execute: endsNothing('rollback') }),
    savepoint: name => ({
      execute: async () => {
        await send(`SAVEPOINT ${name}`)
        return nesting(another(transaction), own, own.begun())
      },
    }),
    releaseSavepoint: name => ending(`RELEASE SAVEPOINT ${name}`),
    rollbackToSavepoint: name => ending(`ROLLBACK TO SAVEPOINT ${name}`),
  } satisfies Nesting)
}

/** The line that called an entity manager, for as long as the call takes. */
const callers = new AsyncLocalStorage<Origin>()

/** An entity manager that knows who calls it: MikroORM waits for other things before it sends. */
function calling(fork: EntityManager): object {
  return new Proxy(fork, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value) || key === 'constructor') return value
      // it would put the manager on another connection
      if (key === 'begin') return endsNothing('begin')
      const call = (...args: unknown[]): unknown =>
        callers.run(originOf(call), () => Reflect.apply(value, target, args))
      return call
    },
  })
}
