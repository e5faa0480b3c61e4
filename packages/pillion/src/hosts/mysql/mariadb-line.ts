/**
 * One statement on a connection of `mariadb`'s connector.
 *
 * The connector sends a command without waiting for the answers to those before it, so that what the server said last
 * may be old when ours goes out. What counts is what the server says at the end of ours, and that is asked for.
 *
 * @module
 */
import type { Cell, Statement, WireField, WireRow } from '../../run/host.js'
import { typeOfColumn } from '../../run/mysql-column.js'
import {
  type Client,
  type ColumnTold,
  clientOf,
  type Command,
  type Handle,
  isMariadbConnection,
} from './mariadb-client.js'
import { bytes, inTransactionFlag, type Line, type Sending, type Told } from './line.js'

/** A connection of `mariadb` as a line; `undefined` where it is none. */
export function mariadbLine(connection: unknown): Line | undefined {
  if (!isMariadbConnection(connection)) return undefined
  const client = clientOf(connection as unknown as Handle)
  return {
    connection: client,
    inTransaction: () => inTransaction(client),
    ping: () => new Promise<unknown>((resolve, reject) => client.ping({}, resolve, reject)),
    send: async (sending, admit, onRow) => {
      const refusal = admit()
      if (refusal !== undefined) throw refusal
      return send(client, sending, onRow)
    },
    pause: () => client.socket.pause(),
    resume: () => client.socket.resume(),
    stop: () => kill(client),
    cut: () => client.destroy(),
  }
}

function inTransaction({ info }: Client): boolean | undefined {
  return info.status === null ? undefined : (info.status & inTransactionFlag) !== 0
}

function send(client: Client, { statement, prepare }: Sending, onRow: (row: WireRow) => void): Promise<Told> {
  let open: boolean | undefined
  const watched = (command: Command, answered: boolean): void => {
    command.pillionTakes = onRow
    command.handleNewRows = takeRow
    // the last command of ours to end is the statement itself
    command.on('end', () => (open = inTransaction(client)))
    client.addCommand(command, answered)
  }
  // The connector makes its commands as for any statement; here they are seen before they are in line, by an object like
  // the client. One that inherits from it would make every use of the client slow.
  const collector: Client = Object.create(Object.getPrototypeOf(client))
  Object.assign(collector, client, { addCommand: watched }, prepare ? undefined : { prepareCache: null })
  return new Promise((resolve, reject) => {
    collector.prepareExecute(
      paramOf(statement),
      ([result, columns]) =>
        resolve({ fields: columns.map(fieldOf), inTransaction: open, affected: result.affectedRows }),
      reject,
    )
  })
}

/** One function for all commands: one of each command's own would outlive it, in the shape of it. */
function takeRow(this: Command, row: unknown): void {
  this.pillionTakes?.(withSets(this._columns ?? [], row as Cell[]))
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

function paramOf({ text, values }: Statement): object {
  return { sql: text, values: values.map(parameter), opts: decoding }
}

function parameter(value: Cell): unknown {
  return typeof value === 'object' && value !== null ? bytes(value) : value
}

/** The connector splits sets whatever it is told: they are put together again. */
function withSets(columns: readonly ColumnTold[], row: Cell[]): WireRow {
  for (let at = 0; at < row.length; at++) if (Array.isArray(row[at]) && columns[at]?.isSet()) row[at] = String(row[at])
  return row
}

function fieldOf(column: ColumnTold): WireField {
  const { columnType: type, flags, collation } = column
  const format = column.isDataTypeFormatJson() ? 'json' : undefined
  return { name: column.name(), type: typeOfColumn({ type, flags, collation: collation.index, format }) }
}

/** Opened as the first one was, and ended as soon as it has been heard. */
async function kill(client: Client): Promise<void> {
  const second = new client.constructor(client.opts)
  await second.connect()
  try {
    await new Promise((resolve, reject) => second.query({ sql: `KILL QUERY ${client.threadId}` }, resolve, reject))
  } finally {
    second.destroy()
  }
}
