/**
 * A connection of `mysql2` with callbacks, as ORMs hold it, in a transaction.
 *
 * @module
 */
import { isFunction } from '../../hosts/shape.js'
import { calledIn, frameHere, type Passage } from '../../run/ambient.js'
import { type Destroyable, enterNow, enterUnheard, streamingIn } from './at-once.js'
import { refuseEnding } from './ending-text.js'
import { endedBySql, isOutside, owners } from './mysql.js'
import { probedAtOnce } from './probed.js'

/** A command under way: its rows come by a callback, or by a stream that is made of it. */
interface Command {
  stream(options?: object): Destroyable
}

type Method = (...args: unknown[]) => Command

const statements = new Set<PropertyKey>(['query', 'execute'])

/** A connection each of whose statements enters by a passage; those that it prepares, too. */
export function guardedMysql2<C extends object>(connection: C, passage: Passage): C {
  const view: C = new Proxy(connection, {
    get(target, key) {
      if (owners.has(key)) return undefined
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      // its promises are put over a connection with callbacks
      if (key === 'promise') return value.bind(view as never)
      const method = value.bind(target as never) as Method
      if (key === 'prepare') return preparing(endingNothing(method, target), passage)
      return statements.has(key) ? sending(endingNothing(method, target), passage) : method
    },
  })
  return view
}

function endingNothing(send: Method, connection: object): Method {
  const { query } = connection as { readonly query: Method }
  return (...args) => {
    const [asked] = args
    refuseEnding(asked, 'mysql')
    const callback = args.at(-1)
    if (!isFunction(callback)) return send(...args)
    return probedAtOnce(
      asked,
      (sql, told) => query.call(connection, sql, told),
      told => send(...args.slice(0, -1), told),
      callback as (...told: unknown[]) => void,
    )
  }
}

/** What is prepared is handed to the callback, where there is one. */
function preparing(prepare: Method, passage: Passage): Method {
  return (...args) => {
    const callback = args.at(-1)
    if (!isFunction(callback)) return prepare(...args)
    const told = (error: unknown, prepared?: object): void => {
      Reflect.apply(callback, undefined, [error, prepared && preparedOver(prepared, passage)])
    }
    return sending(prepare, passage)(...args.slice(0, -1), told)
  }
}

function preparedOver(prepared: object, passage: Passage): object {
  return new Proxy(prepared, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      const method = value.bind(target as never) as Method
      return key === 'execute' ? sending(method, passage) : method
    },
  })
}

function sending(send: Method, passage: Passage): Method {
  return (...args) => {
    const callback = args.at(-1)
    if (!isFunction(callback)) return streamed(send, args, passage)
    const leave = enterNow(passage, 'A statement with a callback')
    const frame = frameHere()
    const told = (failure: unknown, ...rest: unknown[]): void => {
      const error = failure ?? (isOutside(rest[0]) ? endedBySql() : undefined)
      leave(error)
      calledIn(frame, callback, [error ?? null, ...rest])
    }
    try {
      return send(...args.slice(0, -1), told)
    } catch (error) {
      // values that the driver refuses are told at once, and by no callback
      leave(error)
      throw error
    }
  }
}

function streamed(send: Method, args: readonly unknown[], passage: Passage): Command {
  enterUnheard(passage, 'A stream')
  const command = send(...args)
  const { stream } = command
  command.stream = options => streamingIn(passage, () => stream.call(command, options))
  return command
}
