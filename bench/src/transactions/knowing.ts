/** The least that a transaction costs which can be told of: by whom it was begun, and that it is current. @module */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Contender } from './field.js'

const current = new AsyncLocalStorage<object>()

/** The same by hand, with the line that asked for it, and with what statements inside could find it by; nothing else. */
export function knowing({ name, beside, once }: Contender): Contender {
  const known = (sql: string): Promise<unknown> => {
    const begun = {}
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 1
    Error.captureStackTrace(begun, known)
    Error.stackTraceLimit = limit
    return current.run(begun, () => once(sql))
  }
  return { name: `${name.replace(' by hand', '')} that knows its line`, beside, once: known }
}
