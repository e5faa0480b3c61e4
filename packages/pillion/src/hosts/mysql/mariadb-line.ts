/**
 * One statement on a connection of `mariadb`'s connector.
 *
 * The connector sends a command without waiting for the answers to those before it, so that what the server said last
 * may be old when ours goes out. What counts is what the server says at the end of ours, and that is asked for.
 *
 * @module
 */
import type { Cell, Described, Statement, WireField, WireRow } from '../../run/host.js'
import { typeOfColumn } from '../../run/mysql-column.js'
import {
  type Client,
  type ColumnTold,
  clientOf,
  type Command,
  type Handle,
  isMariadbConnection,
} from './mariadb-client.js'
import { withFraction } from './fraction.js'
import { stopUntil } from './stop.js'
import { bytes, inTransactionFlag, type Line, type Told } from './line.js'

const lines = new WeakMap<Client, Line>()

/** A connection of `mariadb` as a line; `undefined` where it is none. A pool hands out another object each time. */
export function mariadbLine(connection: unknown): Line | undefined {
  if (!isMariadbConnection(connection)) return undefined
  const client = clientOf(connection as unknown as Handle)
  const known = lines.get(client)
  if (known !== undefined) return known
  const line = lineOf(client)
  lines.set(client, line)
  return line
}

function lineOf(client: Client): Line {
  const makers = { cached: makerOf(client, {}), fresh: makerOf(client, { prepareCache: null }) }
  return Object.freeze({
    connection: client,
    inTransaction: () => inTransaction(client),
    ping: () => new Promise<unknown>((resolve, reject) => client.ping({}, resolve, reject)),
    send({ statement, prepare }, admit, onRow, described) {
      const refusal = admit()
      if (refusal !== undefined) return Promise.reject(refusal)
      return send(prepare ? makers.cached : makers.fresh, askingOf(client, statement, onRow, described))
    },
    pause: () => client.socket.pause(),
    resume: () => client.socket.resume(),
    stop: ended => stop(client, ended),
    cut: () => client.destroy(),
  } satisfies Line)
}

function inTransaction({ info }: Client): boolean | undefined {
  return info.status === null ? undefined : (info.status & inTransactionFlag) !== 0
}

/** What the connector is told of a statement, and gives to each command that it makes for it. */
interface Asking {
  readonly sql: string
  readonly values: readonly unknown[]
  readonly client: Client
  readonly onRow: (row: WireRow) => void
  /** Until it has been told. */
  described: Described | undefined
  /** Was a transaction open when the last command of it ended? */
  open: boolean | undefined
}

function askingOf(
  client: Client,
  { text, values }: Statement,
  onRow: (row: WireRow) => void,
  described: Described | undefined,
): Asking {
  return { sql: text, values: values.map(parameter), client, onRow, described, open: undefined }
}

/**
 * The connector makes its commands as for any statement; they are seen before they are in line, by an object like the
 * client. One that inherits from the client would make every use of the client slow, and one for each statement that
 * statement. What is prepared is kept in the client's cache, for the host too, with this object for its connection: the
 * host's own commands pass through.
 */
function makerOf(client: Client, without: object): Client {
  const maker: Client = Object.create(Object.getPrototypeOf(client))
  const opts: object = Object.assign(Object.create(client.opts), decoding)
  const addCommand = (command: Command, answered: boolean): void => {
    if (isOurs(command.cmdParam)) {
      command.opts = opts
      command.handleNewRows = takeRow
      command.on('end', ended)
    }
    client.addCommand(command, answered)
  }
  return Object.assign(maker, client, { addCommand }, without)
}

function isOurs(param: object | undefined): param is Asking {
  return param !== undefined && 'onRow' in param
}

function send(maker: Client, asking: Asking): Promise<Told> {
  return new Promise((resolve, reject) => {
    maker.prepareExecute(
      asking,
      ([result, columns]) =>
        resolve({ fields: () => columns.map(fieldOf), inTransaction: asking.open, affected: result.affectedRows }),
      reject,
    )
  })
}

/** One function for all commands: one of each command's own would outlive it, in the shape of it. */
function takeRow(this: Command, row: unknown): void {
  const asking = this.cmdParam as Asking
  const columns = this._columns ?? []
  asking.described?.(columns.map(fieldOf))
  asking.described = undefined
  asking.onRow(mended(columns, row as Cell[]))
}

/** The last command to end is the statement itself. */
function ended(this: Command): void {
  const asking = this.cmdParam as Asking
  asking.open = inTransaction(asking.client)
}

/** The options of the connection give way to these. */
const decoding = {
  rowsAsArray: true,
  metaAsArray: true,
  nestTables: false,
  namedPlaceholders: false,
  typeCast: undefined,
  dateStrings: true,
  bigIntAsNumber: false,
  decimalAsNumber: false,
  supportBigNumbers: false,
  checkNumberRange: false,
  jsonStrings: true,
  autoJsonMap: false,
  bitOneIsBoolean: false,
  checkDuplicate: false,
  logParam: false,
}

function parameter(value: Cell): unknown {
  return typeof value === 'object' && value !== null ? bytes(value) : value
}

const time = 11

/**
 * The connector splits sets whatever it is told: they are put together again. Of a TIME it shows six digits of a fraction
 * or none, whatever the column has.
 */
function mended(columns: readonly ColumnTold[], row: Cell[]): WireRow {
  for (let at = 0; at < row.length; at++) {
    const cell = row[at]
    const column = columns[at] as ColumnTold
    if (Array.isArray(cell) && column.isSet()) row[at] = String(cell)
    else if (column.columnType === time && typeof cell === 'string') row[at] = withFraction(cell, column.scale)
  }
  return row
}

function fieldOf(column: ColumnTold): WireField {
  const { columnType: type, flags, collation } = column
  const format = column.isDataTypeFormatJson?.() ? 'json' : column.dataTypeFormat
  return { name: column.name(), type: typeOfColumn({ type, flags, collation: collation.index, format }) }
}

/** Over a connection opened as the first one was, but for the listeners that the first one has put into its options. */
async function stop(client: Client, ended: Promise<unknown>): Promise<void> {
  const { _events, _eventsCount, ...options } = client.opts as Record<string, unknown>
  const second = new client.constructor(options)
  await second.connect()
  try {
    await stopUntil(ended, client.threadId, sql => firstCell(second, sql))
  } finally {
    second.destroy()
  }
}

function firstCell(client: Client, sql: string): Promise<bigint | undefined> {
  return new Promise((resolve, reject) => {
    const told = (rows: unknown): void => resolve(Array.isArray(rows) ? (rows as bigint[][])[0]?.[0] : undefined)
    const opts = { rowsAsArray: true, metaAsArray: false, nestTables: false, typeCast: undefined }
    client.query({ sql, opts }, told, reject)
  })
}
