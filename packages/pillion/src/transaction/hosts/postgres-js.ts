/**
 * Transactions on postgres.js: its callback is parked, its savepoints too, for it keeps an account of what failed in each.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import { attempt, type Passage, passing } from '../../run/ambient.js'
import { onAbort } from '../../run/on-abort.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import type { Destroyable } from './at-once.js'
import { notBegun, unsent } from '../failure.js'
import { refuseEnding } from './ending-text.js'
import { type Own, ownTransactions } from './own.js'
import { type Parked, parked } from './parked.js'
import { cancelling, probing } from './postgres.js'
import { pulled } from './pulled.js'
import { beginPostgres } from './sql.js'
import { usedAt } from './used-at.js'

/** The tag from the inside, of the pool or of a transaction. */
interface Sql {
  readonly options: { readonly max?: number }
  /** What a cursor's callback gives for its end. */
  readonly CLOSE?: object
  unsafe(text: string, ...rest: unknown[]): Query
  begin(options: string, work: (sql: Sql) => Promise<void>): Promise<unknown>
  savepoint(...named: [...name: unknown[], work: (sql: Sql) => Promise<void>]): Promise<unknown>
}

/** A query: it is sent when somebody asks for its rows, through its handler. */
interface Query extends Promise<readonly { readonly it?: unknown }[]> {
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

/** What COPY is read from, or written to. */
interface Copy extends Destroyable {
  push?(chunk: unknown): boolean
  _read?(): void
}

/** What has become of the connection. */
interface Flow {
  /** What tells that it has ended, or is about to. */
  lost: { readonly cause: unknown } | undefined
  /** It has ended: for postgres.js the transaction is over. */
  gone: boolean
  /** The transaction's end is asked for: what comes is its answer. */
  ending: boolean
  /** Fails what is under way: where the connection ends postgres.js leaves some of it without an answer. */
  readonly pending: Set<(error: PillionError) => void>
  /** Settles when the transaction is over. */
  readonly over: Promise<unknown>
  readonly close: object | undefined
  /** Resolves when no COPY has the connection: postgres.js refuses to send meanwhile. */
  copied: Promise<unknown>
  readonly own: Own
}

/** A transaction of postgres.js's, or a savepoint in it: it keeps an account of what failed in each. */
interface Account {
  readonly sql: Sql
  readonly flow: Flow
  /** A query failed, be it before it was sent: postgres.js makes a rollback of the commit. */
  failed: boolean
  /** Where its queries go. */
  readonly handler: Handler
}

interface Handler {
  (query: Query): unknown
  readonly debug?: unknown
}

export function postgresJsTransactor(root: object): Transactor<object> | undefined {
  if (!isFunction(root) || !('begin' in root) || !('unsafe' in root) || !('options' in root)) return undefined
  const sql = root as unknown as Sql
  return Object.freeze({
    name: 'postgres-js',
    root,
    orm: root,
    dialect: 'postgres',
    connections: sql.options.max,
    open: (opening: Opening) => open(sql, opening),
  })
}

async function open(sql: Sql, opening: Opening): Promise<Link<object>> {
  const text = beginPostgres(opening)
  const transaction = await parked<Sql>(callback =>
    sql.begin(text.slice('BEGIN'.length).trim().toLowerCase(), callback),
  ).catch(error => {
    throw notBegun(error, text)
  })
  const flow: Flow = {
    lost: undefined,
    gone: false,
    ending: false,
    pending: new Set(),
    over: transaction.ended.catch(nothing),
    close: sql.CLOSE,
    copied: Promise.resolve(),
    own: ownTransactions(),
  }
  const over = (cause: unknown): void => {
    if (!flow.ending) end(flow, cause)
  }
  transaction.ended.then(over, over)
  const link = outermost(transaction, flow)
  if (!opening.timed) return link
  const one = async (on: Sql, read: string): Promise<unknown> => (await on.unsafe(read))[0]?.it
  try {
    const cancel = await cancelling(
      read => one(transaction.handed, read),
      read => one(sql, read),
    )
    return Object.freeze({ ...link, cancel })
  } catch (error) {
    await link.rollback().catch(nothing)
    throw error
  }
}

/** Nothing is sent any more: with no connection left, postgres.js would end the process, or write to whoever has the next one. */
function end(flow: Flow, cause: unknown): void {
  flow.gone = true
  flow.lost ??= { cause }
  for (const fail of flow.pending) fail(lossOf(flow))
  flow.pending.clear()
}

function lossOf({ lost }: Flow): PillionError {
  return new PillionError(
    'CONNECTION_LOST',
    'The connection of the transaction has ended: the server has rolled back.',
    {
      cause: lost?.cause,
    },
  )
}

/** Does what needs the connection, for as long as that is there. */
function alive<T>(flow: Flow, work: () => PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (flow.lost !== undefined) {
      reject(lossOf(flow))
      return
    }
    flow.pending.add(reject)
    attempt(work)
      .finally(() => flow.pending.delete(reject))
      .then(resolve, error => {
        if (isLoss(error)) flow.lost ??= { cause: error }
        reject(error)
      })
  })
}

