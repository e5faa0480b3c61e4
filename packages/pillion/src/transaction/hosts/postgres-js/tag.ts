/**
 * The tag that the work of a transaction on postgres.js is given: each of its queries enters the transaction when it is sent.
 *
 * @module
 */
import { isFunction, isObject } from '../../../hosts/shape.js'
import type { Origin } from '../../../query/node.js'
import { originOf } from '../../../query/origin.js'
import { type Leave, type Passage, passing } from '../../../run/ambient.js'
import { refuseEnding } from '../ending-text.js'
import { ownTransactions } from '../own.js'
import { parked } from '../parked.js'
import { pulled } from '../pulled.js'
import { usedAt } from '../used-at.js'
import {
  type Account,
  accounted,
  accountOf,
  hand,
  type Handler,
  type Query,
  settling,
  type Sql,
  withDebug,
} from './account.js'
import { alive, type Flow } from './flow.js'
import { closingAtEnd, copyingUntilEnd, whileThere } from './reading.js'

/** A tag each of whose queries enters by a passage, when it is sent. */
export function tagOver(account: Account, passage: Passage): object {
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
    flow.own ??= ownTransactions()
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
    checked(sent, each => hand(each, account.handler(), account))
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

function send(query: Query, handler: Handler, passage: Passage, flow: Flow): void {
  const fail = (error: unknown): void => query.reject(error)
  try {
    refuseEnding(textOf(query), 'postgres')
    const entered = passage.enter()
    // it waits for what is nested, or does not: no promise is made for nothing
    if (isFunction(entered)) sendNow(query, handler, passage, flow, entered as Leave)
    else entered.then(leave => sendNow(query, handler, passage, flow, leave)).catch(fail)
  } catch (error) {
    fail(error)
  }
}

function sendNow(query: Query, handler: Handler, passage: Passage, flow: Flow, leave: Leave): void {
  const { cursorFn } = query
  if (cursorFn !== undefined) closingAtEnd(query, cursorFn, passage, flow)
  if (query.streaming === true) copyingUntilEnd(query, passage, flow)
  // a cursor is over when the loop is, and that may be never
  if (cursorFn !== undefined || query.streaming === true) {
    handler(query)
    passage.suspect()
    leave()
  } else {
    settling(query, leave)
    handler(query)
  }
}

function nothing(): void {}
