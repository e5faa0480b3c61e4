/**
 * What the example asks of a database: one of its own, and the words in which TypeORM makes its tables.
 *
 * @module
 */
import type { TreeSession } from 'pillion/tree'
import type { DataSourceOptions, EntitySchemaColumnOptions } from 'typeorm'

/** The databases the example runs on. */
export const engineNames = ['postgres', 'mariadb', 'sqlite'] as const
export type EngineName = (typeof engineNames)[number]

/** A database of the example's own. */
export interface OwnDatabase {
  readonly url: string
  /** Stops what was started for it, and leaves nothing behind. */
  stop(): Promise<void>
}

/** A connection of its own, for what the ORM has no words for: to have a tree kept. */
export interface OwnSession extends TreeSession {
  close(): Promise<unknown>
}

/** How columns are said where databases differ. */
export interface Words {
  /** Text that an index can hold. */
  readonly name: EntitySchemaColumnOptions
  readonly instant: EntitySchemaColumnOptions
  /** One of some labels. */
  labels(labels: readonly string[], name: string): EntitySchemaColumnOptions
}

/** One kind of database. */
export interface Engine {
  readonly name: EngineName
  start(): Promise<OwnDatabase>
  /** How TypeORM connects to it. */
  source(url: string): DataSourceOptions
  session(url: string): Promise<OwnSession>
  readonly words: Words
  /** Lets the planner know the rows at once, where it would only learn of them in a while. */
  readonly analyze: string
}
