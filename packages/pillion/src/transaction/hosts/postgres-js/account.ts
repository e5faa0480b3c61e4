/**
 * The queries of a transaction on postgres.js, which keeps an account of what failed in it and makes a rollback of the commit.
 *
 * @module
 */
import type { PillionError } from '../../../errors.js'
import { inNoFrame } from '../../../run/ambient.js'
import { type Flow, isLoss, lossOf } from './flow.js'

/** The tag from the inside, of the pool or of a transaction. */
export interface Sql {
  readonly options: { readonly max?: number }
  /** What a cursor's callback gives for its end. */
  readonly CLOSE?: object
  unsafe(text: string, ...rest: unknown[]): Query
  begin(options: string, work: (sql: Sql) => Promise<void>): Promise<unknown>
  savepoint(...named: [...name: unknown[], work: (sql: Sql) => Promise<void>]): Promise<unknown>
}

/** A query: it is sent when somebody asks for its rows, through its handler. */
export interface Query extends Promise<readonly { readonly it?: unknown }[]> {
  handler: Handler
  /** Its text, around its values; of a file it is read when the query is sent. */
  strings: readonly string[]
  /** Its values. One that is a query is a part of the text. */
  readonly args: readonly unknown[]
  cursorFn?: (rows: unknown) => unknown
  /** Gives the query itself where it is given a callback. */
  cursor(...how: unknown[]): Query | AsyncIterable<unknown>
  readonly streaming?: boolean
  resolve(rows: unknown): void
  reject(error: unknown): void
}

/** A transaction of postgres.js's, or a savepoint in it: it keeps an account of what failed in each. */
export interface Account {
  readonly sql: Sql
  readonly flow: Flow
  /** A query failed, be it before it was sent: postgres.js makes a rollback of the commit. */
  failed: boolean
  /** Where its queries go. */
  handler(): Handler
}

export interface Handler {
  (query: Query): unknown
  readonly debug?: unknown
}

/** Looks after the queries that are made by `unsafe`, too: by it the query layer sends, and pillion itself. */
export function accountOf(sql: Sql, flow: Flow): Account {
  const { unsafe } = sql
  // the query that tells is never sent
  const account: Account = { sql, flow, failed: false, handler: () => unsafe('').handler }
  sql.unsafe = (...args) => accounted(unsafe(...args), account)
  return account
}

export function accounted(query: Query, account: Account): Query {
  const { handler } = query
  query.handler = withDebug(sent => hand(sent, handler, account), handler)
  return query
}

export function withDebug(handler: (query: Query) => unknown, { debug }: Handler): Handler {
  return debug === undefined ? handler : Object.assign(handler, { debug })
}

/** Tells how a query ends, once: by its own words for it, for each promise that is made of a query is three. */
export function settling(query: Query, done: (failure?: unknown) => void): void {
  const { resolve, reject } = query
  query.resolve = rows => {
    done()
    resolve(rows)
  }
  query.reject = error => {
    done(error ?? new Error('a query failed without an error'))
    reject(error)
  }
}

export function hand(query: Query, handler: Handler, account: Account): void {
  const { flow } = account
  if (flow.lost !== undefined) {
    query.reject(lossOf(flow))
    return
  }
  const fail = (error: PillionError): void => query.reject(error)
  flow.pending.add(fail)
  settling(query, error => {
    if (flow.pending.delete(fail) && error !== undefined) {
      account.failed = true
      if (isLoss(error)) flow.lost ??= { cause: error }
    }
  })
  inNoFrame(() => handler(query))
}
