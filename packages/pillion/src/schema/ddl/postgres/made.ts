/**
 * What a script makes of several kinds that need one another.
 *
 * @module
 */
import { inOrder } from '../order.js'

/** One thing, by what must be there before. */
export interface Made {
  readonly id: string
  /** Ids; of those that are made elsewhere nothing is asked. */
  readonly needs: readonly string[]
  readonly statements: readonly string[]
}

export function madeInOrder(all: readonly Made[]): readonly string[] {
  const ordered = inOrder(
    all,
    ({ id }) => id,
    ({ needs }) => needs,
  )
  return ordered.flatMap(({ statements }) => statements)
}
