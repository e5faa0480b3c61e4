/**
 * Transactions over a host: run in one, or take one in hand.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import { isGeneratorFunction, isPromise } from 'node:util/types'
import { PillionError } from '../errors.js'
import { isFunction, isHandle } from '../hosts/shape.js'
import type { Origin } from '../query/node.js'
import { type Here, hereIn, originOf } from '../query/origin.js'
import { withRetry } from '../retry/with-retry.js'
import { attempt, frameOf, inFrame, isCurrent, type Passage, standsFor } from '../run/ambient.js'
import { inTurn } from '../run/queue.js'
import { place } from './failure.js'
import { type OrmOf, transactorOf } from './hosts/recognise.js'
import type { Hook } from './hooks.js'
import { type Action, actionOf, type Mode } from './mode.js'
import { checkOptions, incompatibility, type TransactionDefaults, type TransactionOptions } from './options.js'
import { hooksOutside } from './outside.js'
import { type ActiveTransaction, activeOver, noteOpen } from './report.js'
import { Scope, type Where } from './scope.js'
import { type Link, type Opening, savepoint, type Transactor } from './transactor.js'
import { alarm } from './alarm.js'
import { holdersAround, ledgerOf, opened, refuseVain } from './waiting.js'

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

/** A scope, and what the work inside of it is given. */
interface Entered<Orm> {
  readonly scope: Scope<Orm>
  readonly t: Transaction<Orm>
}

type Work<Orm, T> = (t: Transaction<Orm>) => PromiseLike<T> | T

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
   * @throws PillionError `POOL_STARVED`, `TRANSACTION_MODE`, `TRANSACTION_INCOMPATIBLE`, `TRANSACTION_UNSUPPORTED`, `TRANSACTION_TIMED_OUT`,
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
  /** The current transaction, if there is one. */
  current(): Transaction<Orm> | undefined
  /** Every transaction that is open over this host, and who waits for a connection inside of it. */
  active(): readonly ActiveTransaction[]
}

/**
 * The transactions of a host: a `pg` pool, a Prisma client, a TypeORM data source, a Drizzle database, …, recognised by shape. Make
 * pillion's host of the same object, and its statements find the current transaction.
 *
 * ```ts
 * const tx = transactions(pool)
 * const db = await pillion<DB>(pgHost(pool))
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN`, `HOST_SHAPE`
 */
export function transactions<Root extends object>(
  root: Root,
  defaults: TransactionDefaults = {},
): Transactions<OrmOf<Root>> {
  return transactionsOf(transactorOf(root) as Transactor<OrmOf<Root>>, defaults)
}

/** Milliseconds to wait for a connection. */
const patience = 10_000

