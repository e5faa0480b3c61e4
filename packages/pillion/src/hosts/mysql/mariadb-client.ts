/**
 * The parts of `mariadb`'s connector (3.4.1 or later), its promises, that are reached for, by shape: nothing is imported
 * from it. What it hands out hides a connection that does the work; that one is found as the emitter of its events.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../shape.js'

/** A connection of `mariadb`, or one of a pool, as far as users must know it. */
export interface MariadbConnection {
  execute(...args: never[]): unknown
  readonly threadId: number | null
}

/** A pool of `mariadb`, as far as users must know it. */
export interface MariadbPool {
  execute(...args: never[]): unknown
  getConnection(...args: never[]): unknown
  totalConnections(): number
}

/** What is handed out. */
export interface Handle {
  on(event: string, listener: (this: unknown) => void): unknown
  once(event: string, listener: (this: unknown) => void): unknown
  removeListener(event: string, listener: () => void): unknown
  /** What the connection knows of its server: the connection's own. */
  readonly info: object
  destroy(): void
  /** Of a pool's connections. */
  release?(): Promise<void>
}

/** The connection from the inside. */
export interface Client {
  readonly opts: object
  readonly constructor: new (opts: object) => Client
  readonly threadId: number | null
  readonly socket: { pause(): void; resume(): void; destroy(error: Error): void }
  readonly info: { readonly status: number | null }
  connect(): Promise<unknown>
  addCommand(command: Command, answered: boolean): void
  prepareExecute(param: object, resolve: (answer: Answer) => void, reject: (error: unknown) => void): void
  query(param: object, resolve: (answer: unknown) => void, reject: (error: unknown) => void): void
  ping(param: object, resolve: (answer?: unknown) => void, reject: (error: unknown) => void): void
  destroy(): void
}

/** What was written, or rows, where they were not taken as they came; and the columns. */
export type Answer = readonly [result: { readonly affectedRows?: number }, columns: readonly ColumnTold[]]

/** A command in the connection's queue. */
export interface Command {
  on(event: 'end', listener: (this: Command) => void): unknown
  /** What the connector was told of its statement. */
  readonly cmdParam?: object
  /** The connection's options, or others for this command. */
  opts?: object
  /** Of a statement that is giving rows. */
  readonly _columns?: readonly ColumnTold[]
  /** Takes each row as it comes. */
  handleNewRows?(this: Command, row: unknown): void
}

/** A column definition, as `mariadb` reads it. */
export interface ColumnTold {
  readonly columnType: number
  readonly flags: number
  readonly collation: { readonly index: number }
  /** Of a fraction, how many digits it has. */
  readonly scale: number
  name(): string
  isSet(): boolean
  /** From 3.5 on; before, the format stands there as a word. */
  isDataTypeFormatJson?(): boolean
  readonly dataTypeFormat?: string
}

/** A pool from the inside. */
export interface Pool {
  getConnection(): Promise<Handle>
  on(event: 'acquire' | 'release', listener: (client: object) => void): unknown
}

export function isMariadbPool(value: unknown): value is MariadbPool {
  return isObject(value) && isFunction(value.totalConnections) && isFunction(value.getConnection)
}

/**
 * A pool of callbacks has the same methods. What it calls itself tells them apart, and is what no minifier renames.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function assertPromises(pool: { toString(): string }): void {
  if (!pool.toString().startsWith('poolCallback(')) return
  throw new PillionError('HOST_SHAPE', 'This pool of mariadb works by callbacks.', {
    hint: 'Make it by the createPool of "mariadb", and not of "mariadb/callback".',
  })
}

export function isMariadbConnection(value: unknown): value is MariadbConnection {
  return isObject(value) && isFunction(value.execute) && isFunction(value.isValid) && 'threadId' in value
}

/** By what the connection knows of its server: a pool hands out another object each time, and to listen to each takes long. */
const insides = new WeakMap<object, Client>()

/**
 * The connection inside what was handed out.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function clientOf(handle: Handle): Client {
  const known = insides.get(handle.info)
  if (known !== undefined) return known
  const found = emitterOf(handle)
  if (isClientInside(found) && isObject(handle.info)) {
    insides.set(handle.info, found)
    return found
  }
  throw new PillionError('HOST_SHAPE', 'The connection does not have the inside of a connection of mariadb.', {
    hint: 'mariadb 3.4.1 or a later 3 with promises is expected.',
  })
}

function isClientInside(value: unknown): value is Client {
  return isObject(value) && isFunction(value.prepareExecute) && isFunction(value.addCommand) && isObject(value.info)
}

/** Listeners are called as methods of who emits, and who listens is told of. */
function emitterOf(handle: Handle): unknown {
  const emitters: unknown[] = []
  const quiet = (): void => {}
  handle.once('newListener', function () {
    emitters.push(this)
  })
  handle.once('pillion', quiet)
  handle.removeListener('pillion', quiet)
  return emitters[0]
}
