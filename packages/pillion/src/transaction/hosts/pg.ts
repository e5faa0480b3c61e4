/**
 * Transactions on `pg` itself.
 *
 * @module
 */
import { isClient, isPool, type PgClient, type PgPool, pgClient, pgPool } from '../../hosts/postgres/client.js'
import { isFunction } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import { failureOf, noConnection } from '../../run/failure.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { ownedClient } from './pg-client.js'
import { beginPostgres } from './sql.js'
import { turns } from './turns.js'

/** A pool from the inside. */
interface Pool extends PgPool {
  readonly options: { readonly max?: number }
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
    open: async (opening: Opening) => {
      const client = await checkOut(pool)
      return await beginOn(
        client,
        opening,
        error => client.release?.(error),
        passage => guarded(client, passage),
      )
    },
  })
}

function overClient(client: PgClient): Transactor<object> {
  const take = turns()
  return Object.freeze({
    name: 'pg',
    root: client,
    orm: client,
    dialect: 'postgres',
    connections: 1,
    open: async (opening: Opening) => beginOn(client, opening, await take(), passage => guarded(client, passage)),
  })
}

/** A client of a pool, which is released in the end. */
export function checkOut(pool: PgPool): Promise<PgClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => (client === undefined ? reject(noConnection(error)) : resolve(client)))
  })
}

/** Begins on a client, which is given back when that fails and when the transaction ends. */
export async function beginOn(
  client: PgClient,
  opening: Opening,
  giveBack: (error?: unknown) => void,
  view: (passage: Passage) => object,
  target: unknown = client,
): Promise<Link<object>> {
  const text = beginPostgres(opening)
  const owned = ownedClient(client, giveBack)
  try {
    await owned.send(text)
  } catch (error) {
    owned.release()
    throw failureOf(error, { text, values: [] })
  }
  return Object.freeze({
    target,
    view,
    execute: owned.send,
    commit: owned.commit,
    rollback: owned.rollback,
    aborted: owned.aborted,
    cancel: owned.cancel,
  } satisfies Link<object>)
}

/** The transaction owns its connection: nobody else may end or release it. */
const owners = new Set<PropertyKey>(['release', 'end', 'connect'])

/** A client each of whose statements enters by a passage. Everything else is the client's own. */
export function guarded(client: PgClient, passage: Passage): PgClient {
  const query = (...args: unknown[]): unknown => {
    const [first] = args
    if (isSubmittable(first)) {
      // a cursor is given back at once and read later; it ends with the transaction
      enterNow(passage)
      passage.ending.addEventListener('abort', () => closing(first), { once: true })
      return Reflect.apply(client.query, client, args)
    }
    if (isFunction(args.at(-1))) {
      const leave = enterNow(passage)
      const callback = args.at(-1) as (error: unknown, ...rest: unknown[]) => void
      const told = (error: unknown, ...rest: unknown[]): void => {
        leave(error ?? undefined)
        callback(error, ...rest)
      }
      return Reflect.apply(client.query, client, [...args.slice(0, -1), told])
    }
    return passing(passage, () => Reflect.apply(client.query, client, args) as Promise<unknown>)
  }
  return new Proxy(client, {
    get(target, key) {
      if (key === 'query') return query
      if (owners.has(key)) return undefined
      const value: unknown = Reflect.get(target, key)
      return isFunction(value) ? value.bind(target as never) : value
    },
  })
}

/** Where nobody can wait: `whileNested: "wait"` is for promises. */
function enterNow(passage: Passage): (failure?: unknown) => void {
  const entered = passage.enter()
  if (!(entered instanceof Promise)) return entered
  throw new TypeError('A statement with a callback cannot wait for the nested transaction to end.')
}

interface SubmittableLike {
  submit(...args: never[]): unknown
  close?(callback: () => void): unknown
  destroy?(): unknown
}

function isSubmittable(value: unknown): value is SubmittableLike {
  return typeof value === 'object' && value !== null && isFunction((value as { submit?: unknown }).submit)
}

function closing(submittable: SubmittableLike): void {
  if (submittable.destroy !== undefined) submittable.destroy()
  else submittable.close?.(() => {})
}
