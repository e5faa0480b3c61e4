/** A host, and what an application would write for raw SQL on it. @module */
import type { Host } from 'pillion'

/** One statement of the application's own, in the ways in which drivers and ORMs take it. */
export interface Raw {
  /** With `$1`. */
  readonly numbered: string
  /** With `?`. */
  readonly marked: string
  /** As a template's tag gets it. */
  readonly parts: TemplateStringsArray
  readonly values: readonly number[]
}

/** The host's own raw query: its result, at once where the host answers at once. */
export type Ask = (raw: Raw) => unknown

export type Row = Record<string, unknown>

export interface Rider {
  readonly host: Host
  /** Outside of any transaction; a pool has one connection. */
  readonly root: Ask
  /** Work in a transaction: its object, and the raw query there. Absent where the host's take no promises. */
  readonly transaction?: (work: (target: unknown, ask: Ask) => Promise<void>) => Promise<unknown>
  /** The rows of a result. */
  readonly rows: (result: never) => readonly object[]
  /** What is left to do, by column, until a raw row has the values that the ride gives. */
  readonly lacking: Readonly<Record<string, (value: never) => unknown>>
  close(): unknown
}

/** Opens a host on a database: a URL, or the name of SQLite's file. */
export type Open = (database: string) => Promise<Rider>

/** What a driver leaves to the application, and how it would do it. */
export const day = (value: Date): string => value.toISOString().slice(0, 10)
export const moment = (value: string): Date => new Date(value)
export const truth = (value: number): boolean => value === 1
