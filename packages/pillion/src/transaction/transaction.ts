/**
 * What users have in hand: a transaction, a handle on one, and the ways to open them.
 *
 * @module
 */
import type { TransactionalDecorator, TransactionalMethod } from './decorator.js'
import type { Hook } from './hooks.js'
import type { TransactionOptions } from './options.js'
import type { ActiveTransaction } from './report.js'

/** A transaction, as the work inside of it sees it. As the target of a query, `query.on(t)`, it stands for itself. */
export interface Transaction<Orm> {
  /** The host's own object for the transaction: what its `transaction` would hand out. Outside of one, the host. */
  readonly orm: Orm
  /** False where the mode let the work run outside of any transaction. */
  readonly isTransaction: boolean
  readonly name: string | undefined
  /** Runs work with this transaction as the current one. */
  run<T>(work: () => PromiseLike<T> | T): Promise<T>
  /** Before COMMIT, inside the transaction; a failure rolls it back. Of a nested one: when the outermost is committed. */
  beforeCommit(hook: Hook): void
  /** When it is committed; of a nested one, when the outermost is. */
  afterCommit(hook: Hook): void
  /** When it has been rolled back, also by the outer one. */
  afterRollback(hook: Hook): void
}

/** A transaction in hand. It ends when it is told to, whatever others do. */
export interface Handle<Orm> extends Transaction<Orm> {
  /**
   * COMMIT.
   *
   * @throws PillionError `TRANSACTION_FINISHED`, `ROLLBACK_ONLY`, `COMMIT_FAILED`, `COMMIT_UNKNOWN`, `TRANSACTION_NESTED`, `HOOK_FAILED`
   */
  commit(): Promise<void>
  /** ROLLBACK. Of one that has been rolled back, nothing. */
  rollback(): Promise<void>
  /** `await using t = await tx.begin()`: rolled back where it was not committed. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Options of a transaction in hand: always one of its own, or a savepoint in the current one. */
export interface BeginOptions extends Omit<TransactionOptions, 'mode' | 'retry' | 'joinFailure'> {
  /** @defaultValue `requires_new` */
  readonly mode?: 'requires_new' | 'nested'
}

/** What is run inside of it. */
export type Work<Orm, T> = (t: Transaction<Orm>) => PromiseLike<T> | T

/** The transactions of one host. */
export interface Transactions<Orm> {
  /**
   * Runs work in a transaction, and commits when it is done: `BEGIN`, …, `COMMIT`. Where the work fails it is rolled back, and its
   * own error is thrown. Statements of pillion's inside are in the transaction by themselves.
   *
   * ```ts
   * await tx.run(async t => {
   *   await t.orm.query('UPDATE account SET balance = balance - 10 WHERE id = 1')
   *   await db.from(account).all()                    // in the same transaction
   * })
   * ```
   *
   * @throws PillionError `POOL_STARVED`, `CANCELLED`, `TRANSACTION_MODE`, `TRANSACTION_INCOMPATIBLE`, `TRANSACTION_UNSUPPORTED`, `TRANSACTION_TIMED_OUT`,
   * `ROLLBACK_ONLY`, `COMMIT_FAILED`, `COMMIT_UNKNOWN`, `TRANSACTION_NESTED`, `HOOK_FAILED`
   */
  run<T>(work: Work<Orm, T>): Promise<T>
  run<T>(options: TransactionOptions, work: Work<Orm, T>): Promise<T>
  /**
   * Begins a transaction that ends when its handle is told to. Any number may be open, and end in any order. It is current only
   * inside of `t.run`.
   *
   * ```ts
   * const [a, b] = [await tx.begin(), await tx.begin()]
   * await a.commit()
   * await b.commit()
   * ```
   */
  begin(options?: BeginOptions): Promise<Handle<Orm>>
  /**
   * The function, in a transaction each time it is called.
   *
   * ```ts
   * const transfer = tx.transactional({ isolation: 'serializable', retry: true }, async (from: number, to: number) => { … })
   * ```
   */
  transactional<A extends unknown[], T>(fn: (...args: A) => PromiseLike<T> | T): (...args: A) => Promise<T>
  transactional<A extends unknown[], T>(
    options: TransactionOptions,
    fn: (...args: A) => PromiseLike<T> | T,
  ): (...args: A) => Promise<T>
  /** `@tx.transactional`, over a method. */
  transactional<M extends TransactionalMethod>(method: M, context: { readonly kind: 'method' }): M
  transactional<M extends TransactionalMethod>(
    target: object,
    name: PropertyKey,
    descriptor: TypedPropertyDescriptor<M>,
  ): void
  /** `@tx.transactional({ … })`, over a method. */
  transactional(options: TransactionOptions): TransactionalDecorator
  /** The current transaction, if there is one. */
  current(): Transaction<Orm> | undefined
  /** Every transaction that is open over this host, and who waits for a connection inside of it. */
  active(): readonly ActiveTransaction[]
}
