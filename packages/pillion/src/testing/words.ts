/**
 * The suite's statements in the words of each dialect.
 *
 * @module
 */
import type { Statement } from '../run/host.js'
import { mysqlWords } from './words/mysql.js'
import { postgresWords } from './words/postgres.js'
import { sqliteWords } from './words/sqlite.js'

/** What the suite says to one database. */
export interface Words {
  /** Makes `note (id, body)`, `tally (owner, n)` and `kinds`, empty but for one row of `kinds`. */
  readonly tables: readonly string[]
  /** Two columns of one name and a NULL, of a value: `n`, `nothing`, `n`; 42, NULL and `x` for 41. */
  readonly plain: (value: string) => Statement
  /** No rows of one column `a`. */
  readonly none: Statement
  /** What identifies the session in the server. */
  readonly backendId: Statement
  /** Takes half a minute. */
  readonly sleep: Statement
  /** Takes long enough for others to get in line. */
  readonly nap: Statement
  /** How many sessions are asleep by `sleep`, but the observer's. */
  readonly sleepers: string
  /** Ends every session that is asleep by `sleep`, or at rest after the text that is given. */
  readonly terminateSleepers: string
  readonly terminateAfter: (text: string) => string
  /** The whole numbers from 1. */
  readonly numbers: (upTo: number) => Statement
  /** Fails after 499 rows. */
  readonly failsInTheMiddle: Statement
  /** Fails on its value, and the server's message quotes it. */
  readonly failsOnValue: (value: string) => Statement
  /** A setting of the transaction that is open, and how it is read. */
  readonly setVariable: (value: string) => string
  readonly variable: Statement
  /** Values of many types, and the one row of text that the server makes of them. */
  readonly given: Statement
  readonly received: readonly (string | null)[]
  /** Puts the transaction that is open into another time zone. */
  readonly elsewhere: string
  /** What the row of `kinds` is, by capability, column by column. */
  readonly kinds: { readonly types: object; readonly arrays: object }
}

/** @throws Error where nobody has found the words yet. */
export function wordsOf(dialect: string): Words {
  const words = known[dialect]
  if (words === undefined) throw new Error(`The suite does not speak ${dialect} yet.`)
  return words
}

const known: { readonly [dialect: string]: Words | undefined } = {
  postgres: postgresWords,
  mysql: mysqlWords,
  sqlite: sqliteWords,
}