function transactionsOf<Orm>(transactor: Transactor<Orm>, defaults: TransactionDefaults): Transactions<Orm> {
  const { root, name: host, dialect } = transactor
  checkOptions(defaults, dialect)
  const ledger = ledgerOf(root)

  /** The scope around, also from where it is left out on purpose: it holds its connection all the same. */
  const scopeAround = (): Scope | undefined => {
    let frame = frameOf(root)
    while (frame !== undefined && (frame.root !== root || frame.passage === undefined)) frame = frame.parent
    return frame?.passage as Scope | undefined
  }

  // every passage over this root was put there by a Transactions over it
  const currentScope = (): Scope<Orm> | undefined => frameOf(root)?.passage as Scope<Orm> | undefined

  /** @param here gives the place that it was asked for at, as long as that is still on the stack */
  function run<T>(asked: TransactionOptions, work: Work<Orm, T>, here: Here): Promise<T> {
    assertWork(work)
    checkOptions(asked, dialect)
    const mode = asked.mode ?? 'required'
    const within = currentScope()
    const action = decided(mode, within, here)
    if (action === 'join') return joined(within as Scope<Orm>, asked, work, here())
    if (action === 'none') {
      const around = holdersAround(scopeAround())
      if (around.length > 0) refuseVain(around, transactor, here)
      return bare(asked, work, here())
    }
    if (action === 'nest') {
      return nesting(within as Scope<Orm>, mode, asked, here(), entered => through(entered, work))
    }
    const options = { ...defaults, ...asked }
    const { retry } = options
    if (retry === undefined || retry === false) return through(open(mode, options, here), work)
    return withRetry(() => through(open(mode, options, here), work), retry === true ? {} : retry)
  }

  function open(mode: Mode, options: TransactionOptions, here: Here): Promise<Entered<Orm>> {
    const within = scopeAround() as Scope<Orm> | undefined
    const asking = { here, name: options.name, within: within as Scope }
    return opened(transactor, openingOf(options), asking, link =>
      entered(new Scope<Orm>({ root, host, link, mode, options, begun: here(), within, parent: undefined })),
    )
  }

  /** Sibling savepoints one after the other: they are a stack in the server. */
  function nesting<T>(
    parent: Scope<Orm>,
    mode: Mode,
    asked: TransactionOptions,
    begun: Origin,
    inside: (entered: Entered<Orm>) => Promise<T>,
  ): Promise<T> {
    assertJoinable(parent, asked, begun)
    if (parent.child !== undefined && isCurrent(parent.child)) {
      throw new PillionError(
        'TRANSACTION_NESTED',
        `A nested transaction was asked for in the ${parent.words} from inside of the ${parent.child.words}.`,
        { hint: 'It would wait for itself. Nest it in the inner one.' },
      )
    }
    const options = definite({
      ...parent.options,
      name: asked.name,
      warnAfter: asked.warnAfter ?? parent.options.warnAfter,
      whileNested: asked.whileNested ?? defaults.whileNested,
    })
    const made = async (): Promise<Scope<Orm>> => {
      const refusal = parent.refusal()
      if (refusal !== undefined) throw refusal
      const link: Link<Orm> = await savepoint(parent.link)
      // it may have ended meanwhile, and the savepoint with it
      const late = parent.refusal()
      if (late !== undefined) throw late
      return new Scope<Orm>({ root, host, link, mode, options, begun, parent, within: parent })
    }
    return new Promise((resolve, reject) => {
      inTurn(parent, async () => {
        const scope = await parent.nesting(made)
        inside(entered(scope)).then(resolve, reject)
        // hooks that run after it may nest another
        await scope.over
      }).catch(reject)
    })
  }

  async function begun(asked: BeginOptions, here: Here): Promise<Handle<Orm>> {
    checkOptions(asked, dialect)
    if (asked.mode !== undefined && asked.mode !== 'nested' && asked.mode !== 'requires_new') {
      throw new PillionError('QUERY_INVALID', `Nothing is begun by mode ${String(asked.mode)}.`, {
        hint: 'It is nested or requires_new, as by default. Other modes are those of run.',
      })
    }
    const within = currentScope()
    if (asked.mode !== 'nested' || decided('nested', within, here) === 'open') {
      return handleOf(begin(await open('requires_new', { ...defaults, ...asked }, here)).scope)
    }
    const at = here()
    return new Promise((resolve, reject) => {
      nesting(within as Scope<Orm>, 'nested', asked, at, entered => {
        const { scope } = begin(entered)
        resolve(handleOf(scope))
        return scope.over
      }).catch(reject)
    })
  }

  /** It is open from now on: told of, and timed. */
  function begin(entered: Entered<Orm>): Entered<Orm> {
    const { scope } = entered
    noteOpen(scope as Scope)
    const { timeout } = scope.options
    if (timeout !== undefined && scope.parent === undefined) {
      const clock = alarm(timeout, () => void expire(scope))
      scope.atEnd(() => clearTimeout(clock))
    }
    return entered
  }

  function entered(scope: Scope<Orm>): Entered<Orm> {
    return { scope, t: transactionOf(scope) }
  }

  /** Runs work in a scope, and ends the scope by how the work ended. Its promises are a good part of what a transaction costs. */
  async function through<T>(opening: Promise<Entered<Orm>> | Entered<Orm>, work: Work<Orm, T>): Promise<T> {
    const { scope, t } = begin(await opening)
    const where = atItsEnd
    let result: T
    try {
      const working = inFrame(root, scope, () => sent(work(t)))
      result = await (scope.options.timeout === undefined ? working : orOver(scope, working))
    } catch (error) {
      return failing(scope, where, error)
    }
    // a statement that keeps the process busy keeps the clock from striking
    if (isOverdue(scope)) await expire(scope)
    const { doomedBy } = scope
    if (doomedBy !== undefined) return failing(scope, where, doomedBy.reason)
    const committing = scope.commit(where)
    await (scope.options.timeout === undefined ? committing : orOver(scope, committing))
    return result
  }

  /** Rolls back, and throws what came first: the work may have failed only because the scope was doomed by then. */
  async function failing(scope: Scope<Orm>, where: Where, error: unknown): Promise<never> {
    scope.doom(error)
    await scope.rollback(where, error)
    throw scope.doomedBy === undefined ? error : scope.doomedBy.reason
  }

  async function expire(scope: Scope<Orm>): Promise<void> {
    const reason = new PillionError(
      'TRANSACTION_TIMED_OUT',
      `The ${scope.words} ran past its timeout of ${scope.options.timeout} ms, after ${scope.statements} statements.`,
    )
    scope.doom(reason)
    // streams are told to let go, and whatever keeps the connection is stopped in the server
    const rollback = scope.rollback(() => 'at its timeout', reason)
    await stop(scope).catch(() => {})
    await rollback
  }

  /** Has the server stop what is under way, and asks again: a request that comes too early may be forgotten. */
  async function stop(scope: Scope<Orm>): Promise<void> {
    const { cancel } = scope.link
    if (cancel === undefined) return
    const isWanted = (): boolean => scope.busy
    for (let wait = 20; isWanted(); wait = Math.min(2 * wait, 1_000)) {
      let settled = (): void => {}
      const request = new Promise<void>(resolve => (settled = resolve))
      const asked = (): boolean => {
        const wanted = isWanted()
        if (wanted) scope.stoppedBy(request)
        return wanted
      }
      const cancelling = cancel(asked).finally(settled)
      // it may need a connection, and wait for that one which the statement has
      await Promise.race([cancelling, scope.over])
      await Promise.race([pause(wait, undefined, { ref: false }), scope.over])
    }
  }

  async function joined<T>(
    scope: Scope<Orm>,
    asked: TransactionOptions,
    work: Work<Orm, T>,
    begun: Origin,
  ): Promise<T> {
    assertJoinable(scope, asked, begun)
    const t = transactionOf(scope)
    try {
      return await inFrame(root, scope, () => sent(work(t)))
    } catch (error) {
      if ((asked.joinFailure ?? defaults.joinFailure) !== 'ignore') {
        scope.spoil(
          new PillionError(
            'ROLLBACK_ONLY',
            `Work that joined the ${scope.words} at ${place(begun)} failed, and its error was caught. The transaction was rolled back.`,
            {
              cause: error,
              hint: 'Let the error through; or nest the work: mode nested; or say `joinFailure: "ignore"`.',
            },
          ),
        )
      }
      throw error
    }
  }

  async function bare<T>(asked: TransactionOptions, work: Work<Orm, T>, begun: Origin): Promise<T> {
    const hooks = hooksOutside(host, asked.name, begun)
    const t: Transaction<Orm> = {
      orm: transactor.orm,
      isTransaction: false,
      name: asked.name,
      run: async <R>(inner: () => PromiseLike<R> | R): Promise<R> => inFrame(root, undefined, () => sent(inner())),
      beforeCommit: hook => hooks.on('beforeCommit', hook),
      afterCommit: hook => hooks.on('afterCommit', hook),
      afterRollback: hook => hooks.on('afterRollback', hook),
    }
    standsFor(t, outside)
    Object.freeze(t)
    return inFrame(root, undefined, () => hooks.after(() => work(t)))
  }

  function transactionOf(scope: Scope<Orm>): Transaction<Orm> {
    const t = sides(scope)
    standsFor(t, scope)
    if (typeof scope.orm === 'object' || typeof scope.orm === 'function') standsFor(scope.orm as object, scope)
    return Object.freeze(t)
  }

  function handleOf(scope: Scope<Orm>): Handle<Orm> {
    const rollback = async (at: Origin): Promise<void> => {
      if (scope.state === 'rolled back') return
      // on its way out: by its timeout, say
      if (scope.state === 'ending' && scope.doomedBy !== undefined) return scope.over
      if (scope.state !== 'open' && scope.state !== 'doomed') throw scope.refusal() as PillionError
      await scope.rollback(() => `at ${place(at)}`)
    }
    const t: Handle<Orm> = {
      ...sides(scope),
      commit: async () => {
        const at = originOf(t.commit)
        await scope.commit(() => `at ${place(at)}`)
      },
      rollback: async () => rollback(originOf(t.rollback)),
      [Symbol.asyncDispose]: async () => {
        if (scope.state === 'open' || scope.state === 'doomed') await rollback(scope.begun)
        else await scope.over
      },
    }
    standsFor(t, scope)
    standsFor(scope.orm as object, scope)
    return Object.freeze(t)
  }

  function sides(scope: Scope<Orm>): Transaction<Orm> {
    const { orm, options } = scope
    return {
      orm,
      isTransaction: true,
      name: options.name,
      run: async work => inFrame(root, scope, () => sent(work())),
      beforeCommit: hook => scope.on('beforeCommit', hook),
      afterCommit: hook => scope.on('afterCommit', hook),
      afterRollback: hook => scope.on('afterRollback', hook),
    }
  }

  const api: Transactions<Orm> = {
    run: <T>(...given: [Work<Orm, T>] | [TransactionOptions, Work<Orm, T>]): Promise<T> => {
      const [options, work] = withOptions(given)
      return calledAt(api.run, here => run(options, work, here))
    },
    begin: (options = {}) => calledAt(api.begin, here => begun(options, here)),
    transactional: <A extends unknown[], T>(
      ...given: [(...args: A) => PromiseLike<T> | T] | [TransactionOptions, (...args: A) => PromiseLike<T> | T]
    ) => {
      const [options, fn] = withOptions(given)
      assertWork(fn)
      const wrapped = function (this: unknown, ...args: A): Promise<T> {
        return calledAt(wrapped, here => run(options, () => fn.apply(this, args), here))
      }
      return wrapped
    },
    current: () => {
      const scope = currentScope()
      return scope === undefined ? undefined : transactionOf(scope)
    },
    active: () => activeOver(root, ledger.waiters),
  }
  return Object.freeze(api)
}