/** Looks after the queries that are made by `unsafe`, too: by it the query layer sends, and pillion itself. */
function accountOf(sql: Sql, flow: Flow): Account {
  const { unsafe } = sql
  // it is never sent
  const account: Account = { sql, flow, failed: false, handler: unsafe('').handler }
  sql.unsafe = (...args) => accounted(unsafe(...args), account)
  return account
}

function accounted(query: Query, account: Account): Query {
  const { handler } = query
  query.handler = withDebug(sent => hand(sent, handler, account), handler)
  return query
}

function withDebug(handler: (query: Query) => unknown, { debug }: Handler): Handler {
  return Object.assign(handler, { debug })
}

function hand(query: Query, handler: Handler, account: Account): void {
  const { flow } = account
  if (flow.lost !== undefined) {
    query.reject(lossOf(flow))
    return
  }
  const fail = (error: PillionError): void => query.reject(error)
  flow.pending.add(fail)
  handler(query)
  query.then(
    () => flow.pending.delete(fail),
    error => {
      flow.pending.delete(fail)
      account.failed = true
      if (isLoss(error)) flow.lost ??= { cause: error }
    },
  )
}

function outermost({ handed, commit, rollback }: Parked<Sql>, flow: Flow): Link<object> {
  /** A socket that has failed is closed by the next turn: a statement that came between would keep its successor from beginning. */
  const givenUp = async (): Promise<void> => {
    for (let turns = 0; turns < 2 && !flow.gone; turns++) await nextTurn()
    if (flow.gone) return
    flow.ending = true
    await rollback()
  }
  return linkOf(accountOf(handed, flow), {
    async commit() {
      if (flow.lost === undefined) await flow.copied
      if (flow.lost !== undefined) {
        await givenUp().catch(nothing)
        throw unsent(flow.lost.cause)
      }
      flow.ending = true
      await commit()
    },
    async rollback() {
      if (flow.lost === undefined) await flow.copied
      // the server has rolled back by itself
      if (flow.lost !== undefined) return givenUp().catch(nothing)
      flow.ending = true
      await rollback()
    },
  })
}

async function nested({ sql: outer, flow }: Account): Promise<Link<object>> {
  const { handed, commit, rollback } = await alive(flow, () => parked<Sql>(callback => outer.savepoint(callback)))
  return linkOf(accountOf(handed, flow), {
    async commit() {
      await flow.copied
      await alive(flow, commit)
    },
    async rollback() {
      await flow.copied
      if (flow.lost === undefined) await alive(flow, rollback)
    },
  })
}

function linkOf(account: Account, ends: Pick<Link<object>, 'commit' | 'rollback'>): Link<object> {
  const { sql, flow } = account
  const execute = async (text: string): Promise<void> => {
    await flow.copied
    await sql.unsafe(text)
  }
  const probe = probing(execute)
  return Object.freeze({
    ...ends,
    target: sql,
    view: passage => tagOver(account, passage),
    execute,
    // what is lost is told by the commit
    aborted: async () => flow.lost === undefined && (account.failed || (await probe())) && flow.lost === undefined,
    hasOwn: flow.own.isOpen,
    nest: () => nested(account),
  } satisfies Link<object>)
}

