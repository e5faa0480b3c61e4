/**
 * Transactions on postgres.js: its callback is parked, its savepoints too, for it keeps an account of what failed in each.
 *
 * @module
 */
import { isFunction, isObject } from '../../hosts/shape.js'
import type { Origin } from '../../query/node.js'
import { originOf } from '../../query/origin.js'
import { type Passage, passing } from '../../run/ambient.js'
import { failureOf } from '../../run/failure.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import type { Destroyable } from './at-once.js'
import { unsent } from './gone.js'
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
  unsafe(text: string): Query
  begin(options: string, work: (sql: Sql) => Promise<void>): Promise<unknown>
  savepoint(...named: [...name: unknown[], work: (sql: Sql) => Promise<void>]): Promise<unknown>
}

/** A query: it is sent when somebody asks for its rows, through its handler. */
interface Query extends Promise<readonly { readonly it?: unknown }[]> {
  handler: Handler
  /** Its text, around its values. */
  readonly strings: readonly string[]
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
  lost: boolean
  /** Settles when the transaction is over. */
  readonly over: Promise<unknown>
  readonly close: object | undefined
  /** Resolves when no COPY has the connection: postgres.js refuses to send meanwhile. */
  copied: Promise<unknown>
  readonly own: Own
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
    throw failureOf(error, { text, values: [] })
  })
  const link = linkOf(transaction, {
    lost: false,
    over: transaction.ended.catch(nothing),
    close: sql.CLOSE,
    copied: Promise.resolve(),
    own: ownTransactions(),
  })
  if (!opening.timed) return link
  const one = async (on: Sql, read: string): Promise<unknown> => (await on.unsafe(read))[0]?.it
  const cancel = await cancelling(
    read => one(transaction.handed, read),
    read => one(sql, read),
  )
  return Object.freeze({ ...link, cancel })
}

function linkOf({ handed: sql, ended, commit, rollback }: Parked<Sql>, flow: Flow): Link<object> {
  const execute = async (text: string): Promise<void> => {
    await flow.copied
    await sql.unsafe(text)
  }
  ended.catch(error => {
    flow.lost ||= isLoss(error)
  })
  return Object.freeze({
    target: sql,
    view: passage => tagOver(sql, passage, flow),
    execute,
    commit: async () => {
      if (flow.lost) {
        await ended.catch(error => {
          throw unsent(error)
        })
      }
      await flow.copied
      await commit()
    },
    // on a connection that is going, a statement of postgres.js's would end the process
    rollback: () => (flow.lost ? ended.then(nothing, nothing) : flow.copied.then(rollback)),
    aborted: probing(execute),
    hasOwn: flow.own.isOpen,
    nest: async () => linkOf(await parked<Sql>(callback => sql.savepoint(callback)), flow),
  } satisfies Link<object>)
}

/** A tag each of whose queries enters by a passage, when it is sent. */
function tagOver(sql: Sql, passage: Passage, flow: Flow): object {
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
    entering(Reflect.apply(target as never, undefined, args), () => originOfTag(args[0], tag))
  const view: unknown = new Proxy(sql, {
    apply: tag,
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'unsafe' || key === 'file') {
        const call = (...args: unknown[]): unknown =>
          entering(Reflect.apply(value as never, target, args), () => originOf(call))
        return call
      }
      if (key === 'notify') return notifying(view as Tag)
      if (key === 'savepoint') return savepointIn(target, passage, flow)
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
function savepointIn(sql: Sql, passage: Passage, flow: Flow) {
  return async (...args: unknown[]): Promise<unknown> => {
    const isTag = isObject(args[0]) && 'raw' in args[0]
    const name = isTag ? [] : args.slice(0, -1)
    const work = (isTag ? (inner: Tag) => Reflect.apply(inner, undefined, args) : args.at(-1)) as (
      inner: Sql,
    ) => unknown
    const over = flow.own.begun()
    const { handed, commit, rollback } = await passing(passage, () =>
      parked<Sql>(callback => sql.savepoint(...name, callback)),
    ).catch(error => {
      over()
      throw error
    })
    try {
      const made = await work(tagOver(handed, passage, flow) as Sql)
      const result: unknown = Array.isArray(made) ? await Promise.all(made) : made
      await passing(passage, commit)
      return result
    } catch (error) {
      // what is to be told is the first failure; where the transaction has ended there is nothing to go back to
      await passing(passage, rollback).catch(nothing)
      throw error
    } finally {
      over()
    }
  }
}

function enteringBy(query: Query, passage: Passage, flow: Flow): Query {
  const { handler, cursor } = query
  query.handler = Object.assign((sent: Query) => send(sent, handler, passage, flow), { debug: handler.debug })
  query.cursor = (...how) => {
    const made = cursor.apply(query, how)
    if (made === query) return query
    // each pull enters, and the first one sends
    query.handler = handler
    return { [Symbol.asyncIterator]: () => pulled(passage, () => made as AsyncIterable<unknown>) }
  }
  return query
}

function isLoss(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' && /^(57P0|08|CONNECTION_)/.test(code)
}

function nothing(): void {}

async function send(query: Query, handler: Handler, passage: Passage, flow: Flow): Promise<void> {
  try {
    refuseEnding(query, 'postgres')
    const leave = await passage.enter()
    if (query.cursorFn !== undefined) closingAtEnd(query, query.cursorFn, passage, flow)
    if (query.streaming === true) copyingUntilEnd(query, passage, flow)
    handler(query)
    // a cursor is over when the loop is, and that may be never
    if (query.cursorFn !== undefined || query.streaming === true) {
      passage.suspect()
      leave()
    } else query.then(() => leave(), leave)
    query.catch(error => {
      flow.lost ||= isLoss(error)
    })
  } catch (error) {
    query.reject(error)
  }
}

/** A callback gets no more rows after the end. Whoever awaits the whole is told later: postgres.js rolls back what is told before. */
function closingAtEnd(
  query: Query,
  each: (rows: unknown) => unknown,
  { ending }: Passage,
  { over, close }: Flow,
): void {
  const { resolve } = query
  const closed = new Promise(resolveWith => {
    ending.addEventListener('abort', () => resolveWith(close), { once: true })
  })
  query.cursorFn = rows => Promise.race([each(rows), closed])
  query.resolve = rows => {
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
      ending.addEventListener('abort', end, { once: true })
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
