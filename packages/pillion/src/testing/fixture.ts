/**
 * What the suite needs of a host × driver under test.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import type { Capability } from './capability.js'

/** A host on a driver, ready to be put over an empty database. */
export interface Fixture {
  /** `Sequelize 6 on pg`. */
  readonly name: string
  /** What it cannot do, each with the reason. */
  readonly lacks: { readonly [capability in Capability]?: string }
  /**
   * Opens the host. The suite makes its tables by `mount.observer`; it may open the same database twice, and closes all
   * it opened.
   *
   * @param url of the database, as it was given to `conformance`.
   */
  open(url: string): Promise<Mount>
}

/** A host in place. */
export interface Mount {
  readonly host: Host
  /** The host's own transaction, begun and ended by the host: committed when the work is done, else rolled back. */
  transaction<T>(work: (transaction: HostTransaction) => Promise<T>): Promise<T>
  /** A transaction that is current around the work. Capability `ambient`. */
  ambient?<T>(work: (transaction: Pick<HostTransaction, 'execute'>) => Promise<T>): Promise<T>
  /** A session of its own, not through the host; without the capability `second session`, the host's own connection. */
  readonly observer: Observer
  /** What the host's connections have sent. Capability `wire`. */
  readonly wire?: Wire
  /** The pool under the host. Capability `counters`. */
  pool?(): Counters
  /** Replaces parsers as an application might, and gives the way back. Capability `parsers`. */
  poison?(): () => void
  /** Shuts the host down; the observer stays. */
  close(): Promise<void>
}

/** A transaction of the host's. */
export interface HostTransaction {
  /** What a user would hand to `on(tx)`. */
  readonly target: unknown
  /** A statement of the host's own. */
  execute(sql: string): Promise<unknown>
  /** Capability `nested`. */
  nested?<T>(work: (transaction: HostTransaction) => Promise<T>): Promise<T>
}

/** Looks at the database from outside. */
export interface Observer {
  /** One statement's rows, by position. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  close(): Promise<void>
}

/** What went over the wires of a host. */
export interface Wire {
  /** The text of every statement executed, in order, prepared ones by what they were prepared from. */
  readonly texts: readonly string[]
  /** Bytes written so far, or anything else that grows with every statement sent. */
  readonly bytes: number
  /** Forgets the texts. */
  clear(): void
}

/** A pool's connections. */
export interface Counters {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}
