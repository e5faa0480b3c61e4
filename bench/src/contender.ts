/**
 * What a contender is: ways of building and of running the cases, over one pool of one connection.
 *
 * @module
 */
import type { ExecuteCase, Rows } from './cases.js'

/** A statement as a builder makes it. */
export interface Built {
  readonly text: string
  readonly values: readonly unknown[]
}

/** One way of building the four-table query from nothing. `name` is empty where there is only one way. */
export interface BuildVariant {
  readonly name: string
  build(i: number): Built
}

/** One way of running a case. */
export interface ExecuteVariant<Row> {
  readonly name: string
  /** Runs iteration `i`: this is what is timed. */
  run(i: number): Promise<readonly { readonly id: number }[]>
  /** Runs iteration `i` and gives its rows in the case's own shape: this is what is compared. */
  check(i: number): Promise<readonly Row[]>
}

export interface Contender {
  readonly build: readonly BuildVariant[]
  readonly execute: { readonly [C in ExecuteCase]: readonly ExecuteVariant<Rows[C]>[] }
  close(): Promise<void>
}

/** Opens a contender on the database at `url`. A rejection means: absent here, for this reason. */
export type Open = (url: string) => Promise<Contender>

/** A variant whose rows come in the case's own shape. */
export function plain<Row extends { readonly id: number }>(
  name: string,
  run: (i: number) => Promise<readonly Row[]>,
): ExecuteVariant<Row> {
  return { name, run, check: run }
}

/** A variant whose rows come in the library's shape, which `shape` translates outside the timing. */
export function shaped<Own extends { readonly id: number }, Row>(
  name: string,
  run: (i: number) => Promise<readonly Own[]>,
  shape: (row: Own) => Row,
): ExecuteVariant<Row> {
  return { name, run, check: async i => (await run(i)).map(shape) }
}

/**
 * Who takes part, and in which file of `contenders/`. `pg` takes part twice: how far its two processes differ is how
 * far apart two contenders must be before their difference says anything.
 */
export const contenders: readonly { readonly name: string; readonly file: string }[] = [
  { name: 'pg', file: 'pg' },
  { name: 'pg again', file: 'pg' },
  { name: 'pillion', file: 'pillion' },
  { name: 'kysely', file: 'kysely' },
  { name: 'drizzle', file: 'drizzle' },
  { name: 'prisma', file: 'prisma' },
  { name: 'typeorm', file: 'typeorm' },
]
