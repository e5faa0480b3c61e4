/**
 * One transaction, or one savepoint in it, from its begin to its end. It owns its connection, and what is current elsewhere
 * is none of its business: so transactions end in any order.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { errorsBelow } from '../errors-below.js'
import { isObject } from '../hosts/shape.js'
import type { Origin } from '../query/node.js'
import { type Failed, inFrame, isCurrent, type Leave, type Passage } from '../run/ambient.js'
import { now } from '../run/clock.js'
import { counting } from '../run/once.js'
import { commitFailure, endedByItself, place, refusalOf, rollbackFailure, savepointFailure, unsent } from './failure.js'
import { type Hook, type Hooks, noHooks, runAfter, runBefore } from './hooks.js'
import type { Mode } from './mode.js'
import type { TransactionOptions } from './options.js'
import { eventOf, noteOver, publish } from './report.js'
import type { Link, Subscribed } from './transactor.js'

/** What a scope is from its begin on. */
export interface Begun<Orm> {
  readonly root: object
  /** The host's name. */
  readonly host: string
  readonly link: Link<Orm>
  readonly mode: Mode
  readonly options: TransactionOptions
  /** Where it was begun. */
  readonly begun: Origin
  /** The scope that this one is a savepoint in. */
  readonly parent: Scope<Orm> | undefined
  /** The scope that was current where this one was begun: its outer end waits for this one's, as a rule. */
  readonly within: Scope<Orm> | undefined
}

/** `open`; `doomed` by a failure, to be rolled back; `ending`; and the ends. */
export type State = 'open' | 'doomed' | 'ending' | 'committed' | 'rolled back' | 'unknown'

/** Says where a scope ended, as `at app.ts:7:3`: asked only where somebody is told. */
export type Where = () => string

/** What only an open one has. */
interface Held<Orm> {
  readonly link: Link<Orm>
  readonly orm: Orm
}

const nextId = counting('scopes.1')

export class Scope<Orm = unknown> implements Passage {
  readonly id = nextId()
  readonly at = now()
  readonly root: object
  readonly host: string
  readonly mode: Mode
  readonly options: TransactionOptions
  readonly begun: Origin
  readonly parent: Scope<Orm> | undefined
  readonly within: Scope<Orm> | undefined
  /** Statements let in so far. */
  statements = 0
  /** Those of them that are under way. */
  inFlight = 0
  /** The savepoint that is open in it. */
  child: Scope<Orm> | undefined
  /**
   * Its connection, and what users work with; nothing when it is over, and its hooks have run. The frame that it was current in is kept by
   * whatever was made within: Node 20 puts it on each promise, and on each object for a write, which the engine comes to take for long-lived.
   */
  #held: Held<Orm> | undefined
  #state: State = 'open'
  /** Why it may only be rolled back. */
  #spoiled: PillionError | undefined
  #doom: { readonly reason: unknown } | undefined
  #ended: Where | undefined
  #failed: unknown
  /** Something was let in that may fail unheard. */
  #suspected = false
  /** A savepoint is on its way: what came now would be lost with it, or not, as it happens. */
  #nesting: Promise<unknown> | undefined
  #isCommitting = false
  /** COMMIT is on its way to the server: what is told from here on changes nothing. */
  #isSent = false
  /** The server is being asked to stop what is under way. */
  #stopping: Promise<unknown> | undefined
  /** Made where somebody listens: an error with its place in the source is not made for nothing. */
  #ending: AbortController | undefined
  // most transactions have none of these, and a list of nothing costs as much as a statement's own part in all of this
  #hooks: Hooks | undefined
  #drains: (() => void)[] | undefined
  #listeners: (() => void)[] | undefined
  /** The hooks after its end; the first failure of theirs. */
  #settling: Promise<{ readonly error: unknown } | undefined> | undefined

  constructor({ root, host, link, mode, options, begun, parent, within }: Begun<Orm>) {
    this.root = root
    this.host = host
    this.mode = mode
    this.options = options
    this.begun = begun
    this.parent = parent
    this.within = within
    if (parent !== undefined) parent.child = this
    this.#held = { link, orm: link.view(this, hook => this.on('afterCommit', hook)) }
  }

