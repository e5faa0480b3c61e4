/**
 * A connection of `sqlite3`, whose statements tell by callbacks, in a transaction.
 *
 * @module
 */
import { isFunction } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import type { Watch } from './watch.js'

type Method = (...args: unknown[]) => unknown

/** What a callback is told, and what it is told on: the statement, which says how many rows it changed. */
interface Outcome {
  readonly statement: unknown
  readonly rest: readonly unknown[]
}

const statements = new Set<PropertyKey>(['run', 'get', 'all', 'exec', 'map'])

/** The transaction owns its connection; and what is read row by row, or run later, has no end that could be waited for. */
const hidden = new Set<PropertyKey>(['close', 'each', 'prepare', 'backup', 'wait', 'interrupt'])

/** A connection each of whose statements enters by a passage, and is looked after. */
export function guardedSqlite3<C extends object>(connection: C, passage: Passage, watch: Watch): C {
  return new Proxy(connection, {
    get(target, key) {
      if (hidden.has(key)) return undefined
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      const method = value.bind(target as never) as Method
      return statements.has(key) ? sending(method, passage, watch) : method
    },
  })
}

function sending(method: Method, passage: Passage, watch: Watch): Method {
  return (...args) => {
    const callback = args.at(-1)
    const given = isFunction(callback) ? args.slice(0, -1) : args
    const tell = (isFunction(callback) ? callback : nothing) as Method
    passing(passage, () => watch.over(given[0], () => outcomeOf(method, given))).then(
      ({ statement, rest }) => Reflect.apply(tell, statement, [null, ...rest]),
      error => tell(error),
    )
  }
}

function outcomeOf(method: Method, given: readonly unknown[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    method(...given, function (this: unknown, error: unknown, ...rest: unknown[]) {
      if (error) reject(error as Error)
      else resolve({ statement: this, rest })
    })
  })
}

function nothing(): void {}
