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
import type { Passage } from '../../run/ambient.js'
import { counting } from '../../run/once.js'
import { refusalOf } from '../failure.js'
import {
  type Coming,
  type Dialect,
  type Link,
  type Opening,
  savepoint,
  type Subscribed,
  type Taking,
  type Transactor,
} from '../transactor.js'
import { endsNothing } from './ends.js'
import { another, type Kysely, type KyselyTransaction, openKysely, raw } from './kysely.js'
import { type Own, ownTransactions } from './own.js'
import { usedAt } from './used-at.js'

/** An entity manager from the inside. */
interface EntityManager {
  readonly config: object & { get(key: 'pool'): { readonly max?: number } | undefined }
  fork(): EntityManager
  flush(): Promise<void>
  setTransactionContext(transaction: unknown): void
  getTransactionContext(): unknown
  getUnitOfWork(useContext: false): object
  getEventManager(): EventManager
  getTransactionSessionContext?(): object | undefined
  getDriver(): { getDependencies(): readonly string[] }
  getConnection(type: 'write'): Connection
}

interface EventManager {
  dispatchEvent(event: TransactionEvent, told: object): unknown
  getSubscribers(): { readonly size: number }
}

interface Connection {
  getClient(): Kysely
  /** Opens the pool where need be, be it of MikroORM's making or not. */
  ensureConnection(): Promise<void>
  applySessionContext?(transaction: unknown, context: object): Promise<void>
}

const dialects: { readonly [driver: string]: Dialect | undefined } = {
  pg: 'postgres',
  mysql2: 'mysql',
  'better-sqlite3': 'sqlite',
}

export function mikroOrmTransactor(root: object): Transactor<object> | undefined {
  const em = 'em' in root && isObject(root.em) ? root.em : root
  if (!('setTransactionContext' in em) || !('fork' in em)) return undefined
  const manager = em as unknown as EntityManager
  const drivers = manager.getDriver().getDependencies()
  const dialect = drivers.map(driver => dialects[driver]).find(known => known !== undefined)
  if (dialect === undefined) {
    throw new PillionError('HOST_SHAPE', `MikroORM is on ${drivers.join(', ')}.`, {
      hint: `MikroORM 7 on one of these is expected: ${Object.keys(dialects).join(', ')}.`,
    })
  }
  return Object.freeze({
    name: 'mikro-orm',
    root: manager.config,
    orm: manager,
    dialect,
    connections: dialect === 'sqlite' ? 1 : manager.config.get('pool')?.max,
    open: (opening: Opening, _: Coming<object>, taking: Taking) => open(manager, dialect, opening, taking),
  })
}

async function open(manager: EntityManager, dialect: Dialect, opening: Opening, taking: Taking): Promise<Link<object>> {
  const connection = manager.getConnection('write')
  await connection.ensureConnection()
  const forked = forkOf(manager)
  const tell = telling(forked)
  if (hasSubscribers(forked)) await tell('beforeTransactionStart')
  const link = await openKysely(connection.getClient(), dialect, opening, taking)
  const entered = yetToBegin(link.target)
  const inner = linkIn(link, forked)
  const view = inner.view(entered.passage, leftToNobody)
  const subscribed: Subscribed = {
    beforeCommit: () => tell('beforeTransactionCommit'),
    afterCommit: () => tell('afterTransactionCommit'),
  }
  const context = manager.getTransactionSessionContext?.()
  try {
    if (context !== undefined && isFunction(connection.applySessionContext)) {
      await connection.applySessionContext(link.target, context)
    }
    if (hasSubscribers(forked)) await tell('afterTransactionStart')
  } catch (error) {
    await link.rollback().catch(() => {})
    throw error
  }
  return Object.freeze({
    ...inner,
    view: passage => {
      entered.begin(passage)
      return view
    },
    subscribed: () => (hasSubscribers(forked) ? subscribed : undefined),
    commit: () =>
      link.commit().catch(async error => {
        // where it is not known what became of it nobody is told
        if (refusalOf(error) !== undefined) await rollingBack(tell, async () => {}).catch(() => {})
        throw error
      }),
    rollback: () => rollingBack(tell, link.rollback),
  } satisfies Link<object>)
}

/** A transaction or a savepoint, in which MikroORM may open its own. */
function linkIn(link: Link<object>, { fork, view }: Forked): Link<object> {
  const own = ownTransactions()
  return Object.freeze({
    ...link,
    hasOwn: own.isOpen,
    view: (passage, later) => {
      const transaction = link.view(
        usedAt(passage, () => callers.getStore()),
        later,
      )
      fork.setTransactionContext(nesting(transaction as KyselyTransaction, own))
      return view
    },
    flush: () => fork.flush(),
    nest: async () => linkIn(await savepoint(link), forkOf(fork)),
  } satisfies Link<object>)
}

/** A manager for one transaction, and what stands for it with users. */
interface Forked {
  readonly fork: EntityManager
  readonly view: object
}

/** A fork of the manager that is current: its filters keep tenants apart. */
function forkOf(manager: EntityManager): Forked {
  const fork = manager.fork()
  return { fork, view: calling(fork) }
}

/** What the subscribers of MikroORM are told of a transaction; of its own, inside, MikroORM tells them by itself. */
type TransactionEvent = `${'before' | 'after'}Transaction${'Start' | 'Commit' | 'Rollback'}`

type Tell = (event: TransactionEvent) => Promise<unknown>

function telling({ fork, view }: Forked): Tell {
  return async event =>
    fork.getEventManager().dispatchEvent(event, {
      em: view,
      uow: fork.getUnitOfWork(false),
      transaction: fork.getTransactionContext(),
    })
}

function hasSubscribers({ fork }: Forked): boolean {
  return fork.getEventManager().getSubscribers().size > 0
}

/** The connection is given back, whatever a subscriber fails with. */
async function rollingBack(tell: Tell, rollback: () => Promise<void>): Promise<void> {
  try {
    await tell('beforeTransactionRollback')
  } finally {
    await rollback()
  }
  await tell('afterTransactionRollback')
}

/** The way in for who is told of the begin: it is there before the scope is. */
function yetToBegin(target: unknown): { readonly passage: Passage; begin(scope: Passage): void } {
  let scope: Passage | undefined
  let unended: AbortSignal | undefined
  return {
    begin: passage => void (scope = passage),
    passage: {
      target,
      get ending() {
        return scope?.ending ?? (unended ??= new AbortController().signal)
      },
      enter: () => scope?.enter() ?? (() => {}),
      suspect: () => scope?.suspect() ?? leftToNobody,
    },
  }
}

function leftToNobody(): void {}

/** What MikroORM ends a transaction by, and opens and ends one of its own inside. */
interface Nesting {
  commit(): Command
  rollback(): Command
  savepoint(name: string): Command
  releaseSavepoint(): Command
  rollbackToSavepoint(): Command
}

interface Command {
  execute(): Promise<unknown>
}

/** A savepoint of MikroORM's own. */
interface OwnSavepoint {
  readonly name: string
  over(): void
}

/** MikroORM numbers them by depth, and a nested transaction between two of one name would lose the outer one, on MySQL. */
const nextSavepoint = counting('savepoints-of-mikro-orm.1')

/** A transaction in which MikroORM can open its own: it works with one that Kysely gives a handle of. */
function nesting(transaction: KyselyTransaction, own: Own, inside?: OwnSavepoint): object {
  const send = (sql: string) => transaction.executeQuery(raw(sql))
  const ending = (sql: string): Command => ({
    execute: async () => {
      await send(`${sql} ${inside?.name}`)
      inside?.over()
    },
  })
  return Object.assign(transaction, {
    commit: () => ({ execute: endsNothing('commit') }),
    rollback: () => ({ execute: endsNothing('rollback') }),
    savepoint: asked => ({
      execute: async () => {
        const name = `${asked}_${nextSavepoint()}`
        await send(`SAVEPOINT ${name}`)
        return nesting(another(transaction), own, { name, over: own.begun() })
      },
    }),
    releaseSavepoint: () => ending('RELEASE SAVEPOINT'),
    rollbackToSavepoint: () => ending('ROLLBACK TO SAVEPOINT'),
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