/** Where it is called is looked at when all has been asked of the server that can be: that answers meanwhile. */
function calledAt<T>(called: (...args: never[]) => unknown, work: (here: Here) => Promise<T>): Promise<T> {
  const here = hereIn(called)
  const working = attempt(() => work(here))
  here()
  return working
}

const atItsEnd: Where = () => 'at the end of its run'

function openingOf({ isolation, readOnly, deferrable, acquireTimeout, timeout }: TransactionOptions): Opening {
  return { isolation, readOnly, deferrable, patience: acquireTimeout ?? patience, timed: timeout !== undefined }
}

/** Outside of any transaction everything is let in, to the host's root. */
const outside: Passage = Object.freeze({
  target: undefined,
  ending: new AbortController().signal,
  enter: () => () => {},
  suspect: () => () => {},
})

function assertWork(work: unknown): void {
  if (!isFunction(work)) throw new PillionError('QUERY_INVALID', 'There is no work to run: it is a function.')
  if (!isGeneratorFunction(work)) return
  throw new PillionError(
    'QUERY_INVALID',
    'The work is a generator: it runs when somebody reads it, and the transaction would be over.',
    {
      hint: 'Read it inside of the work; or take a handle, and have the generator begin and end it.',
    },
  )
}

function isOverdue<Orm>({ at, parent, options: { timeout } }: Scope<Orm>): boolean {
  return timeout !== undefined && parent === undefined && Date.now() - at >= timeout
}

