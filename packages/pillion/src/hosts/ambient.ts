/**
 * Transactions that are open around the code, for hosts that keep none themselves: found where the application, or a
 * library it uses, has put them.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { PillionError } from '../errors.js'
import type { Host, Statement, SyncHost } from '../run/host.js'

/** Where a transaction of the host's may be found: the object that stands for it, or nothing. */
export type AmbientSource = () => unknown

/** `TransactionHost` of `@nestjs-cls/transactional`, as far as it is read here. */
export interface TransactionHostLike {
  readonly tx: unknown
  isTransactionActive(): boolean
}

/** Transactions by request, for those who open them where no callback can be put around the work. */
export interface AmbientSlot<Transaction> {
  /** Runs the work of one request: what is held in it is seen by it alone. */
  scope<T>(work: () => T): T
  /**
   * Holds a transaction for the request, until what is given is called. One that is held twice is held until both have let
   * go of it.
   *
   * @throws PillionError `TRANSACTION_AMBIGUOUS` outside of any scope
   */
  hold(transaction: Transaction): () => void
  /**
   * The transaction that the request holds, if it does.
   *
   * @throws PillionError `TRANSACTION_AMBIGUOUS` when it holds several
   */
  readonly current: AmbientSource
}

/**
 * The same host, where a statement that is given no transaction is in the one that a source finds. A source that finds
 * nothing leaves it to the host: to the transaction that it finds by itself, or to its root.
 *
 * ```ts
 * const host = withAmbient(knexHost(knex), fromTransactionHost(() => TransactionHost.getInstance()))
 * const db = await pillion<DB>(host)
 * ```
 *
 * @throws PillionError from its statements `TRANSACTION_AMBIGUOUS` when sources find different ones.
 */
export function withAmbient<H extends Host | SyncHost>(host: H, ...sources: readonly AmbientSource[]): H {
  const aim = (target: unknown): unknown => (target === undefined ? found(sources) : target)
  const { runSync, iterateSync } = host as Partial<SyncHost>
  return Object.freeze({
    ...host,
    ambient: () => found(sources) ?? host.ambient?.(),
    run: async (target, statement, options) => host.run(aim(target), statement, options),
    stream: (target, statement, options) => host.stream(aim(target), statement, options),
    ...(runSync && { runSync: (target: unknown, statement: Statement) => runSync(aim(target), statement) }),
    ...(iterateSync && {
      iterateSync: (target: unknown, statement: Statement) => iterateSync(aim(target), statement),
    }),
  } satisfies Host & Record<string, unknown>) as H
}

/**
 * The transaction of `@nestjs-cls/transactional`, while one is active: of whichever adapter, which is the one of the host.
 *
 * ```ts
 * const host = withAmbient(knexHost(knex), fromTransactionHost(() => TransactionHost.getInstance()))
 * ```
 *
 * @param host asked for at each statement, since it is there only when the application is.
 */
export function fromTransactionHost(host: () => TransactionHostLike): AmbientSource {
  return () => {
    const current = host()
    return current.isTransactionActive() ? current.tx : undefined
  }
}

/**
 * A place for the transactions of each request. Where a callback can be put around the work, `transactions(knex)` of
 * `pillion/transaction` does it better; this is for those that are begun here and ended there.
 *
 * ```ts
 * const slot = ambientSlot<Knex.Transaction>()
 * app.use((request, response, next) => slot.scope(next))
 *
 * const trx = await knex.transaction()
 * const release = slot.hold(trx)
 * await ranked.all()                      // in trx, for db is on withAmbient(knexHost(knex), slot.current)
 * release()
 * await trx.commit()
 * ```
 */
export function ambientSlot<Transaction>(): AmbientSlot<Transaction> {
  const requests = new AsyncLocalStorage<Set<Hold<Transaction>>>()
  return Object.freeze({
    scope: work => requests.run(new Set(), work),
    hold(transaction) {
      const held = requests.getStore()
      if (held === undefined) throw ambiguous('There is no request around the code that could hold a transaction.')
      const hold = { transaction }
      held.add(hold)
      return () => void held.delete(hold)
    },
    current: () => {
      const held = new Set([...(requests.getStore() ?? [])].map(({ transaction }) => transaction))
      if (held.size > 1) throw ambiguous(`The request holds ${held.size} transactions at once.`)
      return [...held][0]
    },
  } satisfies AmbientSlot<Transaction>)
}

/** One call of `hold`: a transaction that is held twice is held until both have let go of it. */
interface Hold<Transaction> {
  readonly transaction: Transaction
}

function found(sources: readonly AmbientSource[]): unknown {
  const transactions = new Set(sources.map(source => source() ?? undefined))
  transactions.delete(undefined)
  if (transactions.size > 1) throw ambiguous('The sources of ambient transactions find different ones.')
  return [...transactions][0]
}

function ambiguous(summary: string): PillionError {
  return new PillionError('TRANSACTION_AMBIGUOUS', summary)
}
