/**
 * Every error pillion throws: a stable code, the cause kept, the SQL, a line of the user's source, a hint; never a bound value.
 *
 * @module
 */

/** What an error carries beside its message. */
export interface ErrorDetails {
  /** How to cure it, as a sentence. */
  readonly hint?: string
  /** The statement, with placeholders. Never bound values. */
  readonly sql?: string
  /** Where the query was written, or else was run, or else is awaited, or else was first asked: `/app/src/list.ts:12:8`. */
  readonly origin?: string
  /** The driver's or host's own error. */
  readonly cause?: unknown
}

/**
 * An error of pillion's. Recognise it by `name === 'PillionError'` and tell kinds apart by `code`:
 * `docs/errors.md` lists them all.
 *
 * ```ts
 * try {
 *   await titles.one()
 * } catch (error) {
 *   if (isPillionError(error) && error.code === 'NO_ROW') return undefined
 *   throw error   // its message has the hint, the SQL and a line of your source, and no bound value
 * }
 * ```
 */
export class PillionError extends Error {
  override readonly name = 'PillionError'
  /** Stable: part of the public interface. */
  readonly code: ErrorCode
  /** The message's first line without the code. */
  readonly summary: string
  readonly hint?: string
  readonly sql?: string
  readonly origin?: string

  constructor(code: ErrorCode, summary: string, known: ErrorDetails = {}) {
    const hint = known.hint ?? usualHints[code]
    const details = {
      ...known,
      ...(hint === undefined ? {} : { hint }),
      ...(known.origin === undefined ? placeOf(userLine()) : {}),
    }
    super(describe(code, summary, details), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.summary = summary
    if (details.hint !== undefined) this.hint = details.hint
    if (details.sql !== undefined) this.sql = details.sql
    if (details.origin !== undefined) this.origin = details.origin
    if (known.origin !== undefined) placed.add(this)
  }
}

/** Errors whose origin was known where they were thrown, rather than taken from the stack. */
const placed = new WeakSet<object>()

/** The cure where whoever threw knew none better. */
const usualHints: { readonly [code in ErrorCode]?: string } = {
  HOST_UNKNOWN: 'Give the host function what it is named for, and on(…) a transaction object of that same host.',
  TRANSACTION_FOREIGN: 'Make the host of the object that opened the transaction.',
  TRANSACTION_AMBIGUOUS: 'Say which transaction is meant: query.on(tx).',
  TRANSACTION_FINISHED: 'Use the transaction object only while its transaction is open, and await every use.',
  STATEMENT_FAILED: 'The server’s own error is the cause of this one; its SQLSTATE says what it is.',
  CONNECTION_LOST: 'Run it again on another connection; inside a transaction, the whole transaction.',
  CONNECTION_UNAVAILABLE: 'See whether the server is up, and whether the pool is large enough for what runs at once.',
  TRANSACTION_MODE: 'Call it from where the mode allows it, or choose another mode.',
  TRANSACTION_TIMED_OUT: 'Everything was rolled back. Raise the timeout, or see what took so long.',
  COMMIT_FAILED: 'Nothing was committed: see the cause. A serialization failure is worth a retry of the whole.',
  COMMIT_UNKNOWN: 'Look in the database whether it was; retry only what may be done twice.',
  HOOK_FAILED: 'Do not run it again: what the transaction did is done.',
  CANCELLED: 'Its AbortSignal was aborted; the connection is fit for use.',
  TIMED_OUT:
    'Raise the timeout, or see what takes so long: query.explain({ analyze: true }). Waiting for a connection counts, too: inside of a transaction give it to the query, on(tx), or it waits for another one.',
}

/** What CommonJS has in the place of a URL, and a bundle of it, too. */
declare const __filename: string | undefined

const { url } = import.meta as { readonly url?: string }
const ownPath = url === undefined ? (typeof __filename === 'string' ? __filename : '') : new URL(url).pathname
const home = /^(.*\/)(?:dist|src)\/errors\.[jt]s$/.exec(ownPath)?.[1]
/**
 * Built, and where source maps are on, as they are in Deno, as written. In a bundle the user's lines are in one file with ours, and only
 * source maps tell them apart.
 */
const ours = home === undefined ? [ownPath] : [`${home}dist/`, `${home}src/`]
/** The suite for hosts is written as an application is: its queries are a user's. */
const suite = ours.map(folder => `${folder}testing/`)

/**
 * The nearest line of the user's own code, also across an await: where an error is from, when nothing better is known.
 * About 10 µs.
 */
export function userLine(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  const { stack = '' } = new Error()
  Error.stackTraceLimit = limit
  return stack
    .split('\n')
    .find(isUsers)
    ?.slice(7)
    .replace(/^async /, '')
    .replace('file://', '')
}

function placeOf(origin: string | undefined): Pick<ErrorDetails, 'origin'> {
  return origin === undefined ? {} : { origin }
}

/** Neither pillion's, nor the runtime's, nor a driver's: those have no place in the user's source. */
function isUsers(line: string): boolean {
  return (
    /^ {4}at .*:\d+:\d+\)?$/.test(line) &&
    (!ours.some(folder => line.includes(folder)) || suite.some(folder => line.includes(folder))) &&
    // as Node, Bun and Deno name what is theirs
    !/[ (](?:node|native|ext):|\/node_modules\//.test(line)
  )
}

/**
 * The same error with what was not known where it was thrown: the statement, and the place of the query.
 *
 * @param otherwise the place where no line of the user's awaits it
 */
export function located(error: unknown, known: Pick<ErrorDetails, 'sql' | 'origin'>, otherwise?: string): unknown {
  if (!isPillionError(error)) return error
  const { code, summary, hint, cause, sql, stack } = error
  const origin = error.origin ?? (known.origin === undefined ? (userLine() ?? otherwise) : undefined)
  const details: ErrorDetails = {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
    ...(sql === undefined ? {} : { sql }),
    ...placeOf(origin),
    ...known,
    ...(placed.has(error) ? placeOf(origin) : {}),
  }
  const made = new PillionError(code, summary, details)
  const frames = stack?.slice(stack.indexOf('\n    at ')) ?? ''
  Object.defineProperty(made, 'stack', {
    value: `PillionError: ${made.message}${frames}`,
    configurable: true,
    writable: true,
  })
  return made
}

/**
 * Is it an error of pillion's? By name, so that two copies of the package get on.
 *
 * ```ts
 * if (isPillionError(error) && error.code === 'CURSOR_INVALID') response.status(400)
 * ```
 */
export function isPillionError(error: unknown): error is PillionError {
  return typeof error === 'object' && error !== null && (error as { readonly name?: unknown }).name === 'PillionError'
}

function describe(code: ErrorCode, summary: string, { hint, sql, origin }: ErrorDetails): string {
  return [`${code}: ${summary}`, hint && `  hint: ${hint}`, origin && `  query: ${origin}`, sql && `  sql: ${sql}`]
    .filter(Boolean)
    .join('\n')
}

/** One line a code: when it happens. The source of `docs/errors.md`. */
export const errorCodes = {
  // schema
  REFLECT_FAILED: 'The catalogue could not be read.',
  SNAPSHOT_INVALID: 'A snapshot is not of this version or is damaged.',
  OVERRIDE_INVALID: 'An override names what the database has not, or a name already taken.',
  SCHEMA_DRIFTED: 'The live database no longer matches what a query or a generated file was built on.',
  TABLE_MISSING: 'A table is not in the reflected catalogue.',
  COLUMN_MISSING: 'A column is not in the reflected catalogue.',
  // query and compile
  RELATION_UNCHOSEN: 'A to-many relation was used bare, without inner, left, some or first.',
  HANDLE_UNOWNED: 'A handle hangs off a root that is in no enclosing query.',
  HANDLE_MISPLACED: 'A semi handle was mentioned outside where, or a handle where it cannot stand.',
  DISJUNCTION_MIXED: 'An OR mixes a semi handle with another scope.',
  FAN_OUT: 'A handle that multiplies rows was mentioned without expand.',
  CROSS_PRODUCT: 'Two sibling handles were expanded without allowCrossProduct.',
  AGGREGATE_MULTIPLIED: 'An aggregate stands over two multiplied handles.',
  UNGROUPED: 'A query of groups asks for a column that is neither grouped by nor aggregated.',
  DISTINCT_ORDER: 'DISTINCT with an ORDER BY on a column that is not selected.',
  QUERY_INVALID: 'A clause was given something it cannot take.',
  NOT_IN_DIALECT: 'The database has not what the query asks for.',
  PARAM_UNBOUND: 'A parameter has no value.',
  PARAM_CONFLICT: 'A parameter was bound to two values.',
  VALUE_TYPE: 'A value is not of the type of the column it meets.',
  CURSOR_INVALID: 'A page cursor is damaged or belongs to another order.',
  PAGE_KEY: 'Rows cannot be paged, for want of a key that tells them apart.',
  NO_ROW: 'one() found no row.',
  MANY_ROWS: 'one() found more than one row.',
  // tree
  TREE_INVALID: 'A table, or what is said of it, makes no tree.',
  TREE_KEY: 'What was given for a node is not the key of one.',
  TREE_REFUSED: 'The tree cannot be installed, or is not there.',
  TREE_CYCLE: 'A node would be below itself.',
  TREE_PARENT_MISSING: 'The parent of a node is not there.',
  TREE_CHILDREN_LEFT: 'A node was to go that has children.',
  TREE_KEY_TAKEN: 'REPLACE would take a node away where no trigger sees it.',
  TREE_KEY_MISSING: 'A node would have no key.',
  TREE_ISOLATION: 'A tree was to be changed at an isolation level that cannot keep it right.',
  TREE_LINKS_KEPT: 'The links of a tree were to be changed by hand.',
  TREE_LINKS_WRONG: 'The links of a tree are not those of its pointers.',
  // run and hosts
  NOT_SYNCHRONOUS: 'A synchronous terminal was used where nothing answers at once.',
  NOT_ATTACHED: 'The query is bound to no database.',
  HOST_UNKNOWN: 'The object given is not a host, or not one of its transactions.',
  HOST_SHAPE: 'A host has not the inner shape this version of pillion reaches for.',
  TRANSACTION_AMBIGUOUS: 'More than one transaction is open around the code.',
  TRANSACTION_FINISHED: 'The transaction has ended.',
  TRANSACTION_FOREIGN: 'The transaction belongs to another host object.',
  TRANSACTION_MODE: 'The mode forbids what is current: mandatory outside of a transaction, never inside of one.',
  TRANSACTION_UNSUPPORTED: 'The host or its database has no such transaction.',
  TRANSACTION_INCOMPATIBLE: 'The current transaction was to be joined with options that it has not.',
  TRANSACTION_NESTED: 'The outer transaction was used or ended while a nested one was open in it.',
  TRANSACTION_TIMED_OUT: 'The transaction ran past its timeout.',
  ROLLBACK_ONLY: 'The transaction was to be committed, but could only be rolled back.',
  COMMIT_FAILED: 'The server refused COMMIT.',
  COMMIT_UNKNOWN: 'COMMIT failed, and not because the server said so: nobody knows whether it was committed.',
  HOOK_FAILED: 'The transaction was committed, and a hook that ran afterwards failed.',
  POOL_STARVED: 'There was no connection for a transaction.',
  SQL_NOT_SELECT: 'Raw SQL was not one SELECT.',
  STATEMENT_FAILED: 'The database refused the statement.',
  CONNECTION_LOST: 'The connection went away.',
  CONNECTION_UNAVAILABLE: 'The host gave no connection.',
  CANCELLED: 'The statement was cancelled by its AbortSignal.',
  TIMED_OUT: 'The statement ran past its timeout.',
  DECODE_FAILED: 'A value came back in a form its type does not have.',
} as const

/** A key of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes
