/**
 * One transaction, or one savepoint in it, from its begin to its end. It owns its connection, and what is current elsewhere
 * is none of its business: so transactions end in any order.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { inFrame, isCurrent, type Leave, type Passage } from '../run/ambient.js'
import { commitFailure, place } from './failure.js'
import type { Mode } from './mode.js'
import type { TransactionOptions } from './options.js'
import type { Link } from './transactor.js'

/** What a scope is from its begin on. */
export interface Begun<Orm> {
  readonly root: object
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

/** What to run when a scope has ended, and before it is committed. */
interface Hooks {
  readonly beforeCommit: Hook[]
  readonly afterCommit: Hook[]
  readonly afterRollback: Hook[]
}

/** Says where a scope ended, as `at app.ts:7:3`: asked only where somebody is told. */
export type Where = () => string

export type Hook = () => unknown

let lastId = 0

export class Scope<Orm = unknown> implements Passage {
  readonly id = ++lastId
  readonly at = Date.now()
  readonly root: object
  readonly link: Link<Orm>
  readonly mode: Mode
  readonly options: TransactionOptions
  readonly begun: Origin
  readonly parent: Scope<Orm> | undefined
  readonly within: Scope<Orm> | undefined
  /** What users work with. */
  readonly orm: Orm
  readonly hooks: Hooks = { beforeCommit: [], afterCommit: [], afterRollback: [] }
  /** Statements let in so far. */
  statements = 0
  /** Those of them that are under way. */
  inFlight = 0
  /** The savepoint that is open in it. */
  child: Scope<Orm> | undefined
  #state: State = 'open'
  /** Why it may only be rolled back. */
  #spoiled: PillionError | undefined
  #doom: { readonly reason: unknown } | undefined
  #ended: Where | undefined
  #failed: unknown
  /** Made where somebody listens: an error with its place in the source is not made for nothing. */
  #ending: AbortController | undefined
  readonly #drains: (() => void)[] = []
  readonly #listeners: (() => void)[] = []

  constructor({ root, link, mode, options, begun, parent, within }: Begun<Orm>) {
    this.root = root
    this.link = link
    this.mode = mode
    this.options = options
    this.begun = begun
    this.parent = parent
    this.within = within
    if (parent !== undefined) parent.child = this
    this.orm = link.view(this)
  }

  get target(): unknown {
    return this.link.target
  }

  get ending(): AbortSignal {
    this.#ending ??= new AbortController()
    return this.#ending.signal
  }

  get state(): State {
    return this.#state
  }