/** A tag each of whose queries enters by a passage, when it is sent. */
function tagOver(account: Account, passage: Passage): object {
  const { sql, flow } = account
  const entering = (made: unknown, origin: () => Origin): unknown => {
    if (!isObject(made) || !isFunction(made['handler'])) return made
    const asked = origin()
    return enteringBy(
      made as unknown as Query,
      usedAt(passage, () => asked),
      flow,
    )
  }
  const tag = (target: Sql, _self: unknown, args: unknown[]): unknown =>
    entering(madeBy(Reflect.apply(target as never, undefined, args)), () => originOfTag(args[0], tag))
  // what is made of names, say, is no query
  const madeBy = (made: unknown): unknown =>
    isObject(made) && isFunction(made['handler']) ? accounted(made as unknown as Query, account) : made
  const view: unknown = new Proxy(sql, {
    apply: tag,
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'unsafe' || key === 'file') {
        const call = (...args: unknown[]): unknown => {
          const made = Reflect.apply(value as never, target, args) as Query
          return entering(key === 'file' ? ofFile(made, args[0] as string, account) : made, () => originOf(call))
        }
        return call
      }
      if (key === 'notify') return notifying(view as Tag)
      if (key === 'savepoint') return savepointIn(account, passage)
      // who opened it ends it, and not for somebody else to commit
      return key === 'prepare' ? undefined : value
    },
  })
  return view as object
}

/** The texts of a template are one object for each place in the source: it is looked at once. */
const places = new WeakMap<object, Origin>()

function originOfTag(strings: unknown, called: (...args: never[]) => unknown): Origin {
  const known = isObject(strings) ? places.get(strings) : undefined
  const origin = known ?? originOf(called)
  if (isObject(strings)) places.set(strings, origin)
  return origin
}

type Tag = (strings: TemplateStringsArray, ...values: readonly unknown[]) => PromiseLike<unknown>

/** As postgres.js does it, by a tag. */
function notifying(tag: Tag) {
  return async (channel: string, payload: unknown): Promise<unknown> =>
    tag`select pg_notify(${channel}, ${String(payload)})`
}

/** A savepoint of postgres.js's own, parked: what it sends at its end is sent inside of the transaction, or not at all. */
function savepointIn({ sql, flow }: Account, passage: Passage) {
  return async (...args: unknown[]): Promise<unknown> => {
    const isTag = isObject(args[0]) && 'raw' in args[0]
    const name = isTag ? [] : args.slice(0, -1)
    const work = (isTag ? (inner: Tag) => Reflect.apply(inner, undefined, args) : args.at(-1)) as (
      inner: Sql,
    ) => unknown
    const over = flow.own.begun()
    const { handed, commit, rollback } = await passing(passage, () =>
      alive(flow, () => parked<Sql>(callback => sql.savepoint(...name, callback))),
    ).catch(error => {
      over()
      throw error
    })
    try {
      const made = await work(tagOver(accountOf(handed, flow), passage) as Sql)
      const result: unknown = Array.isArray(made) ? await Promise.all(made) : made
      await passing(passage, () => alive(flow, commit))
      return result
    } catch (error) {
      // what is to be told is the first failure; where the transaction has ended there is nothing to go back to
      await passing(passage, () => alive(flow, rollback)).catch(nothing)
      throw error
    } finally {
      over()
    }
  }
}

function enteringBy(query: Query, passage: Passage, flow: Flow): Query {
  const { handler, cursor } = query
  query.handler = withDebug(sent => send(sent, handler, passage, flow), handler)
  query.cursor = (...how) => {
    const made = cursor.apply(query, how)
    if (made === query) return query
    // each pull enters, and the first one sends
    query.handler = withDebug(sent => checked(sent, handler), handler)
    return { [Symbol.asyncIterator]: () => pulled(passage, () => whileThere(made as AsyncIterable<unknown>, flow)) }
  }
  return query
}

/** Neither asks for more nor closes where there is nobody to be asked. */
function whileThere(rows: AsyncIterable<unknown>, flow: Flow): AsyncIterable<unknown> {
  const reader = rows[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => alive(flow, () => reader.next()),
      return: async () => {
        if (flow.lost === undefined) await reader.return?.()
        return { done: true, value: undefined }
      },
    }),
  }
}

