/**
 * One statement on a connection of `mysql2`.
 *
 * The driver's own commands are run, but by a command of ours, which the connection calls when it is free: the last
 * moment to refuse. Nothing of the host's can come between preparing and executing.
 *
 * @module
 */
import type { Cell, Statement, WireField, WireRow } from '../../run/host.js'
import { typeOfColumn } from '../../run/mysql-column.js'
import { bytes, type Line } from './line.js'
import {
  checkedClient,
  type Client,
  type Command,
  clientInside,
  type FieldTold,
  type Packet,
  type RowCommand,
} from './mysql2-client.js'
import { rowReader } from './mysql2-row.js'
import { inTransaction, listen } from './mysql2-status.js'
import { stopUntil } from './stop.js'

const lines = new WeakMap<Client, Line>()

/** A connection of `mysql2` as a line; `undefined` where it is none. */
export function mysql2Line(connection: unknown): Line | undefined {
  const client = clientInside(connection)
  if (client === undefined) return undefined
  const known = lines.get(client)
  if (known !== undefined) return known
  const line = lineOf(checkedClient(client))
  lines.set(client, line)
  return line
}

function lineOf(client: Client): Line {
  listen(client)
  return Object.freeze({
    connection: client,
    inTransaction: () => inTransaction(client),
    ping: () => settled(done => client.ping(done)),
    async send({ statement, prepare }, admit, onRow, described) {
      let told: readonly FieldTold[] = []
      let affected: number | undefined
      let tell: Done = () => {}
      const make = (failed: Done): Command[] => {
        const { commands, execution, ended } = commandsOf(client, statement, failed)
        tell = ended
        execution.buildParserFromFields = rowReader
        execution.on('fields', fields => {
          told = fields ?? []
          described?.(told.map(fieldOf))
        })
        // a statement that reads nothing has for its one result what it wrote
        execution.on('result', result => {
          if (isWritten(result)) affected = result.affectedRows
          else onRow(result as WireRow)
        })
        execution.on('error', failed)
        return commands
      }
      try {
        await settled(done => {
          const over = (failure: unknown): void => {
            tell(failure)
            done(failure)
          }
          client.addCommand(new Turn(admit, over, make))
        })
      } finally {
        if (!prepare) client.unprepare(statement.text)
      }
      return { fields: () => told.map(fieldOf), inTransaction: inTransaction(client), affected }
    },
    pause: () => client.pause(),
    resume: () => client.resume(),
    stop: ended => stop(client, ended),
    cut: () => client.destroy(),
  } satisfies Line)
}

/** Told of a failure, or of none. */
type Done = (failure: unknown) => void

interface Made {
  readonly commands: Command[]
  readonly execution: RowCommand
  /** To be called when the statement is over: a tracer ends what it began when the commands were made. */
  readonly ended: Done
}

/**
 * The commands that the driver makes for any statement, taken before they are in line: by an object of the client's kind
 * that has but what this needs. One that inherits from the client would make every use of the client slow.
 *
 * They are asked for with a callback, for what watches statements puts itself around that, and is taken off again: with one the
 * driver would gather the rows.
 */
function commandsOf(client: Client, { text, values }: Statement, failed: Done): Made {
  const commands: Command[] = []
  const collector: Client = Object.create(Object.getPrototypeOf(client))
  Object.assign(collector, { config: client.config, addCommand: (each: Command) => commands.push(each) })
  let isTold = false
  const execution = collector.execute(text, values.map(parameter), error => {
    isTold = true
    if (error) failed(error)
  })
  const { onResult } = execution
  execution.onResult = undefined
  return { commands, execution, ended: failure => (isTold ? undefined : onResult?.(failure ?? null)) }
}

function isWritten(result: unknown): result is { readonly affectedRows: number } {
  return !Array.isArray(result)
}

/** A place in the connection's queue. */
class Turn implements Command {
  readonly #admit: () => Error | undefined
  readonly #done: Done
  readonly #make: (failed: Done) => Command[]
  #commands: Command[] | undefined
  #failure: unknown

  constructor(admit: () => Error | undefined, done: Done, make: (failed: Done) => Command[]) {
    this.#admit = admit
    this.#done = done
    this.#make = make
  }

  /** Also called by the driver, when the connection ends. */
  onResult = (error: unknown): void => this.#done(error)

  /** Read by the driver when it is told to print what it does. */
  stateName(): string {
    return 'pillion'
  }

  execute(packet: Packet | undefined, client: Client): boolean {
    if (this.#commands === undefined) {
      const refusal = this.#admit()
      if (refusal !== undefined) return this.#over(refusal)
      this.#commands = this.#make(error => (this.#failure ??= error))
    }
    let told = packet
    while (this.#commands[0]?.execute(told, client)) {
      this.#commands.shift()
      told = undefined
    }
    return this.#commands.length === 0 && this.#over(this.#failure)
  }

  #over(failure: unknown): true {
    this.#done(failure)
    return true
  }
}

function parameter(value: Cell): unknown {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'object' && value !== null ? bytes(value) : value
}

function fieldOf({
  name,
  columnType: type,
  flags,
  characterSet: collation,
  extendedFormat: format,
}: FieldTold): WireField {
  return { name, type: typeOfColumn({ type, flags, collation, format }) }
}

/** Over a connection opened as the first one was. */
async function stop(client: Client, ended: Promise<unknown>): Promise<void> {
  const Connection = client._pool === undefined ? client.constructor : Object.getPrototypeOf(client.constructor)
  const second: Client = new Connection({ config: client.config })
  second.on('error', () => {})
  try {
    await settled(done => second.connect(done))
    await stopUntil(ended, client.threadId, sql => firstCell(second, sql))
  } finally {
    second.destroy()
  }
}

/** A cell as its text: without a word of ours the application's would be taken. */
function textOf(cell: { string(): string | null }): string | null {
  return cell.string()
}

function firstCell(client: Client, sql: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    client.query({ sql, rowsAsArray: true, nestTables: false, typeCast: textOf }, (error, rows) =>
      error ? reject(error) : resolve(Array.isArray(rows) ? (rows as string[][])[0]?.[0] : undefined),
    )
  })
}

function settled(act: (done: (error: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    act(error => (error ? reject(error) : resolve()))
  })
}