  /** Calls back at the end, however that comes. */
  atEnd(listener: () => void): void {
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
    if (child === undefined) return this.#let()
    if (this.options.whileNested === 'wait' && !isCurrent(child)) return child.over.then(() => this.enter())
    throw new PillionError(
      'TRANSACTION_NESTED',
      `A statement of the ${this.words} came while the ${child.words} is open in it.`,
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
      this.#failed ??= failure
      if (failure !== undefined && this.link.endedBy?.(failure) === true) this.outermost.doom(failure)
      if (--this.inFlight > 0) return
      for (const drained of this.#drains.splice(0)) drained()
    }
  }

  /** From now on it can only be rolled back; statements are still let in. */
  spoil(reason: PillionError): void {
    this.#spoiled ??= reason
  }

  /** From now on no statement is let in, and it will be rolled back. The first reason is kept. */
  doom(reason: unknown): void {
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
   * Commits, unless there is a reason not to: then it is rolled back, and the reason is thrown.
   */
  async commit(where: Where): Promise<void> {
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
    try {
      if (this.link.flush !== undefined) await this.link.flush(this.orm)
      if (this.parent === undefined && this.hooks.beforeCommit.length > 0) await this.#beforeCommit()
    } catch (error) {
      await this.rollback(where, error)
      throw error
    }
    const reason =
      this.refusal() ??
      this.#reasonNotTo(where) ??
      (this.#failed === undefined ? undefined : await this.#spoiledByStatement())
    if (reason !== undefined) {
      await this.rollback(where, reason)
      throw reason
    }
    this.#close(where)
    if (this.inFlight > 0) await this.drained()
    // a statement that nobody awaited may have failed meanwhile
    const spoiled = this.#failed === undefined ? undefined : await this.#spoiledByStatement()
    if (spoiled !== undefined) {
      await this.#rolledBack(spoiled)
      throw spoiled
    }
    try {
      await this.link.commit()
    } catch (error) {
      const failure = this.parent === undefined ? commitFailure(error, this.begun) : error
      this.#doom = { reason: failure }
      this.#finish(isUnknown(failure) ? 'unknown' : 'rolled back')
      throw failure
    }
    this.#finish('committed')
  }

  async #beforeCommit(): Promise<void> {
    const { beforeCommit } = this.hooks
    await inFrame(this.root, this, async () => {
      for (const hook of beforeCommit.splice(0)) await hook()
    })
    await this.link.flush?.(this.orm)
  }

  /** Rolls back: what failed on the way is told only where nothing else is to be told. */
  async rollback(where: Where, reason?: unknown): Promise<void> {
    if (this.#state === 'open') this.doom(reason)
    if (this.#state !== 'doomed') return this.over
    // its parent is on its way out, and takes this one along
    if (this.parent !== undefined && this.parent.state !== 'open') {
      this.#ended = where
      this.#finish('rolled back')
      return
    }
    this.#close(where)
    await this.drained()
    await this.#rolledBack(reason)
  }

  async #rolledBack(reason: unknown): Promise<void> {
    this.#doom ??= { reason }
    try {
      await this.link.rollback()
    } catch (error) {
      // A connection that cannot roll back is given up, and the server rolls back by itself. The first error is the one to be told.
      if (reason === undefined) throw error
    } finally {
      this.#finish('rolled back')
    }
  }

  #reasonNotTo(where: Where): PillionError | undefined {
    if (this.#spoiled !== undefined) return this.#spoiled
    if (this.child !== undefined) {
      return new PillionError(
        'TRANSACTION_NESTED',
        `The ${this.words} was to be committed ${where()} while the ${this.child.words} is open in it. Both were rolled back.`,
        { hint: 'Await the nested one first.' },
      )
    }
    return undefined
  }

  /** PostgreSQL answers COMMIT by rolling back, without an error, where a statement has failed. */
  async #spoiledByStatement(): Promise<PillionError | undefined> {
    if (!(await this.link.aborted())) return undefined
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
    this.child?.doom(this.#doom?.reason)
    // a stream holds the connection until it is told
    this.letGo()
  }

  /** Resolves when no statement is under way. */
  async drained(): Promise<void> {
    if (this.inFlight > 0) await new Promise<void>(resolve => this.#drains.push(resolve))
    await this.child?.drained()
  }

  /** Streams of this scope let go of the connection. */
  letGo(): void {
    this.#ending?.abort(this.#refused())
    this.child?.letGo()
  }

  #finish(state: State): void {
    this.#state = state
    if (this.child !== undefined) this.child.#goAlong(this.#ended)
    if (this.parent !== undefined) {
      this.parent.child = undefined
      if (state === 'committed') this.parent.inherit(this.hooks)
    }
    for (const listener of this.#listeners.splice(0)) listener()
  }

  /** Its savepoint is gone with the transaction around, whoever still has it in hand. */
  #goAlong(ended: Where | undefined): void {
    this.#ended ??= ended
    this.parent?.inherit(this.hooks)
    this.#finish('rolled back')
  }

  /** What a nested scope left to do when the outermost has ended. */
  inherit({ beforeCommit, afterCommit, afterRollback }: Hooks): void {
    this.hooks.beforeCommit.push(...beforeCommit.splice(0))
    this.hooks.afterCommit.push(...afterCommit.splice(0))
    this.hooks.afterRollback.push(...afterRollback.splice(0))
  }
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
  return failure instanceof Error && (failure as { code?: unknown }).code === 'COMMIT_UNKNOWN'
}

function reasonOf(reason: unknown): string {
  if (typeof reason === 'string') return reason
  const { summary, message } = reason as { readonly summary?: string; readonly message?: string }
  return String(summary ?? message ?? reason).split('\n')[0] as string
}