/** A query whose text is in a file: read here, for it to be looked at. */
function ofFile(query: Query, path: string, account: Account): Query {
  query.handler = withDebug(async sent => {
    try {
      const { readFile } = await import('node:fs/promises')
      sent.strings = [await readFile(path, 'utf8')]
    } catch (error) {
      sent.reject(error)
      return
    }
    checked(sent, each => hand(each, account.handler, account))
  }, query.handler)
  return query
}

function checked(query: Query, handler: Handler): void {
  try {
    refuseEnding(textOf(query), 'postgres')
  } catch (error) {
    query.reject(error)
    return
  }
  handler(query)
}

/** With what is to be put into it: queries as parts, and whatever else as a value. */
function textOf({ strings, args }: Query): string {
  return strings.map((text, i) => (i === 0 ? text : `${partOf(args[i - 1])}${text}`)).join('')
}

function partOf(value: unknown): string {
  if (Array.isArray(value) && isPart(value[0])) return value.map(partOf).join(' ')
  return isPart(value) ? textOf(value) : '?'
}

function isPart(value: unknown): value is Query {
  return isObject(value) && isFunction(value['handler']) && Array.isArray(value['strings'])
}

/** A server's error ends the session where it says so itself: a function may raise any code. */
function isLoss(error: unknown): boolean {
  const { code, severity } = (isObject(error) ? error : {}) as { readonly code?: unknown; readonly severity?: unknown }
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC'
  return typeof code === 'string' && /^(CONNECTION_|(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT)$)/.test(code)
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

function nothing(): void {}

async function send(query: Query, handler: Handler, passage: Passage, flow: Flow): Promise<void> {
  try {
    refuseEnding(textOf(query), 'postgres')
    const leave = await passage.enter()
    if (query.cursorFn !== undefined) closingAtEnd(query, query.cursorFn, passage, flow)
    if (query.streaming === true) copyingUntilEnd(query, passage, flow)
    handler(query)
    // a cursor is over when the loop is, and that may be never
    if (query.cursorFn !== undefined || query.streaming === true) {
      passage.suspect()
      leave()
    } else query.then(() => leave(), leave)
  } catch (error) {
    query.reject(error)
  }
}

/** A callback gets no more rows after the end. Whoever awaits the whole is told later: postgres.js rolls back what is told before. */
function closingAtEnd(query: Query, each: (rows: unknown) => unknown, { ending }: Passage, flow: Flow): void {
  const { over, close } = flow
  const { resolve } = query
  let stay = nothing
  const closed = new Promise(resolveWith => {
    stay = onAbort(ending, () => resolveWith(close))
  })
  query.cursorFn = async rows => {
    const told = await Promise.race([each(rows), closed])
    // with the connection gone there is nobody to be told
    return flow.lost === undefined ? told : new Promise(nothing)
  }
  query.resolve = rows => {
    stay()
    if (ending.aborted) void over.then(() => query.reject(ending.reason))
    else resolve(rows)
  }
}

/** COPY ends with its transaction: what it is to give yet is let by; where it waits for more it fails, and the transaction with it. */
function copyingUntilEnd(query: Query, { ending }: Passage, flow: Flow): void {
  const { resolve } = query
  query.resolve = made => {
    if (isObject(made) && isFunction(made['destroy'])) {
      const copy = made as unknown as Copy
      if (copy.push !== undefined) flow.copied = Promise.race([flow.over, given(copy, ending)])
      // where nobody reads it any more the end is no error
      copy.on('error', nothing)
      const end = (): void => {
        // the socket may be paused for it
        copy._read?.()
        copy.destroy(ending.reason)
      }
      copy.on('close', onAbort(ending, end))
    }
    resolve(made)
  }
}

/** Resolves when the server has given everything. */
function given(copy: Copy, ending: AbortSignal): Promise<void> {
  const { push } = copy
  return new Promise(resolve => {
    copy.push = chunk => {
      if (chunk === null) resolve()
      return ending.aborted || push?.call(copy, chunk) === true
    }
  })
}
