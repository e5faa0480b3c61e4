/**
 * What a statement gave, for hosts whose columns are told at some cost: few ask for them.
 *
 * @module
 */
import type { WireField, WireResult, WireRow } from './host.js'

/** Rows, and their columns when asked. A getter of each result's own would outlive it, in the shape of it. */
export class Answer implements WireResult {
  readonly rows: readonly WireRow[]
  readonly affected?: number
  readonly #columns: () => readonly WireField[]

  constructor(rows: readonly WireRow[], columns: () => readonly WireField[], affected?: number) {
    this.rows = rows
    this.#columns = columns
    if (affected !== undefined) this.affected = affected
  }

  get fields(): readonly WireField[] {
    return this.#columns()
  }
}