function withOptions<F>(given: readonly [F] | readonly [TransactionOptions, F]): readonly [TransactionOptions, F] {
  return given.length === 1 ? [{}, given[0]] : given
}

function decided<Orm>(mode: Mode, within: Scope<Orm> | undefined, here: Here): Action {
  const action = actionOf(mode, within === undefined ? 'outside' : 'inside')
  if (action === 'refuse') {
    const found = within === undefined ? 'no transaction is current' : `the ${within.words} is current`
    throw new PillionError('TRANSACTION_MODE', `Mode ${mode} was asked for at ${place(here())}, where ${found}.`)
  }
  if (action === 'join' || action === 'nest') {
    // work that nobody awaited goes on in the frame of a transaction that has ended
    const refusal = within?.refusal()
    if (refusal !== undefined) throw refusal
  }
  return action
}

function assertJoinable<Orm>(scope: Scope<Orm>, asked: TransactionOptions, begun: Origin): void {
  const differs = incompatibility(scope.options, asked)
  if (differs === undefined) return
  throw new PillionError(
    'TRANSACTION_INCOMPATIBLE',
    `At ${place(begun)} the ${scope.words} was to be joined with ${differs}.`,
    { hint: 'Leave the option out, give it to the outer transaction, or use mode requires_new.' },
  )
}

/** What the work gives, on its way: a query that is sent when somebody asks for its rows is asked here, in the work's own frame. */
function sent<T>(given: PromiseLike<T> | T): PromiseLike<T> | T {
  return isLazy(given) ? new Promise((resolve, reject) => void given.then(resolve, reject)) : given
}

/** Is it awaited by a way of its own? A plain promise is under way already. */
function isLazy<T>(given: PromiseLike<T> | T): given is PromiseLike<T> {
  if (!isHandle(given) || !isFunction(given['then'])) return false
  return !isPromise(given) || given.then !== Promise.prototype.then
}

/** The work's outcome, or what ended the scope before the work did. */
function orOver<T, Orm>(scope: Scope<Orm>, working: PromiseLike<T> | T): Promise<T> {
  return new Promise((resolve, reject) => {
    Promise.resolve(working).then(resolve, reject)
    void scope.over.then(() => {
      const { doomedBy } = scope
      if (doomedBy !== undefined) reject(doomedBy.reason)
    })
  })
}

function definite(
  options: { readonly [key in keyof TransactionOptions]: TransactionOptions[key] | undefined },
): TransactionOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
