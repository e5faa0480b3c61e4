/**
 * Transactions over a host: run in one, or take one in hand.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { type Here, hereIn, originOf } from '../query/origin.js'
import { withRetry } from '../retry/with-retry.js'
import { attempt, frameOf, inFrame, isCurrent, type Passage, standsFor } from '../run/ambient.js'
import { inTurn } from '../run/queue.js'
import { assertWanted, cancelBySignal, eitherOf } from './cancellation.js'
import { mayBeCutShort, orOver } from './cut-short.js'
import { transactionalBy } from './decorator.js'
import { place } from './failure.js'
import { type OrmOf, transactorOf } from './hosts/recognise.js'
import { type Action, actionOf, type Mode } from './mode.js'
import { checkOptions, incompatibility, type TransactionDefaults, type TransactionOptions } from './options.js'
import { hooksOutside } from './outside.js'
import { activeOver, noteOpen } from './report.js'
import { Scope, type Where } from './scope.js'
import { expire, expireInTime, isOverdue } from './timeout.js'
import type { BeginOptions, Handle, Transaction, Transactions, Work } from './transaction.js'
import { type Link, type Opening, savepoint, type Transactor } from './transactor.js'
import { holdersAround, ledgerOf, opened, refuseVain } from './waiting.js'
import { assertBegun, assertWork, sent } from './work.js'

/** A scope, and what the work inside of it is given. */
interface Entered<Orm> {
  readonly scope: Scope<Orm>
  readonly t: Transaction<Orm>
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
    const options = overDefaults(asked)
    const { retry } = options
    if (retry === undefined || retry === false) return through(open(mode, options, here), work)
    const how = retry === true ? {} : retry
    const signal = eitherOf(how.signal, options.signal)
    return withRetry(() => through(open(mode, options, here), work), { ...how, signal })
  }

  function overDefaults(asked: TransactionOptions): TransactionOptions {
    return { ...defaults, ...definite(asked) }
  }

  function open(mode: Mode, options: TransactionOptions, here: Here): Promise<Entered<Orm>> {
    const { name, signal } = options
    assertWanted(signal, () => `The transaction asked for at ${place(here())}`)
    const within = scopeAround() as Scope<Orm> | undefined
    const asking = { here, name, signal, within: within as Scope }
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
      return handleOf(begin(await open('requires_new', overDefaults(asked), here)).scope)
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
    expireInTime(scope)
    cancelBySignal(scope)
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
      result = await (mayBeCutShort(scope.options) ? orOver(scope, working) : working)
      assertBegun(result)
    } catch (error) {
      return failing(scope, where, error)
    }
    // a statement that keeps the process busy keeps the clock from striking
    if (isOverdue(scope)) await expire(scope)
    const { doomedBy } = scope
    if (doomedBy !== undefined) return failing(scope, where, doomedBy.reason)
    await committing(scope, where)
    return result
  }

  /** No hook before the commit is waited for when it is cut short. */
  function committing(scope: Scope<Orm>, where: Where): Promise<void> {
    const committed = scope.commit(where)
    return mayBeCutShort(scope.options) ? orOver(scope, committed) : committed
  }

  /** Rolls back, and throws what came first: the work may have failed only because the scope was doomed by then. */
  async function failing(scope: Scope<Orm>, where: Where, error: unknown): Promise<never> {
    scope.doom(error)
    await scope.rollback(where, error)
    throw scope.doomedBy === undefined ? error : scope.doomedBy.reason
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
    const { orm } = scope
    const t = sides(scope, orm)
    standsFor(t, scope)
    if (typeof orm === 'object' || typeof orm === 'function') standsFor(orm as object, scope)
    return Object.freeze(t)
  }

  /** In the frame of one that is over: whoever asks for what to work with is told so. */
  function finished(scope: Scope<Orm>): Transaction<Orm> {
    const t = sides(scope, undefined as never)
    Object.defineProperty(t, 'orm', { get: () => scope.orm })
    standsFor(t, scope)
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
      commit: async () => {
        const at = originOf(t.commit)
        if (isOverdue(scope)) await expire(scope)
        await committing(scope, () => `at ${place(at)}`)
      },
      rollback: async () => rollback(originOf(t.rollback)),
      [Symbol.asyncDispose]: async () => {
        if (scope.state === 'open' || scope.state === 'doomed') await rollback(scope.begun)
        else await scope.over
      },
      ...sides(scope, scope.orm),
    }
    standsFor(t, scope)
    standsFor(t.orm as object, scope)
    return Object.freeze(t)
  }

  function sides(scope: Scope<Orm>, orm: Orm): Transaction<Orm> {
    return {
      orm,
      isTransaction: true,
      name: scope.options.name,
      run: async work => inFrame(root, scope, () => sent(work())),
      beforeCommit: hook => scope.on('beforeCommit', hook),
      afterCommit: hook => scope.on('afterCommit', hook),
      afterRollback: hook => scope.on('afterRollback', hook),
    }
  }

  function wrap(options: TransactionOptions, fn: unknown): (...args: never[]) => Promise<unknown> {
    assertWork(fn)
    const wrapped = function (this: unknown, ...args: never[]): Promise<unknown> {
      return calledAt(wrapped, here => run(options, () => fn.apply(this as never, args), here))
    }
    return wrapped
  }

  const api: Transactions<Orm> = {
    run: <T>(...given: [Work<Orm, T>] | [TransactionOptions, Work<Orm, T>]): Promise<T> => {
      const [options, work] = withOptions(given)
      return calledAt(api.run, here => run(options, work, here))
    },
    begin: (options = {}) => calledAt(api.begin, here => begun(options, here)),
    transactional: ((...given: readonly unknown[]) =>
      transactionalBy(given, wrap)) as Transactions<Orm>['transactional'],
    current: () => {
      const scope = currentScope()
      if (scope === undefined) return undefined
      return scope.isHolding ? transactionOf(scope) : finished(scope)
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

function openingOf(options: TransactionOptions): Opening {
  const { isolation, readOnly, deferrable, acquireTimeout } = options
  return { isolation, readOnly, deferrable, patience: acquireTimeout ?? patience, stoppable: mayBeCutShort(options) }
}

/** Outside of any transaction everything is let in, to the host's root. */
const outside: Passage = Object.freeze({
  target: undefined,
  ending: new AbortController().signal,
  enter: () => () => {},
  suspect: () => () => {},
})

function withOptions<F>(
  given: readonly [F] | readonly [TransactionOptions | undefined, F],
): readonly [TransactionOptions, F] {
  if (given.length === 1) return [{}, given[0]]
  const [options = {}, work] = given
  return [options, work]
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

/** What is undefined is not asked for. */
function definite(
  options: { readonly [key in keyof TransactionOptions]: TransactionOptions[key] | undefined },
): TransactionOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
