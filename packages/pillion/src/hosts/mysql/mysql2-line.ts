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
  type ExecuteOptions,
  type FieldTold,
  type Packet,
} from './mysql2-client.js'
import { inTransaction, listen } from './mysql2-status.js'

/** A connection of `mysql2` as a line; `undefined` where it is none. */
export function mysql2Line(connection: unknown): Line | undefined {
  const inside = clientInside(connection)
  if (inside === undefined) return undefined
  const client = checkedClient(inside)
  listen(client)
  return {
    connection: client,
    inTransaction: () => inTransaction(client),
    ping: () => settled(done => client.ping(done)),
    async send({ statement, prepare }, admit, onRow) {
      const options = optionsOf(statement)
      let fields: readonly WireField[] = []
      try {
        await settled(done =>
          client.addCommand(
            new Turn(admit, done, failed => {
              const commands: Command[] = []
              // the driver makes its commands as for any statement; here they are taken before they are in line
              const collector = Object.create(client, { addCommand: { value: (each: Command) => commands.push(each) } })
              const execution = (collector as Client).execute(options)
              const build = execution.buildParserFromFields
              execution.buildParserFromFields = told => build.call(execution, told, plainly(client))
              execution.on('fields', told => (fields = told?.map(fieldOf) ?? []))
              execution.on('result', row => onRow(row as WireRow))
              execution.on('error', failed)
              return commands
            }),
          ),
        )
      } finally {
        if (!prepare) client.unprepare(options)
      }
      return { fields, inTransaction: inTransaction(client) }
    },
    pause: () => client.pause(),
    resume: () => client.resume(),
    stop: () => kill(client),
    cut: () => client.destroy(),
  }
}

/** A place in the connection's queue. */
class Turn implements Command {
  readonly #admit: () => Error | undefined
  readonly #done: (error: unknown) => void
  readonly #make: (failed: (error: unknown) => void) => Command[]
  #commands: Command[] | undefined
  #failure: unknown

  constructor(
    admit: () => Error | undefined,
    done: (error: unknown) => void,
    make: (failed: (error: unknown) => void) => Command[],
  ) {
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

/** The connection's settings, but for those that would change what is read. A function for each cell would cost tenfold. */
function plainly(client: Client): { readonly config: object } {
  const settings = { typeCast: undefined, decimalNumbers: false, jsonStrings: true }
  const config: object = Object.create(client.config, Object.getOwnPropertyDescriptors(settings))
  return { config }
}

function optionsOf({ text, values }: Statement): ExecuteOptions {
  return {
    sql: text,
    values: values.map(parameter),
    rowsAsArray: true,
    nestTables: false,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    decimalNumbers: false,
    typeCast: undefined,
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

/** Opened as the first one was, and ended as soon as it has been heard. */
async function kill(client: Client): Promise<void> {
  const Connection = client._pool === undefined ? client.constructor : Object.getPrototypeOf(client.constructor)
  const second: Client = new Connection({ config: client.config })
  second.on('error', () => {})
  try {
    await settled(done => second.connect(done))
    await settled(done => second.query(`KILL QUERY ${client.threadId}`, done))
  } finally {
    second.destroy()
  }
}

function settled(act: (done: (error: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    act(error => (error ? reject(error) : resolve()))
  })
}
