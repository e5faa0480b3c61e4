/**
 * What is asked of a driver of MySQL's protocol, for one of its connections: `mysql2` and `mariadb` differ in everything
 * else.
 *
 * @module
 */
import type { Described, Statement, WireField, WireRow } from '../../run/host.js'

/** A driver's connection, as ours uses it. */
export interface Line {
  /** The physical connection, whatever it is wrapped in. */
  readonly connection: object
  /** Is a transaction open, by the server's last word? `undefined` where it has not said. */
  inTransaction(): boolean | undefined
  /** Has the server say it. No statement. */
  ping(): Promise<unknown>
  /**
   * Sends a statement by the binary protocol, decoded by nothing that the application has set.
   *
   * @param admit asked as late as the driver allows: an error refuses, and nothing is sent.
   * @param onRow takes each row as it comes.
   * @param described is told the columns before the first row.
   * @returns when the server has said its last word on it, and what that was.
   */
  send(
    sending: Sending,
    admit: () => Error | undefined,
    onRow: (row: WireRow) => void,
    described?: Described,
  ): Promise<Told>
  /** Rows may wait in the server, and everything else on the connection with them. */
  pause(): void
  resume(): void
  /**
   * Has the server stop the statement under way, over a second, short connection; settles when that is done with.
   *
   * @param ended settles with the statement.
   */
  stop(ended: Promise<unknown>): Promise<void>
  /** Ends the connection at once. */
  cut(): void
}

/** A statement, and whether the server may keep what it prepares of it. */
export interface Sending {
  readonly statement: Statement
  readonly prepare: boolean
}

/** What the server said beside the rows. */
export interface Told {
  readonly fields: () => readonly WireField[]
  /** Was a transaction open when the statement ended? */
  readonly inTransaction: boolean | undefined
  /** How many rows it wrote, where it reads none. */
  readonly affected: number | undefined
}

/** The status flag of the protocol: a transaction is open. */
export const inTransactionFlag = 1

/** Bytes as the drivers know them: they take nothing but a Buffer for such. */
export function bytes({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
