/**
 * Rows made while more of them are on their way: the server takes as long to send some hundred rows as they take to be made.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Statement, WireField, WireResult, WireRow } from '../../run/host.js'

type Make = NonNullable<Statement['make']>

/** Made so many at a time: one by one, between what the driver does for each, takes a third longer. */
const together = 100

export class Making {
  readonly #make: Make
  readonly #made: unknown[] = []
  #waiting: WireRow[] = []
  #failure: { readonly error: unknown } | undefined

  constructor(make: Make) {
    this.#make = make
  }

  /** Nothing is thrown here, into the driver that reads: the answer is read to its end whatever its rows are like. */
  take(row: WireRow): void {
    this.#waiting.push(row)
    if (this.#waiting.length === together) this.#go()
  }

  /** @throws what a row failed with */
  made(): unknown[] {
    this.#go()
    if (this.#failure !== undefined) throw this.#failure.error
    return this.#made
  }

  #go(): void {
    const rows = this.#waiting
    this.#waiting = []
    if (this.#failure !== undefined) return
    try {
      for (const row of rows) this.#made.push(this.#make(row))
    } catch (error) {
      this.#failure = { error }
    }
  }
}

/** What was made of rows. Whoever would look at them is told that there are none. */
export class Made implements WireResult {
  readonly fields: readonly WireField[]
  readonly #making: Making

  constructor(fields: readonly WireField[], making: Making) {
    this.fields = fields
    this.#making = making
  }

  /** @throws PillionError `HOST_SHAPE` */
  get rows(): never {
    throw new PillionError('HOST_SHAPE', 'The rows of this result are made already, by what its statement says.', {
      hint: 'A host that looks at the rows of another gives it the statement without `make`.',
    })
  }

  /** @throws what a row failed with */
  made(): unknown[] {
    return this.#making.made()
  }
}
