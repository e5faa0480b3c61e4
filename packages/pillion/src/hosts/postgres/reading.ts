/**
 * One statement on one client of `pg`, read as text.
 *
 * The client's own query object parses every cell with parsers that anybody may have replaced. This one keeps what the
 * wire gave, and is asked by the client when the connection is free: the last moment to refuse.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Statement, WireField, WireResult, WireRow } from '../../run/host.js'
import { typeOfOid } from '../../run/oid.js'
import type { PgConnection, Submittable } from './client.js'
import { Made, Making } from './making.js'

/** How a statement goes over the wire. */
export interface Sending {
  /** Prepare under this name, or reuse what stands under it. */
  readonly name: string | undefined
  /** Asked just before the first byte: an error refuses, and nothing is sent. */
  readonly admit: () => { readonly savepoint: boolean } | Error
  /** Told of a failure at once: what is put in line now comes before the host's next statement. */
  readonly failed: (error: unknown) => void
}

/** The savepoint around ours. One name will do: ours run one at a time and each releases it. */
export const savepoint = 'pillion_savepoint'

/** The shape of what is prepared on a connection, so that the server need not describe it again. */
const described = new WeakMap<PgConnection, Map<string, readonly WireField[]>>()

/**
 * Reads a statement's rows.
 *
 * @param submit gives a submittable to the client.
 */
export function read(
  submit: (reading: Submittable) => void,
  statement: Statement,
  sending: Sending,
): Promise<WireResult> {
  return new Promise((resolve, reject) => {
    const reading = new Reading(statement, sending, error => {
      if (error) reject(error)
      else if (reading.isSubmitted) resolve(reading.result())
      else reject(madeOver())
    })
    submit(reading)
  })
}

/**
 * The protocol's name for a statement that is not kept. Tracers that write comments into queries make a plain copy of one
 * without a name, or with none that is defined, and pg would run the copy.
 */
export const unnamed = ''

/** The client ran a copy of ours, and what it read is there. */
export function madeOver(): PillionError {
  return new PillionError(
    'HOST_SHAPE',
    'Something on the way to pg made another query of this one, and has its rows.',
    {
      hint: 'What changes the queries of pg, as a tracer that adds comments, must let through objects that have a `submit` of their own.',
    },
  )
}

type Told = Parameters<Submittable['handleRowDescription']>[0]['fields']

/** The columns, as the server describes them. */
export function fieldsOf(told: Told): readonly WireField[] {
  return told.map(({ name, dataTypeID }) => ({ name, type: typeOfOid(dataTypeID) }))
}

class Reading implements Submittable {
  readonly text: string
  readonly values: Statement['values']
  /** Read by the client, which notes under it that the statement is prepared. */
  name: string
  callback: (error: unknown) => void
  readonly #admit: Sending['admit']
  readonly #failed: Sending['failed']
  readonly #rows: WireRow[] = []
  readonly #making: Making | undefined
  #fields: readonly WireField[] = []
  #affected = 0
  #connection: PgConnection | undefined

  constructor(statement: Statement, { name, admit, failed }: Sending, callback: (error: unknown) => void) {
    this.text = statement.text
    this.values = statement.values
    this.name = name ?? unnamed
    this.callback = callback
    this.#admit = admit
    this.#failed = failed
    this.#making = statement.make && new Making(statement.make)
  }

  get isSubmitted(): boolean {
    return this.#connection !== undefined
  }

  result(): WireResult {
    const [fields, rows, making] = [this.#fields, this.#rows, this.#making]
    if (making !== undefined) return new Made(fields, making)
    return fields.length > 0 ? { fields, rows } : { fields, rows, affected: this.#affected }
  }

  submit(connection: PgConnection): Error | null {
    const admitted = this.#admit()
    if (!('savepoint' in admitted)) return admitted
    this.#connection = connection
    connection.stream.cork?.()
    if (admitted.savepoint) {
      // Sent in one go: no statement of the host's can come between the savepoint and its release.
      this.name = unnamed
      command(connection, `SAVEPOINT ${savepoint}`)
      this.#send(connection)
      command(connection, `RELEASE SAVEPOINT ${savepoint}`)
    } else this.#send(connection)
    connection.sync()
    connection.stream.uncork?.()
    return null
  }

  #send(connection: PgConnection): void {
    const { name, text, values } = this
    const known = name === unnamed ? undefined : described.get(connection)?.get(name)
    const prepared = name !== unnamed && connection.parsedStatements[name] === text
    if (!prepared) connection.parse({ text, name })
    connection.bind({ statement: name, values })
    if (prepared && known !== undefined) this.#fields = known
    else connection.describe({ type: 'P', name: '' })
    connection.execute({ portal: '' })
  }

  handleRowDescription({ fields }: { readonly fields: Told }): void {
    this.#fields = fieldsOf(fields)
    if (this.name !== unnamed && this.#connection !== undefined) {
      const shapes = described.get(this.#connection) ?? new Map<string, readonly WireField[]>()
      described.set(this.#connection, shapes.set(this.name, this.#fields))
    }
  }

  handleDataRow({ fields }: { readonly fields: WireRow }): void {
    if (this.#making === undefined) this.#rows.push(fields)
    else this.#making.take(fields)
  }

  handleError(error: unknown): void {
    this.#failed(error)
    this.callback(error)
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }

  /** `UPDATE 3`, `INSERT 0 3`. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#fields.length === 0) this.#affected ||= Number(/\d+$/.exec(text)?.[0] ?? 0)
  }

  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(connection: PgConnection): void {
    connection.sendCopyFail('only SELECT is sent here')
  }
}

function command(connection: PgConnection, text: string): void {
  connection.parse({ text })
  connection.bind({})
  connection.execute({ portal: '' })
}
