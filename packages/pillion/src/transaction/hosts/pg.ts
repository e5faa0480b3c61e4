/**
 * Transactions on `pg` itself.
 *
 * @module
 */
import { isClient, isPool, type PgClient, type PgPool, pgClient, pgPool } from '../../hosts/postgres/client.js'
import { isFunction } from '../../hosts/shape.js'
import { calledIn, frameHere, inNoFrame, type Passage, passing, standing } from '../../run/ambient.js'
import { failureOf, noConnection } from '../../run/failure.js'
import { onAbort } from '../../run/on-abort.js'
import { endedByItself } from '../failure.js'
import type { Coming, Link, Opening, Transactor } from '../transactor.js'
import { enterNow, enterUnheard } from './at-once.js'
import { drop } from './gone.js'
import { type OwnedClient, ownedClient, tell } from './pg-client.js'
import { isIdle } from './postgres.js'
import { beginPostgres } from './sql.js'
import { turnOn } from './turns.js'

/** A pool from the inside. */
interface Pool extends PgPool {
  readonly options: { readonly max?: number }
  readonly waitingCount: number
  /** Serves whoever is first in its queue. */
  _pulseQueue?(): void
}

export function pgTransactor(root: object): Transactor<object> | undefined {
  if (isPool(root)) return overPool(pgPool(root) as Pool)
  if (isClient(root) && 'getTransactionStatus' in root) return overClient(pgClient(root))
  return undefined
}

function overPool(pool: Pool): Transactor<object> {
  return Object.freeze({
    name: 'pg',
    root: pool,
    orm: pool,
    dialect: 'postgres',
    connections: pool.options.max,
    open: (opening: Opening, coming: Coming<object>) =>
      new Promise<Link<object>>((begun, failed) => {
        pool.connect((error, client) => {
          if (client === undefined) failed(noConnection(error))
          else begin(client, opening, condemned => client.release?.(condemned), { coming, begun, failed })
        })
        pulse(pool)
      }),
  })
}

/**
 * The pool hands an idle client out a tick later. Where nobody but ours waits for one it may do so at once: then BEGIN is under way
 * while what belongs to a transaction is made.
 */
function pulse(pool: Pool): void {
  if (pool.waitingCount === 1 && pool._idle.length > 0) pool._pulseQueue?.()
}

function overClient(client: PgClient): Transactor<object> {
  return Object.freeze({
    name: 'pg',
    root: client,
    orm: client,
    dialect: 'postgres',
    connections: 1,
    open: async (opening: Opening, coming: Coming<object>) => {
      const leave = await turnOn(client)
      return new Promise<Link<object>>((begun, failed) => {
        begin(client, opening, leave, { coming, begun, failed })
      })
    },
  })
}

/** Who is told what. */
interface Told {
  readonly coming: Coming<object>
  readonly begun: (link: Link<object>) => void
  readonly failed: (error: unknown) => void
}

/**
 * Begins on a client, which is given back when that fails and when the transaction ends. By callbacks: promises for what is one
 * round trip cost as much as the rest of a transaction's beginning.
 */
function begin(
  client: PgClient,
  opening: Opening,
  giveBack: (condemned?: Error) => void,
  { coming, begun, failed }: Told,
): void {
  const text = beginPostgres(opening)
  tell(client, text, failure => {
    if (failure === undefined) return begun(link)
    owned.release()
    failed(failureOf(failure, { text, values: [] }))
  })
  const owned = ownedClient(client, giveBack)
  const link = linkOf(owned, client)
  coming(link)
}

function linkOf({ send, commit, rollback, aborted, cancel }: OwnedClient, client: PgClient): Link<object> {
  return Object.freeze({
    target: client,
    view: (passage: Passage) => guarded(client, passage),
    execute: send,
    commit,
    rollback,
    aborted,
    cancel,
    drop: () => drop(client),
    endedBy: () => isIdle(client),
  } satisfies Link<object>)
}

/** The transaction owns its connection: nobody else may end or release it. */
const owners = new Set<PropertyKey>(['release', 'end', 'connect'])

/** A client each of whose statements enters by a passage. Everything else is the client's own. */
export function guarded(client: PgClient, passage: Passage): PgClient {
  const send = (args: readonly unknown[]): unknown => {
    if (isIdle(client)) throw endedByItself()
    return Reflect.apply(client.query, client, args)
  }
  const query = (...args: unknown[]): unknown => {
    const [first] = args
    if (isSubmittable(first)) {
      // a cursor is given back at once and read later; it ends with the transaction
      enterUnheard(passage, 'A cursor')
      const stay = onAbort(passage.ending, () => closing(first))
      first.on?.('end', stay)
      first.on?.('close', stay)
      return send(args)
    }
    if (isFunction(args.at(-1))) {
      const leave = enterNow(passage, 'A statement with a callback')
      const callback = args.at(-1) as (...told: unknown[]) => void
      const frame = frameHere()
      const told = (...given: unknown[]): void => {
        leave(given[0] ?? undefined)
        calledIn(frame, callback, given)
      }
      try {
        return send([...args.slice(0, -1), told])
      } catch (error) {
        leave(error)
        throw error
      }
    }
    return passing(passage, () => inNoFrame(() => send(args)) as Promise<unknown>)
  }
  return new Proxy(client, {
    get(target, key) {
      if (key === 'query') return query
      if (key === standing) return passage
      if (owners.has(key)) return undefined
      const value: unknown = Reflect.get(target, key)
      return isFunction(value) ? value.bind(target as never) : value
    },
  })
}

interface SubmittableLike {
  submit(...args: never[]): unknown
  close?(callback: () => void): unknown
  destroy?(): unknown
  on?(event: 'end' | 'close', listener: () => void): unknown
}

function isSubmittable(value: unknown): value is SubmittableLike {
  return typeof value === 'object' && value !== null && isFunction((value as { submit?: unknown }).submit)
}

function closing(submittable: SubmittableLike): void {
  if (submittable.destroy !== undefined) submittable.destroy()
  else submittable.close?.(() => {})
}