  /** @throws PillionError `TRANSACTION_FINISHED` where it has been let go of */
  get link(): Link<Orm> {
    return this.#holding().link
  }

  /**
   * What users work with.
   *
   * @throws PillionError `TRANSACTION_FINISHED` where it has been let go of
   */
  get orm(): Orm {
    return this.#holding().orm
  }

  /** Is there anything yet to work with, if only to be told that it is over? */
  get isHolding(): boolean {
    return this.#held !== undefined
  }

  #holding(): Held<Orm> {
    if (this.#held === undefined) throw this.#refused()
    return this.#held
  }

  get target(): unknown {
    return this.#held?.link.target
  }

  get ending(): AbortSignal {
    this.#ending ??= new AbortController()
    return this.#ending.signal
  }

  get state(): State {
    return this.#state
  }

  /** @throws PillionError `TRANSACTION_FINISHED`: nobody would ever run it */
  on(end: keyof Hooks, hook: Hook): void {
    if (isOver(this.#state) || (end === 'beforeCommit' && this.#state === 'ending')) throw this.#refused()
    this.#ownHooks()[end].push(hook)
  }

  #ownHooks(): Hooks {
    this.#hooks ??= noHooks()
    return this.#hooks
  }

  get isOver(): boolean {
    return isOver(this.#state)
  }

  /** Calls back at the end, however that comes. */
  atEnd(listener: () => void): void {
    this.#listeners ??= []
    this.#listeners.push(listener)
  }

  /** Resolves at the end, however that comes. */
  get over(): Promise<void> {
    return isOver(this.#state) ? Promise.resolve() : new Promise(resolve => this.atEnd(resolve))
  }

  /** The scope that holds the connection. */
  get outermost(): Scope<Orm> {
    return this.parent === undefined ? this : this.parent.outermost
  }

  /** `transaction "transfer" begun at …`, for a sentence. */
  get words(): string {
    const { name } = this.options
    const kind = this.parent === undefined ? 'transaction' : 'nested transaction'
    return `${kind}${name === undefined ? '' : ` ${JSON.stringify(name)}`} begun at ${place(this.begun)}`
  }

  enter(): Leave | Promise<Leave> {
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
    const { child } = this
    if (child === undefined && this.#nesting === undefined) return this.#let()
    if (this.options.whileNested === 'wait' && (child === undefined || !isCurrent(child))) {
      return (child?.over ?? (this.#nesting as Promise<unknown>)).then(() => this.enter())
    }
    throw new PillionError(
      'TRANSACTION_NESTED',
      `A statement of the ${this.words} came while ${child === undefined ? 'a nested transaction is being begun' : `the ${child.words} is open`} in it.`,
      {
        hint: 'Savepoints are a stack: what the outer one writes now would be lost with the inner one. Await the inner one first, or say `whileNested: "wait"`.',
      },
    )
  }

  /** Why no statement may be sent, if none may. */
  refusal(): PillionError | undefined {
    return this.#state === 'open' ? this.parent?.refusal() : this.#refused()
  }

  #refused(): PillionError {
    const why = this.#doom?.reason
    const because = why === undefined ? '' : ` (${reasonOf(why)})`
    const where = this.#ended === undefined ? '' : ` ${this.#ended()}`
    const how = { ...endings, ending: this.#doom === undefined ? 'is being committed' : endings.doomed }[this.#state]
    return new PillionError(
      'TRANSACTION_FINISHED',
      `The ${this.words} ${how}${where}${because}.`,
      why === undefined ? {} : { cause: why },
    )
  }

  #let(): Leave {
    this.statements++
    this.inFlight++
    let left = false
    return failure => {
      if (left) return
      left = true
      this.#over(failure)
      if (--this.inFlight === 0) this.#drains?.splice(0).forEach(called)
    }
  }

  /** Something is over that was sent in it. */
  #over(failure: unknown): void {
    this.#failed ??= failure
    if (this.#held?.link.endedBy?.(failure) === true) this.outermost.doom(failure ?? endedByItself())
  }

  suspect(): Failed {
    this.#suspected = true
    return failure => this.#over(failure)
  }

  /** Is anything under way, as far as is known? COMMIT itself is not stopped. */
  get busy(): boolean {
    const isCommitted = this.#state === 'ending' && this.#doom === undefined
    return this.inFlight > 0 || this.child?.busy === true || (this.#suspected && !isOver(this.#state) && !isCommitted)
  }

  /**
   * Makes a savepoint's scope. Nothing is let in meanwhile, what was let in before is over by then (a host may send it later than it is
   * asked to), and the end waits for it.
   */
  async nesting<T>(ours: () => Promise<T>): Promise<T> {
    let over = (): void => {}
    this.#nesting = new Promise<void>(resolve => (over = resolve))
    try {
      await this.drained()
      this.inFlight++
      try {
        return await ours()
      } finally {
        if (--this.inFlight === 0) this.#drains?.splice(0).forEach(called)
      }
    } finally {
      this.#nesting = undefined
      over()
    }
  }

  /** The connection is not given back before this request to stop its statement has settled: it would hit the next one. */
  stoppedBy(request: Promise<unknown>): void {
    this.#stopping = request
  }

  /** From now on it can only be rolled back; statements are still let in. */
  spoil(reason: PillionError): void {
    this.#spoiled ??= reason
  }

  /** From now on no statement is let in, and it will be rolled back. The first reason is kept. */
  doom(reason: unknown): void {
    // COMMIT waits for what is under way, and is not sent then
    if (this.#state === 'ending' && !this.#isSent) this.#doom ??= { reason }
    if (this.#state !== 'open') return
    this.#state = 'doomed'
    this.#doom = { reason }
    this.child?.doom(reason)
  }

  /** What doomed it first. */
  get doomedBy(): { readonly reason: unknown } | undefined {
    return this.#doom
  }

  /**
   * Commits, unless there is a reason not to: then it is rolled back, and the reason is thrown. The hooks after it have run by then.
   */
  async commit(where: Where): Promise<void> {
    const refusal = this.refusal()
    if (refusal !== undefined) {
      // the server has ended it: nobody else is on the way to give its connection back
      if (this.#state === 'doomed') await this.rollback(where, this.#doom?.reason)
      throw refusal
    }
    if (this.#isCommitting) {
      throw new PillionError('TRANSACTION_FINISHED', `The ${this.words} is being committed already.`)
    }
    this.#isCommitting = true
    try {
      if (this.link.flush !== undefined) await this.link.flush(this.orm)
      if (this.parent === undefined && this.#hooks !== undefined) await this.#beforeCommit(this.#hooks)
      const subscribed = this.#subscribed()
      if (subscribed !== undefined) await inFrame(this.root, this, () => subscribed.beforeCommit())
    } catch (error) {
      await this.rollback(where, error)
      throw error
    }
    const reason =
      this.refusal() ??
      this.#reasonNotTo(where) ??
      (this.#failed === undefined ? undefined : await this.#spoiledByStatement()) ??
      // it may have been rolled back while the server was asked
      this.refusal()
    if (reason !== undefined) {
      await this.rollback(where, reason)
      throw reason
    }
    this.#close(where)
    if (this.inFlight > 0) await this.drained()
    // a statement that nobody awaited may have failed meanwhile, or a stream of which nobody is told
    const isDoubtful = this.#doom === undefined && (this.#failed !== undefined || this.#suspected)
    const spoiled = isDoubtful ? await this.#spoiledByStatement() : undefined
    if (spoiled !== undefined) this.doom(spoiled)
    const doomed = this.#doom
    if (doomed !== undefined) {
      this.#state = 'doomed'
      await this.rollback(where, doomed.reason)
      throw doomed.reason
    }
    this.#isSent = true
    try {
      await this.link.commit()
    } catch (error) {
      const failure =
        this.parent === undefined
          ? commitFailure(error, this.begun)
          : savepointFailure(error, this.begun, 'RELEASE SAVEPOINT')
      this.#doom = { reason: failure }
      // its savepoint is not there: what it has written can be taken back with all the rest only
      this.parent?.outermost.doom(failure)
      this.#finish(isUnknown(failure) ? 'unknown' : 'rolled back')
      await this.#settling
      throw failure
    }
    this.#finish('committed')
    if (this.#settling !== undefined) await this.#settled(this.#settling)
  }

  async #settled(settling: Promise<{ readonly error: unknown } | undefined>): Promise<void> {
    const failed = await settling
    if (failed === undefined) return
    throw new PillionError('HOOK_FAILED', `The ${this.words} was committed, and a hook that ran afterwards failed.`, {
      cause: failed.error,
    })
  }

  async #beforeCommit(hooks: Hooks): Promise<void> {
    if (hooks.beforeCommit.length === 0) return
    await inFrame(this.root, this, () => runBefore(hooks))
    await this.link.flush?.(this.orm)
  }

  /** Rolls back: what failed on the way is told only where nothing else is to be told. The hooks after it have run by then. */
  async rollback(where: Where, reason?: unknown): Promise<void> {
    if (this.#state === 'open') this.doom(reason)
    if (this.#state !== 'doomed') await this.over
    // its parent is on its way out, and takes this one along
    else if (this.parent !== undefined && this.parent.state !== 'open') {
      this.#ended = where
      this.#finish('rolled back')
    } else {
      this.#close(where)
      await this.drained()
      if (this.#stopping !== undefined) await this.#stopping
      await this.#rolledBack(reason)
    }
    await this.#settling
  }

  async #rolledBack(reason: unknown): Promise<void> {
    this.#doom ??= { reason }
    try {
      await this.link.rollback()
    } catch (error) {
      // its parent has been rolled back meanwhile, and has taken its savepoint along
      if (this.parent?.refusal() !== undefined) return
      const failure = this.#notRolledBack(error)
      // A connection that cannot roll back is given up, and the server rolls back by itself. The first error is the one to be told.
      if (reason === undefined) throw failure
    } finally {
      this.#finish('rolled back')
    }
  }

  #notRolledBack(error: unknown): unknown {
    if (this.parent === undefined) return rollbackFailure(error)
    const failure = savepointFailure(error, this.begun, 'ROLLBACK TO SAVEPOINT')
    // what it has written since can be taken back with all the rest only
    this.parent.outermost.doom(failure)
    return failure
  }

  #reasonNotTo(where: Where): PillionError | undefined {
    if (this.#spoiled !== undefined) return this.#spoiled
    const own = this.link.hasOwn?.() === true ? `a transaction of ${this.host}'s own` : undefined
    const inner = this.child === undefined ? own : `the ${this.child.words}`
    if (inner === undefined) return undefined
    return new PillionError(
      'TRANSACTION_NESTED',
      `The ${this.words} was to be committed ${where()} while ${inner} is open in it. Both were rolled back.`,
      { hint: 'Await the nested one first.' },
    )
  }

  /** PostgreSQL answers COMMIT by rolling back, without an error, where a statement has failed. */
  async #spoiledByStatement(): Promise<PillionError | undefined> {
    try {
      if (!(await this.link.aborted())) return undefined
    } catch (error) {
      // nobody is there to be asked
      return unsent(error)
    }
    return new PillionError(
      'ROLLBACK_ONLY',
      `A statement of the ${this.words} failed and its error was caught, but the server had aborted the transaction by then. It was rolled back.`,
      {
        cause: this.#failed,
        hint: 'Put what may fail into a nested transaction: tx.run({ mode: "nested" }, …).',
      },
    )
  }

  /** No more is let in. */
  #close(where: Where): void {
    this.#ended = where
    this.#state = 'ending'
    // a stream holds the connection until it is told
    this.letGo()
  }

  /** Resolves when no statement is under way. */
  async drained(): Promise<void> {
    if (this.inFlight > 0) {
      const drains = (this.#drains ??= [])
      await new Promise<void>(resolve => drains.push(resolve))
    }
    await this.child?.drained()
  }

  /** Streams of this scope let go of the connection. */
  letGo(): void {
    this.#ending?.abort(this.#refused())
    this.child?.letGo()
  }

  #finish(state: State): void {
    this.#state = state
    if (this.child !== undefined) this.child.goAlong(this.#ended)
    if (this.parent !== undefined) {
      this.parent.child = undefined
      if (state === 'committed') this.#bequeath(this.parent)
    }
    noteOver(this as Scope)
    this.#listeners?.splice(0).forEach(called)
    const afterwards = this.#afterwards()
    if (afterwards.length === 0) this.#held = undefined
    else this.#settling = this.#settle(afterwards)
  }

  #subscribed(): Subscribed | undefined {
    return this.parent === undefined ? this.link.subscribed?.() : undefined
  }

  /** The host's own come first: they are those of the statements that came before. */
  #afterwards(): readonly Hook[] {
    const subscribed = this.#state === 'committed' ? this.#subscribed() : undefined
    const own = subscribed === undefined ? [] : [() => subscribed.afterCommit()]
    if (this.#hooks === undefined) return own
    const hooks = { committed: this.#hooks.afterCommit, 'rolled back': this.#hooks.afterRollback }
    return [...own, ...(hooks[this.#state as keyof typeof hooks] ?? [])]
  }

  /** Runs what was to be run after the end; the first failure is given back. Of a nested scope that is committed, the parent does. */
  async #settle(hooks: readonly Hook[]): Promise<{ readonly error: unknown } | undefined> {
    const failed = await runAfter(hooks, error => publish(() => eventOf(this as Scope, 'hook failed', error)))
    this.#held = undefined
    return failed
  }

  /** Its savepoint is gone with the transaction around, whoever still has it in hand: that may be another copy's, with private parts of its own. */
  goAlong(ended: Where | undefined): void {
    this.#ended ??= ended
    if (this.parent !== undefined) this.#bequeath(this.parent)
    this.#finish('rolled back')
  }

  /** What a nested scope left to do when the outermost has ended. */
  #bequeath(parent: Scope<Orm>): void {
    if (this.#hooks !== undefined) parent.inherit(this.#hooks)
  }

  /** Takes over what a nested scope has left to do. */
  inherit({ beforeCommit, afterCommit, afterRollback }: Hooks): void {
    const hooks = this.#ownHooks()
    hooks.beforeCommit.push(...beforeCommit.splice(0))
    hooks.afterCommit.push(...afterCommit.splice(0))
    hooks.afterRollback.push(...afterRollback.splice(0))
  }
}

function called(listener: () => void): void {
  listener()
}

/** How each state is told of. */
const endings = Object.freeze({
  open: 'is open',
  doomed: 'is being rolled back',
  ending: 'is ending',
  committed: 'was committed',
  'rolled back': 'was rolled back',
  unknown: 'was ended, with an unknown outcome,',
} satisfies { readonly [state in State]: string })

function isOver(state: State): boolean {
  return state === 'committed' || state === 'rolled back' || state === 'unknown'
}

function isUnknown(failure: unknown): boolean {
  return isPillionError(failure) && failure.code === 'COMMIT_UNKNOWN'
}

/** In a few words. What a server says may quote values: of that the code will do, and the rest is the cause. */
function reasonOf(reason: unknown): string {
  if (isObject(reason) && errorsBelow(reason).length === 0) return 'an error that cannot be read'
  if (isPillionError(reason)) return reason.summary
  const words = isObject(reason) ? reason['message'] : String(reason)
  return refusalOf(reason) ?? firstLine(words) ?? 'an error without words'
}

function firstLine(words: unknown): string | undefined {
  return typeof words === 'string' ? words.split('\n').find(line => line.trim() !== '') : undefined
}
