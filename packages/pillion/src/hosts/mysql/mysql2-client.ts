/**
 * The parts of `mysql2` (3.11 or later) that are reached for, by shape: nothing is imported from it. Its objects come as
 * twins, with callbacks or with promises; the inside is that of the former.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isFunction, isObject } from '../shape.js'
import type { RowReader } from './mysql2-row.js'

/** A `mysql2` connection, or one of a pool, with callbacks or promises, as far as users must know it. */
export interface Mysql2Connection {
  execute(...args: never[]): unknown
  query(...args: never[]): unknown
  destroy(): void
}

/** A `mysql2` pool, with callbacks or promises, as far as users must know it. */
export interface Mysql2Pool {
  execute(...args: never[]): unknown
  getConnection(...args: never[]): unknown
}

/** A connection from the inside. */
export interface Client {
  readonly config: object
  readonly constructor: ClientClass
  readonly threadId: number | null
  /** What is being run: the next command is begun only when the server has answered it. */
  readonly _command: Command | null | undefined
  /** Of a pool's connections: the pool, until the connection is lost. */
  readonly _pool?: Pool | null
  /** Of a pool's connections: it is in the pool. */
  readonly _released?: boolean
  handlePacket(packet?: Packet): void
  addCommand(command: Command): unknown
  execute(text: string, values: unknown[], told: (error: unknown) => void): RowCommand
  unprepare(text: string): unknown
  ping(callback: (error: unknown) => void): unknown
  query(question: object, callback: (error: unknown, rows: unknown) => void): unknown
  connect(callback: (error: unknown) => void): void
  end(callback: (error: unknown) => void): void
  destroy(): void
  pause(): void
  resume(): void
  on(event: 'error', listener: () => void): unknown
  removeListener(event: 'error', listener: () => void): unknown
  release?(): void
}

interface ClientClass {
  new (options: { readonly config: object }): Client
  /** The command of a statement, which is not sent yet. */
  createQuery?(sql: string, values: undefined, callback: undefined, config: object): object
}

/** What the connection runs: told each packet of the answer, first none; true when the answer is complete. */
export interface Command {
  execute(packet: Packet | undefined, client: Client): boolean
  /** Called with what ended the connection under it. */
  onResult?: ((error: unknown) => void) | undefined
}

/** A command that gives its rows one by one. */
export interface RowCommand extends Command {
  /** Gives the class of the reader of rows. */
  buildParserFromFields(fields: readonly FieldTold[]): new () => RowReader
  on(event: 'result', listener: (row: unknown) => void): unknown
  on(event: 'fields', listener: (fields: readonly FieldTold[] | undefined) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
}

/** A column definition, as `mysql2` reads it. */
export interface FieldTold {
  readonly name: string
  readonly columnType: number
  readonly flags: number
  readonly characterSet: number
  readonly encoding: string
  readonly decimals: number
  readonly extendedFormat?: string
}

/** One packet; its payload stands from `start + 4` to `end`. */
export interface Packet {
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** Where the next reading begins. */
  offset: number
  readInt8(): number
  readSInt8(): number
  readInt16(): number
  readSInt16(): number
  readInt32(): number
  readSInt32(): number
  readFloat(): number
  readDouble(): number
  readTimeString(): string
  readLengthCodedString(encoding: string): string
  readLengthCodedBuffer(): Buffer
}

/** A pool from the inside. */
export interface Pool {
  getConnection(callback: (error: unknown, client: Client | undefined) => void): void
  releaseConnection(client: Client): void
  readonly _allConnections: { get(at: number): Client | undefined }
}

function isPoolInside(value: unknown): value is Pool {
  return isObject(value) && isObject(value._allConnections) && isFunction(value.getConnection)
}

function isClientInside(value: unknown): value is Client {
  return isObject(value) && isFunction(value.addCommand) && isFunction(value.execute) && isFunction(value.unprepare)
}

/** The inside of a pool, whichever twin it is; `undefined` where it is no pool of `mysql2`. */
export function poolInside(value: unknown): Pool | undefined {
  if (isPoolInside(value)) return value
  return isObject(value) && isPoolInside(value.pool) ? value.pool : undefined
}

/** The inside of a connection, whichever twin it is; `undefined` where it is no connection of `mysql2`. */
export function clientInside(value: unknown): Client | undefined {
  if (isClientInside(value)) return value
  return isObject(value) && isClientInside(value.connection) ? value.connection : undefined
}

/**
 * The class by which the driver knows a command of its own from a text.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function queryClass({ constructor: Connection, config }: Client): unknown {
  const query = Connection.createQuery?.('', undefined, undefined, config)
  return query === undefined ? unknownInside() : query.constructor
}

/**
 * A client whose inside has been checked.
 *
 * @throws PillionError `HOST_SHAPE`
 */
export function checkedClient(client: Client): Client {
  if (isFunction(client.handlePacket) && isObject(client.config) && '_command' in client) return client
  return unknownInside()
}

function unknownInside(): never {
  throw new PillionError('HOST_SHAPE', 'The connection does not have the inside of a connection of mysql2.', {
    hint: 'mysql2 3.11 or a later 3 is expected.',
  })
}
